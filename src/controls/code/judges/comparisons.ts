import type { CheckFact, ConditionFact, ResultFact } from '../facts/index.ts';
import type { FormulaChange } from '../formula.ts';
import { countStrong } from '../lexicon.ts';
import { leavesOf, type Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { severityOf, weighPlace } from './weigh.ts';

/** Operators that compare without converting, and the ones of the same meaning that convert first. */
const LOOSE: { readonly [operator: string]: string } = { '===': '==', '!==': '!=' };

/**
 * One comparison of a condition converts its sides now. Which way that moves the whole condition depends on the values,
 * so it is reported whatever the branch does: `'0' == false`, `null == undefined` and `['admin'] == 'admin'` are true.
 */
export function judgeLooseComparison(
  before: CheckFact | ConditionFact | ResultFact,
  after: CheckFact | ConditionFact | ResultFact,
  { dropped, added }: FormulaChange,
  sides: Sides,
): readonly Judgement[] {
  const atom = dropped.find(
    ({ operator, sides: own }) =>
      Object.hasOwn(LOOSE, operator) &&
      added.some((other) => other.sides === own && other.operator === LOOSE[operator]),
  );
  if (atom === undefined) return [];
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
