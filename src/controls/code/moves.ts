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
  const added = namesAdded(changes);
  return changes.map((change): ControlChange => {
    if (change.control === 'function-removed') return settleFunctions(change, added);
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

/** By the file, the functions with checks that are new there. */
function namesAdded(changes: readonly ControlChange[]): ReadonlyMap<string, ReadonlySet<string>> {
  const files = new Map<string, Set<string>>();
  for (const { control, subject, after } of changes) {
    if (control !== 'function-added' || after === undefined) continue;
    const names = files.get(after.file) ?? new Set<string>();
    for (const name of subject.split(',')) names.add(name);
    files.set(after.file, names);
  }
  return files;
}

/** Functions that all stand in other files now, with the same checks, did not go. */
function settleFunctions(change: ControlChange, added: ReadonlyMap<string, ReadonlySet<string>>): ControlChange {
  const here = change.after?.file ?? change.before?.file;
  const elsewhere = [...added].filter(([file]) => file !== here);
  const homes = change.subject.split(',').map((name) => elsewhere.find(([, names]) => names.has(name))?.[0]);
  const [home] = homes;
  if (home === undefined || homes.includes(undefined)) return change;
  const message = `${change.message.replace(/\.$/, '')}; the same with the same checks stands in \`${home}\` now.`;
  return { ...change, control: 'function-moved', direction: 'moved', severity: 'low', message };
}
