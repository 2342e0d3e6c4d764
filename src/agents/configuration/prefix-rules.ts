import type { WrittenRule } from '../invocation/invocation.ts';

/** More rules than anybody writes by hand. */
const MOST_RULES = 2000;
const LONGEST_RULE = 4000;
const OPENING = 'prefix_rule(';
const LISTS = { allow: 'allow', prompt: 'ask', forbidden: 'deny' } as const;

/**
 * Codex's Starlark rules, as far as they are literal: `prefix_rule(pattern=["git", "push"], decision="forbidden")` becomes
 * `git push`. A rule without a decision allows, as the product has it.
 */
export function readPrefixRules(
  file: { readonly path: string; readonly text: string },
  lists: { readonly [verdict in 'allow' | 'deny' | 'ask']: WrittenRule[] },
): void {
  let from = file.text.indexOf(OPENING);
  for (let count = 0; from >= 0 && count < MOST_RULES; count++) {
    const end = closingOf(file.text, from + OPENING.length);
    const body = file.text.slice(from + OPENING.length, end);
    const pattern = listAfter(body, 'pattern');
    const decision = /decision\s{0,20}=\s{0,20}["'](allow|prompt|forbidden)["']/.exec(body)?.[1];
    const verdict = decision === 'prompt' || decision === 'forbidden' ? LISTS[decision] : LISTS.allow;
    const words = pattern.match(/"[^"]{0,200}"|'[^']{0,200}'/g) ?? [];
    const place = { file: file.path, span: { start: from, end: Math.min(end + 1, file.text.length) } };
    if (words.length > 0) lists[verdict].push({ text: words.map((word) => word.slice(1, -1)).join(' '), place });
    from = file.text.indexOf(OPENING, end);
  }
}

function closingOf(text: string, from: number): number {
  let depth = 1;
  let quote = '';
  const most = Math.min(text.length, from + LONGEST_RULE);
  for (let index = from; index < most; index++) {
    const character = text[index] ?? '';
    if (quote !== '') {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return index;
  }
  return most;
}

function listAfter(body: string, name: string): string {
  const at = body.indexOf(name);
  const open = at < 0 ? -1 : body.indexOf('[', at);
  if (open < 0) return '';
  let depth = 0;
  for (let index = open; index < body.length; index++) {
    if (body[index] === '[') depth++;
    else if (body[index] === ']' && --depth === 0) return body.slice(open, index + 1);
  }
  return '';
}
