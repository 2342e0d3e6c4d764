import { type ConditionFact, formulaKey, type ResultFact } from '../facts/index.ts';
import { compareFormulas, type FormulaChange, negate } from '../formula.ts';
import { asksAccess, countStrong, isGuardNoun, isPredicateName, isRefusingName } from '../lexicon.ts';
import { leavesOf, type Sides, shareOf } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip, lastName, type Term, termsIn } from '../terms/index.ts';
import { orLooser } from './comparisons.ts';
import { lessThan, severityOf, weighPlace, weighText } from './weigh.ts';

type Conditional = ConditionFact | ResultFact;

/** Conditions that let something happen, and answers of functions that say yes or no. */
export function judgeConditions(sides: Sides): readonly Judgement[] {
  return [...judgeKind('condition', sides), ...judgeKind('result', sides)];
}

function judgeKind(kind: 'condition' | 'result', sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match(kind);
  const used = new Set<Conditional>();
  const judgements: Judgement[] = [];
  for (const before of heaviest(gone, sides)) {
    const scope = sides.successorOf(before.scope)?.name;
    if (scope === undefined) continue;
    const after = mostSimilar(
      before,
      come.filter((fact) => fact.scope === scope && !used.has(fact)),
    );
    if (after === undefined) {
      judgements.push(...judgeGone(before, sides));
      continue;
    }
    used.add(after);
    judgements.push(...judgePair(before, after, sides));
  }
  return judgements;
}

/** Conditions of one file and kind that are judged: each is compared with all that came. */
const MOST_CONDITIONS = 300;

/** Of too many those that are most about access: no mass of others hides one. */
function heaviest(conditions: readonly Conditional[], sides: Sides): readonly Conditional[] {
  if (conditions.length <= MOST_CONDITIONS) return conditions;
  const weights = new Map(conditions.map((fact) => [fact, weigh(fact, sides)]));
  const weightOf = (fact: Conditional): number => weights.get(fact) ?? 0;
  return conditions.toSorted((one, other) => weightOf(other) - weightOf(one)).slice(0, MOST_CONDITIONS);
}

function mostSimilar(before: Conditional, candidates: readonly Conditional[]): Conditional | undefined {
  let best: Conditional | undefined;
  let most = before.kind === 'result' ? 0 : 0.34;
  for (const candidate of candidates) {
    const share = shareOf(wordsOf(before), wordsOf(candidate));
    if (share >= most) [best, most] = [candidate, share];
  }
  return best;
}

function wordsOf(fact: Conditional): readonly string[] {
  return fact.formula.flatMap((atoms) => atoms.flatMap(({ term }) => leavesOf(term)));
}

function show(fact: Conditional): string {
  return clip(formulaKey(fact.formula) || (fact.formula.length === 0 ? 'false' : 'true'), 80);
}

/** What a plain condition compares with are data; the names in it say what it is about. */
function weigh(fact: Conditional, sides: Sides): number {
  const words =
    fact.kind === 'result'
      ? wordsOf(fact).join(' ')
      : fact.formula
          .flat()
          .map(({ term }) => namesIn(term))
          .join(' ');
  const answers = fact.kind === 'result' && answersWho(fact.scope) ? 2 : 0;
  return weighText(words) + answers + weighPlace(fact, sides) + (countStrong(words) > 1 ? 1 : 0);
}

/** Whether a function of this name lets through or refuses with its answer. */
function answersWho(scope: string): boolean {
  return isPredicateName(scope) || isGuardNoun(scope);
}

/** Whether it calls something that asks who may do what. */
function asksSomeone({ formula }: Conditional): boolean {
  return formula.some((atoms) =>
    atoms.some(({ term }) => [...termsIn(term)].some((part) => part.kind === 'call' && asksAccess(lastName(part)))),
  );
}

function namesIn(term: Term): string {
  return [...termsIn(term)].flatMap(({ kind, text }) => (kind === 'name' ? [text] : [])).join(' ');
}

function judgePair(before: Conditional, after: Conditional, sides: Sides): readonly Judgement[] {
  const change = compareFormulas(before.formula, after.formula);
  return orLooser(judgeRelation(before, after, change, sides), before, after, change, sides);
}

function judgeRelation(
  before: Conditional,
  after: Conditional,
  change: FormulaChange,
  sides: Sides,
): readonly Judgement[] {
  const points = weigh(before, sides);
  const refuses = before.kind === 'result' ? isRefusingName(before.scope) : holdsChecks(before, sides);
  const opens = refuses ? 'narrower' : 'wider';
  const what = before.kind === 'result' ? 'The answer' : 'The condition';
  const message = `${what} \`${show(before)}\`${inScope(after.scope)} is \`${show(after)}\` now.`;
  const base = { group: 'guard', subject: before.key, before, after, message } as const;
  if (change.relation === 'equal') return [];
  if (change.relation === 'opposite') {
    const severity = before.kind === 'result' || points >= 3 ? severityOf(points + 2) : severityOf(points);
    return [{ ...base, control: 'condition-negated', direction: 'weakened', severity }];
  }
  if (change.relation === 'changed') {
    const widened = change.operator !== undefined;
    return [
      {
        ...base,
        control: 'condition-changed',
        direction: 'changed',
        severity: widened ? severityOf(points) : lessThan(severityOf(points - 1)),
      },
    ];
  }
  if (change.relation !== opens)
    return [{ ...base, control: 'condition-strengthened', direction: 'strengthened', severity: 'low' }];
  const isAnswer = before.kind === 'result' && answersWho(before.scope);
  const isSettled = after.kind === 'result' && after.constant;
  const lost = change.dropped.length > 0 ? 'condition-operand-dropped' : 'condition-alternative-added';
  const control = change.operator ? 'condition-operator-weakened' : lost;
  const text = [...change.dropped, ...change.added]
    .map(({ key, term }) => (before.kind === 'result' ? key : namesIn(term)))
    .join(' ');
  return [
    {
      ...base,
      control,
      direction: 'weakened',
      severity: severityOf(
        isAnswer && (isSettled || countStrong(text) + countStrong(before.scope) > 0)
          ? points + 1
          : Math.min(points, weighText(text) + weighPlace(before, sides) + 1),
      ),
    },
  ];
}

/** Whether there are refusals or checks below the condition: then a narrower condition opens. */
function holdsChecks(condition: Conditional, sides: Sides): boolean {
  const [first] = condition.formula;
  const key = first?.[0]?.key;
  if (key === undefined) return false;
  return sides.before.facts.some(
    (fact) =>
      fact.scope === condition.scope &&
      fact.under.includes(key) &&
      ((fact.kind === 'check' && fact.exit === 'deny') || (fact.kind === 'call' && fact.meaning === 'check')),
  );
}

/** `a ? b : c` became `if (!a) return c`: the opposite of the condition leaves now, and the rest still depends on it. */
function leavesUnless(fact: Conditional, scope: string | undefined, sides: Sides): boolean {
  const opposite = formulaKey(negate(fact.formula));
  return sides.after.facts.some(
    (other) => other.kind === 'check' && other.scope === scope && formulaKey(other.formula) === opposite,
  );
}

/** The condition is gone, and what stood under it is still done. */
function judgeGone(fact: Conditional, sides: Sides): readonly Judgement[] {
  if (fact.kind === 'result' || holdsChecks(fact, sides)) return [];
  const scope = sides.successorOf(fact.scope)?.name;
  if (leavesUnless(fact, scope, sides)) return [];
  const [first] = fact.formula;
  const key = first?.[0]?.key ?? '';
  const below = sides.before.facts.filter(
    (other) =>
      other.scope === fact.scope && other.under.includes(key) && (other.kind === 'call' || other.kind === 'write'),
  );
  const now = new Set(
    sides.after.facts.filter((other) => other.scope === scope).map((other) => `${other.kind} ${other.key}`),
  );
  const still = below.filter((other) => now.has(`${other.kind} ${other.key}`));
  if (still.length === 0) return [];
  const points = weigh(fact, sides) + (asksSomeone(fact) ? 1 : 0);
  const message = `\`${clip(still[0]?.key ?? '', 60)}\`${inScope(fact.scope)} no longer depends on \`${show(fact)}\`.`;
  return [
    {
      control: 'condition-removed',
      group: 'guard',
      direction: 'weakened',
      severity: severityOf(points),
      message,
      subject: fact.key,
      before: fact,
    },
  ];
}
