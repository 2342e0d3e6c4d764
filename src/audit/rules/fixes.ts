import type { AgentRun, Facts } from '../../facts/index.ts';
import type { Fix } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';
import { isContained } from './agent-rule.ts';

/** The text at a place, when the file is known. */
export function textAt(facts: Facts, { file, span }: Place): string | undefined {
  return facts.source(file)?.text.slice(span.start, span.end);
}

export function replaceFix(title: string, place: Place, text: string, safety: Fix['safety']): Fix {
  return { title, safety, edits: [{ file: place.file, span: place.span, text }], creates: [] };
}

export function insertFix(title: string, place: Place, text: string, safety: Fix['safety'], at: 'start' | 'end'): Fix {
  const offset = place.span[at];
  return { title, safety, edits: [{ file: place.file, span: { start: offset, end: offset }, text }], creates: [] };
}

/** Puts `sallyport run --` in front of an agent that stands at the beginning of its command. */
export function containFix(run: AgentRun, facts: Facts): readonly Fix[] {
  const { invocation } = run;
  if (isContained(run) || invocation.via !== 'command' || !startsCommand(facts, invocation.place)) return [];
  return [
    insertFix('Start it contained with `sallyport run`', invocation.place, 'sallyport run -- ', 'unsafe', 'start'),
  ];
}

function startsCommand(facts: Facts, { file, span }: Place): boolean {
  const text = facts.source(file)?.text ?? '';
  const before = text.slice(Math.max(0, text.lastIndexOf('\n', span.start - 1) + 1), span.start).trimEnd();
  return before === '' || /(?:^|\s)(?:run|script|sh):$|- $|-$|[;|&({]$|\b(?:then|do|else)$/.test(before);
}

/** Takes a flag with its value, and the blank in front, out of a command line. */
export function removeFlagFix(title: string, facts: Facts, place: Place, safety: Fix['safety']): readonly Fix[] {
  const text = facts.source(place.file)?.text ?? '';
  let { start } = place.span;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
  const behind = text[place.span.end] ?? '\n';
  if (!text.slice(place.span.start, place.span.end).startsWith('-') || !/[\s"'`)]/.test(behind)) return [];
  const alone = start === 0 || text[start - 1] === '\n' ? endOfContinuation(text, place.span.end) : undefined;
  return [replaceFix(title, { file: place.file, span: { start, end: alone ?? place.span.end } }, '', safety)];
}

/** Behind a flag that has its line to itself: the end of that line, when the command goes on or the line is only it. */
function endOfContinuation(text: string, at: number): number | undefined {
  const end = text.indexOf('\n', at);
  return end >= 0 && /^[ \t]*\\?$/.test(text.slice(at, end)) ? end + 1 : undefined;
}

/** Adds options: behind the program, at the beginning of the action's argument input, or as a new input. */
export function addOptionsFix(
  title: string,
  run: AgentRun,
  facts: Facts,
  options: string,
  safety: Fix['safety'],
): readonly Fix[] {
  const { invocation, step } = run;
  if (invocation.via === 'command') {
    const fitting = quotedInside(run, facts, options);
    return fitting === undefined ? [] : [insertFix(title, invocation.place, ` ${fitting}`, safety, 'end')];
  }
  if (invocation.via !== 'action' || invocation.product !== 'claude-code') return [];
  const given = step.inputs.find(({ name }) => name === 'claude_args');
  if (given) {
    const start = given.value.offsetOf(0);
    const { file, span } = given.value.place;
    if (given.value.text === '') return [];
    // Brackets that stand unquoted are operators to the action's reader, up to some version.
    const inner = facts.source(file)?.text[span.start] === '"' ? "'" : '"';
    return [replaceFix(title, { file, span: { start, end: start } }, `${options.replaceAll('"', inner)} `, safety)];
  }
  const first = step.inputs[0];
  if (first === undefined || invocation.written.some(({ name, text }) => name === 'schema' && text.startsWith('beta')))
    return [];
  const indent = indentOf(facts, first.keyPlace);
  return indent === undefined
    ? []
    : [insertFix(title, first.keyPlace, `claude_args: '${options}'\n${indent}`, safety, 'start')];
}

/** The options with quotes that do not end the string in which the command stands; `undefined` where both kinds would. */
function quotedInside(run: AgentRun, facts: Facts, options: string): string | undefined {
  if (!options.includes('"')) return options;
  const around = quotesAround(run, facts);
  const free = ['"', "'"].find((quote) => !around.has(quote));
  return free === undefined ? undefined : options.replaceAll('"', free);
}

/** Quotes of the strings around the agent's command: of the file, and of the shell where a program gets it as text. */
function quotesAround({ step, invocation: { place } }: AgentRun, facts: Facts): ReadonlySet<string> {
  const scripts = [step.run, ...step.followed.map(({ script }) => script)];
  const found = new Set<string>();
  for (const script of scripts) {
    const { text } = script ?? {};
    if (script === undefined || text?.place.file !== place.file) continue;
    const source = facts.source(place.file)?.text ?? '';
    const file = /^(?!"""|''')["']/.exec(source.slice(text.place.span.start, text.place.span.start + 3))?.[0];
    const words = script.script.commands.flatMap((command) => command.words);
    const shell = words
      .filter(({ span }) => text.offsetOf(span.start) < place.span.start && place.span.end < text.offsetOf(span.end))
      .map((word) => word.source[0] ?? '');
    for (const quote of [file, ...shell]) if (quote === '"' || quote === "'") found.add(quote);
  }
  return found;
}

/** Blanks in front of a key that begins its line. */
export function indentOf(facts: Facts, { file, span }: Place): string | undefined {
  const text = facts.source(file)?.text ?? '';
  const lead = text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start);
  return /^[ \t]*$/.test(lead) ? lead : undefined;
}
