import { createOffsetMapBuilder, type OffsetMap, type OffsetMapBuilder } from './offset-map.ts';
import type { Span } from './source.ts';

/** A string as it stands in a TOML file. */
export interface TomlString {
  readonly span: Span;
  readonly quote: '"' | "'";
  readonly multiline: boolean;
  /** Without a closing quote: ends with its line or with the file. */
  readonly open: boolean;
}

/** Finds the end of the string that starts at `start` (TOML 1.0 §String). */
export function scanTomlString(text: string, start: number): TomlString {
  const quote = text[start] === "'" ? "'" : '"';
  const multiline = text.startsWith(quote.repeat(3), start);
  const width = multiline ? 3 : 1;
  for (let at = start + width; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && quote === '"') at++;
    else if (character === '\n' && !multiline) return { span: { start, end: at }, quote, multiline, open: true };
    else if (character === quote && (!multiline || text.startsWith(quote.repeat(3), at))) {
      let end = at + width;
      // Up to two quotes may stand right before the closing ones.
      if (multiline) while (text[end] === quote && end < at + 5) end++;
      return { span: { start, end }, quote, multiline, open: false };
    }
  }
  return { span: { start, end: text.length }, quote, multiline, open: true };
}

const ESCAPES: { readonly [letter: string]: string } = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\x1b',
  '"': '"',
  '\\': '\\',
};
const CODE_LENGTHS: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };

/** Decodes the string and remembers where each character came from. */
export function mapTomlString(text: string, { span, quote, multiline, open }: TomlString): OffsetMap {
  const builder = createOffsetMapBuilder(text, span.start);
  const width = multiline ? 3 : 1;
  let from = span.start + Math.min(width, span.end - span.start);
  const end = open ? span.end : span.end - width;
  if (multiline) from += /^\r?\n/.exec(text.slice(from, Math.min(from + 2, end)))?.[0].length ?? 0;
  if (quote === "'") builder.copy(from, Math.max(from, end));
  else copyBasic(text, { start: from, end }, builder);
  return builder.build();
}

function copyBasic(text: string, { start, end }: Span, builder: OffsetMapBuilder): void {
  let from = start;
  // Most have no escape, and must not look for one through the rest of the file.
  const first = text.slice(start, end).includes('\\') ? text.indexOf('\\', start) : -1;
  for (let at = first; at >= 0 && at < end; at = text.indexOf('\\', from)) {
    builder.copy(from, at);
    from = copyEscape(text, at, end, builder);
  }
  builder.copy(from, Math.max(from, end));
}

/** @returns the offset behind the escape. */
function copyEscape(text: string, at: number, end: number, builder: OffsetMapBuilder): number {
  const letter = text[at + 1] ?? '';
  if (letter === '\n' || letter === '\r' || letter === ' ' || letter === '\t') {
    let behind = at + 1;
    while (behind < end && ' \t\r\n'.includes(text[behind] ?? '')) behind++;
    return behind;
  }
  const length = Object.hasOwn(CODE_LENGTHS, letter) ? (CODE_LENGTHS[letter] ?? 0) : 0;
  const behind = Math.min(at + 2 + length, end);
  const simple = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  const digits = text.slice(at + 2, behind);
  const code = length > 0 && /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (simple !== undefined) builder.write(simple, at, behind);
  else if (code >= 0 && code <= 0x10ffff) builder.write(String.fromCodePoint(code), at, behind);
  else builder.copy(at, behind);
  return behind;
}
