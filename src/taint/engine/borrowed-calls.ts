import { positionalArguments } from './arguments.ts';
import { callValue } from './builtin.ts';
import { makeCall } from './call.ts';
import type { MethodValue } from './callable.ts';
import { isScript } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import type { Callee, Made } from './made-call.ts';
import { findMethod } from './members.ts';
import { withFixed } from './script-functions.ts';
import { UNKNOWN, type Value } from './value.ts';

/** `f.call(self, a)`, `f.apply(self, list)`, `f.bind(self)`. */
export function borrow(receiver: Value, method: string, made: Made): Value | undefined {
  const { given, place, machine, frame } = made;
  const [self = UNKNOWN, ...rest] = given.positional;
  const callables = receiver.callables.map((callable) =>
    callable.kind === 'function' ? { ...callable, self } : callable,
  );
  const bound: Value = { ...receiver, callables };
  if (method === 'bind') return withFixed(bound, rest);
  const [list = UNKNOWN] = rest;
  const items = machine.onlyObject(list, 'list')?.object.items ?? [machine.elementOf(list, false)];
  return callValue(bound, positionalArguments(method === 'apply' ? items : rest), place, machine, frame);
}

/** `exec.call(null, command)`, `Object.prototype.hasOwnProperty.call(object, key)`: the function that has the name. */
export function borrowNamed({ callee, given, place, machine, frame }: Made): Value | undefined {
  const { receiver, method } = callee;
  const name = receiver?.name;
  if (!receiver || name === undefined || !isScript(machine, frame) || !FUNCTION_NAME.test(name)) return undefined;
  if (method === 'bind') {
    const [holder = UNKNOWN, ...fixed] = given.positional;
    // What it works on may be all that is dangerous: `classNames.bind(styles)`.
    return machine.taintOf(holder).length > 0 ? undefined : withFixed({ ...UNKNOWN, name }, fixed);
  }
  if (method !== 'call' && method !== 'apply') return undefined;
  const [self, ...rest] = given.positional;
  const [list = UNKNOWN] = rest;
  const spread = machine.onlyObject(list, 'list')?.object.items ?? [machine.elementOf(list, false)];
  const borrowed: Callee = { target: receiver, receiver: self, method: lastSegment(name), name, root: undefined };
  return makeCall(borrowed, positionalArguments(method === 'apply' ? spread : rest), false, place, machine, frame);
}

const FUNCTION_NAME = /^[\w$@/.-]{1,80}$/;

/** A function of a library whose first arguments were fixed before. */
export function callBound(
  { receiver, fixed = [] }: MethodValue,
  { given, place, machine, frame }: Made,
): Value | undefined {
  const { name } = receiver;
  if (name === undefined) return undefined;
  const callee: Callee = { target: receiver, receiver: undefined, method: lastSegment(name), name, root: undefined };
  const whole = { ...given, positional: [...fixed, ...given.positional] };
  return makeCall(callee, whole, false, place, machine, frame);
}

/** An instance is called by its method `__call__` (Python reference, 3.3.6). */
export function calledInstance(target: Value, machine: Machine, frame: Frame): Value | undefined {
  if (target.callables.length > 0 || target.objects.length !== 1 || machine.language(frame) !== 'python')
    return undefined;
  const owner = machine.onlyObject(target)?.object.class;
  const method = owner && findMethod(owner, '__call__', machine);
  return method && { ...UNKNOWN, callables: [{ ...method, self: target }] };
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
