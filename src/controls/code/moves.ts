import type { ControlChange } from '../model.ts';

/** Classes of what is gone, and of what came, when the same thing went from one file to another. */
const PAIRS: { readonly [gone: string]: { readonly came: string; readonly moved: string } } = {
  'guard-removed': { came: 'guard-added', moved: 'guard-moved' },
  'security-call-removed': { came: 'security-call-added', moved: 'call-moved' },
};

/**
 * Settles what left one file and came in another: a check that is gone here and was added there, word for word, moved.
 * Call it once with the changes of all files.
 */
export function reconcileMoves(changes: readonly ControlChange[]): readonly ControlChange[] {
  const arrivals = new Map<string, ControlChange[]>();
  for (const change of changes) {
    const key = `${change.control} ${change.subject}`;
    arrivals.set(key, [...(arrivals.get(key) ?? []), change]);
  }
  return changes.map((change) => {
    const pair = Object.hasOwn(PAIRS, change.control) ? PAIRS[change.control] : undefined;
    if (pair === undefined || change.direction !== 'weakened') return change;
    const here = arrivals.get(`${pair.came} ${change.subject}`);
    const index = here?.findIndex(({ after }) => after?.file !== change.after?.file) ?? -1;
    const arrival = here?.[index];
    if (here === undefined || arrival === undefined) return change;
    here.splice(index, 1);
    const message = `${change.message.replace(/\.$/, '')}; the same stands in \`${arrival.after?.file}\` now.`;
    return { ...change, control: pair.moved, direction: 'moved', severity: 'low', message, after: arrival.after };
  });
}
