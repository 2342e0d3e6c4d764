import type { ControlFact } from './fact.ts';

/** Every fact about one subject of one scope, on both sides. */
export interface SubjectPair {
  readonly control: string;
  readonly before: readonly ControlFact[];
  readonly after: readonly ControlFact[];
}

/**
 * Groups the facts of both sides by class, scope and subject; a scope that was renamed is the same.
 * @param subjectOf what an old fact is about, in the names of the new version.
 */
export function pairFacts(
  before: readonly ControlFact[],
  after: readonly ControlFact[],
  renamed: ReadonlyMap<string, string>,
  subjectOf: (fact: ControlFact) => string,
): readonly SubjectPair[] {
  const newName = (scope: string): string => renamed.get(scope) ?? scope;
  const pairs = new Map<string, { control: string; before: ControlFact[]; after: ControlFact[] }>();
  const pairOf = ({ control }: ControlFact, scope: string, subject: string) => {
    const key = JSON.stringify([control, scope, subject]);
    const known = pairs.get(key) ?? { control, before: [], after: [] };
    pairs.set(key, known);
    return known;
  };
  for (const fact of before) {
    const subject = fact.names === undefined ? subjectOf(fact) : newName(fact.names);
    pairOf(fact, newName(fact.scope), subject).before.push(fact);
  }
  for (const fact of after) pairOf(fact, fact.scope, fact.names ?? fact.subject).after.push(fact);
  return [...pairs.values()];
}

/**
 * Scopes that only changed their name: gone on one side, new on the other, and alike in most of what they say. Each new
 * one is taken once, the most similar first.
 */
export function renamedScopes(
  before: readonly ControlFact[],
  after: readonly ControlFact[],
  oldScopes: Pick<ReadonlyMap<string, unknown>, 'keys' | 'has'>,
  newScopes: Pick<ReadonlyMap<string, unknown>, 'keys' | 'has'>,
): ReadonlyMap<string, string> {
  const gone = [...oldScopes.keys()].filter((scope) => !newScopes.has(scope));
  const fresh = [...newScopes.keys()].filter((scope) => !oldScopes.has(scope));
  if (gone.length === 0 || fresh.length === 0 || gone.length * fresh.length > MOST_CANDIDATES) return new Map();
  const oldMarks = marksByScope(before);
  const newMarks = marksByScope(after);
  const candidates = gone
    .flatMap((from) => fresh.map((to) => ({ from, to, likeness: likenessOf(oldMarks.get(from), newMarks.get(to)) })))
    .filter(({ likeness }) => likeness >= ALIKE)
    .sort((a, b) => b.likeness - a.likeness);
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of candidates) {
    if (renamed.has(from) || taken.has(to)) continue;
    renamed.set(from, to);
    taken.add(to);
  }
  return renamed;
}

const ALIKE = 0.5;
/** Beyond it every scope is judged as gone or new: many names at once are no renaming. */
const MOST_CANDIDATES = 10_000;

function marksByScope(facts: readonly ControlFact[]): ReadonlyMap<string, ReadonlySet<string>> {
  const marks = new Map<string, Set<string>>();
  for (const { scope, control, subject, names, value, shown } of facts) {
    const known = marks.get(scope) ?? new Set();
    // Its own name is what changed.
    if (names !== scope) known.add(`${control} ${subject} ${value ?? shown}`);
    marks.set(scope, known);
  }
  return marks;
}

/** Shared marks by all marks (Jaccard). */
function likenessOf(left: ReadonlySet<string> | undefined, right: ReadonlySet<string> | undefined): number {
  if (left === undefined || right === undefined) return 0;
  const shared = [...left].filter((mark) => right.has(mark)).length;
  return shared / (left.size + right.size - shared);
}
