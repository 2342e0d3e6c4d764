import { GROOVY_LIMITS, type GroovyString } from './groovy.ts';
import { quoteAt, readGroovyString } from './groovy-string.ts';
import type { Span } from './source.ts';

export interface GroovyToken {
  readonly kind: 'name' | 'string' | 'number' | 'mark' | 'newline';
  /** As spelled; of a string its text. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly string: GroovyString | undefined;
}

export interface GroovyTokens {
  readonly tokens: readonly GroovyToken[];
  /** For an opening bracket the position of its partner. */
  readonly partners: ReadonlyMap<number, number>;
  readonly faults: readonly { readonly message: string; readonly span: Span }[];
}

/** Longest first. */
const MARKS = ['<=>', '==~', '...', '->', '?.', '*.', '?:', '==', '!=', '<=', '>=', '&&', '||', '=~', '++', '--', '+='];
const NAME_START = /[\p{L}_$]/u;
const NAME_PART = /[\p{L}\p{N}_$]/u;

/** Split Groovy into words, strings and marks. Comments are dropped. Linear in the length of the text. */
export function readGroovyTokens(text: string): GroovyTokens {
  const tokens: GroovyToken[] = [];
  const faults: { message: string; span: Span }[] = [];
  let at = text.startsWith('#!') ? endOfLine(text, 0) : 0;
  while (at < text.length) {
    if (tokens.length >= GROOVY_LIMITS.tokens) {
      faults.push({ message: `more than ${GROOVY_LIMITS.tokens} words`, span: { start: at, end: text.length } });
      break;
    }
    const character = text[at] ?? '';
    if (character === '\n') {
      tokens.push({ kind: 'newline', text: '\n', start: at, end: ++at, string: undefined });
    } else if (/\s/.test(character)) at++;
    else if (text.startsWith('//', at) && !opensSlashy(tokens)) at = endOfLine(text, at);
    else if (text.startsWith('/*', at)) at = endOfComment(text, at);
    else {
      const quote = quoteAt(text, at, opensSlashy(tokens));
      if (quote === undefined) at = readPlain(text, at, tokens);
      else {
        const { string, closed } = readGroovyString(text, at, quote);
        if (!closed) faults.push({ message: 'a string is not closed', span: string.span });
        tokens.push({ kind: 'string', text: string.text, start: at, end: string.span.end, string });
        at = Math.max(string.span.end, at + 1);
      }
    }
  }
  return { tokens, ...pairBrackets(tokens, faults) };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function endOfComment(text: string, at: number): number {
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + 2;
}

/** A slash begins a string only behind something that wants a value. */
function opensSlashy(tokens: readonly GroovyToken[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined) return false;
  if (last.kind === 'mark') return !/^[)\]}]$|^\+\+$|^--$/.test(last.text);
  return last.kind === 'name' && last.text === 'return';
}

function readPlain(text: string, at: number, tokens: GroovyToken[]): number {
  const character = text[at] ?? '';
  if (NAME_START.test(character)) {
    let end = at + 1;
    while (end < text.length && NAME_PART.test(text[end] ?? '')) end++;
    tokens.push({ kind: 'name', text: text.slice(at, end), start: at, end, string: undefined });
    return end;
  }
  if (/[0-9]/.test(character)) {
    let end = at + 1;
    while (/[0-9A-Za-z_]/.test(text[end] ?? '')) end++;
    tokens.push({ kind: 'number', text: text.slice(at, end), start: at, end, string: undefined });
    return end;
  }
  const mark = MARKS.find((candidate) => text.startsWith(candidate, at)) ?? character;
  tokens.push({ kind: 'mark', text: mark, start: at, end: at + mark.length, string: undefined });
  return at + mark.length;
}

const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Pairs brackets; a closing one that fits nothing is left alone, an opening one that is never closed runs to the end. */
function pairBrackets(
  tokens: readonly GroovyToken[],
  faults: { message: string; span: Span }[],
): Pick<GroovyTokens, 'partners' | 'faults'> {
  const partners = new Map<number, number>();
  const open: { index: number; closing: string }[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue;
    const closing = OPENING[token.text];
    if (closing !== undefined) open.push({ index, closing });
    else if (token.text === open.at(-1)?.closing) partners.set(open.pop()?.index ?? index, index);
    else if (/^[)\]}]$/.test(token.text)) {
      faults.push({ message: `'${token.text}' closes nothing`, span: { start: token.start, end: token.end } });
    }
  }
  for (const { index } of open) {
    partners.set(index, tokens.length);
    const token = tokens[index];
    if (token) faults.push({ message: `'${token.text}' is not closed`, span: { start: token.start, end: token.end } });
  }
  return { partners, faults };
}
