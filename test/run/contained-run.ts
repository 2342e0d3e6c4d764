import { spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { RunReport } from '../../src/run/index.ts';

/** `bin/sallyport` of this checkout. */
export const SALLYPORT = resolve(import.meta.dirname, '../../bin/sallyport');

/** A user without rights for the runs that root starts on behalf of one. */
const USER = 65533;

export interface FinishedRun {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Content of a file in the out directory; undefined when there is none. */
  readonly read: (name: string) => string | undefined;
  readonly report: () => RunReport;
  /** The ledger's records. */
  readonly records: () => readonly Record<string, unknown>[];
}

/** A git checkout in a temporary directory, and runs on it. */
export class Checkout implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  readonly workspace = join(this.root, 'workspace');
  readonly #asUser: boolean;
  #runs = 0;

  /** With `asUser`, everything belongs to an unprivileged user and runs as one; without root it is one anyway. */
  constructor(files: { readonly [path: string]: string }, options: { readonly asUser?: boolean } = {}) {
    this.#asUser = options.asUser === true && process.getuid?.() === 0;
    mkdirSync(this.workspace);
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.git('init', '-q', '-b', 'main');
    this.git('add', '-A', '-f');
    this.git('commit', '-q', '-m', 'base');
    if (this.#asUser) {
      chownSync(this.root, USER, USER);
      spawnSync('chown', ['-R', `${USER}:${USER}`, this.root]);
    }
  }

  write(path: string, content: string): void {
    const file = join(this.workspace, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=dev', '-c', 'user.email=dev@example.org'];
    const { status, stdout, stderr } = spawnSync('git', [...identity, '-C', this.workspace, ...args], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** A policy file beside the workspace. JSON is YAML. */
  policy(content: object): string {
    const file = join(this.root, 'sallyport.yaml');
    writeFileSync(file, JSON.stringify({ version: 1, ...content }));
    return file;
  }

  /** `sallyport run FLAGS -- COMMAND`, with an environment made from nothing but `environment`. */
  async run(
    command: readonly string[],
    options: {
      readonly flags?: readonly string[];
      readonly environment?: { readonly [name: string]: string };
      readonly input?: string;
    } = {},
  ): Promise<FinishedRun> {
    const out = join(this.root, `out-${this.#runs++}`);
    const argv = [SALLYPORT, 'run', '--out', out, ...(options.flags ?? []), '--', ...command];
    const [program = '', ...rest] = this.#asUser
      ? ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--', ...argv]
      : argv;
    const child = spawn(program, rest, {
      cwd: this.workspace,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: this.root, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 110_000,
    });
    child.stdin.end(options.input ?? '');
    const [stdout, stderr, exit] = await Promise.all([
      collect(child.stdout),
      collect(child.stderr),
      new Promise<number | null>((done) => child.on('close', done)),
    ]);
    const read = (name: string): string | undefined =>
      existsSync(join(out, name)) ? readFileSync(join(out, name), 'utf8') : undefined;
    return {
      exit,
      stdout,
      stderr,
      read,
      report: () => JSON.parse(read('report.json') ?? 'null'),
      records: () =>
        (read('ledger/events.ndjson') ?? '')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line)),
    };
  }

  /** Applies a patch to a copy of the base and returns the content of a file there. */
  applied(patch: string | undefined, path: string): string | undefined {
    const copy = mkdtempSync(join(this.root, 'applied-'));
    cpSync(this.workspace, copy, { recursive: true });
    const { status, stderr } = spawnSync('git', ['apply', '-'], {
      cwd: copy,
      input: patch ?? '',
      encoding: 'utf8',
      env: { GIT_CEILING_DIRECTORIES: copy, GIT_DIR: '/nonexistent', PATH: '/usr/bin:/bin' },
    });
    if (patch && status !== 0) throw new Error(`the patch does not apply: ${stderr}`);
    const file = join(copy, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
