import type { CallFact } from '../facts/index.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';

/** What keeps another request out between a look and a change, and how its loss is told. */
interface LockKind {
  readonly locks: (call: CallFact) => boolean;
  /** It is worth a row only around a check that refuses. */
  readonly aroundCheck: boolean;
  readonly nameOf: (call: CallFact) => string;
}

const lastOf = ({ names }: CallFact): string => names.at(-1) ?? '';

const ROW_LOCK =
  /^(?:select_?for_?update|with_?for_?update|for_?update|lock_?for_?update|setLockMode|pessimisticLock)$/i;
const LOCKING_SQL = /\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b/i;
const MUTEX = /^(?:R?Lock|lock|lockInterruptibly|tryLock|acquire|runExclusive|withLock|with_lock)$/;
const MUTEX_HOLDER = /mu$|mutex|lock|semaphore/i;
const TRANSACTION =
  /^(?:atomic|\$?transaction|withTransaction|runInTransaction|inTransaction|begin|[bB]eginTx|Begin|savepoint)$/;

const KINDS: readonly LockKind[] = [
  { locks: ({ names }) => names.some((name) => ROW_LOCK.test(name)), aroundCheck: false, nameOf: lastOf },
  {
    locks: (call) => call.arguments.some((text) => LOCKING_SQL.test(text)),
    aroundCheck: false,
    nameOf: () => 'FOR UPDATE',
  },
  {
    locks: takesLock,
    aroundCheck: true,
    nameOf: ({ names }) => names.join('.'),
  },
  { locks: (call) => TRANSACTION.test(lastOf(call)), aroundCheck: true, nameOf: ({ names }) => names.join('.') },
];

/** Whether a call takes a lock: that is no check of who asks. */
export function takesLock(call: CallFact): boolean {
  return MUTEX.test(lastOf(call)) && MUTEX_HOLDER.test(call.names.slice(0, -1).join('.'));
}

/** What was locked while it was looked at and changed no longer is. */
export function judgeLocks(sides: Sides): readonly Judgement[] {
  const { gone } = sides.match('call');
  return KINDS.flatMap((kind) => {
    const lost = gone.filter((call) => kind.locks(call) && isLost(call, kind, sides));
    const scopes = new Map(lost.map((call) => [call.scope, call]));
    return [...scopes.values()].map((call) => tell(call, kind));
  });
}

function tell(before: CallFact, { nameOf }: LockKind): Judgement {
  const message = `\`${clip(nameOf(before), 40)}\` is gone${inScope(before.scope)}: two requests at once both see what was there before.`;
  const base = { group: 'call', direction: 'weakened', subject: before.names.join('.'), before } as const;
  return { ...base, control: 'lock-removed', severity: 'high', message };
}

function isLost(before: CallFact, kind: LockKind, sides: Sides): boolean {
  const scope = sides.successorOf(before.scope)?.name;
  if (scope === undefined) return false;
  const now = sides.after.facts.filter((fact): fact is CallFact => fact.kind === 'call' && fact.scope === scope);
  if (now.some((call) => KINDS.some(({ locks }) => locks(call)))) return false;
  if (isHandedOn(before, now) || isDecorated(scope, sides)) return false;
  return kind.aroundCheck ? stillChecks(before, sides, scope) : stillReads(before, now);
}

/** `runLocked(&c.lock, …)`: the lock itself goes to a function that takes it. */
function isHandedOn({ names }: CallFact, now: readonly CallFact[]): boolean {
  const holder = names.slice(0, -1).join('.');
  return (
    MUTEX_HOLDER.test(holder) && now.some((call) => call.arguments.some((text) => text.replace(/^& ?/, '') === holder))
  );
}

const TRANSACTIONAL = /(?:^|\.)(?:\w{0,30}atomic|\w{0,30}transaction(?:al)?|writer|synchronized|locked|with_?lock)$/i;

/** `@transaction.atomic`, `@Transactional`: the whole function runs in what a part of it did. */
function isDecorated(scope: string, sides: Sides): boolean {
  return sides
    .match('decorator')
    .come.some((fact) => (fact.scope === scope || scope.startsWith(`${fact.scope}.`)) && TRANSACTIONAL.test(fact.name));
}

/** The query itself is still there: what was dropped is the lock, not the work. */
function stillReads(before: CallFact, now: readonly CallFact[]): boolean {
  const isStep = ROW_LOCK.test(lastOf(before));
  const holders = isStep ? before.names.slice(0, -1) : before.names;
  return now.some(({ names }) => holders.length === 0 || holders.every((name) => names.includes(name)));
}

/** A check that refuses stood behind it, and still does: what it saw may be gone when it acts. */
function stillChecks(before: CallFact, sides: Sides, scope: string): boolean {
  const refusals = sides
    .match('check')
    .same.filter(
      ([old, now]) =>
        old.scope === before.scope &&
        now.scope === scope &&
        old.exit === 'deny' &&
        old.errorOf === undefined &&
        old.order > before.order,
    );
  return refusals.length > 0;
}
