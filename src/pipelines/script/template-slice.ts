import type { Place, ScriptWord, Span } from '../../syntax/index.ts';
import type { TemplateText } from '../value.ts';

/** A part of a text, with what the platform puts into that part. */
export function sliceTemplate(text: TemplateText, span: Span): TemplateText {
  return {
    text: text.text.slice(span.start, span.end),
    place: placeOf(text, span),
    interpolations: text.interpolations
      .filter(({ index, length }) => index < span.end && index + length > span.start)
      .map((one) => ({ ...one, index: one.index - span.start })),
    offsetOf: (index) => text.offsetOf(span.start + index),
  };
}

/** Where a part of a text stands in its file. */
export function placeOf(text: TemplateText, span: Span): Place {
  const start = text.offsetOf(span.start);
  const end = span.end > span.start ? text.offsetOf(span.end - 1) + 1 : start;
  return { file: text.place.file, span: { start, end: Math.max(start, end) } };
}

/** A word for people and for comparing: its value, with unknown parts as they are spelled. */
export function textOf(word: ScriptWord): string {
  return word.literal ?? unquote(word.source);
}

function unquote(source: string): string {
  const quote = source[0];
  const whole = (quote === '"' || quote === "'") && source.length > 1 && source.indexOf(quote, 1) === source.length - 1;
  return whole ? source.slice(1, -1) : source;
}
