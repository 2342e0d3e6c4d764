import type { TreeChange } from '../workspace/index.ts';

/** Lines that say nothing by themselves are shared by files that have nothing to do with each other. */
const SHORTEST_LINE = 8;
/** Fewer lines are no function. */
const FEWEST_LINES = 5;
/** Of the lines that one file lost, those that the other one gained. */
const SHARE = 0.5;
const MOST_FILES = 500;

/**
 * What left one file and stands in another now: the new place is compared with the old one, too, so that what got lost on
 * the way is seen. One row for each such pair, as a change of the old text into the new file.
 */
export function findMovedOut(changes: readonly TreeChange[]): readonly TreeChange[] {
  const files = changes.filter(({ kind }) => kind === 'added' || kind === 'modified').slice(0, MOST_FILES);
  const gainers = new Map<string, TreeChange[]>();
  for (const change of files)
    for (const line of difference(change.new, change.old)) gainers.set(line, [...(gainers.get(line) ?? []), change]);
  return files.flatMap((from) => {
    const lost = difference(from.old, from.new);
    if (lost.size < FEWEST_LINES) return [];
    const counts = new Map<TreeChange, number>();
    for (const line of lost)
      for (const to of (gainers.get(line) ?? []).slice(0, 8)) counts.set(to, (counts.get(to) ?? 0) + 1);
    const homes = [...counts].filter(
      ([to, count]) => to !== from && count >= FEWEST_LINES && count / lost.size >= SHARE,
    );
    return homes.map(
      ([to]): TreeChange => ({ ...to, kind: 'modified', previousPath: from.path, before: from.before, old: from.old }),
    );
  });
}

/** Lines of one side that the other one lacks. */
function difference(side: TreeChange['old'], other: TreeChange['old']): ReadonlySet<string> {
  const lines = linesOf(side);
  for (const line of linesOf(other)) lines.delete(line);
  return lines;
}

function linesOf(side: TreeChange['old']): Set<string> {
  if (side === undefined || !('text' in side) || side.text.length > 500_000) return new Set();
  return new Set(side.text.split('\n').flatMap((line) => (line.trim().length < SHORTEST_LINE ? [] : line.trim())));
}
