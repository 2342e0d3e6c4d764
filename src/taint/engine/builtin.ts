import type { CodeLanguage } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { Arguments } from './arguments.ts';
import { positionalArguments } from './arguments.ts';
import { JAVASCRIPT_FUNCTIONS, PYTHON_FUNCTIONS } from './builtin-functions.ts';
import type { Callable } from './callable.ts';
import { maskOf } from './category-mask.ts';
import { COMMAND_LINE_METHODS } from './command-options.ts';
import { CONTAINER_METHODS, KEYED_METHODS } from './container-methods.ts';
import { DEFERRED_FUNCTIONS, DEFERRED_METHODS } from './deferred-calls.ts';
import { DEPENDENCY_FUNCTIONS } from './dependencies.ts';
import { GO_FUNCTIONS, GO_METHODS } from './go-functions.ts';
import { OPAQUE, withKeys, withRest } from './heap-object.ts';
import { callFunction, constructInstance, takes } from './invoke.ts';
import { JAVA_FUNCTIONS, JAVA_METHODS } from './java-functions.ts';
import { clearLabels, unionLabels } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { SCRIPT_FUNCTIONS, SCRIPT_METHODS } from './script-functions.ts';
import { LIBRARY_FUNCTIONS, LIBRARY_METHODS } from './script-libraries.ts';
import { MATCH_METHODS } from './script-matches.ts';
import { TEMPLATE_FUNCTIONS } from './script-templates.ts';
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

type Table = Readonly<Record<string, Builtin>>;

/** What a language fixes: functions by dotted name, methods by their own. */
interface LanguageTables {
  readonly functions: readonly Table[];
  readonly methods: readonly Table[];
}

function tablesOf(language: CodeLanguage): LanguageTables {
  switch (language) {
    case 'python':
      return {
        functions: [PYTHON_FUNCTIONS, DEFERRED_FUNCTIONS, DEPENDENCY_FUNCTIONS],
        methods: [DEFERRED_METHODS, COMMAND_LINE_METHODS, PYTHON_METHODS, CONTAINER_METHODS, KEYED_METHODS],
      };
    case 'go':
      return { functions: [GO_FUNCTIONS], methods: [GO_METHODS] };
    case 'java':
      return { functions: [JAVA_FUNCTIONS], methods: [JAVA_METHODS] };
    default:
      return {
        functions: [TEMPLATE_FUNCTIONS, LIBRARY_FUNCTIONS, SCRIPT_FUNCTIONS, JAVASCRIPT_FUNCTIONS],
        methods: [MATCH_METHODS, SCRIPT_METHODS, LIBRARY_METHODS, JAVASCRIPT_METHODS, CONTAINER_METHODS, KEYED_METHODS],
      };
  }
}

/** The meaning of a call by its dotted name, or of a method by its own name. */
export function runBuiltin(method: string | undefined, call: BuiltinCall): Value | undefined {
  const { functions, methods } = tablesOf(call.machine.language(call.frame));
  const direct = firstOf(functions, call.name, call);
  if (direct || method === undefined) return direct;
  return firstOf(methods, method, COLLECTIONS.has(call.receiver.name ?? '') ? onFirstArgument(call) : call);
}

/** Libraries whose functions have the names of methods and take as first argument what those are called on. */
const COLLECTIONS: ReadonlySet<string> = new Set(['_', 'lodash', 'underscore', '$', 'jQuery', 'jquery']);

/** `_.map(list, f)` is `list.map(f)`. */
function onFirstArgument(call: BuiltinCall): BuiltinCall {
  const [receiver = UNKNOWN, ...others] = call.given.positional;
  return { ...call, receiver, given: { ...call.given, positional: others } };
}

/** What the first table gives that knows the name and fits the arguments. */
function firstOf(tables: readonly Table[], name: string, call: BuiltinCall): Value | undefined {
  for (const table of tables) {
    const result = own(table, name)?.(call);
    if (result) return result;
  }
  return undefined;
}

function own(table: Table, name: string): Builtin | undefined {
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
  for (const callable of fitting(callee.callables, given)) {
    const value =
      callable.kind === 'function'
        ? callFunction(callable, given, place, machine, frame)
        : callable.kind === 'class'
          ? constructInstance(callable, given, place, machine, frame)
          : callable.kind === 'method' && callable.fixed
            ? undefined
            : callable.kind === 'method' && callable.name === 'yield'
              ? handOut(callable.receiver, given, machine)
              : callable.kind === 'method'
                ? settle(callable.receiver, delivered(callable.name, given), place, machine, frame)
                : undefined;
    if (value) result = result ? joinAlternatives(result, value) : value;
  }
  return result;
}

/** A callback of Node gets an error first. */
function delivered(name: string, given: Arguments): Arguments {
  return name === 'deliver' ? { ...given, positional: given.positional.slice(1) } : given;
}

/** Of methods of one name those that take this many arguments, when there are such. */
function fitting(callables: readonly Callable[], given: Arguments): readonly Callable[] {
  const [first, ...others] = callables;
  if (first?.kind !== 'function' || others.length === 0 || !first.owner || given.spread) return callables;
  const overloaded = others.every((other) => other.kind === 'function' && other.node.name === first.node.name);
  if (!overloaded) return callables;
  const found = callables.filter((one) => one.kind === 'function' && takes(one.node, given.positional.length));
  return found.length > 0 ? found : callables;
}

/** Whoever waits for the promise gets what it was settled with. */
function settle(promise: Value, given: Arguments, place: Place, machine: Machine, frame: Frame): Value {
  const [given0] = given.positional;
  const value = given0 && (callValue(given0, positionalArguments([promise]), place, machine, frame) ?? given0);
  if (value) machine.update(promise, (held) => withRest(held, value));
  return UNKNOWN;
}

/** `yield(value)`, `yield(key, value)` of an iterator of Go: what the loop over it gets. */
function handOut(iteration: Value, { positional }: Arguments, machine: Machine): Value {
  const [first = UNKNOWN, second] = positional;
  machine.update(iteration, (held) =>
    second ? { ...withKeys(withRest(held, second), machine.taintOf(first)), kind: 'map' } : withRest(held, first),
  );
  return UNKNOWN;
}

/** What a loop of Go runs over: of a function what it yields. */
export function iterated(value: Value, place: Place, machine: Machine, frame: Frame): Value {
  if (!value.callables.some(({ kind }) => kind === 'function')) return value;
  const iteration: Value = { ...UNKNOWN, objects: [machine.newObject(OPAQUE)] };
  const given: Value = { ...UNKNOWN, callables: [{ kind: 'method', name: 'yield', receiver: iteration }] };
  callValue(value, positionalArguments([given]), place, machine, frame);
  return iteration;
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
  const taint = values.reduce((all, value) => unionLabels(all, machine.taintOf(value)), UNKNOWN.taint);
  return taintedValue(clearLabels(taint, clearedByName(callback?.name, machine, frame)));
}

/** `list.map(Number)`, `promise.then(encodeURIComponent)`: what a sanitizer makes harmless that is only named. */
function clearedByName(name: string | undefined, machine: Machine, frame: Frame): number {
  if (name === undefined) return 0;
  const rows = machine.rows.about(name, machine.language(frame)).sanitizers;
  return maskOf(rows.flatMap(({ form, when, clears }) => (form === 'value' && when.length === 0 ? clears : [])));
}
