import type { Target } from '../../code/index.ts';
import type { Frame, Machine } from './machine.ts';
import { readIndex } from './members.ts';
import { constantValue, taintedValue, UNKNOWN, type Value } from './value.ts';

/**
 * One of the results of a call of Go, `value, err := f()`. Of a library's function the first is the value and the last
 * an error or a flag, which holds nothing of anybody. What the call proves when it succeeds is said by the error, which
 * is nothing then; a truth value among the results says it itself.
 */
export function resultAt(
  value: Value,
  index: number,
  count: number,
  item: Target,
  machine: Machine,
  frame: Frame,
): Value {
  if (value.objects.some((id) => machine.object(id).kind === 'list'))
    return readIndex(value, constantValue(index), item.place, machine, frame);
  const byError = value.facts !== undefined && value.facts.whenTrue.length === 0;
  if (index === 0) return byError ? { ...value, facts: undefined } : value;
  if (index < count - 1) return taintedValue(machine.taintOf(value));
  return byError ? { ...UNKNOWN, facts: value.facts } : UNKNOWN;
}
