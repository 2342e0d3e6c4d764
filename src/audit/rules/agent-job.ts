import type { AgentRun, Facts } from '../../facts/index.ts';
import type { Edit } from '../../findings/index.ts';
import {
  type Interpolation,
  isPromptSafe,
  type Job,
  type Pipeline,
  type Platform,
  type Step,
  type StepScript,
  type ValueReference,
} from '../../pipelines/index.ts';
import type { Place, ScriptCommand, SourceFile, Span } from '../../syntax/index.ts';

/** The agents of one platform's pipelines. */
export function runsOn(facts: Facts, platform: Platform): readonly AgentRun[] {
  return facts.runs.filter((run) => run.pipeline.platform === platform);
}

/** Whether an agent is started in a job; in a local action that is a part of other pipelines, in its one job. */
export function startsAgent(facts: Facts, { role, file }: Pipeline, job: Job): boolean {
  const { jobs, files } = agentPlaces(facts);
  return jobs.has(job) || (role === 'composite-action' && files.has(file.path));
}

interface AgentPlaces {
  readonly jobs: ReadonlySet<Job>;
  /** Files of the steps on the way to an agent. */
  readonly files: ReadonlySet<string>;
}

/** Many rules ask it of every step. */
const PLACES = new WeakMap<Facts, AgentPlaces>();

function agentPlaces(facts: Facts): AgentPlaces {
  const known = PLACES.get(facts);
  if (known) return known;
  const places = {
    jobs: new Set(facts.runs.map(({ job }) => job)),
    files: new Set(facts.runs.flatMap(({ stepPath }) => stepPath.map(({ place }) => place.file))),
  };
  PLACES.set(facts, places);
  return places;
}

/** What a finding about a job is about: stable, without line numbers. */
export function subjectOf(run: AgentRun, ...rest: readonly string[]): string {
  return [run.job.id, ...rest].join(' ');
}

/** One run for each job: what is said of a job is said once. */
export function onePerJob(runs: readonly AgentRun[]): readonly AgentRun[] {
  const seen = new Set<Job>();
  return runs.filter(({ job }) => !seen.has(job) && seen.add(job));
}

/** The command of a script in which an agent is started; undefined when a followed script or a task starts it. */
export function agentCommand(
  run: AgentRun,
): { readonly script: StepScript; readonly command: ScriptCommand } | undefined {
  const script = run.step.run;
  const { place } = run.invocation;
  if (script === undefined || script.text.place.file !== place.file) return undefined;
  const { text } = script;
  const around = script.script.commands.filter(
    ({ span, words }) =>
      words.length > 0 &&
      text.offsetOf(span.start) <= place.span.start &&
      place.span.start < text.offsetOf(span.end - 1) + 1,
  );
  const command = around.sort(
    (left, right) => left.span.end - left.span.start - (right.span.end - right.span.start),
  )[0];
  return command && { script, command };
}

/** Expressions in a part of a script. */
export function expressionsIn(script: StepScript, span: Span): readonly Interpolation[] {
  return script.text.interpolations.filter(({ index }) => index >= span.start && index < span.end);
}

/** Values that carry enough text to give an agent orders, and that come from one of `origins`. */
export function ordersIn(one: Interpolation, origins: readonly ValueReference['origin'][]): readonly ValueReference[] {
  return one.values.filter(({ kind, origin }) => origins.includes(origin) && !isPromptSafe(kind));
}

/** Steps of a job with those of templates in their place. */
export function flatSteps(steps: readonly Step[], depth = 12): readonly Step[] {
  if (depth === 0) return [];
  if (steps.every(({ inner }) => inner.length === 0)) return steps;
  return steps.flatMap((step) => [step, ...flatSteps(step.inner, depth - 1)]);
}

/** Names in a sentence, each once. */
export function namesOf(values: readonly ValueReference[]): string {
  return [...new Set(values.map(({ name }) => name))].join(', ');
}

/** An edit that puts a key before the first key of a block map, on a line of its own. */
export function insertKey(file: SourceFile | undefined, place: Place, lines: readonly string[]): Edit | undefined {
  if (file === undefined || file.text[place.span.start] === '{') return undefined;
  const { start } = place.span;
  const column = start - (file.text.lastIndexOf('\n', start - 1) + 1);
  const indent = `\n${' '.repeat(column)}`;
  return { file: file.path, span: { start, end: start }, text: lines.map((line) => `${line}${indent}`).join('') };
}
