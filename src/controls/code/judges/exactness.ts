import type { Atom, Formula } from '../formula.ts';
import { argumentsOf, lastName, partOf, renderTerm, type Term } from '../terms/index.ts';

/** How much of a value a comparison looks at: all of it, one end of it, or any part. */
export const EXACTNESS = { part: 1, end: 2, whole: 3 } as const;

/** What a comparison of two texts asks. */
export interface Likeness {
  readonly exactness: number;
  /** Capitals and small letters are the same to it. */
  readonly folded: boolean;
  /** It holds when they are not alike. */
  readonly negative: boolean;
  /** The value that is looked at. */
  readonly whole: string;
  /** What it must be, begin with, or contain. */
  readonly piece: string;
  readonly pieceTerm: Term;
}

/** A function that compares texts. `first`: the value stands before the dot, or is the first or the last argument. */
interface Comparer {
  readonly name: RegExp;
  readonly exactness: number;
  readonly folded?: true;
  readonly value: 'holder' | 'first' | 'last';
  /** What stands before the dot, where the name alone says too little. */
  readonly holder?: RegExp;
}

const { part, end, whole } = EXACTNESS;
const GO = /^(?:strings|bytes)$/;

/** Methods of texts in the five languages, and the functions that do the same. */
const COMPARERS: readonly Comparer[] = [
  { name: /^EqualFold$/, exactness: whole, folded: true, value: 'first', holder: GO },
  { name: /^Equal$/, exactness: whole, value: 'first', holder: GO },
  { name: /^Has(?:Prefix|Suffix)$/, exactness: end, value: 'first', holder: GO },
  { name: /^Contains$/, exactness: part, value: 'first', holder: GO },
  { name: /^equals$/, exactness: whole, value: 'first', holder: /^Objects$/ },
  { name: /^fullmatch$/, exactness: whole, value: 'last', holder: /^re$/ },
  { name: /^match$/, exactness: end, value: 'last', holder: /^re$/ },
  { name: /^search$/, exactness: part, value: 'last', holder: /^re$/ },
  { name: /^(?:equals|contentEquals|__eq__)$/, exactness: whole, value: 'holder' },
  { name: /^equalsIgnoreCase$/, exactness: whole, folded: true, value: 'holder' },
  { name: /^(?:starts[Ww]ith|ends[Ww]ith)$/, exactness: end, value: 'holder' },
  { name: /^(?:includes|contains)$/, exactness: part, value: 'holder' },
];

/** Where a text stands in another one: `value.indexOf(piece) === -1`. */
const FINDER = /^(?:indexOf|lastIndexOf|find|Index)$/;
const EQUAL = /^(?:===?|is)$/;
const UNEQUAL = /^(?:!==?|is not)$/;
const FOLDING = /^(?:toLowerCase|toUpperCase|lower|upper|casefold|toLocaleLowerCase|ToLower|ToUpper)$/;

/** What an atom asks of a text; `undefined` for everything else. */
function readLikeness(atom: Atom): Likeness | undefined {
  const { term } = atom;
  if (term.kind === 'compare' && term.parts.length === 2) return readComparison(atom, term.parts[0], term.parts[1]);
  return term.kind === 'call' ? readCall(term, atom.negated) : undefined;
}

/** The two likenesses by which what had to be equal only has to be like something; the same sides, a wider question. */
export function findLoosened(before: Formula, after: Formula): readonly [Likeness, Likeness] | undefined {
  const [olds, news] = [before.flat(), after.flat()];
  const dropped = olds.filter(({ key }) => !news.some((other) => other.key === key)).slice(0, 8);
  const added = news.filter(({ key }) => !olds.some((other) => other.key === key)).slice(0, 8);
  const asked = added.flatMap((atom) => readLikeness(atom) ?? []);
  if (asked.length === 0) return undefined;
  for (const was of dropped.flatMap((atom) => readLikeness(atom) ?? [])) {
    const is = asked.find((one) => one.negative === was.negative && isAboutSame(was, one) && isLooser(was, one));
    if (is !== undefined) return [was, is];
  }
  return undefined;
}

function isLooser(was: Likeness, is: Likeness): boolean {
  return is.exactness < was.exactness || (is.exactness === was.exactness && is.folded && !was.folded);
}

function isAboutSame(was: Likeness, is: Likeness): boolean {
  const samePiece = is.piece === was.piece || is.piece === was.whole;
  if (was.exactness !== EXACTNESS.whole) return is.whole === was.whole;
  if (is.whole === was.whole) return true;
  return is.whole === was.piece && samePiece;
}

function readComparison(atom: Atom, left: Term | undefined, right: Term | undefined): Likeness | undefined {
  if (left === undefined || right === undefined) return undefined;
  const { operator } = atom;
  if (/^(?:not )?in$/.test(operator))
    return isMany(right) ? undefined : likenessOf(right, left, EXACTNESS.part, operator === 'not in');
  const found = left.kind === 'call' && FINDER.test(lastName(left)) ? readFinder(left, operator, right) : undefined;
  if (found !== undefined) return found;
  if (!EQUAL.test(operator) && !UNEQUAL.test(operator)) return undefined;
  const [value, piece] = isFixed(left) ? [right, left] : [left, right];
  if (value.kind === 'constant' || piece.kind === 'constant' || piece.kind === 'number') return undefined;
  return likenessOf(value, piece, EXACTNESS.whole, UNEQUAL.test(operator));
}

/** `-1` when it is nowhere, `0` when it begins with it. */
function readFinder(call: Term, operator: string, place: Term): Likeness | undefined {
  const [first, second] = argumentsOf(call);
  const holder = holderOf(call);
  const isPackage = holder !== undefined && GO.test(renderTerm(holder));
  const [value, piece] = isPackage ? [first, second] : [holder, first];
  if (value === undefined || piece === undefined) return undefined;
  const number = renderTerm(place).replace(/\s+/g, '');
  if (number === '0' && (EQUAL.test(operator) || UNEQUAL.test(operator)))
    return likenessOf(value, piece, EXACTNESS.end, UNEQUAL.test(operator));
  const isNowhere = number === '-1' ? EQUAL.test(operator) : operator === '<';
  return number === '-1' || number === '0' ? likenessOf(value, piece, EXACTNESS.part, isNowhere) : undefined;
}

function readCall(call: Term, negative: boolean): Likeness | undefined {
  const holder = holderOf(call);
  if (holder === undefined) return undefined;
  const [first, second] = argumentsOf(call);
  const name = lastName(call);
  if (holder.kind === 'regex')
    return name === 'test' && first !== undefined
      ? likenessOf(first, holder, exactnessOf(holder.text), negative)
      : undefined;
  const own = renderTerm(holder);
  const row = COMPARERS.find((one) => one.name.test(name) && (one.holder === undefined || one.holder.test(own)));
  if (row === undefined || first === undefined) return undefined;
  const sides = { holder: [holder, first], first: [first, second], last: [second, first] } as const;
  const [value, piece] = sides[row.value];
  if (value === undefined || piece === undefined || isMany(value)) return undefined;
  const turned =
    row.exactness === EXACTNESS.whole && isFixed(value) ? ([piece, value] as const) : ([value, piece] as const);
  return { ...likenessOf(...turned, row.exactness, negative), ...(row.folded === true ? { folded: true } : {}) };
}

function likenessOf(value: Term, piece: Term, exactness: number, negative: boolean): Likeness {
  const [plainValue, plainPiece] = [withoutFolding(value), withoutFolding(piece)];
  return {
    exactness,
    folded: plainValue !== value || plainPiece !== piece,
    negative,
    whole: renderTerm(plainValue),
    piece: renderTerm(plainPiece),
    pieceTerm: plainPiece,
  };
}

/** `value.toLowerCase()` and `strings.ToLower(value)` without that. */
function withoutFolding(term: Term): Term {
  if (term.kind !== 'call' || !FOLDING.test(lastName(term))) return term;
  return argumentsOf(term)[0] ?? holderOf(term) ?? term;
}

function holderOf(call: Term): Term | undefined {
  const callee = partOf(call, 'callee');
  return callee?.kind === 'member' ? callee.parts[0] : undefined;
}

/** Written down in the code: a literal, or a name of a constant. */
function isFixed(term: Term): boolean {
  return (
    term.kind === 'string' ||
    term.kind === 'regex' ||
    (/^(?:name|member)$/.test(term.kind) &&
      /^(?:[A-Z][A-Z0-9_]+|(?:allowed|expected|trusted)\w*)$/.test(lastName(term)))
  );
}

/** Several values: whether something is one of them is no question about a text. */
function isMany(term: Term): boolean {
  return term.kind === 'list' || term.kind === 'map' || /(?:[a-rt-z]s|S|[Ss]et|[Ll]ist|[Mm]ap)$/.test(lastName(term));
}

/** A pattern with both anchors asks for the whole value. */
function exactnessOf(source: string): number {
  const anchors = (source.startsWith('^') ? 1 : 0) + (/(?:^|[^\\])\$$/.test(source) ? 1 : 0);
  return anchors === 2 ? EXACTNESS.whole : anchors === 1 ? EXACTNESS.end : EXACTNESS.part;
}
