import type { ScriptWord } from './readers.ts';

/** Just behind the parenthesis that closes the one at `open`; strings between them count as a whole. */
export function endOfParentheses(text: string, open: number, end: number): number {
  let depth = 0;
  let quote = '';
  for (let index = open; index < end; index++) {
    const character = text[index] ?? '';
    if (character === '`') index++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if ((character === '"' || character === "'") && closes(text, character, index, end)) quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return index + 1;
  }
  return end;
}

/** A quote that nothing closes is an apostrophe. */
function closes(text: string, quote: string, at: number, end: number): boolean {
  const other = text.indexOf(quote, at + 1);
  return other >= 0 && other < end;
}

/** A variable and members of it, nothing else: `$issue.fields[0].title`. */
const MEMBER = /^\s*\$(?:env:|script:|global:)?([A-Za-z_]\w*)(?:\.\w+(?:\(\))?|\[[^\][]{0,40}\]){0,8}\s*$/i;
const LONGEST_MEMBER = 200;

/** The variable whose value or member a sub-expression is; `undefined` where it does more. */
export function memberOf(text: string): string | undefined {
  return text.length > LONGEST_MEMBER ? undefined : MEMBER.exec(text)?.[1];
}

/** How many characters behind a closing parenthesis take a part of its value: `(…).title`, `(…)[0]`. */
export function membersBehind(text: string, at: number): number {
  return /^(?:\.\w+|\[\d+\]){0,8}/.exec(text.slice(at, at + LONGEST_MEMBER))?.[0].length ?? 0;
}

/** A name that can be called; not a string, number, variable, operator or member of an object. */
export function isCallable(word: ScriptWord | undefined): boolean {
  return word !== undefined && /^(?:[A-Za-z_~]|\.{0,2}[\\/]|\.$)/.test(word.source);
}

/** A string or variable that stands alone is printed. */
export function printing({ span }: ScriptWord): ScriptWord {
  const name = 'Write-Output';
  const at = { start: span.start, end: span.start };
  return { span: at, source: '', literal: name, pieces: [name], expansions: [] };
}
