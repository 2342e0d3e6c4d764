import type { SanitizerRow } from '../catalogue.ts';
import { allArguments } from './arguments.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';
import { conditionsHold } from './conditions.ts';
import { type Facts, factsOf, refinement } from './facts.ts';
import { VOUCHES } from './idioms.ts';
import type { Made } from './made-call.ts';
import { applyRefinements } from './refine.ts';

/** What passed the test is harmless for what the row says. */
export function guardFacts({ callee, given, rows, subjects, machine }: Made): Facts | undefined {
  const guards = rows.sanitizers.filter(
    (row) => (row.form === 'guard' || row.form === 'check') && conditionsHold(row, subjects, machine),
  );
  const vouched = callee.target.callables.length === 0 ? vouchedBy(callee.name) : 0;
  if (guards.length === 0 && vouched === 0) return undefined;
  const mask = guards.reduce((all, row) => all | guardMask(row), vouched);
  for (const { id, byUser } of guards) if (byUser) machine.believed.add(id);
  const tested = allArguments(given);
  const values = tested.some((value) => value.views.length > 0) ? tested : callee.receiver ? [callee.receiver] : [];
  const proven = values.flatMap((value) =>
    value.views.flatMap((seen) => (seen.relation === 'same' ? refinement(seen.cell, mask) : [])),
  );
  // A check says by an error that it failed: with nothing in it, it has passed.
  return guards.some(({ form }) => form === 'check') ? factsOf([], proven) : factsOf(proven, []);
}

/** A check of Java throws when it fails: what comes after it may believe it. */
export function applyChecks(made: Made): void {
  if (made.rows.sanitizers.some(({ form }) => form === 'check'))
    applyRefinements(guardFacts(made)?.whenFalse ?? [], made.machine);
}

/** What a test outside of the tree vouches for by its name. */
function vouchedBy(name: string): number {
  return maskOf(VOUCHES.find((row) => row.name.test(name))?.clears ?? []);
}

/** A test of characters does not make a value the server's own. */
function guardMask(row: SanitizerRow): number {
  return row.clears.includes('*') ? EVERYTHING & ~maskOf(['session']) : maskOf(row.clears);
}
