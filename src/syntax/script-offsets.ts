import type { Span } from './source.ts';

/** Where the characters of a text that was read stand in the script. */
export interface Offsets {
  span(start: number, end: number): Span;
}

/** The text that was read is the script itself, or its first `length` characters. */
export function ownOffsets(length: number): Offsets {
  // A backslash as the last character makes the parser report an end behind the text.
  return { span: (start, end) => ({ start: Math.min(start, length), end: Math.min(end, length) }) };
}

/**
 * Offsets for the text of a substitution in backticks, where `\\`, `` \` `` and `\$` stand for one character.
 * @param decoded the text after that replacement
 * @param raw the text between the backticks, which starts at `start`
 */
export function backtickOffsets(decoded: string, raw: string, start: number, outer: Offsets): Offsets {
  const places: number[] = [];
  let index = 0;
  for (let known = 0; known < decoded.length; known++) {
    if (raw[index] === '\\' && raw[index] !== decoded[known]) index++;
    else if (raw[index] === '\\' && isEscaped(raw[index + 1])) index++;
    places.push(index++);
  }
  const at = (offset: number) => start + (places[offset] ?? raw.length);
  return {
    span: (from, to) => outer.span(at(from), to > from ? at(to - 1) + 1 : at(from)),
  };
}

function isEscaped(character: string | undefined): boolean {
  return character === '\\' || character === '`' || character === '$';
}
