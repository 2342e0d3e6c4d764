import type { ControlChange } from '../../model.ts';
import { isCheckName } from '../lexicon.ts';
import { clip } from '../terms/index.ts';
import { settleGate } from './gates.ts';
import type { Link } from './links.ts';
import { covers } from './sketch.ts';
import type { Mark, Trail } from './trail.ts';

/** Classes of what is gone, and what they become when it runs elsewhere. */
const MOVED: { readonly [gone: string]: string } = {
  'guard-removed': 'guard-moved',
  'security-call-removed': 'call-moved',
};

/**
 * Settles what left one function and came in another: a check that is gone, and that stands in a function which now runs
 * in its place, moved. That a check of the same words came somewhere is not enough: something must lead there, and on
 * the way nothing may let anybody past. Call it once with the changes and the trails of all files.
 */
export function reconcileMoves(changes: readonly ControlChange[], trails: readonly Trail[]): readonly ControlChange[] {
  const added = namesAdded(changes);
  const used = new Set<Mark>();
  return changes.map((change): ControlChange => {
    if (change.control === 'function-removed') return settleFunctions(change, added);
    const moved = Object.hasOwn(MOVED, change.control) ? MOVED[change.control] : undefined;
    if (moved === undefined || change.direction !== 'weakened') return change;
    const home = findHome(change, trails, used);
    if (home === undefined) return settleGate(change, trails);
    used.add(home.mark);
    const where = `${home.mark.scope === '' ? '' : `${clip(home.mark.scope, 60)} in `}\`${home.mark.place.file}\``;
    const message = `${change.message.replace(/\.$/, '')}; the same stands in ${where}, which ${home.how} now.`;
    return {
      ...change,
      control: moved,
      direction: home.leads === 'here' ? 'moved' : 'changed',
      severity: home.leads === 'here' ? 'low' : 'medium',
      message,
      after: home.mark.place,
    };
  });
}

interface Home {
  readonly mark: Mark;
  readonly how: string;
  /** `here`: it runs wherever the old one did. `away`: whoever comes another way is not checked. */
  readonly leads: 'here' | 'away';
}

/** Where a check that is gone stands now; the way that leads there for everybody comes first. */
function findHome(change: ControlChange, trails: readonly Trail[], used: ReadonlySet<Mark>): Home | undefined {
  const { before } = change;
  if (before === undefined) return undefined;
  const homes = trails.flatMap((from) => {
    const lost = from.lost.find(({ place }) => place.file === before.file && place.span.start === before.span.start);
    if (lost === undefined) return [];
    return trails.flatMap((to) =>
      to.found.flatMap((mark) =>
        used.has(mark) || !isSame(lost, mark) ? [] : (leadTo(lost, from, mark, to, trails) ?? []),
      ),
    );
  });
  return homes.find(({ leads }) => leads === 'here') ?? homes[0];
}

/** Whether the new one refuses whom the old one refused, once somebody comes to it. */
function isSame(lost: Mark, found: Mark): boolean {
  return (
    found.kind === lost.kind &&
    found.scope !== '' &&
    covers(lost.sketch, found.sketch) &&
    found.under.every((key) => lost.under.includes(key)) &&
    found.passes.every((key) => lost.passes.includes(key))
  );
}

function leadTo(lost: Mark, from: Trail, mark: Mark, to: Trail, trails: readonly Trail[]): Home | undefined {
  const names = new Set(mark.scope.split('.'));
  const isOwn = mark.scope === lost.scope && to.path === from.path;
  if (isOwn) return undefined;
  const leads = (link: Link, trail: Trail): boolean => names.has(link.name) && runsFor(link, trail, lost, from, mark);
  const link = trails.flatMap((trail) => trail.links.filter((one) => leads(one, trail)))[0];
  const how =
    link === undefined
      ? undefined
      : { call: 'is called here', before: 'runs before it', base: 'it inherits' }[link.kind];
  if (how !== undefined) return { mark, how, leads: 'here' };
  const own = lastOf(lost.scope);
  const caller = to.calls.get(mark.scope)?.some(({ name, start }) => name === own && start >= mark.place.span.end);
  return caller === true && own !== '' ? { mark, how: 'calls it', leads: 'away' } : undefined;
}

/** Whether a link makes a function run where the lost check stood, before what stood behind it. */
function runsFor(link: Link, { path }: Trail, lost: Mark, from: Trail, mark: Mark): boolean {
  if (!link.under.every((key) => lost.under.includes(key))) return false;
  const isHere = path === from.path;
  switch (link.kind) {
    case 'call':
      return (
        isHere &&
        link.of === lost.scope &&
        (mark.throws || !link.alone) &&
        !link.behind.some((name) => lost.follows.includes(name) && !mark.follows.includes(name))
      );
    case 'before':
      return (
        (isHere && (link.of === '*' || isAround(link.of, lost.scope))) || link.handlers.includes(lastOf(lost.scope))
      );
    case 'base':
      return isHere && isAround(link.of, lost.scope) && mark.scope.startsWith(`${link.name}.`) && isHook(mark, lost);
  }
}

/** A method that a base class runs by itself, or that takes the place of the one that lost the check. */
function isHook({ scope }: Mark, lost: Mark): boolean {
  const name = lastOf(scope);
  return (
    name === lastOf(lost.scope) ||
    /^(?:before\w*|pre\w*|dispatch|init\w*|set_?up|prepare|handle\w*|service|do_?filter\w*|check\w*|authori[sz]e\w*|authenticate\w*|constructor|__init__)$/i.test(
      name,
    )
  );
}

function isAround(outer: string, scope: string): boolean {
  return outer !== '' && (scope === outer || scope.startsWith(`${outer}.`));
}

function lastOf(scope: string): string {
  return scope.slice(scope.lastIndexOf('.') + 1);
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
  if (home === undefined || homes.includes(undefined)) return settleHollow(change, elsewhere);
  const message = `${change.message.replace(/\.$/, '')}; the same with the same checks stands in \`${home}\` now.`;
  return { ...change, control: 'function-moved', direction: 'moved', severity: 'low', message };
}

/** A check whose name came in another file, and its checks did not: whoever calls it by its name is no longer checked. */
function settleHollow(
  change: ControlChange,
  elsewhere: readonly (readonly [string, ReadonlySet<string>])[],
): ControlChange {
  const names = change.subject.split(',').map((one) => one.slice(0, one.lastIndexOf(':') + 1));
  const hollow = elsewhere.flatMap(([file, added]) =>
    names.flatMap((name) =>
      isCheckName(name.slice(0, -1)) && [...added].some((one) => one.startsWith(name)) ? [{ file, name }] : [],
    ),
  )[0];
  if (hollow === undefined) return change;
  const message = `${change.message.replace(/\.$/, '')}; \`${clip(hollow.name.slice(0, -1), 60)}\` in \`${hollow.file}\` has other checks.`;
  return { ...change, severity: 'high', message };
}
