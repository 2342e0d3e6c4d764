import { corroborateJudgements } from './balance.ts';
import type { Fact, FactSheet } from './facts/index.ts';
import { lessThan } from './judges/weigh.ts';
import type { Sides } from './match.ts';
import { inScope, type Judgement } from './report.ts';
import { clip } from './terms/index.ts';

/** How many names, texts and numbers of a file are gone and how many came, counted without their places. */
export interface Turnover {
  readonly lost: number;
  readonly found: number;
}

/** What two sides of a file differ in by their words: comments, blanks, types and order do not count. */
export function measureTurnover(before: FactSheet, after: FactSheet): Turnover {
  let [lost, found] = [0, 0];
  for (const [word, count] of before.words) lost += Math.max(0, count - (after.words.get(word) ?? 0));
  for (const [word, count] of after.words) found += Math.max(0, count - (before.words.get(word) ?? 0));
  return { lost, found };
}

/** 1 when the change only takes away, 0 when it only adds; one half when as much came as went. */
function shareLost({ lost, found }: Turnover): number {
  return lost + found === 0 ? 0.5 : lost / (lost + found);
}

/**
 * Bars for the share of what is lost, and for the words that are lost on balance. Ordinary work adds: of 675 ordinary
 * commits of 27 public projects 22 % lose more than they gain, of 338 security fixes taken back 81 %.
 */
const BARS = {
  grows: 0.4,
  shrinks: 0.5,
  mostly: 0.7,
  much: 0.8,
  only: 0.9,
  words: 3,
  manyWords: 6,
  newWords: 15,
} as const;

/**
 * Weighs what was found against the balance of the whole file. A sign in a file that mostly loses counts more. What is
 * uncertain counts less in a file that grows by more than a few words, because there something else came; what is
 * certain stays as it is, so that nobody hides a removed check behind new code.
 */
export function weighTurnover(judgements: readonly Judgement[], sides: Sides): readonly Judgement[] {
  const turnover = measureTurnover(sides.before, sides.after);
  const share = shareLost(turnover);
  if (share < BARS.grows && turnover.found - turnover.lost >= BARS.newWords) return lowerAll(judgements);
  const raised = share > BARS.mostly ? raiseAll(judgements, turnover, sides) : judgements;
  return [...corroborateJudgements(raised), ...judgeTakenAway(raised, turnover, sides)];
}

/** Counted over the file, and seen at no place in particular. */
function isCount({ control }: Judgement): boolean {
  return control === 'security-code-shrunk';
}

function raiseAll(judgements: readonly Judgement[], turnover: Turnover, sides: Sides): readonly Judgement[] {
  const share = shareLost(turnover);
  const isAccompanied = judgements.some((one) => !isCount(one) && one.direction !== 'strengthened');
  const isHigh = isAccompanied || (share > BARS.only && losesBranches(sides));
  const isMedium = share > BARS.much && turnover.lost - turnover.found >= BARS.manyWords;
  return judgements.map((judgement) => {
    const { direction, severity, confidence } = judgement;
    if (direction !== 'weakened') return judgement;
    const isSure = isCount(judgement) ? isHigh : confidence !== 'low';
    if (severity === 'medium' && isSure) return { ...judgement, severity: 'high' };
    const isSeen = isCount(judgement) ? isMedium : isSure && share > BARS.only;
    return severity === 'low' && isSeen ? { ...judgement, severity: 'medium' } : judgement;
  });
}

function losesBranches(sides: Sides): boolean {
  const [checks, conditions] = [sides.match('check'), sides.match('condition')];
  return checks.gone.length + conditions.gone.length > checks.come.length + conditions.come.length;
}

/** A count over a file that grows says nothing; what was seen at a place is still worth a look. */
function lowerAll(judgements: readonly Judgement[]): readonly Judgement[] {
  return judgements.flatMap((judgement): readonly Judgement[] => {
    const { direction, confidence, severity, meta } = judgement;
    if (isCount(judgement)) return [];
    const isUnsure = severity === 'medium' || (severity === 'high' && confidence === 'low');
    const isLoss = direction === 'weakened' || direction === 'changed';
    return [isLoss && isUnsure && meta !== true ? { ...judgement, severity: lessThan(severity) } : judgement];
  });
}

/** A change that takes more away than it brings, where nothing else says so loudly. */
function judgeTakenAway(judgements: readonly Judgement[], turnover: Turnover, sides: Sides): readonly Judgement[] {
  const { lost, found } = turnover;
  const share = shareLost(turnover);
  const isTold = judgements.some((one) => isCount(one) || (one.direction === 'weakened' && one.severity !== 'low'));
  if (isTold || lost - found < BARS.words || share <= BARS.shrinks) return [];
  const acts: readonly Fact[] = (['check', 'condition', 'result', 'call'] as const).flatMap(
    (kind) => sides.match(kind).gone,
  );
  const before = acts[0] ?? sides.before.facts[0];
  const isMuch = acts.length > 0 && lost - found >= BARS.manyWords && share > BARS.much;
  const such = before === undefined ? '' : `, such as \`${clip(before.key, 70)}\`${inScope(before.scope)}`;
  return [
    {
      control: 'code-taken-away',
      group: 'call',
      direction: 'changed',
      severity: isMuch ? 'medium' : 'low',
      confidence: 'low',
      message: `The change takes away more than it brings (${lost} words for ${found})${such}.`,
      subject: before?.key ?? 'code',
      before,
    },
  ];
}
