import { spawn } from 'node:child_process';
import { SallyportError } from '../errors/index.ts';
import { describeFileError } from '../system/index.ts';

/** A git invocation that runs nothing of any repository. */
export interface GitInvocation {
  /** Our own git directory; never one that the agent or a restored artifact wrote. */
  readonly gitDir: string;
  readonly args: readonly string[];
  readonly indexFile?: string;
  /** A work tree of ours; without one git sees none. */
  readonly workTree?: string;
  readonly input?: Uint8Array;
  /** A descriptor that receives standard output instead of memory. */
  readonly outputFd?: number;
  readonly environment?: { readonly [name: string]: string };
  /** Bytes of standard output kept in memory before the call is ended. */
  readonly maxOutput?: number;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const SECONDS = 120;
const MAX_OUTPUT = 1024 * 1024 * 1024;

/** Settings that beat any configuration file: no hook, monitor, driver, helper or transport may start (incidents T1). */
const HARDENING: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.untrackedCache=false',
  'core.pager=cat',
  'core.quotePath=true',
  // A file that lists parents and trees of commits: what commits themselves say is what counts.
  'core.commitGraph=false',
  // It starts the program that the configuration names, for every commit that is listed.
  'log.showSignature=false',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'credential.helper=',
  'protocol.allow=never',
  'protocol.ext.allow=never',
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

function environmentOf(invocation: GitInvocation): NodeJS.ProcessEnv {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_DIR: invocation.gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    // Other parents than the commits say, in a file that is no object.
    GIT_GRAFT_FILE: '/nonexistent/grafts',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: '',
    ...(invocation.indexFile === undefined ? {} : { GIT_INDEX_FILE: invocation.indexFile }),
    ...(invocation.workTree === undefined ? {} : { GIT_WORK_TREE: invocation.workTree }),
    ...invocation.environment,
  };
}

/** Runs git with an environment made from nothing. A non-zero exit is a value; only a git that cannot run throws SP1305. */
export function tryGit(invocation: GitInvocation): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--no-pager', ...HARDENING, ...invocation.args], {
      cwd: invocation.workTree ?? '/',
      env: environmentOf(invocation),
      stdio: ['pipe', invocation.outputFd ?? 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    let stderr = '';
    let held = 0;
    let killed: string | undefined;
    const kill = (why: string): void => {
      killed ??= why;
      child.kill('SIGKILL');
      // What git started may hold the pipes for as long as it likes.
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    };
    const timer = setTimeout(() => kill(`ended after ${SECONDS} s`), SECONDS * 1000);
    child.stdout?.on('data', (chunk: Buffer) => {
      held += chunk.length;
      if (held > (invocation.maxOutput ?? MAX_OUTPUT)) kill('ended by SIGKILL: it printed too much');
      else stdout.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < 4096) stderr += chunk.toString('latin1');
    });
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new SallyportError('SP1305', `git cannot be started: ${describeFileError(cause)}`, { cause }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const ending = killed ?? (signal ? `ended by ${signal}` : undefined);
      if (ending === undefined) resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr });
      else resolve({ code: 128, stdout: Buffer.concat(stdout), stderr: ending });
    });
    // A git that fails early closes its input; its exit code tells the story, not our EPIPE.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(invocation.input);
  });
}

/** As `tryGit`, but a non-zero exit throws SP1305 with what git says of it. */
export async function runGit(invocation: GitInvocation): Promise<Buffer> {
  const result = await tryGit(invocation);
  if (result.code === 0) return result.stdout;
  const lines = result.stderr.split('\n').filter((text) => text !== '');
  // Warnings and hints come before what made it end.
  const line = lines.find((text) => /^(?:fatal|error): /.test(text)) ?? lines[0] ?? 'no message';
  // Git before 2.45 tries to fetch what a partial clone lacks; nothing is fetched here.
  const advice = /promisor remote|lazy fetching disabled/.test(result.stderr)
    ? 'This clone lacks contents of files: clone without --filter, or fetch them before.'
    : undefined;
  throw new SallyportError('SP1305', `git ${invocation.args[0] ?? ''} failed: ${line}`, { advice });
}
