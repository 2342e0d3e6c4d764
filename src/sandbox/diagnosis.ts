import { chmod, chown, mkdir, mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Limits } from '../policy/index.ts';
import { type JsonObject, removeOnSignal, removeTree } from '../system/index.ts';
import type { SandboxHost } from './host.ts';
import { APPARMOR_FIX, type HostCheck, inspectHost, PROC_FIX } from './host-report.ts';
import { planSandbox, SANDBOX_HOME, type SandboxPlan } from './plan.ts';
import { Sandbox } from './sandbox.ts';

/** What the host has and lacks, and whether a real sandbox held on it. */
export type HostReport = JsonObject & {
  readonly canStart: boolean;
  readonly checks: readonly HostCheck[];
  readonly trial: HostTrial;
};

/** A minimal run: the probe, then `true`, then teardown. */
export type HostTrial = TrialOutcome & { readonly milliseconds: number };

type TrialOutcome = JsonObject & {
  readonly held: boolean;
  readonly failure: string | null;
  readonly fix: readonly string[];
  /** Checks of the probe, and those that did not hold. */
  readonly proofChecks: number;
  readonly proofFailures: readonly string[];
  readonly limits: { readonly [limit: string]: string };
};

const NOBODY = { uid: 65534, gid: 65534 };
const TRIAL_PORT = 8040;
const TRIAL_LIMITS: Limits = {
  processes: 64,
  memoryMiB: 256,
  diskMiB: 16,
  inodes: 1024,
  openFiles: 256,
  outputMiB: 1,
  seconds: 20,
  patchFiles: 1,
  patchMiB: 1,
};

/** What bubblewrap and mount say when the host does not let them, and what mends it. */
const KNOWN_FAILURES: readonly { readonly pattern: RegExp; readonly fix: readonly string[] }[] = [
  { pattern: /setting up uid map: Permission denied|RTM_NEWADDR: Operation not permitted/, fix: APPARMOR_FIX },
  {
    pattern:
      /No permissions to create (a )?new namespace|[Cc]reating new namespace failed|Operation not permitted.*clone/,
    fix: ['sudo sysctl -w kernel.unprivileged_userns_clone=1', 'sudo sysctl -w user.max_user_namespaces=15000'],
  },
  { pattern: /Can't mount proc/, fix: PROC_FIX },
  { pattern: /cannot mount the workspace/, fix: ['sudo modprobe overlay'] },
];

/**
 * Looks at the host and really starts a sandbox with the probe on it. Everything it makes is removed.
 * @param temporaryRoot an existing directory for the trial's run directory.
 */
export async function diagnoseHost(host: SandboxHost, temporaryRoot: string): Promise<HostReport> {
  const checks = inspectHost();
  const trial = await tryHost(host, temporaryRoot);
  return { canStart: trial.held && checks.every((check) => check.status !== 'missing'), checks, trial };
}

async function tryHost(host: SandboxHost, temporaryRoot: string): Promise<HostTrial> {
  const startedAt = host.clock.monotonic();
  const outcome = await runTrial(host, temporaryRoot).catch((error: unknown) => explainFailure(error));
  return { ...outcome, milliseconds: Number((host.clock.monotonic() - startedAt) / 1_000_000n) };
}

function explainFailure(error: unknown): TrialOutcome {
  const failure = error instanceof Error ? error.message : String(error);
  const fix = KNOWN_FAILURES.find(({ pattern }) => pattern.test(failure))?.fix ?? [];
  return { held: false, failure, fix, proofChecks: 0, proofFailures: [], limits: {} };
}

async function runTrial(host: SandboxHost, temporaryRoot: string): Promise<TrialOutcome> {
  await using made = new AsyncDisposableStack();
  const runDirectory = await mkdtemp(join(temporaryRoot, 'sallyport-doctor-'));
  made.defer(() => removeTree(runDirectory));
  made.use(removeOnSignal(runDirectory));
  const plan = await trialPlan(host, runDirectory);
  const broker = await listen(plan.broker.socket);
  try {
    await using sandbox = await Sandbox.start(plan, host);
    await sandbox.mountWorkspace();
    const proof = await sandbox.prove();
    const failures = proof.checks.filter((check) => !check.held);
    const proofFailures = failures.map((check) => `${check.name}: expected ${check.expected}, was ${check.outcome}`);
    const exit = proof.holds ? await sandbox.execute(() => undefined) : undefined;
    const limits = { ...sandbox.mechanisms };
    const teardown = await sandbox.stop();
    const held = proof.holds && exit?.code === 0 && teardown.clean;
    const failure = held ? null : describe(proof.holds, exit?.code, teardown.errors);
    return { held, failure, fix: [], proofChecks: proof.checks.length, proofFailures, limits };
  } finally {
    broker.close();
  }
}

function describe(proven: boolean, code: number | undefined, errors: readonly string[]): string {
  if (!proven) return 'the probe found a hole';
  return code === 0 ? `something was left behind: ${errors.join('; ')}` : `the trial command ended with ${code}`;
}

async function trialPlan(host: SandboxHost, runDirectory: string): Promise<SandboxPlan> {
  const identity = process.getuid?.() === 0 ? NOBODY : undefined;
  const lower = join(runDirectory, 'lower');
  await mkdir(lower);
  await chmod(runDirectory, 0o711);
  if (identity !== undefined) await chown(lower, identity.uid, identity.gid);
  return planSandbox({
    ...{ runId: host.random(8).toString('hex'), runDirectory, lower, identity, limits: TRIAL_LIMITS },
    ...{ readOnly: [], files: [], names: [], ports: [], plainPorts: [] },
    workspace: '/workspace',
    environment: { HOME: SANDBOX_HOME, PATH: '/usr/bin:/bin' },
    command: ['/usr/bin/true'],
    broker: { socket: join(runDirectory, 'broker.sock'), nonce: '' },
    brokerPort: TRIAL_PORT,
  });
}

function listen(path: string): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  const server = createServer((socket) => socket.destroy());
  server.once('error', reject);
  server.listen(path, () => resolve(server));
  return promise;
}
