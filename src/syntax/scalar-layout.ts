import type { ScalarNode } from './node.ts';
import { createOffsetMapBuilder, type OffsetMap, type OffsetMapBuilder } from './offset-map.ts';
import type { Span } from './source.ts';

/** How a YAML scalar is written in the file. */
export interface ScalarLayout {
  readonly style: ScalarNode['style'];
  /** Quotes and block header included. */
  readonly span: Span;
  /** Indentation of the collection around it; only a block scalar with an indentation indicator needs it. */
  readonly parentIndent: number;
}

/** Decodes a scalar (YAML 1.2.2 §7.3, §8.1) and remembers where each character came from. `text` has no lone CR. */
export function mapScalar(text: string, layout: ScalarLayout): OffsetMap {
  const { span, style } = layout;
  if (style === 'literal' || style === 'folded') return mapBlock(text, layout);
  const builder = createOffsetMapBuilder(text, span.start);
  if (style === 'double') mapDouble(text, { start: span.start + 1, end: closing(text, span, '"') }, builder);
  else if (style === 'single') mapLines(text, { start: span.start + 1, end: closing(text, span, "'") }, builder, true);
  else mapLines(text, span, builder, false);
  return builder.build();
}

function closing(text: string, { start, end }: Span, quote: string): number {
  return end - 1 > start && text[end - 1] === quote ? end - 1 : end;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** Plain and single-quoted scalars: lines are trimmed and folded. */
function mapLines(text: string, { start, end }: Span, builder: OffsetMapBuilder, quoted: boolean): void {
  let from = start;
  for (let first = true; ; first = false) {
    const found = text.indexOf('\n', from);
    const last = found < 0 || found >= end;
    const lineEnd = last ? end : found;
    let content = from;
    if (!first) while (content < lineEnd && isBlank(text[content])) content++;
    let contentEnd = lineEnd;
    if (!last) {
      if (contentEnd > content && text[contentEnd - 1] === '\r') contentEnd--;
      while (contentEnd > content && isBlank(text[contentEnd - 1])) contentEnd--;
    }
    if (quoted) copySingle(text, content, contentEnd, builder);
    else builder.copy(content, contentEnd);
    if (last) return;
    from = fold(text, found, end, contentEnd, builder);
  }
}

/** From the first line break to the start of the line that goes on: one break is a blank, each further one a break. */
function fold(text: string, breakAt: number, end: number, from: number, builder: OffsetMapBuilder): number {
  const breaks = [breakAt];
  let lineStart = breakAt + 1;
  for (let at = lineStart; at < end; at++) {
    if (text[at] === '\n') {
      breaks.push(at);
      lineStart = at + 1;
    } else if (!isBlank(text[at]) && !(text[at] === '\r' && text[at + 1] === '\n')) break;
  }
  if (breaks.length === 1) builder.write(' ', from, lineStart);
  else for (const at of breaks.slice(1)) builder.write('\n', at, at + 1);
  return lineStart;
}

function copySingle(text: string, start: number, end: number, builder: OffsetMapBuilder): void {
  let from = start;
  for (let at = text.indexOf("''", start); at >= 0 && at + 1 < end; at = text.indexOf("''", from)) {
    builder.copy(from, at);
    builder.write("'", at, at + 2);
    from = at + 2;
  }
  builder.copy(from, end);
}

const ESCAPES: { readonly [letter: string]: string } = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};
const CODE_LENGTHS: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };

function mapDouble(text: string, { start, end }: Span, builder: OffsetMapBuilder): void {
  let from = start;
  let at = start;
  const flush = (behind: number) => builder.copy(from, behind);
  while (at < end) {
    const character = text[at];
    if (character === '\\') {
      flush(at);
      at = from = mapEscape(text, at, end, builder);
    } else if (character === '\n') {
      let trimmed = at;
      if (trimmed > from && text[trimmed - 1] === '\r') trimmed--;
      while (trimmed > from && isBlank(text[trimmed - 1])) trimmed--;
      flush(trimmed);
      at = fold(text, at, end, trimmed, builder);
      while (at < end && isBlank(text[at])) at++;
      from = at;
    } else at++;
  }
  flush(end);
}

/** @returns the offset behind the escape. */
function mapEscape(text: string, at: number, end: number, builder: OffsetMapBuilder): number {
  const letter = text[at + 1] ?? '';
  if (letter === '\n' || (letter === '\r' && text[at + 2] === '\n')) {
    let behind = at + (letter === '\n' ? 2 : 3);
    while (behind < end && isBlank(text[behind])) behind++;
    return behind;
  }
  const simple = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (simple !== undefined) {
    builder.write(simple, at, at + 2);
    return at + 2;
  }
  const length = Object.hasOwn(CODE_LENGTHS, letter) ? (CODE_LENGTHS[letter] ?? 0) : 0;
  const digits = text.slice(at + 2, at + 2 + length);
  const code =
    length > 0 && /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1;
  const behind = Math.min(at + 2 + length, end);
  if (code >= 0 && code <= 0x10ffff) builder.write(String.fromCodePoint(code), at, behind);
  else builder.copy(at, behind);
  return behind;
}

interface BlockLine {
  readonly start: number;
  /** Leading blanks. */
  readonly indent: number;
  /** Behind the last character, without the line break. */
  readonly end: number;
  readonly next: number;
}

function mapBlock(text: string, { span, style, parentIndent }: ScalarLayout): OffsetMap {
  const builder = createOffsetMapBuilder(text, span.start);
  const headerEnd = text.indexOf('\n', span.start);
  if (headerEnd < 0 || headerEnd >= span.end) return builder.build();
  const header = /^[|>]([-+]?)([1-9]?)([-+]?)/.exec(text.slice(span.start, span.start + 4));
  const chomp = (header?.[1] ?? '') || (header?.[3] ?? '');
  const lines = readBlockLines(text, headerEnd + 1, span.end);
  const isEmpty = (line: BlockLine) => line.start + line.indent === line.end;
  const first = lines.find((line) => !isEmpty(line));
  const indicator = Number(header?.[2] || '0');
  const leading = lines.slice(0, first === undefined ? lines.length : lines.indexOf(first));
  const trim = indicator > 0 ? parentIndent + indicator : (first?.indent ?? 0);
  if (first === undefined) {
    // A file may end without the last line break; the library counts the breaks.
    if (chomp === '+') for (const line of lines) if (line.next > line.end) builder.write('\n', line.end, line.next);
    return builder.build();
  }
  let last = lines.findLastIndex((line) => !isEmpty(line));
  last = Math.max(
    last,
    lines.findLastIndex((line) => line.indent > trim),
  );
  const body = lines.slice(leading.length, last + 1);
  for (const line of leading) {
    builder.copy(Math.min(line.start + trim, line.end), line.end);
    builder.write('\n', line.end, line.next);
  }
  if (style === 'literal') mapLiteral(body, trim, builder);
  else mapFolded(text, body, trim, builder);
  finishBlock(lines.slice(last), chomp, trim, builder);
  return builder.build();
}

function readBlockLines(text: string, start: number, end: number): readonly BlockLine[] {
  const lines: BlockLine[] = [];
  for (let from = start; from < end; ) {
    const found = text.indexOf('\n', from);
    const last = found < 0 || found >= end;
    let lineEnd = last ? end : found;
    if (lineEnd > from && text[lineEnd - 1] === '\r') lineEnd--;
    let indent = 0;
    while (from + indent < lineEnd && text[from + indent] === ' ') indent++;
    const next = last ? end : found + 1;
    lines.push({ start: from, indent, end: lineEnd, next });
    from = next;
  }
  return lines;
}

function contentStart(line: BlockLine, trim: number): number {
  return line.start + Math.min(line.indent, trim);
}

function mapLiteral(lines: readonly BlockLine[], trim: number, builder: OffsetMapBuilder): void {
  lines.forEach((line, index) => {
    builder.copy(contentStart(line, trim), line.end);
    if (index < lines.length - 1) builder.write('\n', line.end, line.next);
  });
}

/** YAML 1.2.2 §8.1.3: breaks between lines of the same indentation fold; those next to more indented lines stay. */
function mapFolded(text: string, lines: readonly BlockLine[], trim: number, builder: OffsetMapBuilder): void {
  let pending: BlockLine[] = [];
  let before: { readonly line: BlockLine; readonly indented: boolean } | undefined;
  for (const line of lines) {
    const empty = line.start + line.indent === line.end && line.indent <= trim;
    if (empty) {
      pending.push(line);
      continue;
    }
    const indented = line.indent > trim || text[line.start + line.indent] === '\t';
    if (before !== undefined) {
      const { end, next } = before.line;
      if (indented || before.indented) builder.write('\n', end, next);
      else if (pending.length === 0) builder.write(' ', end, line.start + trim);
    }
    for (const blank of pending) builder.write('\n', blank.end, blank.next);
    pending = [];
    builder.copy(contentStart(line, trim), line.end);
    before = { line, indented };
  }
}

/** `lines`: the last line with content and the empty ones behind it. */
function finishBlock(lines: readonly BlockLine[], chomp: string, trim: number, builder: OffsetMapBuilder): void {
  const [content, ...empty] = lines;
  if (chomp === '-' || content === undefined) return;
  if (content.next > content.end) builder.write('\n', content.end, content.next);
  if (chomp !== '+') return;
  for (const line of empty) {
    builder.copy(contentStart(line, trim), line.end);
    if (line.next > line.end) builder.write('\n', line.end, line.next);
  }
}
