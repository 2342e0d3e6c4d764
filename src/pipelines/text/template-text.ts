import type { Place, ScalarNode, Span } from '../../syntax/index.ts';
import type { Interpolation, TemplateText, ValueReference } from '../value.ts';

/** An expression found in a text, before it has a place in the file. */
export interface FoundExpression {
  readonly index: number;
  readonly length: number;
  readonly source: string;
  readonly expanded: Interpolation['expanded'];
  readonly values: readonly ValueReference[];
}

/** Finds the expressions of one platform in a text. */
export type FindExpressions = (text: string) => readonly FoundExpression[];

/** A place in a file. */
export function placeIn(file: string, span: Span): Place {
  return { file, span: { start: span.start, end: span.end } };
}

/** A text with what `find` sees in it. */
export function textWith(
  text: string,
  place: Place,
  offsetOf: (index: number) => number,
  found: readonly FoundExpression[],
): TemplateText {
  const interpolations = found.map(({ index, length, ...rest }): Interpolation => {
    const span = { start: offsetOf(index), end: offsetOf(index + Math.max(length, 1) - 1) + 1 };
    return { ...rest, index, length, place: { file: place.file, span } };
  });
  return { text, place, interpolations, offsetOf };
}

/** A scalar of a YAML file with what `find` sees in it. */
export function scalarText(file: string, node: ScalarNode, find: FindExpressions): TemplateText {
  return textWith(node.text, placeIn(file, node.span), (index) => node.offsetOf(index), find(node.text));
}

/** The same text with more expressions, in the order in which they stand. */
export function addExpressions(text: TemplateText, found: readonly FoundExpression[]): TemplateText {
  const covered = text.interpolations;
  const fresh = found.filter(
    ({ index, length }) => !covered.some((known) => index < known.index + known.length && known.index < index + length),
  );
  const added = textWith(text.text, text.place, text.offsetOf, fresh).interpolations;
  return { ...text, interpolations: [...covered, ...added].sort((left, right) => left.index - right.index) };
}

/** Several texts as one; characters of the separator stand at the end of the text before them. */
export function joinTexts(parts: readonly TemplateText[], separator: string, fallback: Place): TemplateText {
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return textWith('', fallback, () => fallback.span.start, []);
  if (parts.length === 1) return first;
  const starts: number[] = [];
  const interpolations: Interpolation[] = [];
  let text = '';
  for (const part of parts) {
    if (starts.length > 0) text += separator;
    starts.push(text.length);
    for (const one of part.interpolations) interpolations.push({ ...one, index: one.index + text.length });
    text += part.text;
  }
  const offsetOf = (index: number): number => {
    let number = starts.findLastIndex((start) => start <= index);
    if (number < 0) number = 0;
    const part = parts[number];
    return part ? part.offsetOf(Math.min(index - (starts[number] ?? 0), part.text.length)) : fallback.span.start;
  };
  const sameFile = parts.every((part) => part.place.file === first.place.file);
  const end = sameFile ? Math.max(last.place.span.end, first.place.span.end) : first.place.span.end;
  const place = { file: first.place.file, span: { start: first.place.span.start, end } };
  return { text, place, interpolations, offsetOf };
}

/** Text that stands nowhere as such, with the place it is about. */
export function impliedText(text: string, place: Place, values: readonly ValueReference[] = []): TemplateText {
  const found: FoundExpression[] =
    values.length === 0 ? [] : [{ index: 0, length: text.length, source: text, expanded: 'before', values }];
  const offsetOf = (index: number): number => Math.min(place.span.start + index, place.span.end);
  return textWith(text, place, offsetOf, found);
}
