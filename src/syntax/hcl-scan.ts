import { READING_LIMITS } from './reading-limits.ts';

/** How far something reaches. `open`: the file or the line ended before it was closed. */
export interface HclExtent {
  readonly end: number;
  readonly open: boolean;
}

/** A here-document: `<<EOT`, the lines, and the word again on a line of its own. */
export interface HclHereDocument extends HclExtent {
  /** The lines between, as they stand. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/** Behind blanks and comments; `lines`: line breaks are blanks, too. Never stands still on an open comment. */
export function skipBlanks(text: string, start: number, lines: boolean): number {
  let at = start;
  for (; at < text.length; at++) {
    const character = text[at];
    if (character === '#' || text.startsWith('//', at)) at = behind(text, '\n', at) - 2;
    else if (text.startsWith('/*', at)) at = behind(text, '*/', at + 2) - 1;
    else if (character === '\n' ? !lines : character !== ' ' && character !== '\t' && character !== '\r') return at;
  }
  return Math.min(at, text.length);
}

/** Behind the next `mark`; for a line break that is missing one more than the end, as if it stood there. */
function behind(text: string, mark: string, at: number): number {
  const found = text.indexOf(mark, at);
  return found < 0 ? text.length + 1 : found + mark.length;
}

/**
 * The end of the quoted template that starts at `start`: `${…}` and `%{…}` hold expressions, which hold templates. A line
 * break ends it where it stands in no expression. One pass, with a stack of its own.
 */
export function scanTemplate(text: string, start: number): HclExtent {
  const inside: ('text' | 'expression')[] = ['text'];
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (inside.length > READING_LIMITS.depth) return { end: text.length, open: true };
    if (inside.at(-1) === 'text') {
      if (character === '\\') at++;
      else if (character === '\n') return { end: at, open: true };
      else if (text.startsWith('$${', at) || text.startsWith('%%{', at)) at += 2;
      else if (text.startsWith('${', at) || text.startsWith('%{', at)) {
        inside.push('expression');
        at++;
      } else if (character === '"') inside.pop();
    } else if (character === '"') inside.push('text');
    else if (character === '{') inside.push('expression');
    else if (character === '}') inside.pop();
    if (inside.length === 0) return { end: at + 1, open: false };
  }
  return { end: text.length, open: true };
}

const OPENING = /<<[-~]?([A-Za-z_][\w-]{0,100})[ \t]*\r?\n/y;

/** The here-document that starts at `start`; undefined where none does. */
export function scanHereDocument(text: string, start: number): HclHereDocument | undefined {
  OPENING.lastIndex = start;
  const opening = OPENING.exec(text);
  if (opening === null) return undefined;
  const bodyStart = start + opening[0].length;
  for (let line = bodyStart; line < text.length; ) {
    const found = text.indexOf('\n', line);
    const end = found < 0 ? text.length : found;
    if (text.slice(line, end).trim() === opening[1]) return { end, open: false, bodyStart, bodyEnd: line };
    line = end + 1;
  }
  return { end: text.length, open: true, bodyStart, bodyEnd: text.length };
}

/**
 * The end of an expression of which only the extent matters: at a comma or a closing bracket of what is around it, and
 * with `lines` at a line break or a remark at the end of the line, outside its own brackets.
 */
export function scanExpression(text: string, start: number, lines: boolean): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') at = scanTemplate(text, at).end - 1;
    else if (character === '<' && text[at + 1] === '<') at = (scanHereDocument(text, at)?.end ?? at + 1) - 1;
    else if (isComment(text, at)) {
      if (depth === 0 && lines && text[at + 1] !== '*') return at;
      at = skipComment(text, at) - 1;
    } else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && depth-- === 0) return at;
    else if (depth === 0 && (character === ',' || (lines && character === '\n'))) return at;
  }
  return text.length;
}

function isComment(text: string, at: number): boolean {
  return text[at] === '#' || text.startsWith('//', at) || text.startsWith('/*', at);
}

/** To the end of the line, whose break still counts, or behind the block. */
function skipComment(text: string, start: number): number {
  const isBlock = text.startsWith('/*', start);
  const end = text.indexOf(isBlock ? '*/' : '\n', start);
  if (end < 0) return text.length;
  return isBlock ? end + 2 : end;
}
