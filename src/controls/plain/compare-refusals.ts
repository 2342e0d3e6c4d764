import type { TreeChange } from '../../workspace/index.ts';
import { compareConditions, type Difference, likenessOf, normalise } from './condition.ts';
import { type NewVersion, newVersionOf } from './new-version.ts';
import { type Refusal, readRefusals } from './refusal.ts';
import { tells, tellsWhenOther } from './weigh-refusal.ts';

/** A check of the old version and what became of it. */
export interface LostRefusal {
  readonly old: Refusal;
  /** What stands in its place; undefined where nothing does. */
  readonly now: Refusal | undefined;
  readonly difference: Exclude<Difference, 'same' | 'stricter'> | 'gone';
  /** Of access, or of an error, by its words. */
  readonly isTelling: boolean;
}

/** As likely the same check: by their words, where both stand in one function, and anywhere else. */
const ALIKE_NEAR = 0.3;
const ALIKE_FAR = 0.6;
/** Beyond it a comparison of each with each would take too long; what is not equal counts as gone. */
const MOST_PAIRS = 100_000;

/**
 * Checks that refuse no longer, or others, over all files of a change: what stands in another file now is not lost.
 * A check whose function is gone with it protects nothing any more.
 */
export function compareRefusals(changes: readonly TreeChange[]): readonly LostRefusal[] {
  const versions = new Map(changes.map((change) => [change.previousPath ?? change.path, newVersionOf(change)]));
  const read = (side: TreeChange['old']): readonly Refusal[] => (side && 'text' in side ? readRefusals(side) : []);
  const [open, fresh] = withoutEqual(
    changes.flatMap((change) => read(change.old)),
    changes.flatMap((change) => read(change.new)),
    versions,
  );
  const candidates = open.length * fresh.length > MOST_PAIRS ? [] : fresh;
  const taken = new Set<Refusal>();
  return open.flatMap((old): readonly LostRefusal[] => {
    const version = versions.get(old.place.file);
    const now = nearestOf(old, candidates, taken, version);
    if (now === undefined) return version?.keeps(old) ? [{ old, now, difference: 'gone', isTelling: tells(old) }] : [];
    taken.add(now);
    return judge(old, now, version);
  });
}

function judge(old: Refusal, now: Refusal, version: NewVersion | undefined): readonly LostRefusal[] {
  const difference = compareConditions(
    normalise(old.condition, old.demands),
    normalise(now.condition, now.demands),
    (from, to) => version?.isRenamed(from, to) === true,
  );
  if (difference === 'same' || difference === 'stricter') return [];
  const isTelling = difference === 'other' ? tellsWhenOther(old, now) : tells(old) || tells(now);
  return [{ old, now, difference, isTelling }];
}

/** Those of either side that have no equal on the other. Equal ones stand for each other, each once. */
function withoutEqual(
  old: readonly Refusal[],
  now: readonly Refusal[],
  versions: ReadonlyMap<string, NewVersion>,
): readonly [old: readonly Refusal[], now: readonly Refusal[]] {
  const left = Map.groupBy(now, keyOf);
  const withoutThese = (isSame: (one: Refusal, other: Refusal) => boolean) => (one: Refusal) => {
    const equal = left.get(keyOf(one)) ?? [];
    const at = equal.findIndex((other) => isSame(one, other));
    return at < 0 || equal.splice(at, 1).length === 0;
  };
  const isAtHome = (one: Refusal, other: Refusal): boolean => isHome(one, other, versions.get(one.place.file));
  const isReached = (one: Refusal, other: Refusal): boolean => stillReached(one, other, versions.get(one.place.file));
  const open = old.filter(withoutThese(isAtHome)).filter(withoutThese(isReached));
  const rest = new Set([...left.values()].flat());
  return [open, now.filter((one) => rest.has(one))];
}

function isHome(old: Refusal, now: Refusal, version: NewVersion | undefined): boolean {
  return now.place.file === version?.path && now.owner === old.owner;
}

function keyOf({ condition, demands }: Refusal): string {
  const plain = normalise(condition, demands);
  return `${plain.demands} ${plain.text.replace(/\s+/g, '')}`;
}

/** What a line declares: the name before its parameters, or behind its word. */
const NAMED =
  /(?<name>[\p{L}\p{N}_]{1,100}[?!]?)\s?(?:\(|<)|\b(?:def|fn|func|fun|function|sub|let|proc)\s(?<name>[\p{L}\p{N}_]{1,100}[?!]?)/u;

/** A check that stands elsewhere now is met by those it refused: what it stood in is gone, or names its new place. */
function stillReached(old: Refusal, now: Refusal, version: NewVersion | undefined): boolean {
  if (version === undefined || !version.keeps(old) || now.owner === '') return true;
  const name = NAMED.exec(now.owner)?.groups?.['name'];
  if (name === undefined) return true;
  return version.countOf(name) > (now.place.file === version.path ? 1 : 0);
}

function nearestOf(
  old: Refusal,
  fresh: readonly Refusal[],
  taken: ReadonlySet<Refusal>,
  version: NewVersion | undefined,
): Refusal | undefined {
  const rated = fresh
    .filter((one) => !taken.has(one) && (isHome(old, one, version) || stillReached(old, one, version)))
    .map((one) => {
      const isNear = isHome(old, one, version) || (one.place.file === version?.path && one.next === old.next);
      const likeness = likenessOf(old.words, one.words) + (one.says === old.says ? 0.1 : 0);
      return { one, likeness, least: isNear ? ALIKE_NEAR : ALIKE_FAR };
    })
    .filter(({ likeness, least }) => likeness >= least);
  return rated.sort((a, b) => b.likeness - a.likeness)[0]?.one;
}
