import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { exitCode } from './exit-code.ts';

export interface RunOptions {
  /** The child's whole environment; nothing is inherited. Default: only a system PATH. */
  readonly environment?: { readonly [name: string]: string };
  readonly directory?: string;
  /** Written to standard input, which is then closed. Default: `/dev/null`. */
  readonly input?: string | Uint8Array;
  /** Milliseconds until the child is killed, and what holds its output is waited for no more. Default 30 000. */
  readonly timeout?: number;
  /** Bytes kept of each stream; more kills the child. Default 64 MiB. */
  readonly maxOutput?: number;
  /** Run as this user, without supplementary groups. Only root can. */
  readonly identity?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface RunResult {
  /** Exit code, or 128 + signal number as shells have it; never 0 when `killed` says something. */
  readonly code: number;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why we killed it, when we did. */
  readonly killed: 'timeout' | 'output' | undefined;
}

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
const DEFAULT_TIMEOUT = 30_000;
const DEFAULT_OUTPUT = 64 * 1024 * 1024;
const SIGKILLED = 128 + 9;

/**
 * Runs a program to its end without a shell, with an empty environment, a time limit and an output limit.
 * A non-zero exit is a value; only a program that cannot be started rejects.
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const child = spawn(program, args, {
    env: { PATH: SYSTEM_PATH, ...options.environment },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
    ...(options.identity === undefined ? {} : { uid: options.identity.uid, gid: options.identity.gid }),
  });
  let killed: RunResult['killed'];
  const kill = (why: 'timeout' | 'output'): void => {
    killed ??= why;
    child.kill('SIGKILL');
    // What it started, and left behind, may hold the pipes for as long as it likes: the limits are about that too.
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  };
  const timer = setTimeout(() => kill('timeout'), options.timeout ?? DEFAULT_TIMEOUT);
  const limit = options.maxOutput ?? DEFAULT_OUTPUT;
  const stdout = keepOutput(child.stdout, limit, () => kill('output'));
  const stderr = keepOutput(child.stderr, limit, () => kill('output'));
  // A child that exits without reading its input is no fault of ours.
  child.stdin?.on('error', () => child.stdin?.destroy());
  child.stdin?.end(options.input);
  child.on('error', (error) => {
    clearTimeout(timer);
    reject(error);
  });
  child.on('close', (code, signal) => {
    clearTimeout(timer);
    const ended = { signal: signal ?? undefined, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), killed };
    resolve({ code: killed === undefined ? exitCode(code, signal) : SIGKILLED, ...ended });
  });
  return promise;
}

function keepOutput(stream: Readable | null, limit: number, onOverflow: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) onOverflow();
    else chunks.push(chunk);
  });
  return chunks;
}
