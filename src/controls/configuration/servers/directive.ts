import { READING_LIMITS, type Span } from '../../../syntax/index.ts';

/** One setting of a server's configuration: `ssl_protocols TLSv1.3`, `Require valid-user`, `PermitRootLogin no`. */
export interface Directive {
  /** The blocks around it, with their arguments: `['server', 'location /admin']`. */
  readonly blocks: readonly string[];
  /** Lower case. */
  readonly name: string;
  /** The rest, one blank between words. */
  readonly value: string;
  readonly span: Span;
}

/** How a server's configuration is written. */
export type Dialect =
  /** nginx: `name words;` and `name words { … }`. */
  | 'semicolons'
  /** Caddy: the same with line ends. */
  | 'braces'
  /** Apache: `<Name words> … </Name>`. */
  | 'tags'
  /** HAProxy: a line at the margin opens a section. */
  | 'sections'
  /** OpenSSH: one setting a line; `Match …` opens a section. */
  | 'flat';

const MOST = 20_000;
const LONGEST_LINE = 4000;

/** The settings of a file. Linear; `complete` is false where a cap was reached. */
export function readDirectives(
  text: string,
  dialect: Dialect,
): { readonly directives: readonly Directive[]; readonly complete: boolean } {
  const directives: Directive[] = [];
  const blocks: string[] = [];
  for (const { words, span } of statementsOf(text, dialect)) {
    if (directives.length >= MOST || blocks.length > READING_LIMITS.depth) return { directives, complete: false };
    const line = words.replace(/\s+/g, ' ').trim();
    if (line === '') continue;
    if (line === '}' || /^<\//.test(line)) {
      blocks.pop();
      continue;
    }
    const opened = openedBy(line, dialect, text[span.start - 1]);
    if (opened !== undefined) {
      if (dialect === 'sections' || dialect === 'flat') blocks.length = 0;
      blocks.push(opened);
    }
    const body = opened ?? line;
    const cut = body.indexOf(' ');
    const name = (cut < 0 ? body : body.slice(0, cut)).toLowerCase();
    directives.push({
      blocks: opened === undefined ? [...blocks] : blocks.slice(0, -1),
      name,
      value: cut < 0 ? '' : body.slice(cut + 1),
      span,
    });
  }
  return { directives, complete: true };
}

/** The block that a statement opens. */
function openedBy(line: string, dialect: Dialect, before: string | undefined): string | undefined {
  switch (dialect) {
    case 'semicolons':
    case 'braces':
      return line.endsWith('{') ? line.slice(0, -1).trim() : undefined;
    case 'tags':
      return /^<[A-Za-z]/.test(line) ? line.slice(1).replace(/>$/, '').trim() : undefined;
    case 'sections':
      return before === undefined || before === '\n' ? line : undefined;
    case 'flat':
      return /^match\s/i.test(line) ? line : undefined;
  }
}

interface Statement {
  readonly words: string;
  readonly span: Span;
}

function* statementsOf(text: string, dialect: Dialect): Generator<Statement> {
  if (dialect === 'semicolons') yield* terminatedStatements(text);
  else yield* lineStatements(text);
}

/** A line each, the next one with it behind a backslash. */
function* lineStatements(text: string): Generator<Statement> {
  let start = 0;
  let kept = '';
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    const words = withoutRemark(line.slice(0, LONGEST_LINE)).trim();
    const goesOn = words.endsWith('\\') && kept.length < LONGEST_LINE;
    kept = `${kept} ${goesOn ? words.slice(0, -1) : words}`;
    if (!goesOn) {
      yield { words: kept, span: { start: start + indent, end: start + line.length } };
      kept = '';
    }
    start += line.length + 1;
  }
}

function withoutRemark(line: string): string {
  return /^\s*#/.test(line) ? '' : line.replace(/\s#.*$/, '');
}

/** Up to `;`, `{` or `}` outside quotes; remarks go to the end of their line. */
function* terminatedStatements(text: string): Generator<Statement> {
  let start = -1;
  let words = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '#' && /\s/.test(text[at - 1] ?? '\n')) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end - 1;
      continue;
    }
    if (start < 0 && !/\s/.test(character)) start = at;
    if (character === '"' || character === "'") {
      const end = text.indexOf(character, at + 1);
      const close = end < 0 || end - at > LONGEST_LINE ? at : end;
      words += text.slice(at, close + 1);
      at = close;
    } else if (character === ';' || character === '{' || character === '}') {
      if (character !== '}' || words.trim() !== '')
        yield { words: character === '{' ? `${words} {` : words, span: { start: Math.max(start, 0), end: at } };
      if (character === '}') yield { words: '}', span: { start: at, end: at + 1 } };
      words = '';
      start = -1;
    } else if (words.length < LONGEST_LINE) words += character;
  }
}
