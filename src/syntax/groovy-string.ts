import type { GroovyInterpolation, GroovyString } from './groovy.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', s: ' ' };

/** An expression in a string, or a slashy string, that is longer is not one: keeps reading linear. */
const LONGEST = 4_000;

const QUOTES = ["'''", '"""', "'", '"', '$/', '/'] as const;
type Quote = (typeof QUOTES)[number];

/** Text under construction, with the place in the file of each of its characters. */
interface Draft {
  text: string;
  readonly offsets: number[];
  readonly interpolations: GroovyInterpolation[];
}

/** The quote that opens a string here; slashes only where a value may begin. */
export function quoteAt(text: string, at: number, valueMayBegin: boolean): Quote | undefined {
  const quote = QUOTES.find((candidate) => text.startsWith(candidate, at));
  if (quote === '/' || quote === '$/') {
    if (!valueMayBegin) return undefined;
    const ahead = text.slice(at + quote.length, at + LONGEST);
    const end = ahead.indexOf(quote === '/' ? '/' : '/$');
    const line = ahead.indexOf('\n');
    // A slash whose partner is on another line is far more often a division.
    if (end < 0 || (quote === '/' && line >= 0 && end > line)) return undefined;
  }
  return quote;
}

/** Read the string that opens at `at`. An unclosed one ends with its line, or with the file for three quotes. */
export function readGroovyString(text: string, at: number, quote: Quote): { string: GroovyString; closed: boolean } {
  const draft: Draft = { text: '', offsets: [], interpolations: [] };
  const closing = quote === '$/' ? '/$' : quote;
  const interpolates = quote !== "'" && quote !== "'''";
  const oneLine = quote === "'" || quote === '"';
  let position = at + quote.length;
  let closed = false;
  let unclosed = false;
  while (position < text.length) {
    if (text.startsWith(closing, position)) {
      closed = true;
      break;
    }
    const character = text[position] ?? '';
    if (oneLine && character === '\n') break;
    if (character === '\\') {
      position = readEscape(text, position, quote, draft);
      continue;
    }
    if (interpolates && character === '$' && !unclosed) {
      const end = endOfInterpolation(text, position, closing);
      if (end === 'unclosed') unclosed = true;
      else if (end !== undefined) {
        position = takeInterpolation(text, position, end, draft);
        continue;
      }
    }
    take(draft, character, position);
    position++;
  }
  const end = closed ? position + closing.length : position;
  const { offsets } = draft;
  const string: GroovyString = {
    kind: 'string',
    span: { start: at, end },
    text: draft.text,
    quote,
    interpolations: draft.interpolations,
    offsetOf: (index) => offsets[index] ?? position,
  };
  return { string, closed };
}

function take(draft: Draft, text: string, offset: number): void {
  for (let index = 0; index < text.length; index++) draft.offsets.push(offset);
  draft.text += text;
}

function readEscape(text: string, at: number, quote: Quote, draft: Draft): number {
  const next = text[at + 1] ?? '';
  if (quote === '/' || quote === '$/') {
    // Slashy strings escape their own delimiter only.
    if (next === '/' && quote === '/') {
      take(draft, '/', at);
      return at + 2;
    }
    take(draft, '\\', at);
    return at + 1;
  }
  if (next === '\n') return at + 2;
  if (next === '\r' && text[at + 2] === '\n') return at + 3;
  if (next === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) {
    take(draft, String.fromCharCode(Number.parseInt(text.slice(at + 2, at + 6), 16)), at);
    return at + 6;
  }
  if (next === '') {
    take(draft, '\\', at);
    return at + 1;
  }
  take(draft, ESCAPES[next] ?? next, at);
  return at + 2;
}

/** Where the interpolation that begins at `at` ends; undefined when `$` stands for itself. */
function endOfInterpolation(text: string, at: number, closing: string): number | 'unclosed' | undefined {
  if (text[at + 1] === '{') return endOfBraces(text, at + 2, closing.length > 1 && closing !== '/$');
  let end = at + 1;
  if (!/[A-Za-z_]/.test(text[end] ?? '')) return undefined;
  while (/[A-Za-z0-9_]/.test(text[end] ?? '')) end++;
  while (text[end] === '.' && /[A-Za-z_]/.test(text[end + 1] ?? '')) {
    end++;
    while (/[A-Za-z0-9_]/.test(text[end] ?? '')) end++;
  }
  return end;
}

function endOfBraces(text: string, from: number, multiline: boolean): number | 'unclosed' {
  let depth = 1;
  const ahead = text.slice(from, from + LONGEST);
  for (let index = 0; index < ahead.length; index++) {
    const character = ahead[index];
    if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return from + index + 1;
    else if (character === '\n' && !multiline) return 'unclosed';
    else if (character === "'" || character === '"') {
      const end = ahead.indexOf(character, index + 1);
      if (end < 0) return 'unclosed';
      index = end;
    }
  }
  return 'unclosed';
}

function takeInterpolation(text: string, start: number, end: number, draft: Draft): number {
  const spelled = text.slice(start, end);
  const source = spelled.startsWith('${') ? spelled.slice(2, -1) : spelled.slice(1);
  draft.interpolations.push({ index: draft.text.length, length: spelled.length, source: source.trim() });
  draft.text += spelled;
  for (let offset = start; offset < end; offset++) draft.offsets.push(offset);
  return end;
}
