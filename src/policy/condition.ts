import { isDay } from '../text/index.ts';
import type { Action, Plane, SessionState } from './action.ts';
import type { RuleHead } from './document.ts';

/** A compiled `when:`. Throws when it cannot be evaluated or gives anything but a truth value. */
export type Expression = (action: Action, state: SessionState) => boolean;

/** Makes a `when:` ready; undefined where no rule has one, so that the expression library stays unloaded. */
export type ExpressionCompiler = (source: string, plane: Plane) => Expression;

export interface Conditions {
  holds(action: Action, state: SessionState): boolean;
  readonly observed: boolean;
}

/**
 * The conditions of a rule: its labels, its expression, and its dates against `now` (milliseconds since the epoch).
 * Without `now`, every date has passed: an observed rule is enforced and a grant with an end has ended.
 */
export function compileConditions(
  head: RuleHead,
  plane: Plane,
  compile: ExpressionCompiler | undefined,
  now: number | undefined,
): Conditions {
  const expression = head.when === undefined ? undefined : compile?.(head.when, plane);
  if (head.when !== undefined && expression === undefined) throw new Error('an expression needs a compiler');
  const until = head.until === undefined ? undefined : Date.parse(head.until);
  const past = until !== undefined && (now === undefined || !(now < until));
  const ended = head.effect === 'allow' && past;
  return {
    observed: head.observe === true && !past,
    holds: (action, state) => {
      if (ended) return false;
      if (head.after?.some((label) => !state.labels[label])) return false;
      return expression === undefined || expression(action, state);
    },
  };
}

/** Whether an observed rule or a temporary grant has a date that can be read: a day of the calendar, or a moment of one. */
export function isDate(text: string): boolean {
  const isMoment = /^.{10}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDay(text) || (isMoment && isDay(text.slice(0, 10)));
}
