import type { Severity } from '../../../findings/index.ts';
import type { CheckFact, Fact } from '../facts/index.ts';
import {
  asksAccess,
  countStrong,
  hasWeak,
  isPredicateName,
  isScopeName,
  listPolarityOf,
  meaningOf,
} from '../lexicon.ts';
import { leavesOf, type Sides } from '../match.ts';
import { lastName, namesOf, partOf, type Term, termsIn } from '../terms/index.ts';

/** Points that make a difference worth a look, and a second pair of eyes. */
const BARS = { high: 3, medium: 2 } as const;

/** The severity of so many points. */
export function severityOf(points: number): Severity {
  return points >= BARS.high ? 'high' : points >= BARS.medium ? 'medium' : 'low';
}

/** One step less. */
export function lessThan(severity: Severity): Severity {
  return severity === 'critical' ? 'high' : severity === 'high' ? 'medium' : 'low';
}

/** Words of a text: 2 for words of access, 1 for words of input, 0 for none. */
export function weighText(text: string): number {
  const strong = countStrong(text);
  return strong > 0 ? 2 : hasWeak(text) ? 1 : 0;
}

/** 1 for code whose name or file is about access. */
export function weighPlace(fact: Fact, sides: Sides): number {
  const own = fact.scope.slice(fact.scope.lastIndexOf('.') + 1);
  return countStrong(fact.scope) > 0 || countStrong(sides.path) > 0 || isPredicateName(own) ? 1 : 0;
}

const REFUSAL = /\b40[13]\b|forbidden|unauthori[sz]ed|denied|not_?allowed|permission|privilege|csrf|unauthenticated/i;

/** Texts that a check looks for because of what they do in a path, an address or a page. */
const DANGEROUS =
  /(?:^|\s)(?:\.\.[/\\]?|[/\\]{1,2}|:\/\/|javascript:|<script|\\0|\\x00|%00|%2e|%5c|file:|-{1,2})(?:\s|$)/i;

/**
 * How much a check is about security. One of the type of a value, in which nothing is about access and which refuses
 * nobody by name (`if (!Array.isArray(items)) throw new TypeError()`), is never more than medium.
 */
export function weighCheck(check: CheckFact, sides: Sides): number {
  const words = check.formula
    .flat()
    .map(({ term }) => leavesOf(term).join(' '))
    .join(' ');
  const isListed = asksMembership(check);
  const condition = asksSomeone(check) || isListed || DANGEROUS.test(words) ? 2 : weighText(words);
  const belongs = check.exit === 'deny' && asksBelonging(check) ? 1 : 0;
  const answer = REFUSAL.test(check.answer) ? 3 : countStrong(check.answer) > 0 ? 1 : belongs;
  const exit = check.exit === 'deny' || isListed ? 1 : -1;
  const plumbing = check.errorOf !== undefined ? -2 : isEmptinessTest(check) ? -1 : 0;
  const points = condition + answer + exit + weighPlace(check, sides) + plumbing;
  const isOfForm = condition < 2 && !REFUSAL.test(check.answer) && asksForm(check);
  return isOfForm || isPartTest(check) ? Math.min(points, BARS.medium) : points;
}

/** `if (!self.oauth_api)`: whether a part of the program is there, whatever is said when it is not; without it nothing is done. */
function isPartTest({ formula }: CheckFact): boolean {
  return (
    formula.length > 0 &&
    formula.every(
      (atoms) =>
        atoms.length > 0 &&
        atoms.every(({ key }) =>
          PART.test(/^!?(?:null |None |nil )?(?:[!=]==? |is )?([\w.]{1,120})$/.exec(key)?.[1] ?? ''),
        ),
    )
  );
}

const PART = /\.\w{0,60}(?:[aA]pi|_api|[sS]ervice|[cC]ontroller|[aA]dapter|[dD]river|[cC]lient|[bB]ackend|[pP]lugin)$/;

/** Whether each case asks for the type of a value: `!Array.isArray(items)`, `typeof limit !== 'number'`. */
function asksForm({ formula }: CheckFact): boolean {
  return (
    formula.length > 0 && formula.every((atoms) => atoms.some(({ key, term }) => FORM.test(key) || isFormCall(term)))
  );
}

const FORM = /\btypeof |\binstanceof /;

function isFormCall(term: Term): boolean {
  return (
    term.kind === 'call' &&
    /^(?:isinstance|is_?(?:array|number|string|integer|object|boolean|nan|finite))$/i.test(lastName(term))
  );
}

/** Whether a call in the condition is one that checks. */
function asksSomeone({ formula }: CheckFact): boolean {
  return formula.some((atoms) =>
    atoms.some(({ term }) =>
      [...termsIn(term)].some((part) => part.kind === 'call' && meaningOf(namesOf(part)) !== 'none'),
    ),
  );
}

/** `scheme not in ALLOWED_SCHEMES`: whatever is on no list of what is allowed leaves, however it leaves. */
function asksMembership({ exit, formula }: CheckFact): boolean {
  return (
    exit !== 'accept' &&
    formula.length > 0 &&
    formula.every((atoms) =>
      atoms.some(({ key, term, operator }) => {
        const list = operator === 'not in' ? term.parts[1] : key.startsWith('!') ? listAsked(term) : undefined;
        return list !== undefined && listPolarityOf(lastName(list)) === -1;
      }),
    )
  );
}

/** The list that `LIST.includes(value)` asks. */
function listAsked(term: Term): Term | undefined {
  const callee = partOf(term, 'callee');
  return term.kind === 'call' && callee?.kind === 'member' && /^(?:has|includes?|contains)$/i.test(lastName(callee))
    ? callee.parts[0]
    : undefined;
}

/** `card.boardId !== boardId`: whether what was found belongs to what was asked for. */
function asksBelonging({ formula }: CheckFact): boolean {
  return formula.some((atoms) =>
    atoms.some(
      ({ term, operator }) =>
        /^!==?$/.test(operator) &&
        term.parts.every(({ kind }) => kind === 'name' || kind === 'member' || kind === 'index' || kind === 'call') &&
        term.parts.some((side) => side.kind === 'member' && isReference(lastName(side))),
    ),
  );
}

/** A name of what points to a thing or to its owner: `boardId`, `owner_id`, `tenant`. */
function isReference(name: string): boolean {
  return /[a-z_](?:Id|ID|_id)$/.test(name) || (isScopeName(name) && !/name|type|count/i.test(name));
}

/** `if (!x)`, `x == null`: whether something is there at all. `!user.isAdmin` asks who somebody is. */
function isEmptinessTest({ formula }: CheckFact): boolean {
  return formula.every((atoms) =>
    atoms.every(
      ({ key, term }) =>
        (!matchesPattern(term) && /(?:^|\s)(?:null|None|nil|undefined|'')(?:\s|$)/.test(key)) ||
        (/^![\w.]+$/.test(key) && !asksAccess(key.slice(key.lastIndexOf('.') + 1))),
    ),
  );
}

/** `pattern.exec(value) !== null` asks what the value looks like. */
function matchesPattern(term: Term): boolean {
  return [...termsIn(term)].some(
    (part) => part.kind === 'call' && /^(?:exec|match|fullmatch|search|test|matches)$/.test(lastName(part)),
  );
}

/** The share of what came after a fact in its scope that still is there. */
export function remainingAfter(fact: Fact, sides: Sides): number {
  const successor = sides.successorOf(fact.scope);
  if (successor === undefined) return 0;
  const later = sides.before.facts.filter(
    (other) =>
      other.scope === fact.scope &&
      other.order > fact.order &&
      other.term.start >= fact.term.end &&
      (other.kind === 'call' || other.kind === 'write'),
  );
  if (later.length === 0) return 1;
  const now = new Set(sides.after.facts.filter(({ scope }) => scope === successor.name).map(nameOf));
  return later.filter((other) => now.has(nameOf(other))).length / later.length;
}

function nameOf(fact: Fact): string {
  return fact.kind === 'call' ? `call ${fact.names.at(-1)}` : fact.kind === 'write' ? `write ${fact.target}` : fact.key;
}
