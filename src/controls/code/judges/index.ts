import type { Sides } from '../match.ts';
import type { Judgement } from '../report.ts';
import { judgeAudit } from './audit.ts';
import { judgeCalls } from './calls.ts';
import { judgeChecks } from './checks.ts';
import { judgeConditions } from './conditions.ts';
import { judgeDecorators } from './decorators.ts';
import { judgeDeletion } from './deletion.ts';
import { judgeDisclosure } from './disclosure.ts';
import { judgeEffects } from './effects.ts';
import { judgeErrorDetails } from './error-details.ts';
import { judgeLists } from './lists.ts';
import { judgeLocks } from './locks.ts';
import { judgeLosses } from './losses.ts';
import { judgeOptions } from './options.ts';
import { judgeOrder } from './order.ts';
import { judgeRanks } from './ranks.ts';
import { judgeRoutes } from './routes.ts';
import { judgeTexts } from './texts.ts';

const JUDGES: readonly ((sides: Sides) => readonly Judgement[])[] = [
  judgeChecks,
  judgeOrder,
  judgeConditions,
  judgeCalls,
  judgeLocks,
  judgeAudit,
  judgeRoutes,
  judgeDecorators,
  judgeOptions,
  judgeRanks,
  judgeLists,
  judgeTexts,
  judgeEffects,
  judgeDisclosure,
  judgeErrorDetails,
  judgeLosses,
];

/** Everything that the two sides of a file differ in; `deleted` when there is no new side. */
export function judgeAll(sides: Sides, deleted: boolean): readonly Judgement[] {
  return deleted ? judgeDeletion(sides) : JUDGES.flatMap((judge) => judge(sides));
}
