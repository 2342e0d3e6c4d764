import type { Expression } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { ClassValue } from './callable.ts';
import { evaluate } from './evaluate.ts';
import { HARMLESS_TYPES } from './idioms.ts';
import type { Frame, Machine } from './machine.ts';
import { makeInstance } from './make.ts';
import { readMember } from './members.ts';
import { readName } from './names.ts';
import { joinValues, UNKNOWN, type Value, withTaint } from './value.ts';

/** `x.(T)`, `(T) x`, `var x T`, `T x = …`. */
export function evaluateTyped(
  expression: Extract<Expression, { kind: 'typed' }>,
  machine: Machine,
  frame: Frame,
): Value {
  const { type, value, place } = expression;
  if (value) return withType(evaluate(value, machine, frame), type, place, machine, frame);
  const made = typeValue(type, place, machine, frame);
  return made.objects.length > 0 || HARMLESS_TYPES.has(type) ? made : { ...made, objects: [machine.allocate()] };
}

/** What is known of a thing by its type alone: an instance of a class of the tree, or the name of a library's. */
export function typeValue(type: string, place: Place, machine: Machine, frame: Frame): Value {
  if (type === '' || HARMLESS_TYPES.has(type)) return UNKNOWN;
  const found = resolveType(type, place, machine, frame);
  let result: Value | undefined;
  for (const owner of classesOf(found)) {
    const instance = makeInstance(owner, machine);
    result = result ? joinValues(result, instance) : instance;
  }
  return result ?? (found.name === undefined ? UNKNOWN : { ...UNKNOWN, name: found.name });
}

function classesOf(value: Value): readonly ClassValue[] {
  return value.callables.flatMap((callable) => (callable.kind === 'class' ? callable : []));
}

/** `net/http.Request`, `com.acme.Store`, `Store`: the whole is a name, or what stands before the last dot is. */
function resolveType(type: string, place: Place, machine: Machine, frame: Frame): Value {
  const whole = readName(type, place, machine, frame);
  const cut = type.lastIndexOf('.');
  if (cut < 0 || whole.callables.length > 0) return whole;
  const parent = readName(type.slice(0, cut), place, machine, frame);
  return readMember(withTaint(parent, UNKNOWN.taint), type.slice(cut + 1), place, machine, frame);
}

/** Types that say less than how a thing was come by: the writer of a response is a writer. */
const GENERAL = /^(?:java\.(?:io|util)\.|[A-Z])/;

/** A value of which the source says the type: a number is harmless, and what had no good name has the type's. */
export function withType(value: Value, type: string, place: Place, machine: Machine, frame: Frame): Value {
  if (HARMLESS_TYPES.has(type)) return value.taint.length > 0 ? UNKNOWN : value;
  const named =
    value.name !== undefined && !value.name.startsWith('?') && (GENERAL.test(type) || !value.name.endsWith('()'));
  if (type === '' || named || value.constant !== undefined || machine.isContainer(value) || value.callables.length > 0)
    return value;
  const typed = typeValue(type, place, machine, frame);
  if (typed.name === undefined) return value;
  const objects = typed.objects.length > 0 ? typed.objects : value.objects;
  return { ...value, name: typed.name, objects };
}
