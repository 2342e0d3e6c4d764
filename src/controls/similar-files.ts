import type { TreeChange } from '../workspace/index.ts';

/** Beyond it a comparison of each with each would take too long; the rest counts as gone and new. */
const MOST_PAIRS = 40_000;
const LONGEST = 500_000;
/** Lines that both have, by all lines of either. */
const ALIKE = 0.5;

/**
 * Joins files that went with others of the same kind that came and are alike: who renames a file and changes it in one go
 * is compared with what stood there, not with nothing.
 */
export function joinSimilar(changes: readonly TreeChange[]): readonly TreeChange[] {
  const gone = changes.filter(({ kind, old }) => kind === 'removed' && linesOf(old) !== undefined);
  const fresh = changes.filter((change) => change.kind === 'added' && linesOf(change.new) !== undefined);
  if (gone.length === 0 || gone.length * fresh.length > MOST_PAIRS) return changes;
  const lines = new Map([
    ...gone.map((change) => [change, linesOf(change.old)] as const),
    ...fresh.map((change) => [change, linesOf(change.new)] as const),
  ]);
  const candidates = gone
    .flatMap((from) =>
      fresh.map((to) => ({
        from,
        to,
        likeness: sameKind(from.path, to.path) ? likenessOf(lines.get(from), lines.get(to)) : 0,
      })),
    )
    .filter(({ likeness }) => likeness >= ALIKE)
    .sort((one, other) => other.likeness - one.likeness || (one.to.path < other.to.path ? -1 : 1));
  const partner = new Map<TreeChange, TreeChange>();
  const taken = new Set<TreeChange>();
  for (const { from, to } of candidates) {
    if (taken.has(from) || partner.has(to)) continue;
    taken.add(from);
    partner.set(to, from);
  }
  return changes.filter((change) => !taken.has(change)).map((change) => joinPair(change, partner.get(change)));
}

function joinPair(change: TreeChange, from: TreeChange | undefined): TreeChange {
  if (from === undefined) return change;
  return { ...change, kind: 'modified', previousPath: from.path, before: from.before, old: from.old };
}

function linesOf(side: TreeChange['old']): ReadonlySet<string> | undefined {
  if (side === undefined || !('text' in side) || side.text.length > LONGEST) return undefined;
  const lines = side.text.split('\n').flatMap((line) => line.trim() || []);
  return lines.length === 0 ? undefined : new Set(lines);
}

function sameKind(one: string, other: string): boolean {
  return endingOf(one) === endingOf(other);
}

function endingOf(path: string): string {
  const name = path.split('/').at(-1) ?? '';
  return (name.includes('.') ? name.slice(name.lastIndexOf('.')) : name).replace('.yml', '.yaml').toLowerCase();
}

function likenessOf(one: ReadonlySet<string> | undefined, other: ReadonlySet<string> | undefined): number {
  if (one === undefined || other === undefined) return 0;
  let shared = 0;
  for (const line of one) if (other.has(line)) shared++;
  return shared / (one.size + other.size - shared);
}
