import { maskOf } from './category-mask.ts';
import { doubtLabels, type Label } from './label.ts';
import { joinValues, type Value, withTaint } from './value.ts';

const MARKUP = maskOf(['xss']);

/** Whether a test asks for a setting, and nothing of what outsiders send. */
export function asksForSetting(test: Value): boolean {
  return test.facts === undefined && test.taint.length === 0 && test.objects.length === 0;
}

/**
 * `options.clean ? sanitize(text) : text`: one of the two, by a setting. Whoever switches the cleaning off has decided so,
 * which makes a flow of what was not cleaned weak evidence.
 */
export function joinBySetting(left: Value, right: Value): Value {
  return joinValues(doubtedBeside(left, right), doubtedBeside(right, left));
}

function doubtedBeside(value: Value, other: Value): Value {
  if (value.taint.length === 0 || other.taint.length === 0 || value.taint === other.taint) return value;
  const isCleaned = (label: Label) =>
    other.taint.some(({ origin, cleared }) => origin === label.origin && (cleared & ~label.cleared & MARKUP) !== 0);
  if (!value.taint.some(isCleaned)) return value;
  return withTaint(
    value,
    value.taint.flatMap((label) => (isCleaned(label) ? doubtLabels([label], MARKUP) : [label])),
  );
}
