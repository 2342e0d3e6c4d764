import { groupsOf } from '../regex/groups.ts';
import { maskOf } from './category-mask.ts';
import { type HeapObject, listObject, mapObject } from './heap-object.ts';
import { clearLabels, type Label } from './label.ts';
import type { Machine } from './machine.ts';
import { clearedByMatch } from './pattern-strength.ts';
import { objectValue, taintedValue, type Value } from './value.ts';

const MARKUP = maskOf(['xss']);

/** What a search found by a known expression: the whole and its groups, each with what its characters cannot do. */
export function matchedParts(expression: Value, taint: readonly Label[]): readonly Value[] | undefined {
  const pattern = expression.constant;
  if (typeof pattern !== 'string' || taint.length === 0) return undefined;
  return [pattern, ...groupsOf(pattern).map((group) => group.pattern)].map((held) => matchedBy(held, taint));
}

function matchedBy(pattern: string, taint: readonly Label[]): Value {
  return taintedValue(clearLabels(taint, clearedByMatch(pattern, true, true)));
}

/** The result of a search (ECMA-262, 22.2.7.2): a list of the parts, with the groups by name and the text itself. */
export function matchResult(expression: Value, text: Value, machine: Machine): Value {
  const taint = machine.taintOf(text);
  const parts = matchedParts(expression, taint);
  if (!parts) return taintedValue(taint);
  return objectValue(machine.newObject({ ...listObject(parts), entries: entriesOf(expression, taint, machine) }));
}

function entriesOf({ constant }: Value, taint: readonly Label[], machine: Machine): HeapObject['entries'] {
  const entries = new Map<string, Value>();
  const named = groupsOf(String(constant)).flatMap(({ name, pattern }) =>
    name === undefined ? [] : [[name, matchedBy(pattern, taint)] as const],
  );
  if (named.length > 0) entries.set('groups', objectValue(machine.newObject(mapObject(new Map(named)))));
  // Whoever prints the list prints the parts alone: the text itself must not make them worse than they are.
  if ((clearedByMatch(String(constant), true, true) & MARKUP) === 0) entries.set('input', taintedValue(taint));
  return entries;
}
