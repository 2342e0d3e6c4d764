import type { Place } from '../../syntax/index.ts';
import type { Arguments } from './arguments.ts';
import { positionalArguments } from './arguments.ts';
import { JAVASCRIPT_FUNCTIONS, PYTHON_FUNCTIONS } from './builtin-functions.ts';
import { CONTAINER_METHODS, KEYED_METHODS } from './container-methods.ts';
import { withRest } from './heap-object.ts';
import { callFunction, constructInstance } from './invoke.ts';
import { unionLabels } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { SCRIPT_FUNCTIONS, SCRIPT_METHODS } from './script-functions.ts';
import { JAVASCRIPT_METHODS, PYTHON_METHODS } from './text-methods.ts';
import { taintedValue, UNKNOWN, type Value } from './value.ts';

/** A call whose meaning the language or its standard library fixes. */
export interface BuiltinCall {
  readonly name: string;
  readonly receiver: Value;
  readonly given: Arguments;
  readonly place: Place;
  readonly machine: Machine;
  readonly frame: Frame;
}

/** What the call gives; `undefined`: the meaning does not fit these arguments. */
export type Builtin = (call: BuiltinCall) => Value | undefined;

/** The meaning of a call by its dotted name, or of a method by its own name. */
export function runBuiltin(method: string | undefined, call: BuiltinCall): Value | undefined {
  const python = call.machine.language(call.frame) === 'python';
  const functions = python ? [PYTHON_FUNCTIONS] : [SCRIPT_FUNCTIONS, JAVASCRIPT_FUNCTIONS];
  const direct = firstOf(functions, call.name, call);
  if (direct || method === undefined) return direct;
  const methods = python ? [PYTHON_METHODS] : [SCRIPT_METHODS, JAVASCRIPT_METHODS];
  return firstOf([...methods, CONTAINER_METHODS, KEYED_METHODS], method, call);
}

/** What the first table gives that knows the name and fits the arguments. */
function firstOf(
  tables: readonly Readonly<Record<string, Builtin>>[],
  name: string,
  call: BuiltinCall,
): Value | undefined {
  for (const table of tables) {
    const result = own(table, name)?.(call);
    if (result) return result;
  }
  return undefined;
}

function own(table: Readonly<Record<string, Builtin>>, name: string): Builtin | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Call each function that a value may be; `undefined` when it is none of the tree. */
export function callValue(
  callee: Value,
  given: Arguments,
  place: Place,
  machine: Machine,
  frame: Frame,
): Value | undefined {
  let result: Value | undefined;
  for (const callable of callee.callables) {
    const value =
      callable.kind === 'function'
        ? callFunction(callable, given, place, machine, frame)
        : callable.kind === 'class'
          ? constructInstance(callable, given, place, machine, frame)
          : callable.kind === 'method'
            ? settle(callable.receiver, given, place, machine, frame)
            : undefined;
    if (value) result = result ? joinAlternatives(result, value) : value;
  }
  return result;
}

/** Whoever waits for the promise gets what it was settled with. */
function settle(promise: Value, given: Arguments, place: Place, machine: Machine, frame: Frame): Value {
  const [given0] = given.positional;
  const value = given0 && (callValue(given0, positionalArguments([promise]), place, machine, frame) ?? given0);
  if (value) machine.update(promise, (held) => withRest(held, value));
  return UNKNOWN;
}

function joinAlternatives(left: Value, right: Value): Value {
  return {
    ...left,
    constant: left.constant === right.constant ? left.constant : undefined,
    oneOf: [],
    taint: unionLabels(left.taint, right.taint),
    objects: [...left.objects, ...right.objects],
    callables: [...left.callables, ...right.callables],
    facts: undefined,
    views: [],
  };
}

/** Call a function that was passed, with these values; what it gives when it is not of the tree is their taint. */
export function callBack(callback: Value | undefined, values: readonly Value[], call: BuiltinCall): Value {
  const { machine, frame, place } = call;
  const result = callback && callValue(callback, positionalArguments(values), place, machine, frame);
  if (result) return result;
  return taintedValue(values.reduce((taint, value) => unionLabels(taint, machine.taintOf(value)), UNKNOWN.taint));
}
