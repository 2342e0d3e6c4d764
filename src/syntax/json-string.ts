import { createOffsetMapBuilder, type OffsetMap } from './offset-map.ts';
import type { Span } from './source.ts';

const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Decodes a JSON string (RFC 8259 §7) and remembers where each character came from. Unknown escapes are skipped. */
export function mapJsonString(text: string, { start, end }: Span): OffsetMap {
  const builder = createOffsetMapBuilder(text, start + 1);
  let from = start + 1;
  let at = from;
  while (at < end && text[at] !== '"') {
    if (text[at] !== '\\') {
      at++;
      continue;
    }
    builder.copy(from, at);
    const letter = text[at + 1] ?? '';
    const digits = letter === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6))?.[0] : undefined;
    const behind = Math.min(at + 2 + (digits?.length ?? 0), end);
    const simple = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (digits !== undefined) builder.write(String.fromCharCode(Number.parseInt(digits, 16)), at, behind);
    else if (simple !== undefined) builder.write(simple, at, behind);
    from = at = behind;
  }
  builder.copy(from, Math.min(at, end));
  return builder.build();
}
