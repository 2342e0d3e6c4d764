import type { Formula } from '../formula.ts';
import { asksAccess, meaningOf } from '../lexicon.ts';
import { lastName, namesOf, type Term } from '../terms/index.ts';

export function statementsOf(term: Term | undefined): readonly Term[] {
  if (term === undefined) return [];
  return term.kind === 'block' ? term.parts.flatMap((part) => (part.kind === 'block' ? part.parts : [part])) : [term];
}

export function keysOf(formula: Formula): readonly string[] {
  const [first] = formula;
  return formula.length === 1 && first !== undefined ? first.map(({ key }) => key) : [formulaKey(formula)];
}

/** One text for a formula, whatever the order of its parts. */
export function formulaKey(formula: Formula): string {
  return formula
    .map((atoms) => [...new Set(atoms.map(({ key }) => key))].sort().join(' && '))
    .sort()
    .join(' || ');
}

export function isErrorTest(test: Term): boolean {
  if (test.kind === 'name') return /^(?:err|error)$/i.test(test.text);
  const [left, right] = test.parts;
  return (
    test.kind === 'compare' &&
    /^(?:!=|!==|is not)$/.test(test.text) &&
    left?.kind === 'name' &&
    /^err/i.test(left.text) &&
    right?.kind === 'constant'
  );
}

export function isAnswer(value: Term): boolean {
  if (value.kind === 'constant') return /^(?:true|false)$/i.test(value.text);
  if (value.kind === 'await') return value.parts.some(isAnswer);
  return (
    ['compare', 'and', 'or', 'not'].includes(value.kind) ||
    (value.kind === 'call' && (meaningOf(namesOf(value)) === 'check' || asksAccess(lastName(value))))
  );
}

export function compareTo(subject: Term | undefined, value: Term): Term {
  if (subject === undefined) return value;
  return { ...value, kind: 'compare', text: '==', parts: [subject, value] };
}
