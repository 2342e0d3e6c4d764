import { ALWAYS, type Formula, negate, readFormula } from '../formula.ts';
import { partOf, partsOf, showTerm, type Term, termsIn } from '../terms/index.ts';
import { rememberAnswer } from './answers.ts';
import { compareTo, formulaKey, isErrorTest, keysOf, statementsOf } from './conditions.ts';
import { isDenial, leavingOf } from './exit.ts';
import type { CallFact, Fact } from './fact.ts';
import type { Surroundings } from './place.ts';
import type { FactWalk } from './walk.ts';

export function visitBranch(walk: FactWalk, term: Term, around: Surroundings): void {
  const test = partOf(term, 'test');
  const initializer = partOf(term, 'initializer');
  const at = initializer === undefined ? around : rememberAnswer(initializer, [], 0, around);
  const then = statementsOf(partOf(term, 'then'));
  const otherwise = partOf(term, 'else');
  if (initializer) walk.visit(initializer, at);
  if (test === undefined) {
    walk.parts(term, at);
    return;
  }
  const formula = readFormula(test, true, at.rendering);
  judgeBranch(walk, term, test, formula, { then, otherwise, initializer }, at);
  walk.visit(test, at);
  walk.statements(then, { ...at, under: [...at.under, ...keysOf(formula)] });
  if (otherwise) walk.statements(statementsOf(otherwise), { ...at, under: [...at.under, ...keysOf(negate(formula))] });
}

/** A branch that leaves is a check; any other is a condition for what it holds. */
function judgeBranch(
  walk: FactWalk,
  term: Term,
  test: Term,
  formula: Formula,
  {
    then,
    otherwise,
    initializer,
  }: { then: readonly Term[]; otherwise: Term | undefined; initializer: Term | undefined },
  at: Surroundings,
): void {
  const leaving = leavingOf(then, at.scope);
  const refusal = otherwise === undefined ? undefined : leavingOf(statementsOf(otherwise), at.scope);
  const key = (suffix: string, of: Formula): string => `${formulaKey(of)} → ${suffix}`;
  if (leaving) {
    const errorOf = leaving.passesError || isErrorTest(test) ? findErrorSource(walk, test, initializer, at) : undefined;
    const draft = { formula, exit: leaving.exit, answer: leaving.answer, errorOf };
    const whose = errorOf === undefined ? '' : ` of ${errorOf}`;
    walk.add('check', term, at, { ...draft, key: key(`${leaving.exit}${whose}`, formula) });
  }
  if (refusal?.exit === 'deny' && otherwise?.kind !== 'if' && leaving?.exit !== 'deny') {
    const opposite = negate(formula);
    const draft = { formula: opposite, exit: refusal.exit, answer: refusal.answer, errorOf: undefined };
    walk.add('check', term, at, { ...draft, key: key('deny', opposite) });
  } else if (!leaving) walk.add('condition', term, at, { formula, key: key('then', formula) });
}

function findErrorSource(
  walk: FactWalk,
  test: Term,
  initializer: Term | undefined,
  at: Surroundings,
): string | undefined {
  if (!isErrorTest(test)) return undefined;
  const call = initializer === undefined ? undefined : [...termsIn(initializer)].find(({ kind }) => kind === 'call');
  if (call) return walk.render(call, at);
  const isCall = (fact: Fact): fact is CallFact => fact.kind === 'call' && fact.scope === at.scope;
  const last = walk.facts.findLast(isCall);
  // Of `err := check(ctx, find(id))` the outer call gives the error; what is given to it is read after it.
  const outer = walk.facts.findLast(
    (fact): fact is CallFact => isCall(fact) && fact.error === 'handled' && last !== undefined && holds(fact, last),
  );
  return (outer ?? last)?.key ?? '';
}

function holds({ term }: CallFact, { term: inner }: CallFact): boolean {
  return term.start <= inner.start && inner.end <= term.end;
}

export function visitConditional(walk: FactWalk, term: Term, at: Surroundings): void {
  const test = partOf(term, 'test');
  if (test === undefined) {
    walk.parts(term, at);
    return;
  }
  const formula = readFormula(test, true, at.rendering);
  walk.add('condition', term, at, { formula, key: `${formulaKey(formula)} → then` });
  walk.visit(test, at);
  const then = partOf(term, 'then');
  const otherwise = partOf(term, 'else');
  if (then) walk.visit(then, { ...at, under: [...at.under, ...keysOf(formula)] });
  if (otherwise) walk.visit(otherwise, { ...at, under: [...at.under, ...keysOf(negate(formula))] });
}

/** `isAdmin && remove()`: the last part happens only if the others hold. */
export function visitShortCircuit(walk: FactWalk, term: Term, at: Surroundings): void {
  noteStray(walk, term, at);
  let under = at.under;
  for (const part of term.parts) {
    walk.visit(part, { ...at, under });
    under = [...under, ...keysOf(readFormula(part, true, at.rendering))];
  }
}

/** A condition that no statement tests: an argument, an operand. */
export function noteStray(walk: FactWalk, term: Term, at: Surroundings): void {
  if (term.role !== undefined && term.role !== 'value') return;
  const formula = readFormula(withoutValue(term), true, at.rendering);
  walk.add('condition', term, at, { formula, key: `${formulaKey(formula)} → then` });
}

/** What can only be the value of `ready && <Page />`, and no condition. */
const VALUES = new Set(['other', 'map', 'list', 'string', 'text', 'number', 'new', 'function', 'class']);

function withoutValue(term: Term): Term {
  const last = term.parts.at(-1);
  if (term.kind !== 'and' || term.parts.length < 2 || last === undefined || !VALUES.has(last.kind)) return term;
  const [first, ...more] = term.parts.slice(0, -1);
  return first === undefined || more.length > 0 ? { ...term, parts: term.parts.slice(0, -1) } : first;
}

export function visitChoice(walk: FactWalk, term: Term, at: Surroundings): void {
  const subject = partOf(term, 'subject');
  if (subject) walk.visit(subject, at);
  const initializer = partOf(term, 'initializer');
  if (initializer) walk.visit(initializer, at);
  const body = partOf(term, 'body');
  for (const part of body?.parts ?? term.parts) {
    if (part.kind !== 'case') continue;
    const test = partOf(part, 'test') ?? part.parts.flatMap((label) => partOf(label, 'test') ?? [])[0];
    const statements = part.parts.filter((inner) => inner !== test && partOf(inner, 'test') === undefined);
    const whole = test === undefined ? undefined : compareTo(subject, test);
    const formula = whole === undefined ? ALWAYS : readFormula(whole, true, at.rendering);
    const leaving = whole === undefined ? undefined : leavingOf(statements.flatMap(statementsOf), at.scope);
    if (leaving?.exit === 'deny' || (leaving && subject === undefined)) {
      const draft = { formula, exit: leaving.exit, answer: leaving.answer, errorOf: undefined };
      walk.add('check', part, at, { ...draft, key: `${formulaKey(formula)} → ${leaving.exit}` });
    }
    if (test) walk.visit(test, at);
    walk.statements(statements, {
      ...at,
      under: [...at.under, ...(whole === undefined ? ['default'] : keysOf(formula))],
    });
  }
}

export function visitTry(walk: FactWalk, term: Term, at: Surroundings): void {
  for (const part of term.parts) {
    if (part.kind !== 'catch') {
      walk.visit(part, at);
      continue;
    }
    const body = partsOf(part, 'body').flatMap(statementsOf);
    const guarded = term.parts.find(({ role }) => role === 'body') ?? term;
    const leaving = leavingOf(body, at.scope);
    walk.add('catch', part, at, {
      key: `catch ${body.length === 0 ? 'empty' : (leaving?.exit ?? 'goes on')}`,
      empty: body.length === 0,
      denies: leaving?.exit === 'deny' || body.some((statement) => statement.kind === 'throw' || isDenial(statement)),
      guarded: showTerm(guarded, 400),
    });
    walk.declare(partOf(part, 'parameters'), at);
    walk.statements(body, { ...at, under: [...at.under, 'catch'] });
  }
}

export function visitAssert(walk: FactWalk, term: Term, at: Surroundings): void {
  const [test] = term.parts;
  if (test === undefined) return;
  const formula = negate(readFormula(test, true, at.rendering));
  const draft = {
    formula,
    exit: 'deny',
    answer: 'assert',
    errorOf: undefined,
    key: `${formulaKey(formula)} → deny`,
  } as const;
  walk.add('check', term, at, draft);
  walk.visit(test, at);
}
