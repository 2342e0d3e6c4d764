import type { Duplex } from 'node:stream';
import { SallyportError } from '../errors/index.ts';
import { type JsonObject, type ProcessEntry, processTree } from '../system/index.ts';
import { airlockConfiguration, airlockPaths, type LaunchRequest } from './airlock/configuration.ts';
import { type Extent, layoutFor, type WorkspaceLayout } from './airlock/workspace-mount.ts';
import { INNER_DESCRIPTORS, innerArguments } from './arguments.ts';
import { type OpenCanaries, openCanaries } from './canaries.ts';
import { type ControlGroups, createControlGroups } from './cgroup.ts';
import { asObject, type Channel } from './channel.ts';
import { expectedMounts } from './expected-mounts.ts';
import type { SandboxHost } from './host.ts';
import { type HostFacts, observeHost } from './host-facts.ts';
import { type LimitMechanisms, limitMechanisms, resourceLimits } from './limits.ts';
import { RunNamespaces } from './namespaces.ts';
import { OuterSandbox } from './outer.ts';
import type { OutputHandler, OutputPump } from './output.ts';
import type { AgentPipes } from './pipes.ts';
import type { SandboxPlan } from './plan.ts';
import type { CheckContext } from './probe/checks.ts';
import { compileProbe, type ProbeProgram } from './probe/program.ts';
import { callsOf, judgeProof, type Proof, probeChecks } from './proof.ts';
import { readExactly } from './read-exactly.ts';
import { groupName } from './run-lock.ts';
import { buildFilter } from './seccomp/filter.ts';
import { watchMemory } from './supervision.ts';
import { type TeardownReport, tearDown } from './teardown.ts';
import { SANDBOX_HOSTNAME } from './view.ts';

/** Why the agent's time was over. `exit`: it ended by itself. */
export type ExitCause =
  | 'exit'
  | 'timeout'
  | 'cancelled'
  | 'memory'
  | 'output'
  | 'broker-lost'
  | 'ledger-lost'
  | 'airlock-lost';

export interface SandboxExit {
  /** The agent's exit code; 128 + signal when a signal ended it. */
  readonly code: number;
  readonly cause: ExitCause;
}

const GO = 'g';
const SIGKILLED = 137;
const PROOF_MILLISECONDS = 20_000;
const KILL_MILLISECONDS = 5_000;
/** A step of the airlock takes some ten milliseconds, and seconds on a machine that stalls. */
const STEP_MILLISECONDS = 60_000;
/** Reading the change of the largest tree that is staged takes minutes. */
const COLLECT_MILLISECONDS = 15 * 60_000;

/**
 * One contained run: start, mount, prove, execute, collect, stop. Each step needs the one before; whatever fails,
 * nothing of the agent has run, and `stop` accounts for what was made.
 *
 * ```ts
 * await using sandbox = await Sandbox.start(plan, host);
 * await sandbox.mountWorkspace();
 * const proof = await sandbox.prove();
 * if (!proof.holds) …
 * const exit = await sandbox.execute((stream, chunk) => …);
 * const change = await sandbox.collect({ … });
 * const teardown = await sandbox.stop();
 * ```
 */
export class Sandbox implements AsyncDisposable {
  readonly #plan: SandboxPlan;
  readonly #host: SandboxHost;
  readonly #facts: HostFacts;
  readonly #outer: OuterSandbox;
  readonly #control: Channel;
  readonly #proofChannel: Duplex;
  readonly #configured: Promise<unknown>;
  readonly #canaries: OpenCanaries;
  readonly #groups: ControlGroups;
  readonly #pipes: AgentPipes;
  readonly #output: OutputPump;
  readonly #uid: number;
  readonly #namespaces = new RunNamespaces();
  #layout: WorkspaceLayout = 'layered';
  #cause: ExitCause = 'exit';
  #probe: CompiledProbe | undefined;
  #proof: Proof | undefined;
  #stopped: Promise<TeardownReport> | undefined;
  #seen: readonly ProcessEntry[] = [];

  private constructor(parts: SandboxParts) {
    this.#plan = parts.plan;
    this.#host = parts.host;
    this.#facts = parts.facts;
    this.#outer = parts.outer;
    this.#canaries = parts.canaries;
    this.#groups = parts.groups;
    this.#uid = parts.plan.identity?.uid ?? process.getuid?.() ?? 0;
    this.#pipes = parts.outer.pipes;
    this.#output = parts.outer.output;
    this.#proofChannel = parts.outer.proof;
    this.#control = parts.outer.control;
    this.#configured = parts.configured;
  }

  /**
   * Tells the airlock of the outer sandbox, `given` or made here, what it will contain. The staged tree need only exist
   * when the workspace is mounted.
   * @throws SallyportError SP1202 when a program is missing.
   */
  static async start(plan: SandboxPlan, host: SandboxHost, given?: OuterSandbox): Promise<Sandbox> {
    const outer = given ?? (await OuterSandbox.start(plan, host));
    try {
      // First of all: while the airlock follows, the rest is made here.
      const configured = outer.control.request(
        'configure',
        toJson(airlockConfiguration(plan, outer.tools)),
        STEP_MILLISECONDS,
      );
      // Awaited in mountWorkspace; until then a failure is only kept.
      configured.catch(() => undefined);
      const canaries = await openCanaries(plan.runDirectory, host.random);
      const groups = createControlGroups(groupName(plan.runId), plan.limits);
      return new Sandbox({ plan, host, outer, configured, canaries, groups, facts: observeHost() });
    } catch (error) {
      await outer[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What holds each limit on this host. */
  get mechanisms(): LimitMechanisms {
    return limitMechanisms(this.#groups);
  }

  /**
   * Makes the agent's workspace of the staged tree, in the way that `extent` allows.
   * @throws SallyportError SP1204 with the airlock's reason.
   */
  async mountWorkspace(extent?: Extent): Promise<void> {
    this.#layout = layoutFor(extent, this.#plan.limits);
    await this.#explain('configure', this.#configured);
    const mounting = this.#explain('mount', this.#control.request('mount', this.#layout, STEP_MILLISECONDS));
    void this.#groups.prepare();
    // Made while the kernel works.
    this.#probe ??= this.#compileProbe();
    await mounting;
  }

  /**
   * Starts the sandbox with the probe as its first program and judges what it reports. The sandbox that is proven is
   * the one the agent will be in: the probe waits for the word, then becomes the agent.
   * @throws SallyportError SP1204 when the sandbox could not be started at all.
   */
  async prove(): Promise<Proof> {
    this.#probe ??= this.#compileProbe();
    const { checks, probe, launch } = this.#probe;
    await this.#explain('launch', this.#control.request('launch', launch, STEP_MILLISECONDS));
    const report = await this.#report(probe);
    const proof = judgeProof(
      checks,
      probe.read(report),
      this.#viewContext(),
      this.#canaries.touched,
      this.#host.sentinel,
    );
    if (proof.holds) this.#joinGroups();
    this.#proof = proof;
    return proof;
  }

  /**
   * Gives the word: the probe becomes the agent. Resolves when the agent and everything it started are dead.
   * @throws SallyportError SP1203 when the sandbox was not proven.
   */
  async execute(onOutput: OutputHandler): Promise<SandboxExit> {
    if (!this.#proof?.holds) throw new SallyportError('SP1203', describeFailure(this.#proof));
    const { seconds, memoryMiB, outputMiB } = this.#plan.limits;
    const timer = setTimeout(() => this.cancel('timeout'), seconds * 1000);
    const endWatch = this.#groups.holds.memory
      ? () => undefined
      : watchMemory({ root: this.#outerPid(), limitMiB: memoryMiB, onExceeded: () => this.cancel('memory') });
    this.#output.forward(onOutput, outputMiB, () => this.cancel('output'));
    this.#feedInput();
    // Cancelled before the word was given: then it never is.
    if (this.#cause === 'exit') this.#proofChannel.write(GO);
    try {
      const code = await this.#waitForAgent();
      await this.#output.drain();
      if (code === SIGKILLED && this.#cause === 'exit' && this.#groups.memoryKills() > 0) this.#cause = 'memory';
      return { code, cause: this.#cause };
    } finally {
      clearTimeout(timer);
      endWatch();
    }
  }

  /** Kills the agent and everything it started; `execute` resolves with this cause. The workspace can still be collected. */
  cancel(cause: Exclude<ExitCause, 'exit'>): void {
    if (this.#cause !== 'exit') return;
    this.#cause = cause;
    const outer = setTimeout(() => this.#outer.kill(), KILL_MILLISECONDS);
    outer.unref();
    this.#control.request('kill').catch(() => this.#outer.kill());
  }

  /** Hands a request to the `collect` of the airlock, which sees the finished workspace. */
  async collect(request: JsonObject): Promise<JsonObject> {
    return asObject(await this.#control.request('collect', request, COLLECT_MILLISECONDS));
  }

  /** Ends everything, looks for what is left, and says so. Never throws; a second call returns the same report. */
  stop(): Promise<TeardownReport> {
    this.#stopped ??= this.#tearDown();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #tearDown(): Promise<TeardownReport> {
    this.#look();
    return tearDown({
      outer: this.#outer,
      seen: this.#seen,
      namespaces: this.#namespaces,
      canaries: this.#canaries,
      groups: this.#groups,
      runDirectory: this.#plan.runDirectory,
      layout: this.#layout,
    });
  }

  /** Remembers who is in the run and in which namespaces, to find later what is left of it. */
  #look(): readonly ProcessEntry[] {
    const tree = processTree(this.#outerPid());
    this.#seen = distinct([...this.#seen, ...tree]);
    // The first is the outer bubblewrap itself, which waits on the host's side.
    this.#namespaces.observe(tree.slice(1));
    return tree;
  }

  #outerPid(): number {
    return this.#outer.process.pid ?? -1;
  }

  #checkContext(): CheckContext {
    const { environment, workspace, brokerPort } = this.#plan;
    const environmentBytes = Object.entries(environment).reduce(
      (total, [name, value]) => total + Buffer.byteLength(name) + Buffer.byteLength(value) + 2,
      0,
    );
    return {
      architecture: this.#facts.architecture,
      canaries: this.#canaries.targets,
      workspace,
      brokerPort,
      environmentBytes,
    };
  }

  #viewContext() {
    return {
      environment: this.#plan.environment,
      hostname: SANDBOX_HOSTNAME,
      mounts: expectedMounts(this.#plan, this.#facts, this.#layout),
      descriptors: [0, 1, 2, INNER_DESCRIPTORS.probe, INNER_DESCRIPTORS.proof],
      streams: this.#pipes.links,
      hostPaths: [this.#plan.runDirectory],
    };
  }

  #compileProbe(): CompiledProbe {
    const checks = probeChecks(this.#checkContext());
    const probe = compileProbe(this.#facts.architecture, callsOf(checks), INNER_DESCRIPTORS);
    return { checks, probe, launch: toJson(this.#launchRequest(probe)) };
  }

  #launchRequest(probe: ProbeProgram): LaunchRequest {
    return {
      inner: innerArguments(this.#plan, this.#facts, airlockPaths(this.#plan.runDirectory)),
      command: this.#plan.command,
      filter: buildFilter(
        this.#facts.architecture,
        this.#groups.holds.memory ? 'by the kernel' : 'by process',
      ).toString('base64'),
      probe: probe.executable.toString('base64'),
      rlimits: resourceLimits(this.#plan, this.#uid),
    };
  }

  async #report(probe: ProbeProgram): Promise<Buffer> {
    const report = readExactly(this.#proofChannel, probe.reportBytes, PROOF_MILLISECONDS);
    const died = this.#control.request('wait').then(() => 'it ended without a word');
    const told = await Promise.race([report, died]).catch((error: Error) => error.message);
    if (Buffer.isBuffer(told)) return told;
    // The channel of the probe may end before what bubblewrap said about it has come.
    await this.#output.drain();
    throw new SallyportError('SP1204', `the inner sandbox did not start: ${this.#output.diagnostics() || told}`);
  }

  /** Everything below the airlock, before the word is given: from here on the limits hold. */
  #joinGroups(): void {
    const tree = this.#look();
    const [, , airlock, ...inner] = tree;
    if (airlock === undefined || inner.length === 0) throw new SallyportError('SP1204', 'the sandbox has no processes');
    for (const entry of inner) this.#groups.add(entry.pid);
  }

  #feedInput(): void {
    const input = this.#pipes.stdin;
    // The agent may end without reading; that is its own business.
    input.on('error', () => input.destroy());
    if (this.#host.stdin === undefined) input.end();
    else this.#host.stdin.pipe(input);
  }

  async #waitForAgent(): Promise<number> {
    try {
      const exit = asObject(await this.#control.request('wait'));
      if (Array.isArray(exit['survivors']) && exit['survivors'].length > 0) this.#cause = 'airlock-lost';
      return Number(exit['code']);
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error;
      if (this.#cause === 'exit') this.#cause = 'airlock-lost';
      return SIGKILLED;
    }
  }

  /** Adds what the sandbox said on its error stream to a failure of the airlock: bubblewrap explains itself there. */
  #explain<T>(step: string, answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => this.#fail(step, error));
  }

  #fail(step: string, error: unknown): never {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SallyportError('SP1204', `${step}: ${reason} ${this.#output.diagnostics()}`.trim(), { cause: error });
  }
}

interface SandboxParts {
  readonly plan: SandboxPlan;
  readonly host: SandboxHost;
  readonly facts: HostFacts;
  readonly outer: OuterSandbox;
  readonly configured: Promise<unknown>;
  readonly canaries: OpenCanaries;
  readonly groups: ControlGroups;
}

interface CompiledProbe {
  readonly checks: ReturnType<typeof probeChecks>;
  readonly probe: ProbeProgram;
  readonly launch: JsonObject;
}

function distinct(processes: readonly ProcessEntry[]): readonly ProcessEntry[] {
  return [...new Map(processes.map((entry) => [entry.pid, entry])).values()];
}

/** The configuration and the launch request are plain data; their interfaces only lack an index signature. */
function toJson(value: object): JsonObject {
  return value as JsonObject;
}

function describeFailure(proof: Proof | undefined): string {
  const failed = proof?.checks.filter((check) => !check.held) ?? [];
  if (failed.length === 0) return 'the sandbox was not proven';
  return failed.map((check) => `${check.name}: expected ${check.expected}, was ${check.outcome}`).join('; ');
}
