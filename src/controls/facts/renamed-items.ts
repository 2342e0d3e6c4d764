import type { ControlFact, FactSheet, PlacedValue } from './fact.ts';

/** Beyond it nothing is taken for renamed: so many losses at once are no renaming. */
const MOST_PAIRS = 10_000;
/** Names that are looked up among all values of the files. */
const MOST_TRIES = 100;
/** Values that both items have, by all values of either. */
const ALIKE = 0.5;

/**
 * The subject that an old fact has in the new version, where an item around it only changed its name: the old name is gone
 * from its place, the new one was not there, and what stands below is alike. Each new name is taken once.
 */
export function renamedItems(before: FactSheet, after: FactSheet): (fact: ControlFact) => string {
  const lost = withoutPartner(before.facts, after.facts);
  const fresh = withoutPartner(after.facts, before.facts);
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  const refused = new Set<string>();
  if (lost.length * fresh.length <= MOST_PAIRS)
    for (const from of lost)
      for (const to of fresh) {
        const names = differingName(from, to);
        if (names === undefined) continue;
        const old = keyOf(from.scope, names.from);
        const now = keyOf(to.scope, names.to);
        if (renames.has(old) || taken.has(now) || refused.has(old + now) || refused.size >= MOST_TRIES) continue;
        if (isRenamed(valuesAt(from.scope, before), valuesAt(to.scope, after), names)) {
          renames.set(old, names.to.at(-1) ?? '');
          taken.add(now);
        } else refused.add(old + now);
      }
  return (fact) => (renames.size === 0 ? fact.subject : renameIn(fact, renames));
}

/** Facts whose subject the other side does not know. */
function withoutPartner(own: readonly ControlFact[], other: readonly ControlFact[]): readonly ControlFact[] {
  const subjectOf = ({ control, scope, subject }: ControlFact): string => JSON.stringify([control, scope, subject]);
  const known = new Set(other.map(subjectOf));
  return own.filter((fact) => fact.path !== undefined && !known.has(subjectOf(fact)));
}

/** The ways to a name before and after. */
interface Names {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** The ways to the one name in which two facts of a class differ. */
function differingName({ control, scope, path = [] }: ControlFact, other: ControlFact): Names | undefined {
  const way = other.path ?? [];
  if (control !== other.control || scope !== other.scope || path.length !== way.length) return undefined;
  const at = path.findIndex((key, index) => key !== way[index]);
  if (at < 0 || path.slice(at + 1).some((key, index) => key !== way[at + 1 + index])) return undefined;
  return { from: path.slice(0, at + 1), to: way.slice(0, at + 1) };
}

function valuesAt(scope: string, { values = [] }: FactSheet): readonly PlacedValue[] {
  return values.filter((value) => value.scope === scope);
}

function isRenamed(before: readonly PlacedValue[], after: readonly PlacedValue[], { from, to }: Names): boolean {
  const old = valuesBelow(from, before);
  const now = valuesBelow(to, after);
  if (valuesBelow(from, after).size > 0 || valuesBelow(to, before).size > 0) return false;
  const shared = [...old].filter((value) => now.has(value)).length;
  return shared > 0 && shared / (old.size + now.size - shared) >= ALIKE;
}

/** Without the value that an item of a list has its name from. */
function valuesBelow(way: readonly string[], values: readonly PlacedValue[]): ReadonlySet<string> {
  const name = way.at(-1);
  const found = new Set<string>();
  for (const { path, text } of values)
    if (path.length > way.length && way.every((key, index) => key === path[index])) {
      const rest = path.slice(way.length);
      if (rest.length > 1 || text !== name) found.add(`${rest.join('.')} ${text}`);
    }
  return found;
}

function renameIn({ scope, path = [], subject }: ControlFact, renames: ReadonlyMap<string, string>): string {
  const way = path.join('.');
  if (!subject.startsWith(way)) return subject;
  const renamed = path.map((key, index) => renames.get(keyOf(scope, path.slice(0, index + 1))) ?? key);
  return renamed.join('.') + subject.slice(way.length);
}

function keyOf(scope: string, path: readonly string[]): string {
  return JSON.stringify([scope, ...path]);
}
