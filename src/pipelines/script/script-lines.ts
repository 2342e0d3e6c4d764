import type { ScriptCommand, Span } from '../../syntax/index.ts';
import type { StepScript } from '../model.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';

/** The commands of a script with what connects them: pipelines, blocks, substitutions. */
export interface ScriptLines {
  readonly script: StepScript;
  readonly all: readonly CommandLine[];
  /** The command before this one in its pipeline, whose output it reads. */
  feeding(line: CommandLine): CommandLine | undefined;
  /** Commands behind this one in its pipeline. */
  fedBy(line: CommandLine): readonly CommandLine[];
  /** The command in whose word or assignment this one stands as a substitution. */
  enclosing(line: CommandLine): CommandLine | undefined;
  /** Commands in a block whose redirects stand as a command of their own. */
  inside(span: Span): readonly CommandLine[];
  after(line: CommandLine): readonly CommandLine[];
  /** Names of the variables in a part of the text, each once. */
  variablesIn(span: Span): readonly string[];
}

export function readScriptLines(script: StepScript): ScriptLines {
  const all = script.script.commands.map(readCommandLine);
  const pipelines = groupByPipeline(all);
  const enclosing = findEnclosing(all);
  const variables = all
    .flatMap(({ command }) => variablesOf(command))
    .sort((one, two) => one.span.start - two.span.start);
  const index = new Map(all.map((line, position) => [line, position]));
  const peers = (line: CommandLine) => pipelines.get(line.command.pipeline.id) ?? [];
  const position = ({ command }: CommandLine) => command.pipeline.position;
  return {
    script,
    all,
    feeding: (line) => peers(line).findLast((other) => position(other) === position(line) - 1),
    fedBy: (line) => peers(line).filter((other) => position(other) > position(line)),
    enclosing: (line) => enclosing.get(line),
    inside: (span) => startingIn(all, span, ({ command }) => command.span).filter(({ words }) => words.length > 0),
    after: (line) => all.slice((index.get(line) ?? 0) + 1),
    variablesIn: (span) => [...new Set(startingIn(variables, span, (one) => one.span).map(({ name }) => name))],
  };
}

interface NamedSpan {
  readonly name: string;
  readonly span: Span;
}

/** Variables of words, assignments, redirects and here-documents. */
function variablesOf(command: ScriptCommand): readonly NamedSpan[] {
  return [
    ...command.words.flatMap(({ expansions }) => expansions),
    ...command.assignments.flatMap(({ value }) => value?.expansions ?? []),
    ...command.redirects.flatMap(({ hereDocument, target }) => [
      ...(hereDocument?.expansions ?? []),
      ...(target?.expansions ?? []),
    ]),
  ].flatMap(({ name, span }) => (name === undefined ? [] : [{ name, span }]));
}

/** The items that lie in a part of the text, of items in the order of their start. */
function startingIn<Item>(items: readonly Item[], span: Span, spanOf: (item: Item) => Span): readonly Item[] {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && spanOf(item).start < span.start) low = middle + 1;
    else high = middle;
  }
  const found: Item[] = [];
  for (const item of items.slice(low, low + MOST_IN_PART)) {
    if (spanOf(item).start >= span.end) break;
    if (spanOf(item).end <= span.end) found.push(item);
  }
  return found;
}

/** Items of one part that are looked at: bounds the work where parts lie in one another. */
const MOST_IN_PART = 500;

function groupByPipeline(lines: readonly CommandLine[]): ReadonlyMap<number, readonly CommandLine[]> {
  const groups = new Map<number, CommandLine[]>();
  for (const line of lines) {
    const { id } = line.command.pipeline;
    const group = groups.get(id);
    if (group) group.push(line);
    else groups.set(id, [line]);
  }
  return groups;
}

/** Commands stand in the order of the text, so the ones around a command are on a stack when it comes. */
function findEnclosing(lines: readonly CommandLine[]): ReadonlyMap<CommandLine, CommandLine> {
  const enclosing = new Map<CommandLine, CommandLine>();
  const open: CommandLine[] = [];
  for (const line of lines) {
    while (open.length > 0 && !isInside(line.command.span, open.at(-1)?.command.span)) open.pop();
    const outer = open.findLast(({ command }) => holds(command, line.command.span));
    if (outer) enclosing.set(line, outer);
    open.push(line);
  }
  return enclosing;
}

function holds(command: ScriptCommand, span: Span): boolean {
  const words = [...command.words, ...command.assignments.map(({ value }) => value)];
  return words.some((word) => word?.expansions.some((expansion) => isInside(span, expansion.span)) ?? false);
}

export function isInside(inner: Span, outer: Span | undefined): boolean {
  return outer !== undefined && inner.start >= outer.start && inner.end <= outer.end;
}
