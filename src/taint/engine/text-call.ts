import type { BuiltinCall } from './builtin.ts';
import { foldTextMethod } from './folding.ts';
import { constantValue, type Primitive, type Value } from './value.ts';

/** Whether a method is called on a list or a map, not on a text. */
export function isContainer(call: BuiltinCall): boolean {
  return call.receiver.objects.some((id) => call.machine.object(id).kind !== 'opaque');
}

/** Constants are computed; anything else is not this method's. */
export function folded(call: BuiltinCall): Value | undefined {
  const { receiver, given, name } = call;
  if (typeof receiver.constant !== 'string' || given.named.size > 0 || given.spread) return undefined;
  const constants: Primitive[] = [];
  for (const value of given.positional) {
    if (value.constant === undefined) return undefined;
    constants.push(value.constant);
  }
  const result = foldTextMethod(name.slice(name.lastIndexOf('.') + 1), receiver.constant, constants);
  return result === undefined ? undefined : constantValue(result);
}
