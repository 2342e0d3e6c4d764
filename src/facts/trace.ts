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
import { calledIn, printingSpans } from './called-output.ts';
import { eventTextsIn } from './event-file.ts';
import { handedScripts } from './handed-files.ts';
import { environmentOf, type Scope, scopeWithin, stepsOf } from './scope.ts';
import { baseName, filesRead, writesTo } from './script-files.ts';
import { scriptOutputs } from './script-output.ts';
import {
  feedersOf,
  givenArguments,
  lastAssignment,
  placeIn,
  type ScriptRange,
  scriptsOf,
  spanIn,
  spansOf,
  variablesIn,
  within,
} from './script-range.ts';

/** Longer chains are cut: nobody writes them, and a cycle must end. */
const MAX_HOPS = 12;
/** Hops within which the calls of a function are looked at, and how many of them: functions that call one another multiply. */
const CALL_LIMITS = { hops: 2, calls: 8 } as const;

/** Commands that write one file, by how far it is from the agent: files that are written from files multiply. */
const WRITER_LIMITS = { first: 60, second: 8, further: 2 } as const;

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
  return distinct([
    ...templates,
    ...variables,
    ...eventTextsIn(range, scope),
    ...fetchedIn(range, scope),
    ...filesIn(range, scope, depth),
    ...printedIn(range, scope, depth),
  ]);
}

/** What a script of the repository prints where a part of another one calls it: `"$(./ci/prompt.sh)"`. */
function printedIn(range: ScriptRange, scope: Scope, depth: number): readonly Arrival[] {
  if (depth > MAX_HOPS) return [];
  return calledIn(range, scope.step).flatMap(({ script, via }) => {
    const hop = { place: placeIn(range.script, range.span), message: `is printed by ${via}` };
    return printingSpans(script)
      .flatMap((span) => traceScript({ script, span }, scope, depth + 2))
      .map((arrival) => pass(arrival, hop, 'shell'));
  });
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
  const given = script && depth <= CALL_LIMITS.hops ? givenArguments(script, name, at) : [];
  if (script && given.length > 0) {
    const open = given.filter(({ literal }) => literal === undefined).slice(0, CALL_LIMITS.calls);
    return open.flatMap(({ span }) => {
      const hop = { place: placeIn(script, span), message: `is given to a function as $${name}` };
      return traceScript({ script, span }, scope, depth + 1).map((arrival) => pass(arrival, hop, 'shell'));
    });
  }
  const assigned = script && lastAssignment(script, name, at);
  if (script && assigned) {
    const place = placeIn(script, assigned);
    return traceScript({ script, span: assigned }, scope, depth + 1).map((arrival) =>
      pass(arrival, { place, message: `is assigned to $${name}` }, 'shell'),
    );
  }
  const entry = environmentOf(scope).find((candidate) => candidate.name === name);
  if (entry) return throughEntry(entry, `is put into the variable ${name}`, scope, depth);
  const earlier = fromEarlierSteps(scope, 'env', name, depth);
  return earlier.length > 0 ? earlier : fromStarter(name, scope, depth);
}

/** GitLab hands the variables of the job that starts a pipeline to that pipeline. */
function fromStarter(name: string, scope: Scope, depth: number): readonly Arrival[] {
  if (scope.pipeline.platform !== 'gitlab') return [];
  return scope.callers.flatMap((caller) => {
    const entry = environmentOf(caller.scope).find((candidate) => candidate.name === name);
    return entry ? throughEntry(entry, `is handed to the child pipeline as ${name}`, caller.scope, depth) : [];
  });
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
    case 'insider':
      // What a member gives by hand, another workflow may hand over.
      return /^(?:inputs|github\.event\.inputs)\./.test(value.name) ? relayed(value.name, scope, depth) : undefined;
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

function relayed(name: string, scope: Scope, depth: number): readonly Arrival[] | undefined {
  const bound = resolveInput(name, scope, depth) ?? [];
  return bound.length > 0 ? bound : undefined;
}

function resolveOutput(name: string, scope: Scope, depth: number): readonly Arrival[] | undefined {
  const [kind, owner, , output] = name.split('.');
  if (owner === undefined || output === undefined) return undefined;
  if (kind === 'steps') return outputOfStep(owner, output, scope, depth);
  if (kind !== 'needs' && kind !== 'jobs') return undefined;
  const job = scope.pipeline.jobs.find(({ id }) => id === owner);
  if (job?.calls) return outputOfCall(job, output, scope, depth);
  const entry = job?.outputs.find((candidate) => candidate.name === output);
  if (!job || !entry) return undefined;
  return throughEntry(entry, `leaves job ${owner} as output ${output}`, endOf(job, scope), depth);
}

/** An output of a pipeline of this repository that a job calls. */
function outputOfCall(caller: Job, output: string, scope: Scope, depth: number): readonly Arrival[] | undefined {
  const target = scope.called(caller);
  const entry = target?.outputs.find((candidate) => candidate.name === output);
  const inner = target?.jobs[0];
  if (!target || !entry || !inner) return undefined;
  const callers = [
    { scope: { ...scope, job: caller }, inputs: caller.calls?.inputs ?? [], secrets: 'inherit' as const },
  ];
  return throughEntry(
    entry,
    `comes back from ${target.file.path} as output ${output}`,
    { ...scope, pipeline: target, job: inner, before: [], step: undefined, callers },
    depth,
  );
}

function outputOfStep(id: string, output: string, scope: Scope, depth: number): readonly Arrival[] | undefined {
  const index = scope.before.findIndex((step) => step.id === id);
  const step = scope.before[index];
  if (!step) return undefined;
  const found = effectsNamed([step], 'output', output).flatMap(({ effect }) =>
    inEffect(step, effect, scopeWithin(scope, index), depth),
  );
  if (found.length > 0) return found;
  const scripted = scriptOutputs(step, output);
  if (scripted.length > 0) return scripted;
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
  const written = assignedBy(entry, scope);
  const arrivals = written ? traceScript(written, written.scope, depth + 1) : traceText(entry.value, scope, depth + 1);
  return arrivals.map((arrival) => pass(arrival, { place: entry.value.place, message }, 'shell'));
}

/** Where an earlier step of the same shell assigned the variable: its value is what the commands there print. */
function assignedBy({ value, node }: Entry, scope: Scope): (ScriptRange & { readonly scope: Scope }) | undefined {
  if (node !== undefined) return undefined;
  for (const [index, { run }] of scope.before.entries()) {
    const span = run && spanIn(run, value.place);
    if (run && span) return { script: run, span, scope: scopeWithin(scope, index) };
  }
  return undefined;
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

/** Fields that no person writes, and no other: `gh issue list --json number,state`. */
const NUMBERS_ONLY =
  /--json[ =]["']?(?:number|id|databaseId|state|createdAt|updatedAt|url)(?:,(?:number|id|databaseId|state|createdAt|updatedAt|url))*["']?(?:\s|$)/;

/** Characters of a command that name what it fetches: calls that look alike so far are one. */
const LONGEST_NAME = 80;

/** Text that a command inside the range fetches. */
function fetchedIn({ script, span }: ScriptRange, scope: Scope): readonly Arrival[] {
  const steps = scope.step ? stepsOf(scope.step) : [];
  return steps
    .flatMap(({ effects }) => effects)
    .flatMap((effect): Arrival[] => {
      if (effect.kind !== 'fetch-text') return [];
      const where = spanIn(script, effect.place);
      if (!where || !within(where, span)) return [];
      const command = script.text.text.slice(where.start, where.end).trim();
      const name = command.replace(/\\?\s+/g, ' ').slice(0, LONGEST_NAME);
      const kind = NUMBERS_ONLY.test(command) ? 'number' : 'text';
      return [{ name, kind, origin: FETCHED[effect.what], place: effect.place, expanded: 'shell', hops: [] }];
    });
}

/** Contents of files that are read in the range and were written before by this job. */
function filesIn(range: ScriptRange, scope: Scope, depth: number): readonly Arrival[] {
  if (depth > MAX_HOPS) return [];
  return filesRead(range).flatMap((path) => traceFile(path, range.script, scope, depth + 1));
}

/** What was written into a file by the commands that redirect to it: of this job, or of one that hands it on. */
export function traceFile(path: string, current: StepScript | undefined, outer: Scope, depth = 0): readonly Arrival[] {
  const wanted = baseName(path);
  if (depth > MAX_HOPS || outer.openFiles?.has(wanted)) return [];
  const scope: Scope = { ...outer, openFiles: new Set([...(outer.openFiles ?? []), wanted]) };
  const own: readonly Writer[] = [
    ...scope.before.flatMap((step, index) =>
      scriptsOf(step).map((script) => ({ script, scope: scopeWithin(scope, index) })),
    ),
    ...(current ? [{ script: current, scope }] : []),
  ];
  const writers = own.filter(({ script }) => script.script.commands.some((command) => writesTo(command, wanted)));
  const handed = writers.length > 0 ? [] : handedScripts(scope).filter(({ holds }) => holds(wanted));
  return distinct([
    ...writers.flatMap((writer) => inWriter(writer, wanted, depth)),
    ...handed.flatMap(({ job, ...writer }) =>
      inWriter(writer, wanted, depth).map((arrival) =>
        pass(arrival, { place: job.place, message: `comes as an artifact of job ${job.id}` }, 'shell'),
      ),
    ),
  ]);
}

interface Writer {
  readonly script: StepScript;
  readonly scope: Scope;
}

/** What the commands of a script that write to a file put into it, and what is piped into them. */
function inWriter({ script, scope }: Writer, wanted: string, depth: number): readonly Arrival[] {
  const { commands } = script.script;
  return commands
    .filter((command) => writesTo(command, wanted))
    .slice(0, depth === 0 ? WRITER_LIMITS.first : depth <= 2 ? WRITER_LIMITS.second : WRITER_LIMITS.further)
    .flatMap((command) =>
      [...feedersOf(command, commands), command]
        .flatMap(spansOf)
        .flatMap((span) => traceScript({ script, span }, scope, depth + 1))
        .map((arrival) =>
          pass(arrival, { place: placeIn(script, command.span), message: `is written into ${wanted}` }, 'shell'),
        ),
    );
}
