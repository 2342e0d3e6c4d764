import { environmentReads, type Step, type StepScript, type TemplateText } from '../pipelines/index.ts';
import type { Place, ScriptCommand, ScriptWord, Span } from '../syntax/index.ts';

/** A text of a script between two characters, with what its shell knows. */
export interface ScriptRange {
  readonly script: StepScript;
  /** Offsets into the script's text. */
  readonly span: Span;
}

/** Every script that runs in a step, the followed ones among them. */
export function scriptsOf(step: Step): readonly StepScript[] {
  return [...(step.run ? [step.run] : []), ...step.followed.map(({ script }) => script)];
}

/** The file place of a span of a script. */
export function placeIn(script: StepScript, span: Span): Place {
  const { text } = script;
  return { file: text.place.file, span: { start: text.offsetOf(span.start), end: text.offsetOf(span.end) } };
}

/** The span in a script of a place in its file; `undefined` when it lies elsewhere. */
export function spanIn(script: StepScript, place: Place): Span | undefined {
  const { text } = script;
  const whole = placeIn(script, { start: 0, end: text.text.length });
  if (place.file !== whole.file || place.span.start < whole.span.start || place.span.end > whole.span.end)
    return undefined;
  return { start: indexAt(text, place.span.start), end: indexAt(text, place.span.end) };
}

/** `offsetOf` never falls, so its inverse is a binary search. */
function indexAt(text: TemplateText, offset: number): number {
  let low = 0;
  let high = text.text.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (text.offsetOf(middle) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function variablesIn({ script, span }: ScriptRange): readonly string[] {
  const names = new Set<string>();
  if (script.language === 'python' || script.language === 'javascript') {
    for (const { name, index } of environmentReads(script.text.text))
      if (index >= span.start && index < span.end) names.add(name);
  }
  for (const command of script.script.commands) {
    const values = command.assignments.flatMap(({ value, elements = [] }) => [...(value ? [value] : []), ...elements]);
    const targets = command.redirects.flatMap(({ target }) => (target ? [target] : []));
    for (const word of [...command.words, ...values, ...targets]) {
      for (const expansion of word.expansions) {
        if (expansion.name !== undefined && within(expansion.span, span)) names.add(expansion.name);
      }
    }
    for (const name of hereDocumentVariables(script, command, span)) names.add(name);
  }
  return [...names];
}

function hereDocumentVariables(script: StepScript, command: ScriptCommand, span: Span): readonly string[] {
  return command.redirects.flatMap(({ hereDocument }) => {
    if (!hereDocument?.expands || !within(hereDocument.span, span)) return [];
    const body = script.text.text.slice(hereDocument.span.start, hereDocument.span.end);
    return [...body.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)/g)].flatMap(([, name]) =>
      name === undefined ? [] : [name],
    );
  });
}

export function lastAssignment(script: StepScript, name: string, before: number): Span | undefined {
  return script.script.commands
    .flatMap(({ assignments }) => assignments)
    .filter((assignment) => assignment.name === name && assignment.span.end <= before)
    .at(-1)?.value?.span;
}

/** What the calls of a function hand to it where `$1` or `$@` stands in its body. */
export function givenArguments({ script }: StepScript, name: string, at: number): readonly ScriptWord[] {
  if (!/^(?:[1-9@*])$/.test(name)) return [];
  const body = script.bodies?.findLast(({ span }) => span.start <= at && at < span.end);
  if (body === undefined) return [];
  const calls = script.commands.filter(
    ({ words, span }) => words[0]?.literal === body.name && !within(span, body.span),
  );
  return calls.flatMap(({ words }) => {
    const index = Number(name);
    return index > 0 ? words.slice(index, index + 1) : words.slice(1);
  });
}

/** A here-document stands behind its command, not in it. */
export function spansOf({ span, redirects }: ScriptCommand): readonly Span[] {
  return [span, ...redirects.flatMap(({ hereDocument }) => (hereDocument ? [hereDocument.span] : []))];
}

/** The commands whose output is piped into this one, the first of the pipe first. */
export function feedersOf(command: ScriptCommand, all: readonly ScriptCommand[]): readonly ScriptCommand[] {
  const { id, position } = command.pipeline;
  return all.filter(({ pipeline }) => pipeline.id === id && pipeline.position < position);
}

export function within(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
