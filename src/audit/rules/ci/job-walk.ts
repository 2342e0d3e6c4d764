import type { Facts } from '../../../facts/index.ts';
import type { Severity } from '../../../findings/index.ts';
import {
  type Condition,
  type Entry,
  gatesForEvent,
  type Job,
  type Pipeline,
  type Step,
  type Trigger,
} from '../../../pipelines/index.ts';
import { startsAgent } from '../agent-job.ts';

/** A job of a GitHub workflow or action, and whether an agent runs in it or in a job that needs it. */
export interface JobScope {
  readonly facts: Facts;
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly agent: boolean;
}

export interface StepScope extends JobScope {
  readonly step: Step;
}

/** Hand-written GitHub pipelines. What a compiler wrote is judged at its source. */
export function gitHubPipelines(facts: Facts): readonly Pipeline[] {
  return facts.pipelines.filter(
    ({ platform, role }) => platform === 'github' && role !== 'agentic-lock' && role !== 'dependency-bot',
  );
}

/** Most rules of this family walk the same jobs: they are put together once for each repository. */
const JOBS = new WeakMap<Facts, readonly JobScope[]>();
const STEPS = new WeakMap<Facts, readonly StepScope[]>();

export function gitHubJobs(facts: Facts): readonly JobScope[] {
  const known = JOBS.get(facts) ?? readJobs(facts);
  JOBS.set(facts, known);
  return known;
}

function readJobs(facts: Facts): readonly JobScope[] {
  const agents = new Set(facts.runs.flatMap(({ pipeline, job }) => [job, ...neededBy(pipeline, job)]));
  return gitHubPipelines(facts).flatMap((pipeline) =>
    pipeline.jobs.map((job) => ({ facts, pipeline, job, agent: agents.has(job) || startsAgent(facts, pipeline, job) })),
  );
}

export function gitHubSteps(facts: Facts): readonly StepScope[] {
  const known =
    STEPS.get(facts) ?? gitHubJobs(facts).flatMap((scope) => scope.job.steps.map((step) => ({ ...scope, step })));
  STEPS.set(facts, known);
  return known;
}

/** The jobs that a job waits for, over any number of others. */
function neededBy(pipeline: Pipeline, job: Job): readonly Job[] {
  const byId = new Map(pipeline.jobs.map((each) => [each.id, each]));
  const found = new Set<Job>();
  const queue = [job];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const { value } of next.needs) {
      const needed = byId.get(value);
      if (needed === undefined || found.has(needed)) continue;
      found.add(needed);
      queue.push(needed);
    }
  }
  return [...found];
}

/** Hygiene is low where no agent is concerned. */
export function hygiene(scope: JobScope, severity: Severity): Severity {
  return scope.agent ? severity : 'low';
}

/** How near an outsider gets to a job that has the repository's secrets. */
export type Reach =
  /** Anybody starts it. */
  | 'open'
  /** Somebody with rights has to act, or be fooled. */
  | 'gated'
  /** It depends on a caller that is not in this repository. */
  | 'called'
  /** Anybody starts it, and it has neither secrets nor a write token then. */
  | 'fork'
  | 'inside';

const REACHES: readonly Reach[] = ['open', 'gated', 'called', 'fork', 'inside'];

/** @param except events that are left out of account */
export function reachOf({ facts, pipeline, job }: JobScope, step?: Step, except?: ReadonlySet<string>): Reach {
  const triggers = pipeline.triggers.filter(({ event }) => !except?.has(event));
  const found = triggers.map((trigger) => reachBy(trigger, pipeline, job, step));
  if (pipeline.role === 'composite-action' || pipeline.role === 'action') return 'called';
  if (pipeline.role === 'reusable') found.push(...callersOf(facts, pipeline));
  return REACHES.find((reach) => found.includes(reach)) ?? 'inside';
}

/** An event of outsiders with the repository's rights that nothing but a condition keeps out of a job or step. */
export function eventKeptOut({ pipeline, job }: JobScope, step: Step, except: ReadonlySet<string>): string | undefined {
  const conditions = [...[job, ...neededBy(pipeline, job)].map((each) => each.condition), step.condition];
  return pipeline.triggers.find(
    ({ untrusted, privileged, event }) =>
      untrusted &&
      privileged &&
      !except.has(event) &&
      conditions.some((one) => one !== undefined && strengthFor(one, event) === undefined),
  )?.event;
}

function callersOf(facts: Facts, called: Pipeline): readonly Reach[] {
  const callers = facts.pipelines.flatMap((pipeline) =>
    pipeline.role === 'reusable'
      ? []
      : pipeline.jobs
          .filter(({ calls }) => calls?.reference.kind === 'local' && calls.reference.name === `./${called.file.path}`)
          .map((job) => reachOf({ facts, pipeline, job, agent: false })),
  );
  return callers.length === 0 ? ['called'] : callers;
}

function reachBy(trigger: Trigger, pipeline: Pipeline, job: Job, step: Step | undefined): Reach {
  if (!trigger.untrusted) return 'inside';
  const conditions = [...[job, ...neededBy(pipeline, job)].map((each) => each.condition), step?.condition];
  let strength = 0;
  for (const condition of conditions) {
    const passed = condition === undefined ? 0 : strengthFor(condition, trigger.event);
    if (passed === undefined) return 'inside';
    if (condition !== undefined && isFromInside(condition, trigger.event)) return 'inside';
    strength = Math.max(strength, passed);
  }
  if (!trigger.privileged) return 'fork';
  const checked = checksBefore(pipeline, job, step);
  return strength >= 2 || checked || (trigger.who !== 'anyone' && trigger.who !== 'other-pipeline') ? 'gated' : 'open';
}

/** Strength of the gates that an event has to pass; undefined when the condition keeps it out. */
function strengthFor(condition: Condition, event: string): number | undefined {
  const gates = gatesForEvent(condition, event);
  if (gates === undefined) return undefined;
  return Math.max(0, ...gates.filter(({ spoofable }) => spoofable === undefined).map(({ strength }) => strength));
}

/** Whether only branches of the repository itself pass: whoever pushes there has write access already. */
function isFromInside(condition: Condition, event: string): boolean {
  const gates = gatesForEvent(condition, event);
  return gates?.some(({ kind, spoofable }) => kind === 'same-repository' && spoofable === undefined) ?? false;
}

/** A permission check that runs earlier, or an environment that may ask a reviewer. */
function checksBefore(pipeline: Pipeline, job: Job, step: Step | undefined): boolean {
  const own = job.steps.slice(0, step?.index ?? 0);
  const before = [...own, ...neededBy(pipeline, job).flatMap(({ steps }) => steps)];
  const checks = before.some(({ effects }) =>
    effects.some(({ kind, certainty }) => kind === 'permission-check' && certainty === 'certain'),
  );
  return checks || job.deployment !== undefined;
}

/** The environments around a step, innermost last. */
export function environmentsOf({ pipeline, job, step }: StepScope): readonly (readonly Entry[])[] {
  return [pipeline.environment, job.environment, step.environment];
}

/** What a finding about a job or step is about. */
export function subjectOf({ pipeline, job }: JobScope, ...rest: readonly string[]): string {
  return [pipeline.file.path, job.id, ...rest].join(' ');
}

/** A step by its id, its name or its number. */
export function stepName(step: Step): string {
  return step.id ?? step.name?.text ?? `step ${step.index + 1}`;
}
