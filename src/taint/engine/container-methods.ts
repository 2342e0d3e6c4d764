import type { Builtin, BuiltinCall } from './builtin.ts';
import { CALLBACK_METHODS } from './callback-methods.ts';
import { keyOf } from './evaluate.ts';
import { contentOf, type HeapObject, listObject, withEntry, withRest } from './heap-object.ts';
import { unionLabels } from './label.ts';
import { onePart } from './path-segments.ts';
import { constantValue, joinValues, objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

/** The method of a container; of anything else it is not this. */
const onContainer =
  (run: (call: BuiltinCall, argument: Value) => Value | undefined): Builtin =>
  (call) =>
    call.receiver.objects.some((id) => call.machine.object(id).kind !== 'opaque')
      ? run(call, call.given.positional[0] ?? UNKNOWN)
      : undefined;

function changeList(
  call: BuiltinCall,
  change: (items: readonly Value[]) => readonly Value[],
  added: readonly Value[],
): void {
  call.machine.update(call.receiver, (held, strong) => {
    if (held.kind === 'list' && held.items && strong) return { ...held, ...listObject(change(held.items), held.rest) };
    return added.reduce(withRest, held);
  });
}

const append = onContainer((call) => {
  const added = call.given.positional;
  changeList(call, (items) => [...items, ...added], added);
  return call.receiver.objects.length > 0 ? { ...UNKNOWN, objects: call.receiver.objects } : UNKNOWN;
});

const prepend = onContainer((call) => {
  const added = call.given.positional;
  changeList(call, (items) => [...added, ...items], added);
  return UNKNOWN;
});

const extend = onContainer((call, argument) => {
  const items = call.machine.onlyObject(argument, 'list')?.object.items;
  if (items) changeList(call, (before) => [...before, ...items], items);
  else call.machine.update(call.receiver, (held) => withRest(held, call.machine.elementOf(argument, false)));
  return UNKNOWN;
});

const insert = onContainer((call, argument) => {
  const value = call.given.positional[1] ?? UNKNOWN;
  const at = argument.constant;
  if (typeof at === 'number') changeList(call, (items) => items.toSpliced(at, 0, value), [value]);
  else call.machine.update(call.receiver, (held) => withRest(held, value));
  return UNKNOWN;
});

/** `list.pop(index)`, `map.pop(key)`. */
const pop = onContainer((call, argument) => {
  const only = call.machine.onlyObject(call.receiver);
  if (only?.object.kind !== 'list') return read(call);
  return takeAt(call, call.given.positional.length === 0 ? -1 : argument.constant);
});

const shift = onContainer((call) => takeAt(call, 0));

function takeAt(call: BuiltinCall, at: Value['constant']): Value {
  const items = call.machine.onlyObject(call.receiver, 'list')?.object.items;
  if (!items || typeof at !== 'number') return anyElement(call);
  const index = at < 0 ? items.length + at : at;
  changeList(call, (before) => before.filter((_, position) => position !== index), []);
  return items[index] ?? UNKNOWN;
}

function anyElement({ receiver, machine }: BuiltinCall): Value {
  return onePart(machine.elementOf(receiver, false), machine);
}

const remove = onContainer((call, argument) => {
  const { constant } = argument;
  if (constant === undefined) return UNKNOWN;
  changeList(call, (items) => removeFirst(items, constant), []);
  return UNKNOWN;
});

function removeFirst(items: readonly Value[], constant: Value['constant']): readonly Value[] {
  const index = items.findIndex((item) => item.constant === constant);
  return index < 0 ? items : items.toSpliced(index, 1);
}

const clear = onContainer((call) => {
  call.machine.update(call.receiver, (held, strong) =>
    strong ? { ...held, items: held.kind === 'list' ? [] : held.items, entries: new Map(), rest: undefined } : held,
  );
  return UNKNOWN;
});

const reverse = onContainer((call) => {
  changeList(call, (items) => items.toReversed(), []);
  return { ...UNKNOWN, objects: call.receiver.objects };
});

/** `map.get(key, otherwise)`. */
function read(call: BuiltinCall): Value | undefined {
  const [key = UNKNOWN, otherwise] = call.given.positional;
  let result: Value | undefined;
  for (const id of call.receiver.objects) {
    const value = entryOf(call.machine.object(id), key);
    if (value) result = result ? joinValues(result, value) : value;
  }
  const whole = call.receiver.taint.length > 0 ? taintedValue(call.receiver.taint) : undefined;
  const found = result && whole ? joinValues(result, whole) : (result ?? whole);
  if (!found) return otherwise ?? constantValue(null);
  return otherwise ? joinValues(found, otherwise) : found;
}

function entryOf(object: HeapObject, key: Value): Value | undefined {
  const name = keyOf(key);
  if (name === undefined) return contentOf(object);
  const entry = object.entries.get(name);
  return entry && object.rest ? joinValues(entry, object.rest) : (entry ?? object.rest);
}

const set = onContainer((call, key) => {
  write(call, key, call.given.positional[1] ?? UNKNOWN);
  return { ...UNKNOWN, objects: call.receiver.objects };
});

function write(call: BuiltinCall, key: Value, value: Value): void {
  const name = keyOf(key);
  call.machine.update(call.receiver, (held, strong) =>
    name === undefined ? withRest(held, value) : withEntry(held, name, value, strong),
  );
}

const setDefault = onContainer((call, key) => {
  const value = call.given.positional[1] ?? UNKNOWN;
  const before = read({ ...call, given: { ...call.given, positional: [key] } });
  const result = before && before.constant !== null ? joinValues(before, value) : value;
  write(call, key, result);
  return result;
});

const update = onContainer((call, argument) => {
  const { machine, receiver, given } = call;
  const only = machine.onlyObject(argument);
  machine.update(receiver, (held, strong) => {
    let result = held;
    for (const [key, value] of only?.object.entries ?? []) result = withEntry(result, key, value, strong);
    for (const [key, value] of given.named) result = withEntry(result, key, value, strong);
    const rest = only ? only.object.rest : taintedValue(machine.taintOf(argument));
    return rest && rest.taint.length > 0 ? withRest(result, rest) : result;
  });
  return UNKNOWN;
});

const keys = onContainer((call) => {
  const only = call.machine.onlyObject(call.receiver);
  if (only?.object.kind === 'list') return undefined;
  const names = [...(only?.object.entries.keys() ?? [])].map(constantValue);
  const key = call.machine.elementOf(call.receiver, true);
  const rest = key.taint.length > 0 || only?.object.rest ? key : undefined;
  return objectValue(call.machine.newObject(listObject(names, rest)));
});

const values = onContainer((call) => {
  const element = call.machine.elementOf(call.receiver, false);
  return objectValue(call.machine.newObject(listObject([], element)));
});

const items = onContainer((call) => {
  const { machine, receiver } = call;
  const pair = listObject([UNKNOWN, machine.elementOf(receiver, false)]);
  return objectValue(machine.newObject(listObject([], objectValue(machine.newObject(pair)))));
});

const copy = onContainer((call) => {
  const only = call.machine.onlyObject(call.receiver);
  return only ? objectValue(call.machine.newObject(only.object)) : call.receiver;
});

/** `list.slice(from, to)`; where it begins at is not known, what stands where is not either. */
const part = onContainer((call) => {
  const { machine, receiver, given } = call;
  const items = machine.onlyObject(receiver, 'list')?.object.items;
  const bounds = given.positional.map(({ constant }) => constant);
  if (bounds.length === 0) return copy(call);
  const known = bounds.flatMap((bound) => (typeof bound === 'number' ? bound : []));
  const cut =
    items && known.length === bounds.length
      ? listObject(items.slice(...known))
      : listObject([], machine.elementOf(receiver, false));
  return objectValue(machine.newObject(cut));
});

const itemAt = onContainer((call, { constant: at }) => {
  const items = call.machine.onlyObject(call.receiver, 'list')?.object.items;
  return items && typeof at === 'number' ? (items.at(at) ?? UNKNOWN) : anyElement(call);
});

const concat: Builtin = onContainer((call) => {
  const { machine, receiver, given } = call;
  const lists = [receiver, ...given.positional].map((value) => machine.onlyObject(value, 'list')?.object.items);
  if (lists.every((list) => list !== undefined)) return objectValue(machine.newObject(listObject(lists.flat())));
  const taint = given.positional.reduce(
    (all, value) => unionLabels(all, machine.taintOf(value)),
    machine.taintOf(receiver),
  );
  return objectValue(machine.newObject(listObject([], taintedValue(taint))));
});

export const CONTAINER_METHODS: Readonly<Record<string, Builtin>> = {
  append,
  push: append,
  add: append,
  unshift: prepend,
  appendleft: prepend,
  extend,
  insert,
  pop,
  popleft: shift,
  shift,
  remove,
  clear,
  reverse,
  sort: reverse,
  get: onContainer(read),
  set,
  setdefault: setDefault,
  update,
  keys,
  values,
  items,
  entries: items,
  copy,
  slice: part,
  at: itemAt,
  concat,
  ...CALLBACK_METHODS,
};

/** Keys of a library's thing on which something was set: all arguments but the last. */
const keyedSet: Builtin = (call) => {
  const { receiver, given, machine } = call;
  const value = given.positional.at(-1);
  const key = jointKey(given.positional.slice(0, -1));
  if (!value || given.positional.length < 2 || receiver.objects.length === 0) return undefined;
  machine.update(receiver, (held, strong) =>
    key === undefined ? withRest(held, value) : withEntry(held, key, value, strong),
  );
  return UNKNOWN;
};

const keyedGet: Builtin = (call) => {
  const { receiver, given, machine } = call;
  const key = jointKey(given.positional);
  const only = machine.onlyObject(receiver, 'opaque');
  if (key === undefined || !only || only.object.entries.size === 0) return undefined;
  const entry = only.object.entries.get(key);
  if (entry && only.object.rest) return joinValues(entry, only.object.rest);
  // `app.get('/')` of a thing with a field that somebody set asks for no key.
  const asksForKey = machine.taintOf(receiver).length > 0;
  return entry ?? only.object.rest ?? (asksForKey ? UNKNOWN : undefined);
};

function jointKey(parts: readonly Value[]): string | undefined {
  const names = parts.map(keyOf);
  return names.some((name) => name === undefined) ? undefined : names.join(' ');
}

/** Writing to a library's thing: whoever asks it later may get what was written. */
const writeTo: Builtin = (call) => {
  const { receiver, given, machine } = call;
  const taint = given.positional.reduce((all, value) => unionLabels(all, machine.taintOf(value)), UNKNOWN.taint);
  if (taint.length > 0) machine.update(receiver, (held) => withRest(held, taintedValue(taint)));
  return undefined;
};

export const KEYED_METHODS: Readonly<Record<string, Builtin>> = {
  set: keyedSet,
  setFeature: keyedSet,
  setProperty: keyedSet,
  get: keyedGet,
  write: writeTo,
  writelines: writeTo,
  append: writeTo,
  push: writeTo,
  add: writeTo,
  put: writeTo,
  extend: writeTo,
  update: writeTo,
};
