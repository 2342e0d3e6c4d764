import { differenceOf } from '../../../src/text/index.ts';

/** What players see of a file. */
export interface Snippet {
  readonly lines: readonly string[];
  /** Lines that are marked as vulnerable, from 0. */
  readonly marked: readonly number[];
}

/**
 * A snippet with the changes that all of its fixes make alike, the right one and the wrong ones: they show the code as it
 * was when they were written, and what none of them leaves as it is distinguishes none. Marked lines are left alone.
 */
export function withSharedChanges({ lines, marked }: Snippet, fixes: readonly string[]): Snippet {
  const all = fixes.map((fix) => changesTo(lines, fix.split('\n')));
  const [first = [], ...others] = all;
  const shared = first.filter(
    ({ key, from, removed }) =>
      others.length > 0 &&
      others.every((changes) => changes.some((change) => change.key === key)) &&
      !marked.some((line) => line >= from && line < from + removed),
  );
  const now = [...lines];
  for (const { from, removed, added } of shared.toReversed()) now.splice(from, removed, ...added);
  const moved = (line: number): number =>
    shared.filter(({ from }) => from <= line).reduce((sum, { removed, added }) => sum + added.length - removed, line);
  return { lines: now, marked: marked.map(moved) };
}

interface LineChange {
  readonly from: number;
  readonly removed: number;
  readonly added: readonly string[];
  readonly key: string;
}

/** Blanks around a line and at the end of a text do not count. */
function changesTo(lines: readonly string[], fix: readonly string[]): readonly LineChange[] {
  const [old, now] = [lines, fix].map((side) => side.map((line) => line.trim()));
  return differenceOf(old ?? [], now ?? []).map(({ from, removed, to, added }) => {
    const written = fix.slice(to, to + added);
    const key = JSON.stringify([from, removed, now?.slice(to, to + added)]);
    return { from, removed, added: written, key };
  });
}
