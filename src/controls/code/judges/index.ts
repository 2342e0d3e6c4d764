import type { Sides } from '../match.ts';
import type { Judgement } from '../report.ts';
import { judgeCalls } from './calls.ts';
import { judgeChecks } from './checks.ts';
import { judgeConditions } from './conditions.ts';
import { judgeDeletion } from './deletion.ts';
import { judgeEffects } from './effects.ts';
import { judgeLists } from './lists.ts';
import { judgeOptions } from './options.ts';
import { judgeRoutes } from './routes.ts';
import { judgeTexts } from './texts.ts';

const JUDGES: readonly ((sides: Sides) => readonly Judgement[])[] = [
  judgeChecks,
  judgeConditions,
  judgeCalls,
  judgeRoutes,
  judgeOptions,
  judgeLists,
  judgeTexts,
  judgeEffects,
];

/** Everything that the two sides of a file differ in. */
export function judgeAll(sides: Sides): readonly Judgement[] {
  return sides.after.scopes.size === 0 ? judgeDeletion(sides) : JUDGES.flatMap((judge) => judge(sides));
}
