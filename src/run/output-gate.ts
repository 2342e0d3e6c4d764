import type { Writable } from 'node:stream';
import type { AgentReport } from '../agents/index.ts';
import {
  createLogLine,
  createOutputBudget,
  createOutputFilter,
  type OutputFilter,
  type SecretSentinel,
} from '../text/index.ts';

export interface RunStreams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Longest line that is looked at for what the agent says about itself. */
const LONGEST_LINE = 4 * 1024 * 1024;
/** A prompt without a line break is let through after this much silence. */
const SILENCE_MILLISECONDS = 100;

type StreamName = 'stdout' | 'stderr';

/** The agent's output on its way to the job log: inert, without secrets, bounded; and read for what it says of itself. */
export interface OutputGate {
  /** Resolves when the log has taken the chunk, so that a slow log slows the agent and nothing piles up. */
  write(stream: StreamName, chunk: Buffer): Promise<void>;
  /** Lets out what was held back. */
  end(): Promise<void>;
}

export function createOutputGate(options: {
  readonly streams: RunStreams;
  readonly sentinel: SecretSentinel;
  readonly limitBytes: number;
  /** Whether a later step may paste the output into a command. */
  readonly disarm: boolean;
  readonly observe: (line: string) => readonly AgentReport[];
  readonly onReports: (reports: readonly AgentReport[]) => void;
  /** Called before something is written, so that a progress line can give way. */
  readonly beforeWrite: () => void;
}): OutputGate {
  const budget = createOutputBudget(options.limitBytes);
  const { sentinel, disarm } = options;
  const log = createLogLine();
  const filters: Record<StreamName, OutputFilter> = {
    stdout: createOutputFilter({ sentinel, budget, disarm, log }),
    stderr: createOutputFilter({ sentinel, budget, disarm, log }),
  };
  const lines = new LineReader((line) => options.onReports(options.observe(line)));
  let silence: NodeJS.Timeout | undefined;

  function put(stream: StreamName, bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return Promise.resolve();
    options.beforeWrite();
    return new Promise((resolve) => options.streams[stream].write(bytes, () => resolve()));
  }
  async function flush(): Promise<void> {
    await Promise.all([put('stdout', filters.stdout.flush()), put('stderr', filters.stderr.flush())]);
  }
  return {
    async write(stream, chunk) {
      clearTimeout(silence);
      if (stream === 'stdout') lines.push(chunk);
      await put(stream, filters[stream].push(chunk));
      silence = setTimeout(() => void flush(), SILENCE_MILLISECONDS);
    },
    async end() {
      clearTimeout(silence);
      lines.end();
      await Promise.all([put('stdout', filters.stdout.end()), put('stderr', filters.stderr.end())]);
    },
  };
}

/** Whole lines of a byte stream; of a line that is longer than the limit neither its head nor its tail is one. */
class LineReader {
  readonly #onLine: (line: string) => void;
  #held: Buffer = Buffer.alloc(0);
  #skipping = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (let at = rest.indexOf(0x0a); at >= 0; at = rest.indexOf(0x0a)) {
      if (!this.#skipping) this.#onLine(rest.toString('utf8', 0, at));
      this.#skipping = false;
      rest = rest.subarray(at + 1);
    }
    this.#skipping ||= rest.length > LONGEST_LINE;
    this.#held = this.#skipping ? Buffer.alloc(0) : rest;
  }

  end(): void {
    if (this.#held.length > 0) this.#onLine(this.#held.toString('utf8'));
    this.#held = Buffer.alloc(0);
  }
}
