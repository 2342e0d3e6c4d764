import type {
  Effect,
  Entry,
  Interpolation,
  Job,
  Step,
  StepScript,
  TemplateText,
  ValueReference,
} from '../pipelines/index.ts';
import { type Arrival, arrivalOf, distinct, pass } from './arrival.ts';
import { environmentOf, type Scope, scopeWithin, stepsOf } from './scope.ts';
import {
  baseName,
  filesRead,
  lastAssignment,
  placeIn,
  type ScriptRange,
  scriptsOf,
  spanIn,
  spansOf,
  variablesIn,
  within,
  writesTo,
} from './script-range.ts';

/** Longer chains are cut: nobody writes them, and a cycle must end. */
const MAX_HOPS = 12;

/** Where the values of a template text come from, through variables, outputs, inputs and callers. */
export function traceText(text: TemplateText, scope: Scope, depth = 0): readonly Arrival[] {
  return distinct(text.interpolations.flatMap((interpolation) => traceInterpolation(interpolation, scope, depth)));
}

/** The same for a part of a script: also shell variables, substitutions and files written before. */
export function traceScript(range: ScriptRange, scope: Scope, depth = 0): readonly Arrival[] {
  const { script, span } = range;
  const inside = script.text.interpolations.filter(({ index }) => index >= span.start && index < span.end);
  const templates = inside.flatMap((interpolation) => traceInterpolation(interpolation, scope, depth));
  const variables = variablesIn(range).flatMap((name) => traceVariable(name, script, span.start, scope, depth));
  return distinct([...templates, ...variables, ...fetchedIn(range, scope), ...filesIn(range, scope, depth)]);
}

/** A variable of the shell that runs `script`, as it stands at the offset `at`. */
function traceVariable(
  name: string,
  script: StepScript | undefined,
  at: number,
  scope: Scope,
  depth = 0,
): readonly Arrival[] {
  if (depth > MAX_HOPS) return [];
  const assigned = script && lastAssignment(script, name, at);
  if (script && assigned) {
    const place = placeIn(script, assigned);
    return traceScript({ script, span: assigned }, scope, depth + 1).map((arrival) =>
      pass(arrival, { place, message: `is assigned to $${name}` }, 'shell'),
    );
  }
  const entry = environmentOf(scope).find((candidate) => candidate.name === name);
  if (entry) return throughEntry(entry, `is put into the variable ${name}`, scope, depth);
  return fromEarlierSteps(scope, 'env', name, depth);
}

function traceInterpolation(interpolation: Interpolation, scope: Scope, depth: number): readonly Arrival[] {
  if (depth > MAX_HOPS) return [];
  return interpolation.values.flatMap((value) => {
    const resolved = resolve(value, scope, depth);
    if (resolved === undefined) return [arrivalOf(value, interpolation, [])];
    return resolved.map((arrival) =>
      pass(arrival, { place: interpolation.place, message: `is used as ${value.name}` }, interpolation.expanded),
    );
  });
}

/** What a name stands for, when this repository says; `undefined` when it does not. */
function resolve(value: ValueReference, scope: Scope, depth: number): readonly Arrival[] | undefined {
  switch (value.origin) {
    case 'environment':
      return resolveVariable(value.name, scope, depth);
    case 'input':
      return resolveInput(value.name, scope, depth);
    case 'output':
      return resolveOutput(value.name, scope, depth);
    default:
      return undefined;
  }
}

function resolveVariable(name: string, scope: Scope, depth: number): readonly Arrival[] | undefined {
  const short = name.replace(/^env\./, '');
  const entry = environmentOf(scope).find((candidate) => candidate.name === short);
  if (entry) return throughEntry(entry, `is put into the variable ${short}`, scope, depth);
  const earlier = fromEarlierSteps(scope, 'env', short, depth);
  return earlier.length > 0 ? earlier : undefined;
}

function resolveInput(name: string, scope: Scope, depth: number): readonly Arrival[] | undefined {
  const short = name.replace(/^(?:inputs|github\.event\.inputs|parameters)\./, '');
  const bound = scope.callers.flatMap((caller) =>
    caller.inputs
      .filter((entry) => entry.name === short)
      .flatMap((entry) => throughEntry(entry, `is handed on as input ${short}`, caller.scope, depth)),
  );
  return scope.callers.length > 0 ? bound : undefined;
}

function resolveOutput(name: string, scope: Scope, depth: number): readonly Arrival[] | undefined {
  const [kind, owner, , output] = name.split('.');
  if (owner === undefined || output === undefined) return undefined;
  if (kind === 'steps') return outputOfStep(owner, output, scope, depth);
  if (kind !== 'needs' && kind !== 'jobs') return undefined;
  const job = scope.pipeline.jobs.find(({ id }) => id === owner);
  const entry = job?.outputs.find((candidate) => candidate.name === output);
  if (!job || !entry) return undefined;
  return throughEntry(entry, `leaves job ${owner} as output ${output}`, endOf(job, scope), depth);
}

function outputOfStep(id: string, output: string, scope: Scope, depth: number): readonly Arrival[] | undefined {
  const index = scope.before.findIndex((step) => step.id === id);
  const step = scope.before[index];
  if (!step) return undefined;
  const found = effectsNamed([step], 'output', output).flatMap(({ effect }) =>
    inEffect(step, effect, scopeWithin(scope, index), depth),
  );
  if (found.length > 0) return found;
  const inner = step.inner.length > 0 ? outputOfAction(step, index, output, scope, depth) : [];
  return inner.length > 0 ? inner : undefined;
}

/** An output of a composite action of this repository. */
function outputOfAction(step: Step, index: number, output: string, scope: Scope, depth: number): readonly Arrival[] {
  const inside: Scope = {
    ...scope,
    before: step.inner,
    step: undefined,
    callers: [{ scope: scopeWithin(scope, index), inputs: step.inputs, secrets: [] }],
  };
  return step.inner.flatMap((inner) =>
    effectsNamed([inner], 'output', output).flatMap(({ effect }) => inEffect(inner, effect, inside, depth)),
  );
}

function endOf(job: Job, scope: Scope): Scope {
  return { ...scope, job, before: job.steps, step: undefined };
}

function throughEntry(entry: Entry, message: string, scope: Scope, depth: number): readonly Arrival[] {
  return traceText(entry.value, scope, depth + 1).map((arrival) =>
    pass(arrival, { place: entry.value.place, message }, 'shell'),
  );
}

/** What earlier steps of the job wrote into later steps' environment under this name. */
function fromEarlierSteps(scope: Scope, target: 'env' | 'output', name: string, depth: number): readonly Arrival[] {
  return effectsNamed(scope.before, target, name).flatMap(({ step, effect, index }) =>
    inEffect(step, effect, scopeWithin(scope, index), depth),
  );
}

type SetEnvironment = Extract<Effect, { readonly kind: 'set-environment' }>;

function effectsNamed(steps: readonly Step[], target: 'env' | 'output', name: string) {
  return steps.flatMap((step, index) =>
    step.effects
      .filter((effect): effect is SetEnvironment & Effect => effect.kind === 'set-environment')
      .filter((effect) => effect.target === target && (effect.name === name || effect.name === undefined))
      .map((effect) => ({ step, effect, index })),
  );
}

/** The values inside the command that had an effect. */
function inEffect(step: Step, effect: Effect, scope: Scope, depth: number): readonly Arrival[] {
  return scriptsOf(step)
    .filter((script) => script.text.place.file === effect.place.file)
    .flatMap((script) => {
      const span = spanIn(script, effect.place);
      return span ? traceScript({ script, span }, scope, depth + 1) : [];
    });
}

const FETCHED = {
  issue: 'fetched',
  'pull-request': 'fetched',
  comment: 'fetched',
  'run-log': 'log',
  tracker: 'tracker',
  web: 'web',
} as const;

/** Text that a command inside the range fetches. */
function fetchedIn({ script, span }: ScriptRange, scope: Scope): readonly Arrival[] {
  const steps = scope.step ? stepsOf(scope.step) : [];
  return steps
    .flatMap(({ effects }) => effects)
    .flatMap((effect): Arrival[] => {
      if (effect.kind !== 'fetch-text') return [];
      const where = spanIn(script, effect.place);
      if (!where || !within(where, span)) return [];
      const name = script.text.text.slice(where.start, where.end).trim().slice(0, 80);
      return [{ name, kind: 'text', origin: FETCHED[effect.what], place: effect.place, expanded: 'shell', hops: [] }];
    });
}

/** Contents of files that are read in the range and were written before by this job. */
function filesIn(range: ScriptRange, scope: Scope, depth: number): readonly Arrival[] {
  if (depth > MAX_HOPS) return [];
  return filesRead(range).flatMap((path) => traceFile(path, range.script, scope, depth + 1));
}

/** What this job wrote into a file, by the commands that redirect to it. */
export function traceFile(path: string, current: StepScript | undefined, scope: Scope, depth = 0): readonly Arrival[] {
  if (depth > MAX_HOPS) return [];
  const wanted = baseName(path);
  const scripts = [
    ...scope.before.flatMap((step, index) =>
      scriptsOf(step).map((script) => ({ script, scope: scopeWithin(scope, index) })),
    ),
    ...(current ? [{ script: current, scope }] : []),
  ];
  return distinct(
    scripts.flatMap(({ script, scope: where }) =>
      script.script.commands
        .filter((command) => writesTo(command, wanted))
        .flatMap((command) =>
          spansOf(command)
            .flatMap((span) => traceScript({ script, span }, where, depth + 1))
            .map((arrival) =>
              pass(arrival, { place: placeIn(script, command.span), message: `is written into ${wanted}` }, 'shell'),
            ),
        ),
    ),
  );
}
