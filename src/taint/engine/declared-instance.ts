import type { Place } from '../../syntax/index.ts';
import { noArguments } from './arguments.ts';
import type { ClassValue } from './callable.ts';
import { instanceObject } from './heap-object.ts';
import { callFunction } from './invoke.ts';
import type { Frame, Machine } from './machine.ts';
import { instanceName } from './make.ts';
import { findConstructor } from './members.ts';
import { joinValues, objectValue, UNKNOWN, type Value } from './value.ts';

/**
 * What a parameter or a field holds of which only the class is declared: `constructor(private orders: OrderService)`.
 * Containers of dependencies make such things. Its constructor is run when a field of it is first read.
 */
export function declaredInstance(type: Value, machine: Machine): Value | undefined {
  let result: Value | undefined;
  for (const owner of type.callables) {
    if (owner.kind !== 'class' || owner.node.interface) continue;
    const object = objectValue(machine.newObject({ ...instanceObject(owner), unbuilt: true }));
    const instance: Value = { ...UNKNOWN, ...object, name: instanceName(owner) };
    result = result ? joinValues(result, instance) : instance;
  }
  return result;
}

/** Run the constructor of a thing that was only declared, with what its own parameters declare. */
export function buildInstance(id: number, owner: ClassValue, place: Place, machine: Machine, frame: Frame): void {
  machine.store.setObject(id, { ...machine.object(id), unbuilt: false });
  const construct = findConstructor(owner, machine, 0);
  const self = { ...objectValue(id), name: instanceName(owner) };
  if (construct) callFunction({ ...construct, self }, noArguments(), place, machine, frame);
}
