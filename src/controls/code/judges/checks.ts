import { type CallFact, type CheckFact, formulaKey } from '../facts/index.ts';
import { compareFormulas, type FormulaChange } from '../formula.ts';
import { answersAccess, asksAccess, isPredicateName, meaningOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { argumentsOf, clip, lastName, namesOf, partOf, renderTerm, termsIn } from '../terms/index.ts';
import { orLooser } from './comparisons.ts';
import { narrowingOf } from './conditional.ts';
import { isAskedBefore, isDivided, isInAnswer, isToldByType } from './kept-checks.ts';
import { isErrorKept } from './kept-errors.ts';
import { pairSimilar } from './pair-checks.ts';
import { lessThan, remainingAfter, severityOf, weighCheck } from './weigh.ts';

/** Branches that refuse, and branches that leave early. */
export function judgeChecks(sides: Sides): readonly Judgement[] {
  const matching = sides.match('check');
  const { pairs, gone, come } = pairSimilar(matching, sides);
  return [
    ...matching.moved.flatMap(([before, after]) => judgeMoved(before, after, sides)),
    ...matching.same.flatMap(([before, after]) => judgeUnder(before, after, sides)),
    ...pairs.flatMap(([before, after]) => judgePair(before, after, sides)),
    ...gone.flatMap((check) => judgeGone(check, sides)),
    ...come.flatMap((check) => judgeCome(check, sides)),
  ];
}

function show(check: CheckFact): string {
  return clip(formulaKey(check.formula) || 'always', 80);
}

function judgeMoved(before: CheckFact, after: CheckFact, sides: Sides): readonly Judgement[] {
  if (before.exit !== 'deny') return [];
  const kept = sides.successorOf(before.scope) !== undefined;
  const isLost = kept && !sides.leadsTo(sides.successorOf(before.scope)?.name ?? '', after.scope);
  const message = `The check \`${show(before)}\` stood${inScope(before.scope)} and stands${inScope(after.scope)} now.`;
  const subject = before.key;
  if (!isLost)
    return [
      { control: 'guard-moved', group: 'guard', direction: 'moved', severity: 'low', message, subject, before, after },
    ];
  const severity = severityOf(weighCheck(before, sides));
  const lost = `The check \`${show(before)}\` left ${clip(before.scope, 60)}, which does not call ${clip(after.scope, 60)}, where it stands now.`;
  return [
    {
      control: 'guard-removed',
      group: 'guard',
      direction: 'weakened',
      severity,
      message: lost,
      subject,
      before,
      after,
    },
  ];
}

/** The same check, but only under a condition that was not there before. */
function judgeUnder(before: CheckFact, after: CheckFact, sides: Sides): readonly Judgement[] {
  if (before.exit !== 'deny') return [];
  const { added = [] } = narrowingOf(before, after) ?? {};
  if (added.length === 0) return [];
  const severity = severityOf(weighCheck(before, sides) - (added.every(asksWhatItIs) ? 1 : 0));
  const message = `The check \`${show(before)}\`${inScope(before.scope)} runs only under \`${clip(added.join(' && '), 80)}\` now.`;
  return [
    {
      control: 'guard-made-conditional',
      group: 'guard',
      direction: 'weakened',
      severity,
      message,
      subject: before.key,
      before,
      after,
    },
  ];
}

/** Something is there at all. */
function isPresence(key: string): boolean {
  return /(?:^|\s)(?:null|None|nil|undefined)(?:\s|$)/.test(key) || /^!?[\w.$[\]'"]+$/.test(key);
}

/** Whether something is there at all, or of a type: `items != null && Array.isArray(items)`. */
function asksWhatItIs(key: string): boolean {
  const type = /^!?(?:[\w.]{1,80} instanceof [\w.]{1,80}|(?:Array\.isArray|isinstance)\([\w.]{1,80}[^()]{0,80}\))$/;
  return key.split(/ (?:&&|\|\|) /).every((part) => isPresence(part) || type.test(part));
}

/** Which error it is: `os.IsNotExist(err)`. */
function asksOfError(key: string): boolean {
  return /^!?[\w.]{0,60}(?:is_?not_?(?:exist|found)\w{0,20}|is_?already_?exists?)\(/i.test(key);
}

function judgePair(before: CheckFact, after: CheckFact, sides: Sides): readonly Judgement[] {
  const change = compareFormulas(before.formula, after.formula);
  return orLooser(judgeRelation(before, after, change, sides), before, after, change, sides);
}

function judgeRelation(before: CheckFact, after: CheckFact, change: FormulaChange, sides: Sides): readonly Judgement[] {
  const points = weighCheck(before, sides);
  const base = { group: 'guard', subject: before.key, before, after } as const;
  const where = inScope(after.scope);
  const was = `\`${show(before)}\``;
  if (before.exit === 'deny' && after.exit !== 'deny') {
    const message = `The check ${was}${where} no longer refuses: it was \`${clip(before.answer, 60)}\`, it is \`${clip(after.answer, 60)}\`.`;
    const severity = before.errorOf !== undefined && grantsAccess(after) ? 'high' : severityOf(points + 1);
    return [{ ...base, control: 'guard-no-longer-exits', direction: 'weakened', severity, message }];
  }
  if (before.exit !== 'deny') return after.exit === 'deny' ? [] : judgeAcceptPair(before, after, change, sides);
  switch (change.relation) {
    case 'equal':
      return [];
    case 'opposite': {
      const message = `The check ${was}${where} was turned into its opposite: it refuses who was let in, and lets in who was refused.`;
      return [{ ...base, control: 'guard-negated', direction: 'weakened', severity: 'high', message }];
    }
    case 'narrower':
      return isDivided(before, sides) || isToldByType(change, after)
        ? []
        : [narrowed(base, change, points, where, was)];
    case 'wider': {
      const message = `The check ${was}${where} refuses more: it is \`${show(after)}\` now.`;
      return [{ ...base, control: 'guard-strengthened', direction: 'strengthened', severity: 'low', message }];
    }
    default: {
      if (isTurnedRound(before, after)) {
        const message = `The check ${was}${where} compares the other way round: it is \`${show(after)}\` now.`;
        return [
          { ...base, control: 'guard-negated', direction: 'weakened', severity: severityOf(points + 1), message },
        ];
      }
      const message = `The check ${was}${where} is \`${show(after)}\` now.`;
      const lost = weighCheck(before, sides) > weighCheck(after, sides);
      const severity = lost ? lessThan(severityOf(points)) : lessThan(lessThan(severityOf(points)));
      return [{ ...base, control: 'guard-changed', direction: 'changed', severity, message }];
    }
  }
}

/** `a < b` became `a > b`, or `b < a`, and nothing else changed. */
function isTurnedRound(before: CheckFact, after: CheckFact): boolean {
  const [olds, news] = [before.formula.flat(), after.formula.flat()];
  const dropped = olds.filter(({ key }) => !news.some((other) => other.key === key));
  const added = news.filter(({ key }) => !olds.some((other) => other.key === key));
  const [was, is] = [dropped[0], added[0]];
  if (was === undefined || is === undefined || dropped.length !== 1 || added.length !== 1) return false;
  if (!/^[<>]=?$/.test(was.operator) || !/^[<>]=?$/.test(is.operator)) return false;
  const isSameWay = was.operator[0] === is.operator[0];
  return is.sides === (isSameWay ? was.sides.split(' ⋅ ').toReversed().join(' ⋅ ') : was.sides);
}

type Base = Pick<Judgement, 'group' | 'subject' | 'before' | 'after'>;

/** A refusal that happens in fewer cases. */
function narrowed(base: Base, change: FormulaChange, points: number, where: string, was: string): Judgement {
  const { operator, dropped, added } = change;
  const list = (atoms: typeof dropped): string => clip(atoms.map(({ key }) => key).join(', '), 80);
  if (operator) {
    const message = `The check ${was}${where} compares with \`${operator.after}\` where it compared with \`${operator.before}\`.`;
    return {
      ...base,
      control: 'guard-operator-weakened',
      direction: 'weakened',
      severity: severityOf(points + 1),
      message,
    };
  }
  if (added.length > 0 && dropped.length === 0) {
    const message = `The check ${was}${where} has an exception now: it refuses only if also \`${list(added)}\`.`;
    return { ...base, control: 'guard-exception-added', direction: 'weakened', severity: severityOf(points), message };
  }
  const message = `The check ${was}${where} no longer looks at \`${list(dropped)}\`.`;
  return {
    ...base,
    control: 'guard-operand-dropped',
    direction: 'weakened',
    severity: dropped.every(({ key }) => asksOfError(key))
      ? 'low'
      : severityOf(points + (dropped.every(({ key }) => isPresence(key)) ? -1 : 1)),
    message,
  };
}

/** A branch that leaves with success in more cases skips what follows in more cases. */
function judgeAcceptPair(
  before: CheckFact,
  after: CheckFact,
  change: FormulaChange,
  sides: Sides,
): readonly Judgement[] {
  const checks = checksAfter(after, sides);
  if (checks === undefined && change.relation === 'wider' && grantsAccess(after))
    return [judgeGranted(after, before, sides)];
  if (checks === undefined || change.relation === 'equal' || change.relation === 'narrower') return [];
  const severity = change.relation === 'wider' ? severityOf(weighCheck(before, sides) + 1) : 'low';
  const message = `\`${show(before)}\`${inScope(after.scope)}, which skips \`${clip(checks, 60)}\`, is \`${show(after)}\` now.`;
  const direction = change.relation === 'wider' ? 'weakened' : 'changed';
  return [
    { control: 'early-exit-widened', group: 'guard', direction, severity, message, subject: before.key, before, after },
  ];
}

function judgeGone(check: CheckFact, sides: Sides): readonly Judgement[] {
  if (sides.successorOf(check.scope) === undefined) return [];
  const where = inScope(check.scope);
  const base = { group: 'guard', subject: check.key, before: check } as const;
  if (check.errorOf !== undefined) return judgeErrorCheck(check, sides);
  if (check.exit === 'accept') return [];
  if (check.exit === 'deny' && (isInAnswer(check, sides) || isDivided(check, sides))) return [];
  const remaining = remainingAfter(check, sides);
  const weight = weighCheck(check, sides);
  const points = weight - (remaining < 0.34 ? 1 : 0);
  const own = severityOf(points);
  const severity = own === 'high' && isAskedBefore(check, sides) ? 'medium' : own;
  const message = `The check \`${show(check)}\` is gone${where}; it answered \`${clip(check.answer, 60)}\`.`;
  return [{ ...base, control: 'guard-removed', direction: 'weakened', severity, weight, message }];
}

/** The error of a call is no longer looked at, while the call is still made. */
function judgeErrorCheck(check: CheckFact, sides: Sides): readonly Judgement[] {
  const successor = sides.successorOf(check.scope)?.name;
  const stillCalled = sides.after.facts.find(
    (fact) => fact.kind === 'call' && fact.scope === successor && fact.key === check.errorOf,
  );
  const reads = (facts: Sides['after']['facts'], scope: string | undefined): number =>
    facts.filter((fact) => fact.kind === 'check' && fact.scope === scope && fact.errorOf === check.errorOf).length;
  const stillRead = reads(sides.after.facts, successor) >= reads(sides.before.facts, check.scope);
  if (stillCalled?.kind !== 'call' || stillRead || isErrorKept(check, stillCalled, sides)) return [];
  const important = stillCalled.meaning !== 'none';
  const message = `The error of \`${clip(stillCalled.key, 70)}\` is ignored${inScope(check.scope)}.`;
  return [
    {
      control: 'error-ignored',
      group: 'guard',
      direction: 'weakened',
      severity: important ? 'high' : 'medium',
      message,
      subject: stillCalled.key,
      before: check,
      after: stillCalled,
    },
  ];
}

/** A new way out before checks that were there before. */
function judgeCome(check: CheckFact, sides: Sides): readonly Judgement[] {
  if (!sides.isKept(check.scope)) return [];
  if (wasAnswered(check)) return [];
  const base = { group: 'guard', subject: check.key, after: check } as const;
  if (check.exit === 'deny' || failsQuestion(check)) {
    const message = `A check was added${inScope(check.scope)}: \`${show(check)}\`.`;
    return [
      {
        ...base,
        control: 'guard-added',
        direction: 'strengthened',
        severity: 'low',
        weight: weighCheck(check, sides),
        message,
      },
    ];
  }
  const skipped = checksAfter(check, sides);
  if (skipped === undefined) return grantsAccess(check) ? [judgeGranted(check, undefined, sides)] : [];
  const always = check.formula.some((atoms) => atoms.length === 0);
  const accepts = check.exit === 'accept';
  const own = severityOf(strengthOf(check, sides) + (accepts && isPredicateName(check.scope) ? 1 : accepts ? 0 : -1));
  const severity = always ? 'high' : asksAnother(check, sides) ? lessThan(own) : own;
  const when = always ? 'always' : `if \`${show(check)}\``;
  const message = `${check.scope === '' ? 'The file' : `\`${clip(check.scope, 60)}\``} now leaves ${when} before \`${clip(skipped, 70)}\`.`;
  return [{ ...base, control: 'early-exit-added', direction: 'weakened', severity, message }];
}

/** What frameworks call it when the answer is already on its way: `ctx.Written()`, `res.headersSent`. */
const ANSWERED = /^[\w.]{1,80}\.(?:[wW]ritten|headersSent|isCommitted|writableEnded|[iI]sAborted)(?:\(\))?$/;

/** Leaving because somebody was answered before: whoever answered has refused, and nothing is done for them here. */
function wasAnswered({ formula }: CheckFact): boolean {
  return formula.length > 0 && formula.every((atoms) => atoms.some(({ key }) => ANSWERED.test(key)));
}

/** `if (!isAccessible(path)) return`: who leaves so is refused, whatever the function answers. */
function failsQuestion({ exit, answer, formula }: CheckFact): boolean {
  return (
    (exit === 'leave' || !/\b(?:true|True|nil)\b/.test(answer)) &&
    formula.length > 0 &&
    formula.every((atoms) =>
      atoms.some(({ negated, term }) => negated && term.kind === 'call' && asksAccess(lastName(term))),
    )
  );
}

/** A way out of a function that says who may do what, by which it says yes. */
function grantsAccess({ exit, scope }: CheckFact): boolean {
  return exit === 'accept' && answersAccess(scope.slice(scope.lastIndexOf('.') + 1));
}

/** A function of access says yes where it went on to ask: nothing after it refuses by an error, the answer itself does. */
function judgeGranted(after: CheckFact, before: CheckFact | undefined, sides: Sides): Judgement {
  const also = before === undefined ? 'also if' : `not only if \`${show(before)}\`, it is`;
  return {
    group: 'guard',
    control: before === undefined ? 'early-exit-added' : 'early-exit-widened',
    direction: 'weakened',
    severity: severityOf(weighCheck(after, sides) + 2),
    message: `\`${clip(after.scope, 60)}\` now says yes ${also} \`${show(after)}\`.`,
    subject: after.key,
    before,
    after,
  };
}

function strengthOf(check: CheckFact, sides: Sides): number {
  const following = followingChecks(check, sides);
  return (
    Math.max(0, ...following.map((fact) => (fact.kind === 'check' ? weighCheck(fact, sides) : 2))) -
    (isPredicateName(check.scope) ? 0 : 1)
  );
}

function followingChecks(check: CheckFact, sides: Sides) {
  const old = new Set(sides.before.facts.map(({ scope, key }) => `${sides.successorOf(scope)?.name}\n${key}`));
  // What always leaves skips the handling of errors, too.
  const always = check.formula.some((atoms) => atoms.length === 0);
  return sides.after.facts.filter(
    (fact) =>
      fact.scope === check.scope &&
      fact.term.start >= check.term.end &&
      ((fact.kind === 'check' && fact.exit === 'deny' && (always || fact.errorOf === undefined)) ||
        (fact.kind === 'call' && fact.meaning === 'check' && stopsSomebody(fact) && !isDoneIn(check, fact))) &&
      old.has(`${fact.scope}\n${fact.key}`),
  );
}

/** Whether the branch that leaves has another check look at what the first one behind it looks at. */
function asksAnother(check: CheckFact, sides: Sides): boolean {
  const [skipped] = followingChecks(check, sides);
  return (
    skipped?.kind === 'call' &&
    [...termsIn(check.term)].some(
      (part) =>
        part.kind === 'call' &&
        meaningOf(namesOf(part)) === 'check' &&
        stopsSomebody({ names: namesOf(part) }) &&
        argumentsOf(part).some((one) => skipped.arguments.includes(renderTerm(one))),
    )
  );
}

/** A lock, a time limit and a cipher check nothing that a function could leave before. */
function stopsSomebody({ names }: Pick<CallFact, 'names'>): boolean {
  const name = names.at(-1) ?? '';
  const isMade =
    /(?:^|_)(?:encrypt|hash|sign|hmac|expire)(?![a-z])/i.test(name) && !/verif|check|valid|compare/i.test(name);
  return !isMade && !/^(?:r?lock|tryLock|acquire|\w*(?:timeout|deadline))$/i.test(name);
}

/** Whether the branch that leaves makes the same call itself, with what the other one is given. */
function isDoneIn({ term }: CheckFact, { names, arguments: given }: CallFact): boolean {
  return [...termsIn(term)].some(
    (part) =>
      part.kind === 'call' &&
      lastName(partOf(part, 'callee')) === names.at(-1) &&
      argumentsOf(part)
        .map((one) => renderTerm(one))
        .join() === given.join(),
  );
}

function checksAfter(check: CheckFact, sides: Sides): string | undefined {
  const [first] = followingChecks(check, sides);
  return first === undefined ? undefined : first.kind === 'check' ? show(first) : first.key;
}
