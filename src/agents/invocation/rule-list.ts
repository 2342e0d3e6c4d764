import type { WrittenRule } from './invocation.ts';
import { type PlacedText, slicePlaced } from './placed-text.ts';

/**
 * The rules of a list such as `Read,Bash(npm test:*), Edit`: commas and blanks part them, not inside parentheses.
 * Never fails: what cannot be parted is one rule.
 */
export function splitRules(placed: PlacedText): readonly WrittenRule[] {
  const rules: WrittenRule[] = [];
  const { text } = placed;
  let depth = 0;
  let start = 0;
  const take = (end: number) => {
    const raw = text.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    const rule = raw.trim();
    if (rule !== '')
      rules.push({ text: rule, place: slicePlaced(placed, start + lead, start + lead + rule.length).place });
    start = end + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0 && (character === ',' || /\s/.test(character))) take(at);
  }
  take(text.length);
  return rules;
}
