import type { CheckFact, ConditionFact, ResultFact } from '../facts/index.ts';
import type { Atom, FormulaChange } from '../formula.ts';
import { countStrong, hasWeak, isRefusingName, wordsOf } from '../lexicon.ts';
import { leavesOf, type Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { argumentsOf, clip, lastName, partOf, renderTerm, type Term } from '../terms/index.ts';
import { EXACTNESS, findLoosened } from './exactness.ts';
import { severityOf, weighPlace } from './weigh.ts';

/** Operators that compare without converting, and the ones of the same meaning that convert first. */
const LOOSE: { readonly [operator: string]: string } = { '===': '==', '!==': '!=' };

type Conditional = CheckFact | ConditionFact | ResultFact;

/** What the relation of two conditions says; where that is nothing serious, whether one of their comparisons is looser. */
export function orLooser(
  own: readonly Judgement[],
  before: Conditional,
  after: Conditional,
  change: FormulaChange,
  sides: Sides,
): readonly Judgement[] {
  if (own.some(({ direction, severity }) => direction === 'weakened' && severity !== 'low')) return own;
  const loose = judgeLooseComparison(before, after, change, sides);
  return loose.length > 0 ? loose : own;
}

/**
 * One comparison of a condition converts its sides now. Which way that moves the whole condition depends on the values,
 * so it is reported whatever the branch does: `'0' == false`, `null == undefined` and `['admin'] == 'admin'` are true.
 */
function judgeLooseComparison(
  before: Conditional,
  after: Conditional,
  { dropped, added }: Pick<FormulaChange, 'dropped' | 'added'>,
  sides: Sides,
): readonly Judgement[] {
  const atom = dropped.find(
    ({ operator, sides: own }) =>
      Object.hasOwn(LOOSE, operator) &&
      added.some((other) => other.sides === own && other.operator === LOOSE[operator]),
  );
  if (atom === undefined) {
    const loosened = judgeExactness(before, after, sides);
    return loosened.length > 0 ? loosened : judgeMembership(before, after, { dropped, added }, sides);
  }
  const words = before.formula.flatMap((atoms) => atoms.flatMap(({ term }) => leavesOf(term))).join(' ');
  const points = (countStrong(words) > 0 ? 2 : 0) + weighPlace(before, sides);
  const message = `\`${clip(atom.key, 70)}\`${inScope(after.scope)} compares with \`${LOOSE[atom.operator]}\` now, which converts its sides first.`;
  return [
    {
      control: 'comparison-loosened',
      group: 'guard',
      direction: 'weakened',
      severity: severityOf(Math.min(points, 2)),
      message,
      subject: before.key,
      before,
      after,
    },
  ];
}

/** Names of what an attacker sends and a comparison holds to one value. */
const SENDER =
  /^(?:origin|origins|host|hostname|domain|issuer|iss|aud|audience|referer|referrer|scheme|protocol|principal|kid)$/;
const PLACE =
  /^(?:path|pathname|filepath|dir|directory|root|url|uri|href|redirect|callback|email|username|filename|name)$/;

/** What is compared is a secret: then also capitals count. */
const SECRET =
  /^(?:token|tokens|secret|secrets|password|passwd|passphrase|signature|digest|hash|hmac|mac|nonce|otp|apikey)$/;

function saysOneOf(text: string, words: RegExp): boolean {
  return wordsOf(text).some((word) => words.test(word));
}

/** A value that had to be equal to something only has to begin with it, end in it or contain it; `undefined` for no loss. */
function judgeExactness(before: Conditional, after: Conditional, sides: Sides): readonly Judgement[] {
  const pair = findLoosened(before.formula, after.formula);
  if (pair === undefined) return [];
  const [was, is] = pair;
  if (was.negative !== refusesUnlike(before)) return [];
  const text = `${was.whole} ${was.piece} ${is.piece}`;
  const isSecret = saysOneOf(text, SECRET);
  if (is.exactness === was.exactness && !isSecret) return [];
  const isSender = isSecret || saysOneOf(text, SENDER);
  const about = isSender || countStrong(text) > 0 ? 2 : saysOneOf(text, PLACE) && before.kind !== 'condition' ? 1 : 0;
  const decides = before.kind === 'result' || refusesUnlike(before) ? 1 : 0;
  // Where a path begins decides where it leads; that it has something in it decides nothing.
  const nowhere = was.exactness === EXACTNESS.end ? 1 : 0;
  // `.example.test` and `/files/` end where a name begins: what else is let through belongs to the same.
  const bounded = is.pieceTerm.kind === 'string' && /^\.|\/$/.test(is.pieceTerm.text) ? 1 : 0;
  const points = about + decides + nowhere + (about > 0 ? weighPlace(before, sides) : 0) - bounded;
  if (about === 0 || points < 2) return [];
  const held = was.exactness === EXACTNESS.end ? 'begin with or end in' : 'be';
  const how =
    is.exactness === was.exactness
      ? 'capitals no longer count'
      : `${LIKE[is.exactness] ?? 'it has to be like'} \`${clip(is.piece, 50)}\` is enough`;
  const message = `\`${clip(was.whole, 50)}\`${inScope(after.scope)} had to ${held} \`${clip(was.piece, 50)}\`; now ${how}.`;
  return [
    {
      control: 'comparison-loosened',
      group: 'guard',
      direction: 'weakened',
      severity: severityOf(points),
      message,
      subject: before.key,
      before,
      after,
    },
  ];
}

const LIKE: { readonly [exactness: number]: string } = {
  [EXACTNESS.part]: 'having in it',
  [EXACTNESS.end]: 'beginning with or ending in',
};

/** Whether what is unlike the other side is refused here; the other way round a looser comparison refuses more. */
function refusesUnlike(fact: Conditional): boolean {
  if (fact.kind === 'result') return isRefusingName(fact.scope);
  if (fact.kind === 'condition') return false;
  return (
    fact.exit === 'deny' ||
    (fact.exit === 'leave' &&
      /^(?:return|continue|break)?(?: (?:null|None|nil|undefined|false|False))?$/.test(fact.answer))
  );
}

const MEMBER = /^(?:has|includes?|contains(?:Key)?|Contains|hasOwn)$/;
const PART =
  /^(?:startsWith|endsWith|startswith|endswith|HasPrefix|HasSuffix|includes|indexOf|contains|Contains|find)$/;
const PATTERN = /^(?:test|match|matches|search|MatchString|exec|find)$/;

/** `LIST.has(value)`, `value in LIST`: the value is one of those that are written down. */
function memberOf({ term }: Atom): string | undefined {
  if (term.kind === 'compare' && /^(?:not )?in$/.test(term.text)) return term.parts[0] && renderTerm(term.parts[0]);
  const list = holderOf(term);
  if (term.kind !== 'call' || list === undefined || !MEMBER.test(lastName(term))) return undefined;
  const [value, ...more] = argumentsOf(term);
  const isList =
    list.kind === 'list' ||
    /^[A-Z][A-Z0-9_]*$|(?:^|_)(?:allowed|known|valid|trusted|permitted)|s$/i.test(lastName(list));
  return isList && value !== undefined && more.length === 0 ? renderTerm(value) : undefined;
}

/** `value.includes('x')`, `/x/.test(value)`: some part of the value is like something; the whole of it need not be. */
function partlyLike({ term }: Atom): string | undefined {
  if (term.kind !== 'call') return undefined;
  const name = lastName(term);
  const holder = holderOf(term);
  const [value] = argumentsOf(term);
  if (holder === undefined || value === undefined) return undefined;
  if (holder.kind === 'regex' && PATTERN.test(name) && !isAnchored(holder.text)) return renderTerm(value);
  return PART.test(name) && value.kind === 'string' ? renderTerm(holder) : undefined;
}

function holderOf(term: Term): Term | undefined {
  const callee = partOf(term, 'callee');
  return callee?.kind === 'member' ? callee.parts[0] : undefined;
}

function isAnchored(source: string): boolean {
  return source.startsWith('^') && source.endsWith('$');
}

/** A value that had to be one of a list has to be like something now. */
function judgeMembership(
  before: Conditional,
  after: Conditional,
  { dropped, added }: Pick<FormulaChange, 'dropped' | 'added'>,
  sides: Sides,
): readonly Judgement[] {
  for (const atom of dropped) {
    const value = memberOf(atom);
    const loose = added.find((other) => other.negated === atom.negated && partlyLike(other) === value);
    if (value === undefined || loose === undefined) continue;
    const about = countStrong(`${value} ${atom.key}`) > 0 || hasWeak(value) ? 1 : 0;
    const message = `\`${clip(value, 40)}\`${inScope(after.scope)} had to be one of a list (\`${clip(atom.key, 60)}\`); \`${clip(loose.key, 60)}\` lets through whatever has that in it.`;
    return [
      {
        control: 'comparison-loosened',
        group: 'guard',
        direction: 'weakened',
        severity: severityOf(2 + about + weighPlace(before, sides)),
        message,
        subject: before.key,
        before,
        after,
      },
    ];
  }
  return [];
}
