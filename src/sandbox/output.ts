import type { Readable } from 'node:stream';
import { setImmediate as nextRound } from 'node:timers/promises';

/** Takes what the agent wrote. A promise holds the stream back until it resolves. */
export type OutputHandler = (stream: 'stdout' | 'stderr', chunk: Buffer) => void | Promise<void>;

const MIB = 1024 * 1024;
const DIAGNOSTIC_BYTES = 16 * 1024;
/** Rounds of the event loop without a byte after which a stream whose writers are dead is empty. */
const QUIET_ROUNDS = 3;

/**
 * The agent's two streams, and what both bubblewraps and the airlock say about themselves: the outer on streams of its
 * own, the inner on the agent's until that starts. It is kept for error messages.
 */
export class OutputPump {
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #handler: OutputHandler | undefined;
  #limit = Number.POSITIVE_INFINITY;
  #onExceeded: () => void = () => undefined;
  #bytes = 0;
  #activity = 0;
  #busy = 0;

  constructor(agent: { readonly stdout: Readable; readonly stderr: Readable }, ...diagnostics: readonly Readable[]) {
    this.#follow(agent.stdout, (chunk) => this.#take('stdout', agent.stdout, chunk));
    this.#follow(agent.stderr, (chunk) => this.#take('stderr', agent.stderr, chunk));
    for (const stream of diagnostics) this.#follow(stream, (chunk) => this.#keep(chunk));
  }

  /** What was said before the agent started, in one line. */
  diagnostics(): string {
    return Buffer.concat(this.#early)
      .toString()
      .trim()
      .replace(/\s*\n\s*/g, ' | ');
  }

  /** From now on everything is the agent's. Beyond the limit nothing is handed on and `onExceeded` is called once. */
  forward(handler: OutputHandler, limitMiB: number, onExceeded: () => void): void {
    this.#handler = handler;
    this.#limit = limitMiB * MIB;
    this.#onExceeded = onExceeded;
  }

  /**
   * Waits until everything written is handed on. The streams do not end, because bubblewrap holds them too; but a dead
   * agent writes no more, and a round of the event loop reads whatever there is.
   */
  async drain(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_ROUNDS; ) {
      const before = this.#activity;
      await nextRound();
      quiet = this.#activity === before && this.#busy === 0 ? quiet + 1 : 0;
    }
  }

  #follow(stream: Readable, onChunk: (chunk: Buffer) => void): void {
    stream.on('data', onChunk);
    stream.on('error', () => stream.destroy());
  }

  #take(name: 'stdout' | 'stderr', stream: Readable, chunk: Buffer): void {
    this.#activity += 1;
    if (this.#handler === undefined) {
      this.#keep(chunk);
      return;
    }
    const room = this.#limit - this.#bytes;
    if (room <= 0) return;
    this.#bytes += Math.min(chunk.length, room);
    const taken = this.#handler(name, chunk.subarray(0, room));
    if (this.#bytes >= this.#limit) this.#onExceeded();
    if (taken === undefined) return;
    this.#busy += 1;
    stream.pause();
    const resume = (): void => {
      this.#busy -= 1;
      stream.resume();
    };
    taken.then(resume, resume);
  }

  #keep(chunk: Buffer): void {
    this.#earlyBytes += chunk.length;
    if (this.#earlyBytes <= DIAGNOSTIC_BYTES) this.#early.push(chunk);
  }
}
