/** A capturing group: what stands between its brackets, and its name when it has one. */
export interface Group {
  readonly name: string | undefined;
  readonly pattern: string;
}

/** Groups that are told apart. */
const MOST_GROUPS = 32;

/** The capturing groups of an expression in the order of their opening brackets. A hand scan, linear in the pattern. */
export function groupsOf(pattern: string): readonly Group[] {
  const groups: { name: string | undefined; start: number; end: number }[] = [];
  const open: number[] = [];
  let inClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === '\\') index++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') {
      const [mark, name] = /^\((?:\?P?<([\w$]{1,64})>|(?!\?))/.exec(pattern.slice(index, index + 70)) ?? [];
      open.push(mark === undefined ? -1 : groups.length);
      if (mark !== undefined) groups.push({ name, start: index + mark.length, end: index + mark.length });
    } else if (character === ')') {
      const group = groups[open.pop() ?? -1];
      if (group) group.end = index;
    }
  }
  return groups.slice(0, MOST_GROUPS).map(({ name, start, end }) => ({ name, pattern: pattern.slice(start, end) }));
}
