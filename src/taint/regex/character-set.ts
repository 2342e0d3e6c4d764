/** A set of code points as ranges, sorted and apart: `[[48, 57]]` are the digits. Both ends belong to it. */
export type CharacterSet = readonly (readonly [number, number])[];

const LAST = 0x10ffff;

export const ANY: CharacterSet = [[0, LAST]];
export const LINE: CharacterSet = complement([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
]);
export const DIGITS: CharacterSet = [[0x30, 0x39]];
export const WORD: CharacterSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
export const SPACE: CharacterSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x2028, 0x2029],
];

export function single(character: string): CharacterSet {
  const code = character.codePointAt(0) ?? 0;
  return [[code, code]];
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  const merged: [number, number][] = [];
  for (const [from, to] of sets.flat().toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function complement(set: CharacterSet): CharacterSet {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  return next <= LAST ? [...result, [next, LAST]] : result;
}

/** What belongs to both. */
export function intersection(left: CharacterSet, right: CharacterSet): CharacterSet {
  return left.flatMap(([from, to]) =>
    right.flatMap(([start, end]) =>
      from <= end && start <= to ? [[Math.max(from, start), Math.min(to, end)] as const] : [],
    ),
  );
}

export function overlaps(left: CharacterSet, right: CharacterSet): boolean {
  return left.some(([from, to]) => right.some(([start, end]) => from <= end && start <= to));
}
