import type { CallFact, CheckFact, FactSheet } from '../facts/index.ts';
import type { Formula } from '../formula.ts';
import { argumentsOf, lastName, partOf, type Term } from '../terms/index.ts';

/**
 * What a check asks, in words that stay when it goes to another function: properties, methods, texts, numbers and names
 * that the function does not declare itself. A list of cases, and in each of them what is compared how.
 */
export type Sketch = readonly (readonly string[])[];

/** Parts of one condition; a longer one is compared by its first ones, on both sides alike. */
const MOST_WORDS = 60;

/** The sketch of a check; `undefined` when nothing in it tells it from others: `if (!found)`. */
export function sketchCheck(check: CheckFact, sheet: FactSheet): Sketch | undefined {
  return sketchFormula(check.formula, declaredAround(check.scope, sheet));
}

/** The sketch of a call: its name, and what is given to it. */
export function sketchCall(call: CallFact, sheet: FactSheet): Sketch {
  const own = declaredAround(call.scope, sheet);
  const given = argumentsOf(call.term).map((one) => wordsOf(one, own).join(' '));
  return [[`${call.names.at(-1)}(${given.join(', ')})`]];
}

/** Whether the second refuses in every case in which the first did. */
export function covers(lost: Sketch, found: Sketch): boolean {
  return lost.every((atoms) => found.some((other) => other.every((atom) => atoms.includes(atom))));
}

function sketchFormula(formula: Formula, own: ReadonlySet<string>): Sketch | undefined {
  let tells = formula.length > 0;
  const cases = formula.map((atoms) => {
    if (atoms.length === 0) tells = false;
    return atoms.map(({ term, operator, negated }) => {
      const sides = operator === '' ? [wordsOf(term, own)] : term.parts.map((part) => wordsOf(part, own));
      if (sides.every((words) => words.length === 0)) tells = false;
      return showComparison(operator === '' && negated ? 'not' : operator, sides);
    });
  });
  return tells ? cases : undefined;
}

/** The sides of an equality may change places; those of an order may with its sign. */
function showComparison(operator: string, sides: readonly (readonly string[])[]): string {
  const texts = sides.map((words) => words.join(' '));
  if (/^[<>]=?$/.test(operator))
    return operator.startsWith('>')
      ? `${operator.replace('>', '<')} ${texts.toReversed().join(' | ')}`
      : `${operator} ${texts.join(' | ')}`;
  return `${operator} ${/^(?:[!=]==?|is(?: not)?)$/.test(operator) ? texts.sort().join(' | ') : texts.join(' | ')}`;
}

/** The names that a function and those around it declare. */
function declaredAround(scope: string, { scopes }: FactSheet): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at = scope; ; at = at.slice(0, Math.max(at.lastIndexOf('.'), 0))) {
    for (const name of scopes.get(at)?.declared ?? []) if (at !== '') names.add(name);
    if (at === '') return names;
  }
}

/** Of `request.user.isAdmin` the last name says what is asked; who holds it is called otherwise elsewhere. */
function wordsOf(root: Term, own: ReadonlySet<string>): readonly string[] {
  const words: string[] = [];
  const queue = [root];
  for (let term = queue.pop(); term !== undefined && words.length < MOST_WORDS; term = queue.pop()) {
    if (term.kind === 'member') {
      words.push(lastName(term));
      const [holder] = term.parts;
      if (holder && holder.kind !== 'name' && holder.kind !== 'member' && holder.kind !== 'self') queue.push(holder);
      continue;
    }
    if (term.kind === 'not' || term.kind === 'operation' || term.kind === 'compare') words.push(term.text || 'not');
    const parts =
      term.kind === 'call' ? [...argumentsOf(term).toReversed(), ...calleeOf(term)] : term.parts.toReversed();
    if (term.kind === 'call' || parts.length > 0) for (const part of parts) queue.push(part);
    else if (term.text !== '' && !(term.kind === 'name' && own.has(term.text))) words.push(term.text);
  }
  return words;
}

/** The method, and what it is called of: `permissions.includes`. */
function calleeOf(call: Term): readonly Term[] {
  const callee = partOf(call, 'callee');
  if (callee === undefined) return [];
  const holder = callee.kind === 'member' ? callee.parts[0] : undefined;
  return holder?.kind === 'member' ? [holder, callee] : [callee];
}
