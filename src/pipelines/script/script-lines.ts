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
}

export function readScriptLines(script: StepScript): ScriptLines {
  const all = script.script.commands.map(readCommandLine);
  const pipelines = groupByPipeline(all);
  const enclosing = findEnclosing(all);
  const index = new Map(all.map((line, position) => [line, position]));
  const peers = (line: CommandLine) => pipelines.get(line.command.pipeline.id) ?? [];
  const position = ({ command }: CommandLine) => command.pipeline.position;
  return {
    script,
    all,
    feeding: (line) => peers(line).findLast((other) => position(other) === position(line) - 1),
    fedBy: (line) => peers(line).filter((other) => position(other) > position(line)),
    enclosing: (line) => enclosing.get(line),
    inside: (span) => commandsIn(all, span),
    after: (line) => all.slice((index.get(line) ?? 0) + 1),
  };
}

/** The commands that lie in a part of the text and run something; commands stand in the order of their start. */
function commandsIn(lines: readonly CommandLine[], span: Span): readonly CommandLine[] {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const line = lines[middle];
    if (line !== undefined && line.command.span.start < span.start) low = middle + 1;
    else high = middle;
  }
  const found: CommandLine[] = [];
  for (const line of lines.slice(low, low + MOST_IN_PART)) {
    if (line.command.span.start >= span.end) break;
    if (line.command.span.end <= span.end && line.words.length > 0) found.push(line);
  }
  return found;
}

/** Commands of one part that are looked at: bounds the work where parts lie in one another. */
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

function isInside(inner: Span, outer: Span | undefined): boolean {
  return outer !== undefined && inner.start >= outer.start && inner.end <= outer.end;
}
