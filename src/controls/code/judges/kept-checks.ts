import type { CheckFact, Fact, ResultFact } from '../facts/index.ts';
import { type Formula, type FormulaChange, negate } from '../formula.ts';
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

/**
 * Whether other checks refuse now in each case in which this one did: `if (a || b) throw e` became `if (a) throw e;
 * if (b) throw f`. They stand before whatever stood behind it.
 */
export function isDivided(check: CheckFact, sides: Sides): boolean {
  const scope = sides.successorOf(check.scope)?.name;
  const around = new Set([...check.under, ...negate(check.formula).flatMap((atoms) => atoms.map(({ key }) => key))]);
  const refusals = sides.after.facts.filter(
    (fact): fact is CheckFact =>
      fact.kind === 'check' &&
      fact.scope === scope &&
      fact.exit === 'deny' &&
      fact.errorOf === undefined &&
      fact.under.every((key) => around.has(key)),
  );
  const found = check.formula.map((atoms) => refusals.find(({ formula }) => isImplied([atoms], formula)));
  const { come, moved } = sides.match('check');
  const isNew = (fact: CheckFact | undefined): boolean =>
    fact !== undefined && (come.includes(fact) || moved.some(([, after]) => after === fact));
  if (found.includes(undefined) || !found.some(isNew)) return false;
  const last = Math.max(...found.map((fact) => fact?.term.start ?? 0));
  const stood = (facts: readonly Fact[], where: string | undefined, test: (fact: Fact) => boolean) =>
    facts.flatMap((fact) =>
      (fact.kind === 'call' || fact.kind === 'write') && fact.scope === where && test(fact) ? [fact.key] : [],
    );
  const earlier = new Set(stood(sides.before.facts, check.scope, ({ term }) => term.start < check.term.end));
  const later = new Set(stood(sides.before.facts, check.scope, ({ term }) => term.start >= check.term.end));
  return !stood(sides.after.facts, scope, ({ term }) => term.start < last).some(
    (key) => later.has(key) && !earlier.has(key),
  );
}

/** `x == null || !(x instanceof T)` became `!(x instanceof T)`: what is nothing is of no type. */
export function isToldByType({ dropped, added }: FormulaChange, after: CheckFact): boolean {
  const asksType = (name: string): boolean =>
    after.formula.some(([only, ...more]) => more.length === 0 && only?.key.startsWith(`!${name} instanceof `) === true);
  return (
    added.length === 0 &&
    dropped.every(({ key }) => {
      const name = /^(?:null\s==\s)?([\w.]{1,80})(?:\s==\snull)?$/.exec(key)?.[1];
      return name !== undefined && key !== name && asksType(name);
    })
  );
}

/** Whether the second holds whenever the first does: each case of the first has all parts of one of the second. */
function isImplied(first: Formula, second: Formula): boolean {
  return first.every((atoms) => {
    const keys = new Set(atoms.map(({ key }) => key));
    return second.some((other) => other.every(({ key }) => keys.has(key)));
  });
}
