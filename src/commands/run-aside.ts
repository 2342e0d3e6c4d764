import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { type RunReport, type RunRequest, run } from '../run/index.ts';
import { removeOnSignal } from '../system/index.ts';

export interface AsideRequest {
  readonly command: RunRequest['command'];
  /** Undefined: an empty folder, in which nothing of a repository is there to obey. */
  readonly workspace: string | undefined;
  /** The program's standard input. */
  readonly input: string;
  readonly environment: RunRequest['environment'];
}

/** Bytes of standard output that are kept. */
const MOST_OUTPUT = 4 * 1024 * 1024;

/**
 * A contained run that is a step of another command: with the workspace's own policy, nothing of it is shown, and its
 * out directory goes with it.
 */
export async function runAside(
  request: AsideRequest,
): Promise<{ readonly report: RunReport; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-aside-'));
  using _guard = removeOnSignal(folder);
  try {
    const stdout = new KeptOutput();
    const report = await run(
      {
        command: request.command,
        workspace: request.workspace ?? (await emptyFolder(folder)),
        base: undefined,
        policyFile: undefined,
        organisationFile: undefined,
        out: join(folder, 'out'),
        apply: false,
        allowVulnerableAgent: false,
        environment: request.environment,
      },
      {
        stdout,
        stderr: new KeptOutput(),
        stdin: Readable.from([request.input]),
        progress: undefined,
        cancelled: new Promise<string>(() => undefined),
      },
    );
    return { report, output: stdout.text };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function emptyFolder(folder: string): Promise<string> {
  const path = join(folder, 'empty');
  await mkdir(path);
  return path;
}

/** The head of what was written, kept as text from outside. */
class KeptOutput extends Writable {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= MOST_OUTPUT) this.#chunks.push(chunk);
    done();
  }
}
