import type { Entry, Job, Pipeline, Step } from '../pipelines/index.ts';
import { findRelays, type Relay, relaysTo } from './relays.ts';

/** Who binds the inputs of a reusable part: the step or job that uses it, and the scope it stands in. */
export interface Caller {
  readonly scope: Scope;
  readonly inputs: readonly Entry[];
  readonly secrets: readonly Entry[] | 'inherit';
  /** It starts the pipeline by a command, so that the event of the pipeline is a start by hand. */
  readonly relayed?: true;
}

/** Where a template text stands: decides what its names mean. */
export interface Scope {
  readonly pipeline: Pipeline;
  readonly job: Job;
  /** Steps that ran before, in order; inside a composite action its own earlier steps. */
  readonly before: readonly Step[];
  readonly step: Step | undefined;
  /** Empty for a pipeline that nobody in this repository calls. */
  readonly callers: readonly Caller[];
  /** Base names of the files whose writers are being followed: a file that is written from itself ends there. */
  readonly openFiles?: ReadonlySet<string>;
  /** The pipeline of this repository that a job calls. */
  called(job: Job): Pipeline | undefined;
}

/** Calls between pipelines of one repository: which jobs call a reusable pipeline file. */
export interface CallGraph {
  callersOf(pipeline: Pipeline): readonly { readonly pipeline: Pipeline; readonly job: Job }[];
  called(job: Job): Pipeline | undefined;
  /** Commands of other pipelines that start it. */
  relaysTo(pipeline: Pipeline): readonly Relay[];
}

/** Links `jobs.x.uses: ./.github/workflows/y.yml` to the file it names. */
export function linkCalls(pipelines: readonly Pipeline[]): CallGraph {
  const callers = new Map<string, { pipeline: Pipeline; job: Job }[]>();
  for (const pipeline of pipelines) {
    for (const job of pipeline.jobs) {
      if (job.calls?.reference.kind !== 'local') continue;
      const target = normaliseLocal(job.calls.reference.name);
      callers.set(target, [...(callers.get(target) ?? []), { pipeline, job }]);
    }
  }
  const relays = findRelays(pipelines);
  return {
    callersOf: (pipeline) => callers.get(pipeline.file.path) ?? [],
    called: ({ calls }) => {
      if (calls?.reference.kind !== 'local') return undefined;
      const path = normaliseLocal(calls.reference.name);
      return pipelines.find(({ file }) => file.path === path);
    },
    relaysTo: (pipeline) => relaysTo(pipeline, relays),
  };
}

function normaliseLocal(name: string): string {
  return name.replace(/^(?:\.?\/)+/, '');
}

/** The scope of a job before its first step, callers resolved upwards. A cycle of calls ends where it closes. */
export function scopeOf(
  pipeline: Pipeline,
  job: Job,
  calls: CallGraph,
  seen: ReadonlySet<Pipeline> = new Set(),
): Scope {
  const further = new Set(seen).add(pipeline);
  const callers = calls
    .callersOf(pipeline)
    .filter((caller) => !further.has(caller.pipeline))
    .map((caller): Caller => {
      const secrets = caller.job.calls?.secrets;
      return {
        scope: scopeOf(caller.pipeline, caller.job, calls, further),
        inputs: caller.job.calls?.inputs ?? [],
        secrets: secrets?.mode === 'inherit' ? 'inherit' : (secrets?.entries ?? []),
      };
    });
  const relays = calls
    .relaysTo(pipeline)
    .filter((relay) => !further.has(relay.pipeline))
    .map(
      (relay): Caller => ({
        scope: atStep(scopeOf(relay.pipeline, relay.job, calls, further), relay.job.steps, relay.index),
        inputs: relay.inputs,
        secrets: 'inherit',
        relayed: true,
      }),
    );
  return { pipeline, job, before: [], step: undefined, callers: [...callers, ...relays], called: calls.called };
}

/** The scope of a step of the job itself. */
function atStep(scope: Scope, steps: readonly Step[], index: number): Scope {
  return { ...scope, before: steps.slice(0, index), step: steps[index] };
}

/** The scope inside a composite action: `inputs.x` is what the outer step gave. */
function insideAction(outer: Scope, inner: readonly Step[], index: number): Scope {
  return {
    ...outer,
    before: inner.slice(0, index),
    step: inner[index],
    callers: [{ scope: outer, inputs: outer.step?.inputs ?? [], secrets: [] }],
  };
}

/** Every variable a step sees, the nearest definition of each name only. */
export function environmentOf(scope: Scope): readonly (Entry & { readonly level: 'step' | 'job' | 'pipeline' })[] {
  const outer =
    scope.callers.length === 1 && scope.callers[0]?.scope.job === scope.job ? scope.callers[0].scope : undefined;
  const levels = [
    ['step', scope.step?.environment ?? []],
    ['step', outer?.step?.environment ?? []],
    ['job', scope.job.environment],
    ['job', scope.job.container?.environment ?? []],
    ['pipeline', scope.pipeline.environment],
  ] as const;
  const found = new Map<string, Entry & { level: 'step' | 'job' | 'pipeline' }>();
  for (const [level, entries] of levels) {
    for (const entry of entries) if (!found.has(entry.name)) found.set(entry.name, { ...entry, level });
  }
  return [...found.values()];
}

/** All steps of a list, those inside composite actions included, each with its own scope. */
export function* walkSteps(
  scope: Scope,
  steps: readonly Step[],
  path: readonly Step[] = [],
): Generator<{ readonly scope: Scope; readonly step: Step; readonly path: readonly Step[] }> {
  for (const [index, step] of steps.entries()) {
    const inside = path.length === 0 ? atStep(scope, steps, index) : insideAction(scope, steps, index);
    yield { scope: inside, step, path: [...path, step] };
    yield* walkSteps(inside, step.inner, [...path, step]);
  }
}

/** The scope in which an earlier step of the same list ran. */
export function scopeWithin(scope: Scope, index: number): Scope {
  return { ...scope, before: scope.before.slice(0, index), step: scope.before[index] };
}

/** A step and all steps inside it. */
export function stepsOf(step: Step): readonly Step[] {
  return [step, ...step.inner.flatMap(stepsOf)];
}
