import type { CallFact } from '../facts/index.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';

/** Steps of a query that lock the rows they read until the end of the transaction. */
const ROW_LOCK =
  /^(?:select_?for_?update|with_?for_?update|for_?update|lock_?for_?update|setLockMode|pessimisticLock)$/i;

/** Rows that were locked while they were changed no longer are. */
export function judgeLocks(sides: Sides): readonly Judgement[] {
  return sides.match('call').gone.flatMap((before): readonly Judgement[] => {
    const scope = sides.successorOf(before.scope)?.name;
    const name = before.names.at(-1) ?? '';
    if (!ROW_LOCK.test(name) || scope === undefined || stillLocks(sides, scope) || !stillReads(before, sides, scope))
      return [];
    const message = `\`${clip(name, 40)}\` is gone${inScope(before.scope)}: two requests at once both see what was there before.`;
    return [
      {
        control: 'lock-removed',
        group: 'call',
        direction: 'weakened',
        severity: 'high',
        message,
        subject: before.names.join('.'),
        before,
      },
    ];
  });
}

function callsIn(sides: Sides, scope: string): readonly CallFact[] {
  return sides.after.facts.filter((fact): fact is CallFact => fact.kind === 'call' && fact.scope === scope);
}

function stillLocks(sides: Sides, scope: string): boolean {
  return callsIn(sides, scope).some(({ names }) => names.some((name) => ROW_LOCK.test(name)));
}

/** The query itself is still there: what was dropped is the lock, not the work. */
function stillReads(before: CallFact, sides: Sides, scope: string): boolean {
  const holders = before.names.slice(0, -1);
  return callsIn(sides, scope).some(
    ({ names }) => holders.length === 0 || holders.every((name) => names.includes(name)),
  );
}
