import { partOf, type Rendering, renderComparison, renderTerm, type Term } from './terms/index.ts';

/** A condition that is not divided further, or its opposite. */
export interface Atom {
  /** Normal text, the negation included. */
  readonly key: string;
  readonly negated: boolean;
  readonly term: Term;
  /** Set for comparisons: the operator as it holds here, and the sides as they are written with it. */
  readonly operator: string;
  readonly sides: string;
}

/** True when every atom of one of these is true. */
export type Formula = readonly (readonly Atom[])[];

/** How terms of a formula are read. */
export interface Reading extends Rendering {
  /** Variables that hold the answer to a question, and the question. */
  readonly answers?: ReadonlyMap<string, Term>;
}

/** Always true. */
export const ALWAYS: Formula = [[]];

const CASES = 24;
const OPPOSITE: { readonly [operator: string]: string } = {
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  is: 'is not',
  'is not': 'is',
  in: 'not in',
  'not in': 'in',
};

/** The cases in which a condition is true, with negations driven inwards (De Morgan). Large ones stay whole. */
export function readFormula(term: Term, holds = true, options: Reading = {}): Formula {
  const answer = term.kind === 'name' ? options.answers?.get(term.text) : undefined;
  // An answer is looked up once: names in it stay, so that a formula is as long as what was written.
  if (answer !== undefined) return readFormula(answer, holds, withoutAnswers(options));
  if (term.kind === 'not') {
    const [inner] = term.parts;
    if (inner !== undefined) return readFormula(inner, !holds, options);
  }
  if (term.kind === 'and' || term.kind === 'or') {
    const sides = term.parts.map((part) => readFormula(part, holds, options));
    const joined = (term.kind === 'or') === holds ? sides.flat() : sides.reduce(distribute, ALWAYS);
    if (joined.length <= CASES) return joined;
  }
  if (term.kind === 'constant' && /^(?:true|false)$/i.test(term.text)) {
    return (term.text.toLowerCase() === 'true') === holds ? ALWAYS : [];
  }
  return [[readAtom(term, holds, options)]];
}

function withoutAnswers({ answers: _, ...rest }: Reading): Rendering {
  return rest;
}

function distribute(one: Formula, other: Formula): Formula {
  if (one.length * other.length > CASES) return [...one, ...other, ...Array<readonly Atom[]>(CASES).fill([])];
  return one.flatMap((left) => other.map((right) => [...left, ...right]));
}

function readAtom(term: Term, holds: boolean, options: Rendering): Atom {
  if (term.kind === 'compare' && term.parts.length === 2) {
    const operator = holds ? term.text : OPPOSITE[term.text];
    if (operator !== undefined) {
      const sides = term.parts.map((part) => renderTerm(part, options));
      const key = renderComparison(operator, sides);
      return { key, negated: !holds, term, operator, sides: sides.join(' ⋅ ') };
    }
  }
  const text = renderTerm(term, options);
  return { key: holds ? text : `!${text}`, negated: !holds, term, operator: '', sides: text };
}

/** How the cases of one formula lie to those of another: how often the new one is true. */
export interface FormulaChange {
  readonly relation: 'equal' | 'wider' | 'narrower' | 'changed' | 'opposite';
  /** What was there and is not, for the sentence. */
  readonly dropped: readonly Atom[];
  readonly added: readonly Atom[];
  /** Exactly one comparison changed its operator. */
  readonly operator: { readonly before: string; readonly after: string } | undefined;
}

const EQUAL: FormulaChange = { relation: 'equal', dropped: [], added: [], operator: undefined };

/** What holds more often than what: an equality that converts its sides is true more often. */
const WIDER: { readonly [pair: string]: 'wider' | 'narrower' } = {
  '=== ==': 'wider',
  '== ===': 'narrower',
  '!== !=': 'narrower',
  '!= !==': 'wider',
  '< <=': 'wider',
  '<= <': 'narrower',
  '> >=': 'wider',
  '>= >': 'narrower',
  'is ==': 'wider',
  '== is': 'narrower',
  'is not !=': 'narrower',
  '!= is not': 'wider',
};

/** Compare two formulas by their cases. */
export function compareFormulas(before: Formula, after: Formula): FormulaChange {
  const keyOf = (atoms: readonly Atom[]): string => [...new Set(atoms.map(({ key }) => key))].sort().join(' ∧ ');
  const oldCases = new Map(before.map((atoms) => [keyOf(atoms), atoms]));
  const newCases = new Map(after.map((atoms) => [keyOf(atoms), atoms]));
  const gone = [...oldCases].filter(([key]) => !newCases.has(key)).map(([, atoms]) => atoms);
  const come = [...newCases].filter(([key]) => !oldCases.has(key)).map(([, atoms]) => atoms);
  if (gone.length === 0 && come.length === 0) return EQUAL;
  // Of one side the negation may have more cases than were written: the other way round it has not.
  if (isOpposite(before, after) || isOpposite(after, before))
    return { ...EQUAL, relation: 'opposite', dropped: before.flat(), added: after.flat() };
  if (isAlways(after) || before.length === 0) return { ...EQUAL, relation: 'wider', dropped: before.flat() };
  if (isAlways(before) || after.length === 0) return { ...EQUAL, relation: 'narrower', added: after.flat() };
  const changes: FormulaChange[] = [];
  for (const atoms of gone) {
    const partner = bestPartner(atoms, come);
    if (partner === undefined) changes.push({ ...EQUAL, relation: 'narrower', dropped: atoms });
    else {
      come.splice(come.indexOf(partner), 1);
      changes.push(compareCases(atoms, partner));
    }
  }
  for (const atoms of come) changes.push({ ...EQUAL, relation: 'wider', added: atoms });
  return combine(changes);
}

function isAlways(formula: Formula): boolean {
  return formula.some((atoms) => atoms.length === 0);
}

function isOpposite(before: Formula, after: Formula): boolean {
  const negation = negate(before).map((atoms) =>
    atoms
      .map(({ key }) => key)
      .sort()
      .join(),
  );
  const now = after.map((atoms) =>
    atoms
      .map(({ key }) => key)
      .sort()
      .join(),
  );
  return negation.length > 0 && negation.sort().join('|') === now.sort().join('|');
}

/** The formula that is true when this one is not. */
export function negate(formula: Formula): Formula {
  return formula
    .map((atoms): Formula => atoms.map((atom) => [readAtom(atom.term, atom.negated, {})]))
    .reduce(distribute, ALWAYS);
}

function bestPartner(atoms: readonly Atom[], candidates: readonly (readonly Atom[])[]): readonly Atom[] | undefined {
  let best: readonly Atom[] | undefined;
  let most = 0;
  for (const candidate of candidates) {
    const same = atoms.filter((atom) =>
      candidate.some((other) => other.key === atom.key || other.sides === atom.sides),
    );
    const share = same.length / Math.max(atoms.length, candidate.length, 1);
    if (share > most) [best, most] = [candidate, share];
  }
  return best ?? (candidates.length === 1 && atoms.length === 0 ? candidates[0] : undefined);
}

function compareCases(before: readonly Atom[], after: readonly Atom[]): FormulaChange {
  const dropped = before.filter((atom) => !after.some(({ key }) => key === atom.key));
  const added = after.filter((atom) => !before.some(({ key }) => key === atom.key));
  if (dropped.length === 0) return { ...EQUAL, relation: 'narrower', added };
  if (added.length === 0) return { ...EQUAL, relation: 'wider', dropped };
  const [one] = dropped;
  const [other] = added;
  if (
    dropped.length === 1 &&
    added.length === 1 &&
    one !== undefined &&
    other !== undefined &&
    one.sides === other.sides
  ) {
    const operator = { before: one.operator, after: other.operator };
    const relation = WIDER[`${one.operator} ${other.operator}`] ?? 'changed';
    return { relation: one.operator === other.operator ? 'opposite' : relation, dropped, added, operator };
  }
  return { ...EQUAL, relation: 'changed', dropped, added };
}

function combine(changes: readonly FormulaChange[]): FormulaChange {
  const [first = EQUAL] = changes;
  const relations = new Set(changes.map(({ relation }) => relation));
  return {
    relation: relations.size === 1 ? first.relation : 'changed',
    dropped: changes.flatMap(({ dropped }) => dropped),
    added: changes.flatMap(({ added }) => added),
    operator: changes.length === 1 ? first.operator : undefined,
  };
}

/** The test of an `if`, a loop or a conditional. */
export function testOf(term: Term): Term | undefined {
  return partOf(term, 'test');
}
