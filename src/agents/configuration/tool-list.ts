/**
 * Split a list of tools written as one text, at commas and blanks outside parentheses: `Read, Bash(git log:*) Write`.
 * `start` is the offset of each item.
 */
export function splitToolList(text: string): readonly { readonly text: string; readonly start: number }[] {
  const items: { text: string; start: number }[] = [];
  let depth = 0;
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    const character = text[index];
    const ends = character === undefined || (depth === 0 && /[\s,]/.test(character));
    if (ends) {
      if (start >= 0) items.push({ text: text.slice(start, index), start });
      start = -1;
      continue;
    }
    if (start < 0) start = index;
    if (character === '(') depth++;
    else if (character === ')' && depth > 0) depth--;
  }
  return items;
}
