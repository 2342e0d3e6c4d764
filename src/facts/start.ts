import {
  type Actor,
  type Condition,
  type Gate,
  type GateStrength,
  gatesForEvent,
  type Job,
  type Pipeline,
  personAsked,
  type Step,
  type Trigger,
} from '../pipelines/index.ts';
import type { LocatedAgent } from './locate-agents.ts';
import type { StartWay } from './model.ts';
import { type Scope, stepsOf } from './scope.ts';

/** Who can start an agent, and past which gates. */
export interface Start {
  /** Those that a condition does not keep out altogether. */
  readonly triggers: readonly Trigger[];
  /** The gates on the way of any trigger. */
  readonly gates: readonly Gate[];
  /** Of the easiest way in. */
  readonly gateStrength: GateStrength;
  readonly startedBy: Actor;
  readonly ways: readonly StartWay[];
}

/** From the widest circle to the narrowest. */
const WIDTH: readonly Actor[] = [
  'anyone',
  'past-contributor',
  'bot',
  'other-pipeline',
  'member',
  'maintainer',
  'schedule',
];

/**
 * Works out who can start an agent, trigger by trigger: a condition may let one event in freely and check another.
 * A trigger without the repository's secrets (`privileged: false`) gives an outsider nothing to steal: for those the
 * circle is the members, whose runs have the secrets.
 */
export function readStart(agent: LocatedAgent): Start {
  const ways = triggersOf(agent.scope).flatMap((trigger): StartWay[] => {
    const gates = gatesFor(trigger, agent);
    if (!gates) return [];
    const strength = strengthOf(gates);
    return [{ trigger, gates, strength, circle: circleOf(trigger, strength) }];
  });
  const startedBy = WIDTH.find((actor) => ways.some(({ circle }) => circle === actor)) ?? 'maintainer';
  const easiest = ways.filter(({ circle }) => circle === startedBy).map(({ strength }) => strength);
  return {
    triggers: ways.map(({ trigger }) => trigger),
    gates: distinctGates(ways.flatMap(({ gates }) => gates)),
    gateStrength: STRENGTHS.find((strength) => easiest.includes(strength)) ?? 0,
    startedBy,
    ways,
  };
}

/** The triggers of a pipeline; of a called one, those of its callers too. */
function triggersOf(scope: Scope): readonly Trigger[] {
  const upstream = scope.callers.filter((caller) => caller.scope.pipeline !== scope.pipeline);
  return [
    ...(scope.job.triggers ?? scope.pipeline.triggers),
    ...upstream.flatMap((caller) => triggersOf(caller.scope)),
  ];
}

function circleOf(trigger: Trigger, strength: GateStrength): Actor {
  const widest = trigger.untrusted && !trigger.privileged ? 'member' : trigger.who;
  if (strength >= 2 && WIDTH.indexOf(widest) < WIDTH.indexOf('member')) return 'member';
  return widest;
}

const STRENGTHS: readonly GateStrength[] = [0, 1, 2, 3, 4, 5];

/** Spoofable gates do not count, nor environments: whether one has reviewers is not written in the repository. */
function strengthOf(gates: readonly Gate[]): GateStrength {
  const holding = gates.filter(({ spoofable, kind }) => spoofable === undefined && kind !== 'environment');
  return STRENGTHS.findLast((strength) => holding.some((gate) => gate.strength === strength)) ?? 0;
}

/** Every gate on the way of one trigger; `undefined` when a condition never lets it through. */
function gatesFor(trigger: Trigger, agent: LocatedAgent): readonly Gate[] | undefined {
  const { scope, stepPath } = agent;
  const { event } = trigger;
  const relayed = scope.callers.some((caller) => caller.relayed && triggersOf(caller.scope).includes(trigger));
  const inside = relayed ? 'workflow_dispatch' : event;
  const jobs = jobGates(scope.pipeline, scope.job, inside, new Set());
  const steps = throughConditions(
    stepPath.map(({ condition }) => condition),
    inside,
  );
  const own = scope.job.triggers ?? scope.pipeline.triggers;
  // What starts the pipeline itself passes no caller; `workflow_call` always does.
  const called = own.includes(trigger) && event !== 'workflow_call' ? [] : callerGates(scope, event);
  if (!jobs || !steps || !called) return undefined;
  return [...jobs, ...steps, ...called, ...checksBefore(scope, stepPath), ...builtInGate(agent)];
}

/**
 * The gates of the easiest way through the callers of a pipeline and their own callers, of those that the event can
 * start; `undefined` when each keeps it out.
 */
function callerGates(scope: Scope, event: string): readonly Gate[] | undefined {
  const callers = scope.callers.filter((caller) => caller.scope.pipeline !== scope.pipeline);
  const started = callers.filter((caller) => triggersOf(caller.scope).some((trigger) => trigger.event === event));
  const upstream = started.length > 0 ? started : callers;
  if (upstream.length === 0) return [];
  const ways = upstream.flatMap(({ scope: outer }) => {
    const own = jobGates(outer.pipeline, outer.job, event, new Set());
    const further = own && callerGates(outer, event);
    return own && further ? [[...own, ...further]] : [];
  });
  return ways.sort((one, other) => strengthOf(one) - strengthOf(other))[0];
}

function throughConditions(conditions: readonly (Condition | undefined)[], event: string): readonly Gate[] | undefined {
  const all = conditions.map((condition) => (condition ? gatesForEvent(condition, event) : []));
  return all.includes(undefined) ? undefined : all.flatMap((gates) => gates ?? []);
}

/** Gates of a job, and of the jobs it needs: a skipped or failed job skips what needs it. */
function jobGates(pipeline: Pipeline, job: Job, event: string, seen: ReadonlySet<string>): readonly Gate[] | undefined {
  if (seen.has(job.id)) return [];
  const further = new Set(seen).add(job.id);
  const own = throughConditions([job.condition], event);
  if (!own) return undefined;
  // `always()` runs although a needed job was skipped: what that job checked does not hold, unless it is asked for.
  const asked = new Set(job.condition?.references.map(({ name }) => name.split('.')[1]));
  const inherited = job.needs
    .filter(({ value }) => job.condition?.runsAfterFailure !== true || asked.has(value))
    .map(({ value }) => {
      const needed = pipeline.jobs.find(({ id }) => id === value);
      if (!needed) return [];
      const gates = jobGates(pipeline, needed, event, further);
      const checks = asked.has(value) ? permissionChecks(needed.steps) : failing(needed.steps);
      return gates && [...gates, ...checks];
    });
  if (inherited.includes(undefined)) return undefined;
  return [...own, ...environmentGate(job), ...inherited.flatMap((gates) => gates ?? [])];
}

function environmentGate(job: Job): readonly Gate[] {
  if (!job.deployment) return [];
  return [
    { strength: 5, kind: 'environment', spoofable: undefined, principal: undefined, place: job.deployment.place },
  ];
}

/** A permission check whose result a later condition asks for. */
function permissionChecks(steps: readonly Step[]): readonly Gate[] {
  return steps.flatMap(stepsOf).flatMap((step) => {
    const principal = personAsked(textOf(step));
    return step.effects
      .filter(({ kind }) => kind === 'permission-check')
      .map(({ place }) => ({ strength: 3, kind: 'permission-check', spoofable: undefined, principal, place }) as const);
  });
}

function textOf({ run, environment, inputs }: Step): string {
  return [run?.text.text ?? '', ...[...environment, ...inputs].map(({ value }) => value.text)].join('\n');
}

/** Without a condition that asks, only a check that certainly fails its job holds anybody up. */
function failing(steps: readonly Step[]): readonly Gate[] {
  const certain = ({ effects, continueOnError }: Step): boolean =>
    continueOnError === undefined &&
    effects.some(({ kind, certainty }) => kind === 'permission-check' && certainty === 'certain');
  return permissionChecks(steps.filter((step) => step.continueOnError === undefined && stepsOf(step).some(certain)));
}

/** Checks in earlier steps of the same job: asked for in a condition, or failing the job. */
function checksBefore(scope: Scope, path: readonly Step[]): readonly Gate[] {
  const asked = new Set(path.flatMap((step) => step.condition?.references.map(({ name }) => name.split('.')[1]) ?? []));
  const first = path[0];
  const outer = first ? scope.job.steps.slice(0, scope.job.steps.indexOf(first)) : [];
  return outer.flatMap((step) =>
    step.id !== undefined && asked.has(step.id) ? permissionChecks([step]) : failing([step]),
  );
}

/** The action's own write check, unless an input opens it to everybody. */
function builtInGate({ invocation }: LocatedAgent): readonly Gate[] {
  const { strength, openedTo } = invocation.builtInGate;
  if (strength === 0) return [];
  const open = openedTo.find(({ everybody, bots }) => everybody && !bots);
  return [
    {
      strength,
      kind: 'built-in',
      spoofable: open === undefined ? undefined : `${open.what} opens it to everybody`,
      principal: 'actor',
      place: open?.place ?? invocation.place,
    },
  ];
}

function distinctGates(gates: readonly Gate[]): readonly Gate[] {
  const kept = new Map(
    gates.map((gate) => [`${gate.kind} ${gate.place.file} ${gate.place.span.start} ${gate.principal}`, gate]),
  );
  return [...kept.values()];
}
