/** An expression that stands in the page of a component, outside of its script. */
export interface BoundExpression {
  /** The element whose attribute it is. */
  readonly tag: string;
  /** `v-html`, `@html`, or the name of an attribute whose value is an address. */
  readonly attribute: string;
  /** Where it begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

/** What of a component (Vue, Svelte) is code. */
export interface ComponentFile {
  /** As long as the file, line by line; what is no code is blank, and each bound expression is a statement in brackets. */
  readonly code: string;
  /** What `lang` says of the script: `ts`, `tsx`; empty: JavaScript. */
  readonly language: string;
  readonly bound: readonly BoundExpression[];
}

/** Attributes whose value is markup, or an address that is followed; the others are escaped. */
const ADDRESSES = 'href|src|srcdoc|action|formaction|data|xlink:href';

/** What is looked for, from the left to the right. All repetitions are bounded: the text is anybody's. */
const MARKS = new RegExp(
  [
    '(?<comment><!--)',
    '<(?<block>script|style)\\b(?<settings>(?:[^>"\']|"[^"]{0,300}"|\'[^\']{0,300}\'){0,200})>',
    '<(?<tag>[A-Za-z][\\w.:-]{0,60})',
    `\\s(?<vue>v-html|(?:v-bind)?:(?:${ADDRESSES}))\\s?=\\s?(?<quote>["'])`,
    '(?<html>\\{@html\\s)',
    `\\s(?<svelte>${ADDRESSES})=\\{`,
  ].join('|'),
  'g',
);

/** Longest expression that is read in a page. */
const LONGEST_EXPRESSION = 2_000;

/** A piece of the file that is code. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly isExpression: boolean;
}

/** Whether a component is written in a file of this name. */
export function isComponentPath(path: string): boolean {
  return /\.(?:vue|svelte)$/i.test(path);
}

/** Find the scripts of a component, and what its page shows without escaping. Linear in the length of the text. */
export function readComponent(text: string): ComponentFile {
  const pieces: Piece[] = [];
  const bound: BoundExpression[] = [];
  let language = '';
  let tag = '';
  MARKS.lastIndex = 0;
  for (let match = MARKS.exec(text); match; match = MARKS.exec(text)) {
    const { comment, block, settings = '', tag: opened, vue, quote, html, svelte } = match.groups ?? {};
    const start = MARKS.lastIndex;
    if (opened !== undefined) tag = opened;
    else if (comment !== undefined) MARKS.lastIndex = after('-->', text, start);
    else if (block !== undefined) {
      const end = until(`</${block}`, text, start);
      if (block === 'script') {
        pieces.push({ start, end, isExpression: false });
        language = /\blang\s?=\s?["']?(tsx?)\b/.exec(settings)?.[1] ?? language;
      }
      MARKS.lastIndex = end;
    } else {
      const end = quote === undefined ? closingBrace(text, start) : until(quote, text, start);
      if (end - start > LONGEST_EXPRESSION || text.slice(start, end).trim() === '' || end >= text.length) continue;
      const attribute = html === undefined ? (vue ?? svelte ?? '').replace(/^.*:/, '') : '@html';
      pieces.push({ start, end, isExpression: true });
      bound.push({ tag, attribute, start, end });
      MARKS.lastIndex = end;
    }
  }
  return { code: blankOut(text, pieces), language, bound };
}

/** The pieces at their places; the mark before each ends what was before. */
function blankOut(text: string, pieces: readonly Piece[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, isExpression } of pieces) {
    const opening = isExpression ? ';(' : ';';
    parts.push(blank(text.slice(at, start - opening.length)), opening, text.slice(start, end), isExpression ? ')' : '');
    at = isExpression ? end + 1 : end;
  }
  return parts.join('') + blank(text.slice(at));
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

function until(mark: string, text: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at;
}

function after(mark: string, text: string, from: number): number {
  return Math.min(text.length, until(mark, text, from) + mark.length);
}

/** The brace that closes one that was opened before; braces in texts count, as they mostly come in pairs. */
function closingBrace(text: string, from: number): number {
  const last = Math.min(text.length, from + LONGEST_EXPRESSION + 1);
  let open = 1;
  for (let at = from; at < last; at++) {
    if (text[at] === '{') open++;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return last;
}
