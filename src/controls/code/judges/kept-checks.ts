import type { CheckFact, ResultFact } from '../facts/index.ts';
import { type Formula, negate } from '../formula.ts';
import type { Sides } from '../match.ts';

/**
 * Whether the answer of the function says now what a check said that is gone: `if (!a) return false; return b` became
 * `return a && b`. Every answer that came must refuse whenever the check did.
 */
export function isInAnswer(check: CheckFact, sides: Sides): boolean {
  const refusal = /\b(true|false)\b/i.exec(check.answer)?.[1]?.toLowerCase();
  const scope = sides.successorOf(check.scope)?.name;
  if (!/^return\s+\w+$/.test(check.answer) || refusal === undefined || scope === undefined) return false;
  const answers = sides.match('result').come.filter((fact) => fact.scope === scope);
  const opens = sides.match('check').come.some((fact) => fact.scope === scope && fact.exit === 'accept');
  const covers = ({ formula }: ResultFact): boolean =>
    refusal === 'false' ? isImplied(formula, negate(check.formula)) : isImplied(check.formula, formula);
  return answers.length > 0 && !opens && answers.every(covers);
}

/** Whether a check of the same thing stood before this one, refuses as well, and still stands. */
export function isAskedBefore(check: CheckFact, sides: Sides): boolean {
  return sides
    .match('check')
    .same.some(
      ([before, after]) =>
        before.scope === check.scope &&
        before.exit === 'deny' &&
        after.exit === 'deny' &&
        before.errorOf === undefined &&
        before.term.start < check.term.start &&
        after.under.every((key) => check.under.includes(key)) &&
        isImplied(check.formula, before.formula),
    );
}

/** Whether the second holds whenever the first does: each case of the first has all parts of one of the second. */
function isImplied(first: Formula, second: Formula): boolean {
  return first.every((atoms) => {
    const keys = new Set(atoms.map(({ key }) => key));
    return second.some((other) => other.every(({ key }) => keys.has(key)));
  });
}
