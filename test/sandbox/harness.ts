import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  findTools,
  type OutputHandler,
  type Proof,
  planSandbox,
  Sandbox,
  type SandboxExit,
  type SandboxHost,
  type SandboxPlan,
  type TeardownReport,
} from '../../src/sandbox/index.ts';
import { removeTree, systemClock, systemRandom } from '../../src/system/index.ts';

export const AIRLOCK_ENTRY = resolve(import.meta.dirname, 'airlock-entry.ts');
export const isRoot = process.getuid?.() === 0;
/** Under root the sandbox runs as nobody. */
export const identity = isRoot ? { uid: 65534, gid: 65534 } : undefined;

export interface Bench extends AsyncDisposable {
  readonly plan: SandboxPlan;
  readonly host: SandboxHost;
  /** What arrived at the broker's socket, connection by connection. */
  readonly received: Buffer[];
}

/** A run directory with a staged file, a broker that answers `pong`, and a plan over them. */
export async function openBench(overrides: Partial<SandboxPlan> = {}): Promise<Bench> {
  const runDirectory = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  chmodSync(runDirectory, 0o711);
  const lower = join(runDirectory, 'lower');
  mkdirSync(lower);
  writeFileSync(join(lower, 'README'), 'staged\n');
  if (identity) for (const path of [lower, join(lower, 'README')]) chownSync(path, identity.uid, identity.gid);
  const received: Buffer[] = [];
  const broker = createServer({ allowHalfOpen: true }, (socket) => answerPong(socket, received));
  const socket = join(runDirectory, 'broker.sock');
  await new Promise<void>((done) => broker.listen(socket, done));
  chmodSync(socket, 0o666);
  const plan = planSandbox({
    ...{ runId: `test-${systemRandom(6).toString('hex')}`, runDirectory, lower, identity },
    ...{ readOnly: [], files: [], names: ['allowed.example'], ports: [8443], plainPorts: [] },
    workspace: '/tmp/bench/workspace',
    environment: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/home/agent' },
    command: ['/bin/true'],
    limits: {
      ...{ processes: 128, memoryMiB: 512, diskMiB: 64, inodes: 4096, openFiles: 512, outputMiB: 1, seconds: 30 },
      ...{ patchFiles: 100, patchMiB: 1 },
    },
    broker: { socket, nonce: 'test-nonce' },
    brokerPort: 8040,
    ...overrides,
  });
  const host = { airlock: [process.execPath, AIRLOCK_ENTRY] as const, clock: systemClock, random: systemRandom };
  return {
    plan,
    host: { ...host, tools: findTools() },
    received,
    [Symbol.asyncDispose]: async () => {
      broker.close();
      await removeTree(runDirectory);
    },
  };
}

function answerPong(socket: Socket, received: Buffer[]): void {
  const index = received.push(Buffer.alloc(0)) - 1;
  socket.on('data', (chunk: Buffer) => {
    received[index] = Buffer.concat([received[index] ?? Buffer.alloc(0), chunk]);
    if (chunk.includes('CONNECT ')) answerTunnel(socket, chunk.toString());
  });
  socket.on('end', () => socket.end('pong\n'));
  socket.on('error', () => socket.destroy());
}

/** Tunnels to port 8443 open and echo; others are refused. */
function answerTunnel(socket: Socket, request: string): void {
  socket.removeAllListeners('end');
  if (!request.includes('CONNECT allowed.example:8443 ')) {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    return;
  }
  socket.write('HTTP/1.1 200 OK\r\n\r\n');
  socket.pipe(socket);
}

export interface Outcome {
  readonly proof: Proof;
  readonly exit: SandboxExit;
  readonly stdout: string;
  readonly stderr: string;
  readonly teardown: TeardownReport;
}

/** A whole run of one shell script, from start to teardown. */
export async function runScript(
  script: string,
  overrides: Partial<SandboxPlan> = {},
  during: (sandbox: Sandbox) => void = () => undefined,
): Promise<Outcome> {
  await using bench = await openBench({ command: ['/bin/sh', '-c', script], ...overrides });
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  await sandbox.mountWorkspace();
  const proof = await sandbox.prove();
  const text = { stdout: '', stderr: '' };
  const onOutput: OutputHandler = (stream, chunk) => {
    text[stream] += chunk.toString();
  };
  const executing = sandbox.execute(onOutput);
  during(sandbox);
  const exit = await executing;
  return { proof, exit, ...text, teardown: await sandbox.stop() };
}

/** The names of the checks that did not hold. */
export function failures(proof: Proof): readonly string[] {
  return proof.checks.filter((check) => !check.held).map((check) => check.name);
}
