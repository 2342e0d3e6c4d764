import type { CallFact } from '../facts/index.ts';
import {
  asks,
  asksAccess,
  countStrong,
  hasWeak,
  isCheckName,
  isGuardNoun,
  isOpeningName,
  isSafetyCleaning,
  isScopeName,
  permits,
  weighName,
  wordsOf,
} from '../lexicon.ts';
import { type Sides, shareOf } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { judgeArguments, type Verdict } from './arguments.ts';
import { narrowingOf, presenceOf } from './conditional.ts';
import { judgeLostFileName, makesFileName } from './file-names.ts';
import { isHollow } from './hollow.ts';
import { takesLock } from './locks.ts';
import { judgeLostReplacement, takesOut } from './replacements.ts';
import { lessThan, remainingAfter, severityOf, weighPlace } from './weigh.ts';

/** Calls that check, clean or narrow. */
export function judgeCalls(sides: Sides): readonly Judgement[] {
  const { same, moved, gone, come } = sides.match('call');
  const { pairs, alone, fresh } = pairReplaced(gone, come, sides);
  return [
    ...same.flatMap(([before, after]) => judgeSame(before, after, sides)),
    ...moved.flatMap(([before, after]) => judgeMoved(before, after, sides)),
    ...pairs.flatMap(([before, after]) => judgeReplaced(before, after, sides)),
    ...groupByName(alone).flatMap((calls) => judgeGone(calls, sides)),
    ...groupByName(fresh).flatMap((calls) => judgeCome(calls, sides)),
  ];
}

function nameOf(call: CallFact): string {
  return call.names.at(-1) ?? '';
}

function show(call: CallFact): string {
  return clip(call.key, 80);
}

/** `io.LimitReader(body, n)`, `http.MaxBytesReader`: what a stranger sends is read up to a size. */
function boundsReading(name: string): boolean {
  return /^(?:limit|limited|max_?bytes)_?(?:reader|stream|body)$/i.test(name);
}

/** What a stranger sends: `req.params.id`, `request.GET['next']`, `c.Query('page')`. */
const SENT =
  /\b(?:req|request|ctx|context|c)\.(?:body|query|params?|headers?|cookies?|args|form|files|json|GET|POST|Query|Param|Form\w{0,10}|Header|Body|URL)\b/;

/** How much a call is about security. */
function weighCall(call: CallFact, sides: Sides): number {
  const name = nameOf(call);
  const { verb, nouns } = weighName(name);
  const meaning = {
    check: isSafetyCleaning(name) || boundsReading(name) ? 3 : Math.max(verb, 1),
    compare: 3,
    question: asksAccess(name) ? 2 : 1,
    cleaning: isSafetyCleaning(name) ? 3 : call.scope.split('.').some(isCheckName) ? 2 : 1,
    none: boundsReading(name) ? 3 : 0,
  }[call.meaning];
  const given = call.arguments.join(' ');
  const about =
    countStrong(given) > 0 || ((call.meaning === 'check' || boundsReading(name)) && SENT.test(given)) ? 1 : 0;
  const holders = call.names.slice(0, -1).join(' ');
  const around = countStrong(holders) > 0 || isGuardNoun(holders) ? 1 : 0;
  const isUntested = call.meaning === 'question' && !isTested(call, sides);
  if (isUntested && (!asks(name) || isKept(call))) return weighPlace(call, sides);
  const noun = call.meaning === 'question' ? Math.min(nouns, 1) : Math.min(nouns, 1) * 2;
  const points = meaning + noun + (nouns === 0 ? Math.max(about, around) : 0) + weighPlace(call, sides);
  return isUntested && call.term.role === 'value' ? Math.min(points, SHOWN) : points;
}

/** `keep = cache.should_keep(kind)`: an answer that is kept, and that is about nobody's access. */
function isKept({ term: { role }, names }: CallFact): boolean {
  const name = names.at(-1) ?? '';
  return (role === 'right' || role === 'value') && !asksAccess(name) && !permits(name);
}

/** Points at most of an answer that nothing tests here: `{ isSigned: isSignedIn(session) }` is for a page to show. */
const SHOWN = 2;

/** Whether what a call gives decides something: `signedInName(session)` in a table of values is data. */
function isTested(call: CallFact, { before, after }: Sides): boolean {
  if (call.term.role === 'test') return true;
  const { facts } = before.facts.includes(call) ? before : after;
  return facts.some(
    (fact) =>
      (fact.kind === 'check' || fact.kind === 'condition' || fact.kind === 'result') &&
      fact.scope === call.scope &&
      fact.formula.some((atoms) =>
        atoms.some(({ term }) => term.start <= call.term.start && call.term.end <= term.end),
      ),
  );
}

function judgeSame(before: CallFact, after: CallFact, sides: Sides): readonly Judgement[] {
  const base = { group: 'call', subject: before.key, before, after } as const;
  const where = inScope(after.scope);
  const found: Judgement[] = [];
  const points = weighCall(before, sides);
  if (before.awaited && !after.awaited && (before.meaning !== 'none' || (before.alone && after.alone))) {
    const severity = before.meaning === 'none' ? 'low' : severityOf(points + 2);
    const message = `\`${show(before)}\` is no longer awaited${where}: what follows does not wait for its answer.`;
    found.push({ ...base, control: 'await-removed', direction: 'weakened', severity, message });
  }
  if (!before.spawned && after.spawned && before.meaning !== 'none') {
    const message = `\`${show(before)}\` runs beside the function${where}: what follows does not wait for its answer.`;
    found.push({
      ...base,
      control: 'check-detached',
      direction: 'weakened',
      severity: severityOf(points + 1),
      message,
    });
  }
  if (before.error !== 'dropped' && after.error === 'dropped') {
    const severity = before.meaning === 'none' ? 'medium' : 'high';
    const message = `The error of \`${show(before)}\` is thrown away${where}.`;
    found.push({ ...base, control: 'error-ignored', direction: 'weakened', severity, message });
  }
  const { added = [] } = narrowingOf(before, after) ?? {};
  if (found.length === 0 && before.meaning === 'check' && added.length > 0) {
    const message = `\`${show(before)}\` runs only under \`${clip(added.join(' && '), 80)}\`${where}.`;
    found.push({
      ...base,
      control: 'check-made-conditional',
      direction: 'weakened',
      severity: severityOf(isOptional(after, added) ? points + 1 : points - 1),
      message,
    });
  }
  return found;
}

/** `if (signature) verify(body, signature)`: whoever hands in none is not checked. */
function isOptional(call: CallFact, added: readonly string[]): boolean {
  return added.some((key) => {
    const name = presenceOf(key);
    return name !== undefined && call.arguments.includes(name);
  });
}

function judgeMoved(before: CallFact, after: CallFact, sides: Sides): readonly Judgement[] {
  const from = sides.successorOf(before.scope)?.name;
  if (before.meaning !== 'check' || from === undefined) return [];
  const isLost = !sides.leadsTo(from, after.scope);
  const base = { group: 'call', subject: before.key, before, after } as const;
  const message = `\`${show(before)}\` was called${inScope(before.scope)} and is called${inScope(after.scope)} now.`;
  if (!isLost) return [{ ...base, control: 'call-moved', direction: 'moved', severity: 'low', message }];
  return [
    {
      ...base,
      control: 'security-call-removed',
      direction: 'weakened',
      severity: severityOf(weighCall(before, sides)),
      message,
    },
  ];
}

/** How alike two names are: the words they share, or a common beginning of two words. */
function similarity(one: string, other: string): number {
  const [left, right] = [wordsOf(one), wordsOf(other)];
  // `findOne({ id, owner })` and `findById(id)` look up the same.
  if (left[0] === 'find' && right[0] === 'find') return Math.max(shareOf(left, right), 0.34);
  const begins = left.length > 1 && left[0] === right[0] && left[1] === right[1];
  return Math.max(shareOf(left, right), begins ? 0.5 : 0);
}

interface Replacing {
  readonly pairs: readonly (readonly [CallFact, CallFact])[];
  readonly alone: readonly CallFact[];
  readonly fresh: readonly CallFact[];
}

/** `org.isOwner(user)` became `org.isOwnedBy(user)`: a word of the same stem, asked of the same thing about the same. */
function asksTheSame(before: CallFact, after: CallFact, sides: Sides): boolean {
  const stems = wordsOf(nameOf(before)).filter((word) => word.length >= STEM);
  return (
    asksAccess(nameOf(before)) &&
    asksAccess(nameOf(after)) &&
    before.arguments.length > 0 &&
    before.arguments.join() === after.arguments.join() &&
    before.names.slice(0, -1).join('.') === after.names.slice(0, -1).join('.') &&
    wordsOf(nameOf(after)).some((word) => stems.some((stem) => word.startsWith(stem.slice(0, STEM)))) &&
    !isHollow(after, before, sides)
  );
}

const STEM = 4;

/** A call that is gone with one that does nearly the same: the same name, or most words of it. */
function pairReplaced(gone: readonly CallFact[], come: readonly CallFact[], sides: Sides): Replacing {
  const candidates: { before: CallFact; after: CallFact; share: number }[] = [];
  const olds = gone.slice(0, 400);
  const byScope = new Map<string, CallFact[]>();
  for (const call of come) byScope.set(call.scope, [...(byScope.get(call.scope) ?? []), call]);
  for (const before of olds) {
    const scope = sides.successorOf(before.scope)?.name;
    if (scope === undefined) continue;
    for (const after of (byScope.get(scope) ?? []).slice(0, 200)) {
      const names = nameOf(before) === nameOf(after) ? 1 : similarity(nameOf(before), nameOf(after));
      if (names < 0.34 && !asksTheSame(before, after, sides)) continue;
      candidates.push({ before, after, share: names + shareOf(before.arguments, after.arguments) });
    }
  }
  candidates.sort((one, other) => other.share - one.share);
  const used = new Set<CallFact>();
  const pairs: [CallFact, CallFact][] = [];
  for (const { before, after } of candidates) {
    if (used.has(before) || used.has(after)) continue;
    used.add(before).add(after);
    pairs.push([before, after]);
  }
  return { pairs, alone: gone.filter((call) => !used.has(call)), fresh: come.filter((call) => !used.has(call)) };
}

function judgeReplaced(before: CallFact, after: CallFact, sides: Sides): readonly Judgement[] {
  const same = judgeSame(before, { ...after, under: before.under }, sides);
  const own = judgeArguments(before, after, sides) ?? judgeNames(before, after, sides);
  return own === undefined ? same : [...same, { group: 'call', subject: before.key, before, after, ...own }];
}

const SAFE_NAME = /safe|secure|sanit|escap|strict(?!ed)/i;
const GUARDING_NAME = /safe|secure|sanit|escap|protect|restrict|verif|strict/i;

/** Another function in its place, or the same one with less. */
function judgeNames(before: CallFact, after: CallFact, sides: Sides): Verdict | undefined {
  const message = `\`${show(before)}\` became \`${show(after)}\`${inScope(after.scope)}.`;
  const control = 'security-call-changed';
  const points = weighCall(before, sides);
  if ((before.meaning === 'none' && !SAFE_NAME.test(nameOf(before))) || nameOf(before) === nameOf(after)) {
    const dropped = before.arguments.filter((argument) => !after.arguments.includes(argument));
    const demands = dropped.some((argument) => /^(?:[\w.]*\b[A-Z][A-Z0-9_]{2,}|'[^']*')$/.test(argument));
    const isLess = before.meaning === 'check' && (after.arguments.length < before.arguments.length || demands);
    return isLess ? { control, direction: 'changed', severity: lessThan(severityOf(points)), message } : undefined;
  }
  const isLost = GUARDING_NAME.test(nameOf(before)) && !GUARDING_NAME.test(nameOf(after));
  const lostMeaning = isLost ? 2 : points - weighCall(after, sides);
  if (lostMeaning <= 1) return { control, direction: 'changed', severity: 'low', message };
  const severity = severityOf(isLost ? Math.max(2, points - 1) : points - 1);
  return { control, direction: 'weakened', severity, message };
}

function groupByName(calls: readonly CallFact[]): readonly (readonly CallFact[])[] {
  const groups = new Map<string, CallFact[]>();
  for (const call of calls) {
    const key = `${call.scope}\n${call.names.join('.')}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups.values()];
}

function judgeGone(calls: readonly CallFact[], sides: Sides): readonly Judgement[] {
  const [call] = calls;
  if (call === undefined) return [];
  const lostName = makesFileName(call) ? judgeLostFileName(call, sides) : undefined;
  if (lostName !== undefined) return [lostName];
  if (call.meaning === 'none' && !boundsReading(nameOf(call)))
    return takesOut(call) ? judgeLostReplacement(call, sides) : judgeLostFilter(call, sides);
  if ((call.scope.endsWith(nameOf(call)) && !call.key.startsWith('super')) || takesLock(call)) return [];
  const successor = sides.successorOf(call.scope)?.name;
  if (successor === undefined) return [];
  if (call.alone && isOpeningName(nameOf(call))) return [];
  const remaining = remainingAfter(call, sides);
  const points = weighCall(call, sides) - (remaining < 0.34 ? 1 : 0) - (stillCalled(call, successor, sides) ? 1 : 0);
  const times = calls.length > 1 ? ` (${calls.length} times)` : '';
  const what = call.meaning === 'cleaning' ? 'no longer makes the value harmless or comparable' : 'is no longer called';
  const message = `\`${show(call)}\`${times} ${what}${inScope(call.scope)}.`;
  const control =
    call.meaning === 'cleaning'
      ? 'normalisation-removed'
      : call.meaning === 'compare'
        ? 'constant-time-comparison-removed'
        : 'security-call-removed';
  return [
    {
      control,
      group: 'call',
      direction: 'weakened',
      // A file name that leads to no file here is for people to read, as far as can be seen.
      severity: makesFileName(call) ? lessThan(severityOf(points)) : severityOf(points),
      weight: weighCall(call, sides),
      message,
      subject: call.names.join('.'),
      before: call,
    },
  ];
}

/** Whoever asks: what was narrowed to them is now found for anybody who can name an id. */
const ASKER =
  /\b(?:req|request|ctx|context|session|c|g)\.(?:user|account|session|auth|principal|tenant)\b|\bcurrent_?user\b|\bprincipal\b/i;

const NARROWS = /^(?:where|filter|filter_?by|and_?where|and_?filter|scope|exclude|having|match)$/i;

/** `query.filter(owner=user)`: a step that narrowed what is looked up, and that nothing of its name replaced. */
function judgeLostFilter(call: CallFact, sides: Sides): readonly Judgement[] {
  const successor = sides.successorOf(call.scope)?.name;
  const lost = call.arguments.filter((argument) => isScopeName(argument) || countStrong(argument) > 0);
  if (!NARROWS.test(nameOf(call)) || lost.length === 0 || successor === undefined) return [];
  if (stillCalled(call, successor, sides)) return [];
  const message = `\`${clip(nameOf(call), 40)}(${clip(lost.join(', '), 70)})\` no longer narrows what is looked up${inScope(call.scope)}.`;
  return [
    {
      control: 'scope-argument-dropped',
      group: 'call',
      direction: 'weakened',
      severity: severityOf((lost.some((argument) => ASKER.test(argument)) ? 4 : 2) + weighPlace(call, sides)),
      message,
      subject: call.names.join('.'),
      before: call,
    },
  ];
}

/** Whether a call of the same name still stands where this one stood, or before every branch. */
function stillCalled(call: CallFact, successor: string, sides: Sides): boolean {
  return sides.after.facts.some(
    (fact) =>
      fact.kind === 'call' &&
      fact.scope === successor &&
      nameOf(fact) === nameOf(call) &&
      fact.under.every((key) => call.under.includes(key)),
  );
}

/** `csrf.exempt(view)`: the name alone says that something is left out of a protection. */
const SWITCHES_OFF = /^(?:exempt|bypass|disable|unprotect)$/;

function judgeCome(calls: readonly CallFact[], sides: Sides): readonly Judgement[] {
  const [call] = calls;
  if (call === undefined || call.meaning === 'none' || !sides.isKept(call.scope)) return [];
  if (call.alone && isOpeningName(nameOf(call))) {
    const opening = sides.before.facts.filter((fact) => fact.kind === 'call' && isOpeningName(nameOf(fact)));
    if (opening.some(({ scope }) => sides.successorOf(scope)?.name === call.scope)) return [];
    const message = `\`${show(call)}\` opens something${inScope(call.scope)}.`;
    const isAbout = countStrong(call.key) > (SWITCHES_OFF.test(wordsOf(nameOf(call))[0] ?? '') ? 0 : 1);
    const severity = isAbout ? 'high' : 'medium';
    return [
      {
        control: 'opening-call-added',
        group: 'call',
        direction: 'weakened',
        severity,
        message,
        subject: call.names.join('.'),
        after: call,
      },
    ];
  }
  if (!hasWeak(nameOf(call)) && call.meaning !== 'check') return [];
  const message = `\`${show(call)}\` is called${inScope(call.scope)} now.`;
  return [
    {
      control: 'security-call-added',
      group: 'call',
      direction: 'strengthened',
      severity: 'low',
      weight: weighCall(call, sides),
      message,
      subject: call.names.join('.'),
      after: call,
    },
  ];
}
