import {
  type ActionUse,
  type GivenEntry,
  type Invocation,
  recogniseAction,
  recogniseCommand,
  recogniseSdk,
} from '../agents/index.ts';
import type { Entry, Job, Pipeline, Step, StepScript } from '../pipelines/index.ts';
import type { ScriptCommand } from '../syntax/index.ts';
import { wordsOf } from './command-words.ts';
import { type CallGraph, environmentOf, type Scope, scopeOf, walkSteps } from './scope.ts';
import { placeIn, scriptsOf } from './script-range.ts';
import { isAction, usedActions } from './used-actions.ts';

/** An agent that a step starts. */
export interface LocatedAgent {
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly step: Step;
  readonly stepPath: readonly Step[];
  readonly scope: Scope;
  readonly invocation: Invocation;
  /** The command that starts it, when it is one. */
  readonly command: { readonly script: StepScript; readonly command: ScriptCommand } | undefined;
}

/** Every agent that the pipelines start, in the order of the files; one in a local action where the action is used. */
export function locateAgents(pipelines: readonly Pipeline[], calls: CallGraph): readonly LocatedAgent[] {
  const used = usedActions(pipelines);
  return pipelines
    .filter((pipeline) => !isAction(pipeline) || !used.has(pipeline.file.path))
    .flatMap((pipeline) => pipeline.jobs.flatMap((job) => locateInJob(pipeline, job, calls)));
}

function locateInJob(pipeline: Pipeline, job: Job, calls: CallGraph): readonly LocatedAgent[] {
  const start = scopeOf(pipeline, job, calls);
  return [...walkSteps(start, job.steps)].flatMap(({ scope, step, path }) => {
    const base = { pipeline, job, step, stepPath: path, scope };
    const environment = environmentOf(scope).map(givenEntry);
    const action = invokedAction(step, environment);
    const commands = scriptsOf(step).flatMap((script) => invokedCommands(script, environment));
    return [
      ...(action ? [{ ...base, invocation: action, command: undefined }] : []),
      ...commands.map(({ invocation, ...command }) => ({
        ...base,
        invocation,
        command: command.command ? { script: command.script, command: command.command } : undefined,
      })),
    ];
  });
}

/** A composite action of this repository is read through its steps; what is in it counts there. */
function invokedAction(step: Step, environment: readonly GivenEntry[]): Invocation | undefined {
  const reference = step.uses;
  if (!reference || reference.kind === 'local') return undefined;
  const name = reference.path ? `${reference.name}/${reference.path}` : reference.name;
  const use: ActionUse = {
    name,
    ref: reference.ref,
    comment: reference.comment,
    inputs: step.inputs.map(givenEntry),
    place: reference.place,
  };
  return recogniseAction(use, environment);
}

interface InvokedCommand {
  readonly script: StepScript;
  readonly command: ScriptCommand | undefined;
  readonly invocation: Invocation;
}

function invokedCommands(script: StepScript, environment: readonly GivenEntry[]): readonly InvokedCommand[] {
  if (script.language === 'python' || script.language === 'javascript') {
    const place = placeIn(script, { start: 0, end: script.text.text.length });
    const found = recogniseSdk(script.text.text, place);
    if (found) return [{ script, command: undefined, invocation: found }];
  }
  const found = script.script.commands.flatMap((command) => {
    if (command.words.length === 0) return [];
    const invocation = recogniseCommand(wordsOf(script, command, environment), [
      ...assigned(script, command),
      ...environment,
    ]);
    return invocation ? [{ script, command, invocation }] : [];
  });
  // `sallyport run -- bash -c 'claude …'` is one agent: the outer reading knows the wrapper around it.
  return found.filter(
    ({ command }) => !command.nesting.includes('text') || !found.some((other) => isWithin(command, other.command)),
  );
}

function isWithin(inner: ScriptCommand, outer: ScriptCommand): boolean {
  return inner !== outer && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}

/** `VAR=x claude …`: variables of this one command, nearer than the step's. */
function assigned(script: StepScript, command: ScriptCommand): readonly GivenEntry[] {
  return command.assignments.map(({ name, value, span }) => ({
    name,
    text: value?.literal ?? value?.source ?? '',
    keyPlace: placeIn(script, span),
    place: placeIn(script, value?.span ?? span),
    node: undefined,
  }));
}

export function givenEntry(entry: Entry): GivenEntry {
  return {
    name: entry.name,
    text: entry.value.text,
    keyPlace: entry.keyPlace,
    place: entry.value.place,
    node: entry.node,
  };
}
