import type { CallCondition } from '../catalogue.ts';
import { isExponential } from '../regex/ambiguity.ts';
import { isPolynomial } from '../regex/polynomial.ts';
import { type Subjects, subjectAt } from './argument-path.ts';
import type { HeapObject } from './heap-object.ts';
import type { Machine } from './machine.ts';
import { constantsOf, knownPrefix, type Value } from './value.ts';

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
    row.when.every((condition) => holds(condition, subjects, machine, 'on some way')) &&
    !row.unless?.some((condition) => holds(condition, subjects, machine, 'on every way'))
  );
}

/** Of a value that is one of a few constants a condition may hold for some or for all. */
type Way = 'on some way' | 'on every way';

function holds(condition: CallCondition, subjects: Subjects, machine: Machine, way: Way): boolean {
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
      return constant === undefined ? value.oneOf.length > 0 : constant !== null;
    case 'computed':
      return (
        constantsOf(value).length === 0 && (knownPrefix(value) ?? '') === '' && machine.taintOf(value).length === 0
      );
    case 'text':
      return typeof constant === 'string' || value.prefix !== undefined;
    case 'list':
      return isKind(value, machine, 'list');
    case 'map':
      return isKind(value, machine, 'map', 'instance');
    case 'exponential':
      return typeof constant === 'string' && isExponential(constant);
    case 'polynomial':
      return typeof constant === 'string' && isPolynomial(constant);
    case 'equals':
      return heldBy(value, (text) => text === condition.value, machine, way);
    case 'matches':
      return matchesSpelling(value, condition.value ?? '', machine, way);
    case 'begins':
      return expressionOf(condition.value ?? '').test(knownPrefix(value) ?? '');
  }
}

/** An expression that says nothing of the end is also tried on what a text certainly begins with. */
function matchesSpelling(value: Value, source: string, machine: Machine, way: Way): boolean {
  const expression = expressionOf(source);
  if (heldBy(value, (text) => expression.test(text), machine, way)) return true;
  const begins = value.constant === undefined ? (value.prefix ?? '') : '';
  return begins !== '' && source.startsWith('^') && !source.includes('$') && expression.test(begins);
}

function heldBy(value: Value, test: (text: string) => boolean, machine: Machine, way: Way): boolean {
  const constants = constantsOf(value).map((constant) => String(constant).slice(0, LONGEST_SPELLING));
  if (constants.length === 0) return spellings(value, machine).some(test);
  return way === 'on some way' ? constants.some(test) : constants.every(test);
}

function isKind(value: Value, machine: Machine, ...kinds: readonly HeapObject['kind'][]): boolean {
  return value.objects.length > 0 && value.objects.every((id) => kinds.includes(machine.object(id).kind));
}

/** A library's constant by its name, and the switches that were set on a library's thing. */
function spellings(value: Value, machine: Machine): readonly string[] {
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
