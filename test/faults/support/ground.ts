import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  listProcesses,
  type ProcessEntry,
  processTree,
  readProcessFile,
  removeTree,
} from '../../../src/system/index.ts';

export const PROGRAM = resolve(import.meta.dirname, '../../../bin/sallyport');
export const REAL_KEY = 'sk-ant-real-7fQ2mXw9RzKd4TbVh1LsYc8';
/** Longest a test waits for a run that should end by itself. */
const RUN_MILLISECONDS = 120_000;

/**
 * Prefix of a command that gets a mount namespace of its own. A user gets it together with a user namespace, in which
 * he keeps his number; `WITHOUT_CAPABILITIES` ends what he may do there.
 */
export const PRIVATE_MOUNTS: readonly string[] = [
  'unshare',
  ...(process.getuid?.() === 0 ? [] : ['--map-current-user', '--keep-caps']),
  ...['--mount', '--propagation', 'private'],
];
export const WITHOUT_CAPABILITIES = 'setpriv --inh-caps=-all --ambient-caps=-all --';

export interface Ended {
  /** Null when a signal ended the supervisor. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  /** Stands in the agent's command line, and in nobody else's. */
  readonly tag: string;
  readonly out: string;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves when the agent or the supervisor has printed this. Rejects when the run ends before. */
  printed(text: string): Promise<void>;
  /** Everything of the run that is alive now: by descent from the supervisor, and by the tag. */
  processes(): readonly ProcessEntry[];
}

export interface RunOptions {
  /** What the agent does, in the language of `sh`. */
  readonly script: string;
  readonly flags?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  /** Where evidence goes; a fresh directory when absent. */
  readonly out?: string;
  /** Program and arguments in front of ours, such as `unshare -m`. */
  readonly through?: readonly string[];
}

/** A checkout, a temporary directory of its own for runs, and a canary that nobody may reach. */
export interface Ground extends AsyncDisposable {
  readonly path: string;
  readonly workspace: string;
  /** `TMPDIR` of every run: what is in it when none is alive was left behind. */
  readonly temporary: string;
  /** Addresses of the host at which the canary listens, as `host:port`. */
  readonly canaries: readonly string[];
  /** How often somebody connected to it. */
  readonly touched: () => number;
  run(options: RunOptions): Run;
}

export async function openGround(): Promise<Ground> {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-faults-'));
  chmodSync(path, 0o755);
  const workspace = join(path, 'workspace');
  const temporary = join(path, 'tmp');
  for (const directory of [workspace, temporary]) mkdirSync(directory);
  makeRepository(workspace);
  let touches = 0;
  const canary = createTcpServer((socket) => {
    touches += 1;
    socket.destroy();
  });
  const port = await new Promise<number>((done) =>
    canary.listen(0, '0.0.0.0', () => done((canary.address() as AddressInfo).port)),
  );
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  let runs = 0;
  return {
    ...{ path, workspace, temporary },
    canaries: addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => `${address}:${port}`),
    touched: () => touches,
    run(options) {
      runs += 1;
      return startRun({ path, workspace, temporary }, `run-${runs}-${process.pid}`, options);
    },
    async [Symbol.asyncDispose]() {
      await new Promise((closed) => canary.close(closed));
      await removeTree(path);
    },
  };
}

export function git(directory: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  return execFileSync('git', [...identity, '-C', directory, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

function makeRepository(directory: string): void {
  git(directory, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(directory, 'README'), 'hello\n');
  git(directory, 'add', '.');
  git(directory, 'commit', '--quiet', '--message=first');
}

function startRun(
  ground: { readonly path: string; readonly workspace: string; readonly temporary: string },
  tag: string,
  { script, flags = [], environment = {}, out = join(ground.path, tag), through = [] }: RunOptions,
): Run {
  const ours = [PROGRAM, 'run', '--workspace', ground.workspace, '--out', out, ...flags];
  const [program = '', ...args] = [...through, ...ours, '--', '/bin/sh', '-c', `: ${tag}\n${script}`];
  const child = spawn(program, args, {
    cwd: ground.path,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', TMPDIR: ground.temporary, ANTHROPIC_API_KEY: REAL_KEY, ...environment },
  });
  const text = { stdout: '', stderr: '' };
  const { promise: ended, resolve: end } = Promise.withResolvers<Ended>();
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      text[name] += chunk.toString();
    });
  const late = setTimeout(() => child.kill('SIGKILL'), RUN_MILLISECONDS);
  child.on('close', (code, signal) => {
    clearTimeout(late);
    end({ code, signal, ...text });
  });
  const pid = child.pid ?? -1;
  return {
    ...{ tag, out, pid, ended },
    printed: (wanted) => waitFor(() => text.stdout.includes(wanted) || text.stderr.includes(wanted), ended),
    processes: () => [...processTree(pid), ...tagged(tag)],
  };
}

async function waitFor(condition: () => boolean, ended: Promise<Ended>): Promise<void> {
  const over = ended.then((end) => {
    if (!condition()) throw new Error(`the run ended first: ${JSON.stringify(end)}`);
    return true;
  });
  while (!condition()) await Promise.race([over, new Promise((done) => setTimeout(done, 5))]);
}

/** Processes whose command line has the tag, but for our own. */
export function tagged(tag: string): readonly ProcessEntry[] {
  return listProcesses().filter(
    ({ pid }) => pid !== process.pid && (readProcessFile(pid, 'cmdline') ?? '').includes(`: ${tag}\n`),
  );
}

/** The records of a run's ledger, whole lines only. */
export function records(out: string): readonly Record[] {
  const file = join(out, 'ledger', 'events.ndjson');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

export interface Record {
  readonly kind: string;
  readonly log: string;
  readonly decision?: { readonly verdict: string };
}

/** First word of `sallyport log verify`: the verdict, or the code of the error when there is no ledger. */
export async function verdictOf(out: string): Promise<string> {
  const child = spawn(PROGRAM, ['log', 'verify', out], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  await new Promise((closed) => child.on('close', closed));
  return /^[A-Z0-9-]+/.exec(text)?.[0] ?? text;
}

export interface Upstream extends AsyncDisposable {
  readonly url: string;
}

/** A model provider on loopback that does whatever the test says. */
export async function openUpstream(answer: RequestListener): Promise<Upstream> {
  const server = createServer(answer);
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** One whole answer of the Messages API. */
export const MESSAGE = JSON.stringify({
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', stop_reason: 'end_turn' },
  content: [{ type: 'text', text: 'fine' }],
  usage: { input_tokens: 1, output_tokens: 1 },
});

/** `sh` that asks the model one thing and prints what came of it: body, status, curl's own code. */
export function ask(extra = ''): string {
  const body = `{"model":"claude-sonnet-4-5","max_tokens":9${extra},"messages":[{"role":"user","content":"hello"}]}`;
  return `curl -s -m 10 -w ' status=%{http_code} ' -H "x-api-key: $ANTHROPIC_API_KEY" -H 'content-type: application/json' -d '${body}' "$ANTHROPIC_BASE_URL/v1/messages"; echo "curl=$?"`;
}
