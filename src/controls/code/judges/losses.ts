import { createHash } from 'node:crypto';
import type { Fact, Scope } from '../facts/index.ts';
import { countStrong, hasWeak, isCheckName, tellsOfLoss } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import type { Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { grows } from '../turnover.ts';
import { wentWithRoute } from '../unused.ts';
import { severityOf, weighCheck } from './weigh.ts';

/**
 * What a file has less of, when nothing of the kind came: whole functions, and calls, conditions and settings about
 * access or input that no other class tells of. A file that gained functions or grew was rebuilt, and is not counted.
 */
export function judgeLosses(sides: Sides): readonly Judgement[] {
  const gone = [...sides.before.scopes.values()].filter(({ name }) => sides.successorOf(name) === undefined);
  const come = [...sides.after.scopes.values()].filter(({ name }) => !sides.isKept(name));
  if (come.length > gone.length) return judgeAdded(come, sides);
  const removed = gone.length > come.length ? judgeRemoved(gone, sides) : [];
  return [...judgeAdded(come, sides), ...removed, ...judgeShrunk(sides)];
}

interface Ranked {
  readonly name: string;
  readonly points: number;
}

/** Functions that stand in no other of the list, those with checks first. */
function rankFunctions(scopes: readonly Scope[], facts: readonly Fact[], sides: Sides): readonly Ranked[] {
  const names = new Set(scopes.map(({ name }) => name));
  return [...names]
    .filter((name) => !isInside(name, names))
    .map((name) => ({ name, points: weighFunction(name, facts, sides) }))
    .sort((one, other) => other.points - one.points);
}

/**
 * The functions that matter, each with a digest of its checks: what is the same here and in another file moved. A
 * function of the same name with other checks, or without, is not the same.
 */
function subjectOf(ranked: readonly Ranked[], facts: readonly Fact[]): string {
  const heavy = ranked.filter(({ points }) => points > 0);
  return (heavy.length > 0 ? heavy : ranked)
    .map(({ name }) => `${lastOf(name)}:${digestChecks(name, facts)}`)
    .sort()
    .join();
}

function digestChecks(name: string, facts: readonly Fact[]): string {
  const checks = facts.filter((fact) => isWithin(fact.scope, name) && isCheck(fact)).map(({ key }) => key);
  return createHash('sha256').update(checks.sort().join('\n')).digest('hex').slice(0, 12);
}

function isCheck(fact: Fact): boolean {
  return (fact.kind === 'check' && fact.exit === 'deny') || (fact.kind === 'call' && fact.meaning !== 'none');
}

function lastOf(scope: string): string {
  return scope.slice(scope.lastIndexOf('.') + 1);
}

function judgeRemoved(gone: readonly Scope[], sides: Sides): readonly Judgement[] {
  const ranked = rankFunctions(gone, sides.before.facts, sides);
  const [first] = ranked;
  const before = sides.before.facts.find(({ scope }) => first !== undefined && isWithin(scope, first.name));
  if (first === undefined || before === undefined) return [];
  const what = ranked.length === 1 ? 'is gone, and no function took its place' : 'are gone, and fewer came';
  const missed = ranked.map(({ name }) => wasCalled(name, gone, sides));
  const called = missed.includes(true);
  const points = Math.max(...ranked.map((one, at) => one.points + missedPoints(one, missed[at] === true, sides)));
  const message = `\`${clip(ranked.map(({ name }) => name).join(', '), 110)}\` ${what}${first.points > 1 ? '; it held checks' : ''}${called ? '; what called it stays, without the call' : ''}.`;
  return [
    {
      control: 'function-removed',
      group: 'guard',
      direction: 'weakened',
      severity: severityOf(points),
      confidence: called ? 'medium' : 'low',
      message,
      subject: subjectOf(ranked, sides.before.facts),
      before,
    },
  ];
}

/**
 * Whether it is missed. Who called it and stays, stays without it: that counts if it was a check by its name, or if a
 * refusal in it is about access and stands nowhere now. What nothing here called is dead, or whoever called it has a row
 * of their own for the call; a framework calls by name.
 */
function missedPoints({ name, points }: Ranked, called: boolean, sides: Sides): number {
  if (!called && wentWithRoute(name, sides)) return -1;
  if (!called) return isHook(name, sides) ? 0 : Math.min(0, QUIET - points);
  return isCheckName(lastOf(name)) || /valid|safe/i.test(lastOf(name)) || refusesAccess(name, sides)
    ? 1
    : Math.max(0, Math.min(1, QUIET - points));
}

/** Points at most of what nothing here called, and of what was no check by its name. */
const QUIET = 2;
/** Points of a check that is about access by its condition and by its answer. */
const ABOUT_ACCESS = 5;

function refusesAccess(name: string, sides: Sides): boolean {
  return sides
    .match('check')
    .gone.some(
      (fact) =>
        isWithin(fact.scope, name) &&
        fact.exit === 'deny' &&
        fact.errorOf === undefined &&
        weighCheck(fact, sides) >= ABOUT_ACCESS,
    );
}

/** Functions that a framework calls by their name, or for what is written above them. */
const HOOK =
  /^(?:(?:before|after|pre|post)(?:_|[A-Z])\w*|(?:clean|validate|has)_\w+|do(?:Filter|Get|Post)\w*|before|clean|validate|authenticate|authori[sz]e|dispatch|handle|filter|process|service|invoke|call|__call__|check_permissions|get_permissions|get_queryset)$/;
const NO_HOOK = /^(?:classmethod|staticmethod|property|abstractmethod|override|Override|deprecated)$/;

function isHook(name: string, { before }: Sides): boolean {
  return (
    HOOK.test(lastOf(name)) ||
    before.facts.some((fact) => fact.kind === 'decorator' && fact.scope === name && !NO_HOOK.test(lastOf(fact.name)))
  );
}

/** Whether a function that stays called it and does not any more: then it was no dead code. */
function wasCalled(name: string, gone: readonly Scope[], sides: Sides): boolean {
  const names = new Set(gone.map((scope) => scope.name));
  const own = lastOf(name);
  const calls = (facts: readonly Fact[]): readonly Fact[] =>
    facts.filter((fact) => fact.kind === 'call' && fact.names.at(-1) === own);
  const olds = calls(sides.before.facts).filter(({ scope }) => !names.has(scope) && !isInside(scope, names));
  return olds.length > 0 && calls(sides.after.facts).length < olds.length;
}

/** Only functions with checks or words of access: they tell where a function went that is gone elsewhere. */
function judgeAdded(come: readonly Scope[], sides: Sides): readonly Judgement[] {
  const ranked = rankFunctions(come, sides.after.facts, sides).filter(({ points }) => points > 0);
  const [first] = ranked;
  const after = sides.after.facts.find(({ scope }) => first !== undefined && isWithin(scope, first.name));
  if (first === undefined || after === undefined) return [];
  const message = `\`${clip(ranked.map(({ name }) => name).join(', '), 110)}\` ${ranked.length === 1 ? 'is' : 'are'} new.`;
  return [
    {
      control: 'function-added',
      group: 'guard',
      direction: 'strengthened',
      severity: 'low',
      confidence: 'low',
      message,
      subject: subjectOf(ranked, sides.after.facts),
      after,
    },
  ];
}

function isWithin(scope: string, name: string): boolean {
  return scope === name || scope.startsWith(`${name}.`);
}

function isInside(name: string, names: ReadonlySet<string>): boolean {
  for (let at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
    if (names.has(name.slice(0, at))) return true;
  }
  return false;
}

/** What stood in a function and stands now where that was called, or in what is called there: `save(check(x))` written out. */
function movedOut(name: string, sides: Sides): ReadonlySet<Fact> {
  const callers = sides.before.facts.flatMap((fact) =>
    fact.kind === 'call' && fact.names.at(-1) === lastOf(name) ? (sides.successorOf(fact.scope)?.name ?? []) : [],
  );
  const pairs = [...sides.match('check').moved, ...sides.match('call').moved];
  return new Set(
    pairs.flatMap(([was, is]) =>
      isWithin(was.scope, name) && callers.some((from) => from === is.scope || sides.leadsTo(from, is.scope))
        ? [was]
        : [],
    ),
  );
}

/** One point for words of access, two for refusals, one more for a function that is itself a check. */
function weighFunction(name: string, facts: readonly Fact[], sides: Sides): number {
  const moved = movedOut(name, sides);
  const own = facts.filter((fact) => isWithin(fact.scope, name) && !moved.has(fact));
  const refuses = own.some(
    (fact) =>
      (fact.kind === 'check' && fact.exit === 'deny' && fact.errorOf === undefined && weighCheck(fact, sides) >= 2) ||
      (fact.kind === 'call' && fact.meaning === 'check' && countStrong(fact.key) > 0),
  );
  const isAbout = countStrong(name) > 0 || own.some(({ key }) => countStrong(key) > 0);
  const isItself = refuses && countStrong(lastOf(name)) > 0 && isCheckName(lastOf(name));
  return (isAbout ? 1 : 0) + (refuses ? 1 : 0) + (isItself ? 1 : 0);
}

/** The kinds that are counted; what refuses, checks or cleans has classes of its own. */
const COUNTED: readonly { readonly kind: Fact['kind']; readonly one: string; readonly many: string }[] = [
  { kind: 'call', one: 'call', many: 'calls' },
  { kind: 'condition', one: 'condition', many: 'conditions' },
  { kind: 'result', one: 'answer', many: 'answers' },
  { kind: 'option', one: 'setting', many: 'settings' },
  { kind: 'list', one: 'list', many: 'lists' },
  { kind: 'write', one: 'assignment', many: 'assignments' },
];

interface Loss {
  readonly facts: readonly Fact[];
  readonly words: string;
}

function judgeShrunk(sides: Sides): readonly Judgement[] {
  const strong: Loss[] = [];
  const weak: Loss[] = [];
  const told = spansTold(sides);
  const isFree = (fact: Fact): boolean =>
    isCounted(fact) && !told.some(({ start, end }) => start <= fact.term.start && fact.term.end <= end);
  for (const { kind, one, many } of COUNTED) {
    const { gone, come } = sides.match(kind);
    const rate = (fact: Fact): number => {
      const own = ownWords(fact);
      return tellsOfLoss(own) ? 2 : hasWeak(own) ? 1 : 0;
    };
    for (const [level, losses] of [
      [2, strong],
      [1, weak],
    ] as const) {
      if (level === 1 && kind === 'write') continue;
      const lost = gone.filter((fact) => isFree(fact) && rate(fact) === level && sides.successorOf(fact.scope));
      const found = come.filter((fact) => isCounted(fact) && rate(fact) === level && sides.isKept(fact.scope));
      const net = lost.length - found.length;
      if (net > 0) losses.push({ facts: lost, words: `${net} ${net === 1 ? one : many}` });
    }
  }
  const losses = strong.length > 0 ? strong : weak;
  const before = losses[0]?.facts[0];
  if (before === undefined || grows(sides)) return [];
  const about = strong.length > 0 ? 'access or secrets' : 'input';
  const words = losses.map((loss) => loss.words).join(', ');
  const message = `There is less about ${about} than before (${words}), such as \`${clip(before.key, 70)}\`, and nothing of the kind came.`;
  return [
    {
      control: 'security-code-shrunk',
      group: 'call',
      direction: 'weakened',
      severity: strong.length > 0 ? 'medium' : 'low',
      confidence: 'low',
      message,
      subject: before.key,
      before,
    },
  ];
}

/** What a fact says itself: a function that is given to a call has facts of its own. */
function ownWords({ key }: Fact): string {
  const inner = key.indexOf('function(');
  return inner < 0 ? key : key.slice(0, inner);
}

/** Where checks, checking calls and handlers stood that other classes tell of: what was in them is no loss of its own. */
function spansTold(sides: Sides): readonly Fact['term'][] {
  const lost: readonly Fact[] = [
    ...sides.match('check').gone,
    ...sides.match('call').gone.filter(({ meaning }) => meaning !== 'none'),
    ...sides.match('catch').gone,
  ];
  return lost.slice(0, 400).map(({ term }) => term);
}

function isCounted(fact: Fact): boolean {
  return fact.kind !== 'call' || fact.meaning === 'none';
}
