import type { Condition } from '../../../pipelines/index.ts';

const LONGEST = 20_000;

/** What must all hold, part by part; a condition with an alternative is one part. Parentheses and quotes keep their inside. */
export function partsOf({ text }: Condition): readonly string[] {
  const source = text.text.slice(0, LONGEST).replace(/^\s*\$\{\{|\}\}\s*$/g, '');
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let index = 0; index < source.length; index++) {
    const sign = source[index] ?? '';
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === "'" || sign === '"') quote = sign;
    else if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    else if (depth === 0 && source.startsWith('||', index)) return [source.replace(/\s+/g, ' ').trim()];
    else if (depth === 0 && source.startsWith('&&', index)) {
      parts.push(source.slice(start, index));
      index += 1;
      start = index + 1;
    }
  }
  return [...parts, source.slice(start)].map((part) => part.replace(/\s+/g, ' ').trim());
}
