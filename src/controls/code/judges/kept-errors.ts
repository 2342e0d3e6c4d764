import type { CallFact, CheckFact } from '../facts/index.ts';
import type { Sides } from '../match.ts';
import { staysOutside, termsIn } from '../terms/index.ts';

/** Whether nothing is ignored where a Go function no longer tests the error of a call that it still makes. */
export function isErrorKept(check: CheckFact, after: CallFact, sides: Sides): boolean {
  if (!sides.path.endsWith('.go') || after.alone || after.error === 'dropped') return false;
  const before = sides.before.facts.find(
    (fact): fact is CallFact => fact.kind === 'call' && fact.scope === check.scope && fact.key === check.errorOf,
  );
  return before !== undefined && (givesNoError(before, after) || isHandedOn(before, after, sides));
}

/** Nobody can leave a result out: where the others are used and no variable takes an error, the call gives none. */
function givesNoError(before: CallFact, after: CallFact): boolean {
  return before.targets > 1 && after.targets < before.targets && after.error === 'unknown';
}

/** `if err := f(); err != nil { return err }; return nil` became `return f()`, or `err := f(); return err`. */
function isHandedOn(before: CallFact, after: CallFact, sides: Sides): boolean {
  const body = sides.after.scopes.get(after.scope)?.term;
  const answers = body === undefined ? [] : [...termsIn(body, staysOutside)].filter(({ kind }) => kind === 'return');
  if (before.targets === 1 && after.targets === 0)
    return answers.some(({ start, end }) => start <= after.term.start && after.term.end <= end);
  const next = answers.find(({ start }) => start >= after.term.end);
  const isBetween =
    next !== undefined &&
    sides.after.facts.some(
      (fact) =>
        fact.kind === 'call' &&
        fact.scope === after.scope &&
        fact.term.start >= after.term.end &&
        fact.term.end <= next.start,
    );
  return (
    next !== undefined &&
    !isBetween &&
    after.error === 'handled' &&
    [...termsIn(next)].some(({ kind, text }) => kind === 'name' && /^err\w*$/.test(text))
  );
}
