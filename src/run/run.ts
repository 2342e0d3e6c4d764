import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { SallyportError } from '../errors/index.ts';
import { Ledger } from '../ledger/index.ts';
import { type OuterSandbox, preflight, Sandbox, sweepStale } from '../sandbox/index.ts';
import { systemClock, systemRandom } from '../system/index.ts';
import { createSentinel, type KnownSecret } from '../text/index.ts';
import { type Stage, type StageRequest, stageWorkspace } from '../workspace/index.ts';
import { closeAccount, type RunFacts } from './account.ts';
import { ActivityMeter } from './activity.ts';
import { fileChangeEvents, SelfReport } from './agreement.ts';
import { attend } from './attendance.ts';
import { BrokerLink } from './broker-link.ts';
import type { BrokerStart } from './broker-messages.ts';
import { collectRun } from './collection.ts';
import { type Containment, planContainment } from './containment.ts';
import { emptyDataFlow, reportDataFlow } from './data-flow.ts';
import { proofEvent, stagedEvent, startEvent, teardownEvent } from './events.ts';
import { Groundwork } from './groundwork.ts';
import { brokerIdentity } from './identity.ts';
import { shownDirectories } from './inner-path.ts';
import { ObservedLedger } from './observed-ledger.ts';
import { prepareOutDirectory } from './out-directory.ts';
import { createOutputGate, type RunStreams } from './output-gate.ts';
import { airlockProgram, brokerProgram } from './processes.ts';
import { Progress, type ProgressSink } from './progress.ts';
import type { RunReport } from './report/index.ts';
import type { RunRequest } from './request.ts';
import { handOverSocket, RUN_DIRECTORY_PREFIX, type RunDirectory } from './run-directory.ts';
import { createRunId } from './run-id.ts';
import { keyNotes, stagingNotes } from './run-notes.ts';
import { type Scene, setScene } from './scene.ts';

const MIB = 1024 * 1024;

/** The world around a run: where output goes, and what may cancel it. */
export interface RunHost extends RunStreams {
  readonly progress: ProgressSink | undefined;
  /** What the agent reads on its standard input; never a terminal, whose descriptor would let it type. */
  readonly stdin: Readable | undefined;
  /** Resolves when the person or the CI system wants the run to end. */
  readonly cancelled: Promise<string>;
}

/**
 * Runs an agent contained and accounts for everything it did.
 *
 * Mistakes in the request throw before anything of it is done: until then a broker and an empty outer sandbox boot,
 * told nothing. From then on every outcome, a failure too, is a report with a closed ledger behind it; only a ledger
 * that cannot be written throws (SP1502).
 */
export async function run(request: RunRequest, host: RunHost): Promise<RunReport> {
  preflight();
  let cancelled = false;
  void host.cancelled.then(() => {
    cancelled = true;
  });
  const runId = createRunId();
  await using groundwork = Groundwork.begin(request, runId);
  await using broker = BrokerLink.spawn(brokerProgram(), brokerIdentity());
  // Setting the scene keeps this process busy: the airlock, for which everything waits, is on its way before.
  await groundwork.begun();
  const scene = await setScene(request, systemClock, systemRandom);
  prepareOutDirectory(request.out);
  const meter = new ActivityMeter();
  const progress = new Progress(host.progress, meter, systemClock.now);
  const facts: RunFacts = {
    runId,
    startedAt: systemClock.now(),
    scene,
    meter,
    dataFlow: emptyDataFlow(runId, { accounted: true }),
    end: { kind: 'incomplete', reason: 'the run did not get as far as the agent' },
    agentCode: 0,
    notes: [...scene.notes],
  };
  await using recorder = new ObservedLedger(
    Ledger.create({ directory: join(request.out, 'ledger'), runId, clock: systemClock, random: systemRandom }),
    (event) => meter.observe(event),
    (event) => progress.observe(event),
  );
  try {
    await contain({ facts, recorder, host, progress, broker, groundwork });
  } catch (error) {
    // A terminal interrupts our programs together with us; their failure may be seen first.
    await new Promise((turn) => setImmediate(turn));
    if (cancelled && facts.proof === undefined) facts.end = { kind: 'cancelled' };
    else if (isMistake(error, facts)) throw error;
    else facts.end = { kind: 'incomplete', reason: error instanceof Error ? error.message : String(error) };
  }
  progress.clear();
  // Awaited here: the ledger is open until this scope ends.
  return await closeAccount(facts, await recorder.opened, systemClock.now());
}

/** An error in the request that showed only while the sandbox was made: nothing of the agent has run. */
function isMistake(error: unknown, { proof }: RunFacts): boolean {
  return proof === undefined && error instanceof SallyportError && error.exitCode === 2;
}

interface Contained {
  readonly facts: RunFacts;
  readonly recorder: ObservedLedger;
  readonly host: RunHost;
  readonly progress: Progress;
  readonly broker: BrokerLink;
  readonly groundwork: Groundwork;
}

/** The life of the sandbox, from the first process to the proof that nothing of it is left. */
async function contain({ facts, recorder, host, progress, broker, groundwork }: Contained): Promise<void> {
  const { scene, runId } = facts;
  await using made = new AsyncDisposableStack();
  // The sandbox takes it down too, and proves it; but it may never come to that.
  made.use(groundwork);
  // Not a moment longer than the sandbox.
  made.use(broker);
  const { directory, outer } = await groundwork.ready();
  const nonce = systemRandom(16).toString('hex');
  progress.stage('staging the workspace');
  // Decoys are made while the workspace is staged, and the broker must know them before it listens.
  if (scene.policy.workspace.hidden === 'decoy') facts.stage = await stageWorkspace(stageRequest(scene, directory));
  const authority = broker.start(brokerStart(scene, directory, nonce, facts.stage?.decoys ?? []), recorder);
  const authorityPem = inspectsTls(scene) ? await authority : undefined;
  const containment = planContainment(scene, directory, { runId, nonce, authorityPem });
  facts.notes.push(...containment.notes);
  const starting = startSandbox(containment, scene, host.stdin, outer);
  // While git answers, the sandbox is made ready, and the other way round.
  const staging = facts.stage ?? stageWorkspace(stageRequest(scene, directory));
  const [started, staged] = await Promise.allSettled([starting, staging]);
  if (started.status === 'rejected') throw started.reason;
  await using sandbox = started.value;
  try {
    if (staged.status === 'rejected') throw staged.reason;
    facts.stage = staged.value;
    facts.notes.push(...stagingNotes(staged.value));
    // The proof needs no broker: it may still be getting ready, and must be by the time the word is given.
    const reachable = authority.then(() => handOverSocket(directory, scene.agentIdentity));
    const [proven, handed] = await Promise.allSettled([prove(facts, sandbox, containment, recorder), reachable]);
    if (proven.status === 'rejected') throw proven.reason;
    if (handed.status === 'rejected') throw handed.reason;
    if (proven.value) {
      await work({ facts, sandbox, broker, stage: facts.stage, directory, recorder, host, progress });
    }
  } finally {
    progress.stage('taking down');
    // Nothing passes any more: what the broker had to say was said when it finished.
    [facts.teardown] = await Promise.all([sandbox.stop(), broker[Symbol.asyncDispose]()]);
    await recorder.record(teardownEvent(facts.teardown), { durable: true });
  }
}

function brokerStart(
  scene: Scene,
  directory: RunDirectory,
  nonce: string,
  decoys: readonly KnownSecret[],
): BrokerStart {
  return {
    socketPath: directory.socket,
    nonce,
    policy: scene.source,
    credentials: scene.credentials,
    secrets: [...scene.secrets, ...decoys.map(({ name, value }) => ({ name, value }))],
    model: { dialect: 'anthropic-messages', ...scene.model },
    roots: scene.roots,
    agent: scene.adapter.id,
    workspace: scene.request.workspace,
  };
}

function inspectsTls(scene: Scene): boolean {
  return scene.policy.network.some((grant) => grant.tls === 'inspect');
}

function startSandbox(
  { plan }: Containment,
  scene: Scene,
  stdin: Readable | undefined,
  outer: OuterSandbox,
): Promise<Sandbox> {
  const { sentinel } = scene;
  const host = { airlock: airlockProgram(), clock: systemClock, random: systemRandom, sentinel };
  return Sandbox.start(plan, stdin ? { ...host, stdin } : host, outer);
}

function stageRequest(scene: Scene, directory: RunDirectory): StageRequest {
  return {
    source: scene.request.workspace,
    destination: directory.stage,
    base: scene.base.ref === 'HEAD' ? undefined : scene.base.ref,
    hide: scene.policy.workspace.hide,
    hidden: scene.policy.workspace.hidden,
    provided: [],
    shown: shownDirectories(scene.request.environment['PATH'] ?? '', scene.policy.workspace.readOnly),
    evidence: realpathSync(scene.request.out),
    owner: scene.agentIdentity,
    sentinel: scene.sentinel,
    random: systemRandom,
  };
}

/** Attacks the very sandbox the agent will be in. Without proof nothing starts; the failed proof is on record. */
async function prove(
  facts: RunFacts,
  sandbox: Sandbox,
  containment: Containment,
  recorder: ObservedLedger,
): Promise<boolean> {
  await sandbox.mountWorkspace(facts.stage?.extent);
  // What killed runs left is swept while the sandbox proves itself.
  const [proof] = await Promise.all([sandbox.prove(), sweepStale(tmpdir(), RUN_DIRECTORY_PREFIX, systemClock.now())]);
  facts.proof = proof;
  facts.mechanisms = sandbox.mechanisms;
  await recorder.record(proofEvent(proof, containment.plan, sandbox.mechanisms));
  if (facts.stage) await recorder.record(stagedEvent(facts.stage));
  await recorder.record(startEvent(facts.scene, containment.plan), { durable: true });
  if (proof.holds) return true;
  const failed = proof.checks.filter((check) => !check.held).map((check) => `${check.name} (${check.outcome})`);
  facts.end = {
    kind: 'incomplete',
    reason: `the isolation could not be proven, so nothing was run: ${failed.join(', ')}`,
  };
  return false;
}

interface Work {
  readonly facts: RunFacts;
  readonly sandbox: Sandbox;
  readonly broker: BrokerLink;
  readonly stage: Stage;
  readonly directory: RunDirectory;
  readonly recorder: ObservedLedger;
  readonly host: RunHost;
  readonly progress: Progress;
}

/** The agent's time, and what is read of it afterwards while its tree still exists. */
async function work({ facts, sandbox, broker, stage, directory, recorder, host, progress }: Work): Promise<void> {
  const { scene, meter } = facts;
  const said = new SelfReport();
  const gate = createOutputGate({
    streams: host,
    sentinel: stage.decoys.length === 0 ? scene.sentinel : createSentinel([...scene.secrets, ...stage.decoys]),
    limitBytes: scene.policy.limits.outputMiB * MIB,
    disarm: scene.policy.output === 'inert',
    observe: (line) => scene.adapter.observe(line),
    onReports: (reports) => said.add(reports),
    beforeWrite: () => progress.clear(),
  });
  // Until the broker has told, nobody knows what left.
  facts.dataFlow = emptyDataFlow(facts.runId, { accounted: false });
  progress.stage('the agent works');
  const { end, code, exit } = await attend(sandbox, gate, {
    cancelled: host.cancelled,
    'broker-lost': broker.lost,
    'ledger-lost': recorder.lost,
  });
  facts.end = end;
  facts.agentCode = code;
  progress.stage('reading the change');
  const flows = await broker.finish();
  if (flows !== undefined) facts.dataFlow = await reportDataFlow(facts.runId, flows, stage.lower);
  const activity = meter.snapshot();
  facts.notes.push(...keyNotes(scene, activity.model));
  await recorder.record(said.event(activity.tools, scene.version));
  // The tree went with the airlock.
  if (exit.cause === 'airlock-lost') return;
  facts.change = await collectRun(sandbox, scene, stage, directory);
  for (const event of fileChangeEvents(facts.change, activity, scene.request.workspace)) await recorder.record(event);
}
