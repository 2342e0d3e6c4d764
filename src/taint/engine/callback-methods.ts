import { type Builtin, type BuiltinCall, callBack } from './builtin.ts';
import { factsOf } from './facts.ts';
import { listObject } from './heap-object.ts';
import { ofOne } from './path-segments.ts';
import { applyRefinements } from './refine.ts';
import { constantValue, joinValues, objectValue, UNKNOWN, type Value } from './value.ts';

/** The elements that a callback is given: those of a container, or parts of a tainted text or list. */
function elements(call: BuiltinCall): Value | undefined {
  const { receiver, machine } = call;
  return receiver.objects.length > 0 || receiver.taint.length > 0 ? machine.elementOf(receiver, false) : undefined;
}

/** Items for each of which a function is run by itself. */
const MOST_ITEMS = 8;

function fewItems({ receiver, machine }: BuiltinCall): readonly Value[] | undefined {
  const items = machine.onlyObject(receiver, 'list')?.object.items;
  return items && items.length <= MOST_ITEMS ? items : undefined;
}

const map: Builtin = (call) => {
  const element = elements(call);
  const [callback] = call.given.positional;
  if (!element || !callback || (callback.callables.length === 0 && callback.name === undefined)) return undefined;
  const known = fewItems(call);
  if (known) {
    const made = known.map((item, index) => callBack(callback, [item, constantValue(index)], call));
    return objectValue(call.machine.newObject(listObject(made)));
  }
  return objectValue(call.machine.newObject(listObject([], callBack(callback, [element, UNKNOWN], call))));
};

const each: Builtin = (call) => {
  const element = elements(call);
  const [callback] = call.given.positional;
  if (!element || !callback || callback.callables.length === 0) return undefined;
  callBack(callback, [element, UNKNOWN], call);
  return UNKNOWN;
};

/** `list.some(test)`, `list.findIndex(test)`: whether the test says something of the variables around it; of every element when none passes. */
const some: Builtin = (call) => {
  const [callback] = call.given.positional;
  if (!callback || callback.callables.length === 0) return undefined;
  const element = elements(call) ?? UNKNOWN;
  const { facts } = callBack(callback, [element, UNKNOWN], call);
  return { ...UNKNOWN, facts: factsOf(ofOne(facts?.whenTrue, element), facts?.whenFalse ?? []) };
};

/** `list.every(test)`: false when the test fails for one of them. */
const every: Builtin = (call) => {
  const [callback] = call.given.positional;
  if (!callback || callback.callables.length === 0) return undefined;
  const element = elements(call) ?? UNKNOWN;
  const { facts } = callBack(callback, [element, UNKNOWN], call);
  return { ...UNKNOWN, facts: factsOf(facts?.whenTrue ?? [], ofOne(facts?.whenFalse, element)) };
};

/** What passes the test is what the test proves it to be. */
const filter: Builtin = (call) => {
  const element = elements(call);
  if (!element) return undefined;
  const { machine } = call;
  const cell = machine.allocate();
  const seen: Value = { ...element, views: [{ cell, relation: 'same' }, ...element.views] };
  const { facts } = callBack(call.given.positional[0], [seen, UNKNOWN], call);
  const outer = machine.store;
  machine.store = outer.fork();
  machine.store.setValue(cell, element);
  applyRefinements(facts?.whenTrue ?? [], machine);
  const passed = machine.store.value(cell) ?? element;
  machine.store = outer;
  return objectValue(machine.newObject(listObject([], passed)));
};

const findElement: Builtin = (call) => {
  const [callback] = call.given.positional;
  if (!callback || callback.callables.length === 0) return undefined;
  const known = elements(call);
  const element = known ?? UNKNOWN;
  const { facts } = callBack(callback, [element, UNKNOWN], call);
  const found = factsOf(ofOne(facts?.whenTrue, element), facts?.whenFalse ?? []);
  return known || found ? { ...element, facts: found } : undefined;
};

const reduce: Builtin = (call) => {
  const element = elements(call);
  const [callback, start = element ?? UNKNOWN] = call.given.positional;
  if (!element || !callback || callback.callables.length === 0) return undefined;
  const known = fewItems(call);
  if (known) {
    const from = call.given.positional.length > 1 ? known : known.slice(1);
    const first = call.given.positional.length > 1 ? start : (known[0] ?? UNKNOWN);
    return from.reduce((held, item) => callBack(callback, [held, item, UNKNOWN], call), first);
  }
  const once = callBack(callback, [start, element, UNKNOWN], call);
  return joinValues(start, callBack(callback, [joinValues(start, once), element, UNKNOWN], call));
};

/** `promise.then(callback)`: the callback is given what the promise holds. */
const then: Builtin = (call) => {
  const [callback] = call.given.positional;
  if (!callback || callback.callables.length === 0) return undefined;
  const only = call.machine.onlyObject(call.receiver, 'opaque');
  const held = only?.object.rest ? joinValues(call.receiver, only.object.rest) : call.receiver;
  return callBack(callback, [held], call);
};

const afterwards: Builtin = (call) => {
  const [callback] = call.given.positional;
  if (!callback || callback.callables.length === 0) return undefined;
  callBack(callback, [UNKNOWN], call);
  return call.receiver;
};

/** Methods that run a function on what a container or a promise holds. */
export const CALLBACK_METHODS: Readonly<Record<string, Builtin>> = {
  map,
  flatMap: map,
  forEach: each,
  some,
  findIndex: some,
  findLastIndex: some,
  every,
  filter,
  find: findElement,
  findLast: findElement,
  reduce,
  then,
  catch: afterwards,
  finally: afterwards,
};
