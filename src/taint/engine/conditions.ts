import type { CallCondition } from '../catalogue.ts';
import { type Subjects, subjectAt } from './argument-path.ts';
import type { HeapObject } from './heap-object.ts';
import type { Machine } from './machine.ts';
import type { Value } from './value.ts';

/** Longest text that a row's expression is tried on. */
const LONGEST_SPELLING = 1_000;

const EXPRESSIONS = new Map<string, RegExp>();

/** Whether all of `when` are known to hold and none of `unless`. */
export function conditionsHold(
  row: { readonly when: readonly CallCondition[]; readonly unless?: readonly CallCondition[] },
  subjects: Subjects,
  machine: Machine,
): boolean {
  return (
    row.when.every((condition) => holds(condition, subjects, machine)) &&
    !row.unless?.some((condition) => holds(condition, subjects, machine))
  );
}

function holds(condition: CallCondition, subjects: Subjects, machine: Machine): boolean {
  const value = subjectAt(condition.argument, subjects, machine);
  if (condition.is === 'absent') return value === undefined;
  if (!value) return false;
  const { constant } = value;
  switch (condition.is) {
    case 'present':
      return true;
    case 'true':
      return constant === true || constant === 1;
    case 'false':
      return constant === false || constant === 0;
    case 'constant':
      return constant !== undefined && constant !== null;
    case 'text':
      return typeof constant === 'string' || value.prefix !== undefined;
    case 'list':
    case 'map':
      return isKind(value, condition.is, machine);
    case 'equals':
      return spellings(value, machine).includes(condition.value ?? '');
    case 'matches':
      return spellings(value, machine).some((text) => expressionOf(condition.value ?? '').test(text));
  }
}

function isKind(value: Value, kind: HeapObject['kind'], machine: Machine): boolean {
  return value.objects.length > 0 && value.objects.every((id) => machine.object(id).kind === kind);
}

/** The constant as text, a library's constant by its name, and the switches that were set on a library's thing. */
function spellings(value: Value, machine: Machine): readonly string[] {
  if (value.constant !== undefined) return [String(value.constant).slice(0, LONGEST_SPELLING)];
  const names = value.name === undefined ? [] : [value.name];
  const only = machine.onlyObject(value, 'opaque');
  const switches = only ? [...only.object.entries].flatMap(([key, held]) => (held.constant ? key : [])) : [];
  return [...names, ...switches];
}

function expressionOf(source: string): RegExp {
  let expression = EXPRESSIONS.get(source);
  if (!expression) {
    expression = new RegExp(source, 'u');
    EXPRESSIONS.set(source, expression);
  }
  return expression;
}
