import type { Sides } from '../match.ts';
import type { Judgement } from '../report.ts';
import { judgeCalls } from './calls.ts';
import { judgeChecks } from './checks.ts';
import { judgeConditions } from './conditions.ts';
import { judgeDeletion } from './deletion.ts';
import { judgeEffects } from './effects.ts';
import { judgeLists } from './lists.ts';
import { judgeLosses } from './losses.ts';
import { judgeOptions } from './options.ts';
import { judgeOrder } from './order.ts';
import { judgeRoutes } from './routes.ts';
import { judgeTexts } from './texts.ts';

const JUDGES: readonly ((sides: Sides) => readonly Judgement[])[] = [
  judgeChecks,
  judgeOrder,
  judgeConditions,
  judgeCalls,
  judgeRoutes,
  judgeOptions,
  judgeLists,
  judgeTexts,
  judgeEffects,
  judgeLosses,
];

/** Everything that the two sides of a file differ in; `deleted` when there is no new side. */
export function judgeAll(sides: Sides, deleted: boolean): readonly Judgement[] {
  return deleted ? judgeDeletion(sides) : JUDGES.flatMap((judge) => judge(sides));
}
