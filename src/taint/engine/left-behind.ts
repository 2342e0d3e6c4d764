import type { ClassValue, FunctionValue, ModuleValue } from './callable.ts';
import { type HeapObject, joinObjects, withEntry } from './heap-object.ts';
import type { Machine } from './machine.ts';
import type { Store } from './store.ts';
import { joinValues, objectValue, type Value } from './value.ts';

/** What a run leaves for others, by where they find it. */
export interface LeftBehind {
  /** Names of the module whose values changed. */
  readonly names: ReadonlySet<string>;
  /** Whether fields of an instance got data from outside. */
  readonly fields: boolean;
}

/** How deep what is left is looked into. */
const DEEPEST = 4;

/**
 * Makes what a function run by itself did with outsiders' data to the variables of modules and to the instance that it
 * is a method of visible to every later run. What was there may still be there, too: nobody knows in which order
 * outsiders call. What a container holds is left only by the functions of a library: what one request puts into a store
 * that all share is not what the next one takes out of it.
 *
 * @param containers whether what is inside of lists and maps is left, too
 */
export function leaveBehind(
  ended: Store,
  module: ModuleValue,
  self: { readonly owner: ClassValue; readonly value: Value } | undefined,
  containers: boolean,
  machine: Machine,
): LeftBehind {
  const root = rootOf(ended);
  const outer = machine.store;
  machine.store = ended;
  const changed = ended.changesTo(root);
  const cells = new Set<number>();
  for (const [cell, value] of [...changed.values, ...declaredAlone(module, ended, root)]) {
    const before = root.value(cell);
    if (!bringsMore(value, before, root, machine)) continue;
    cells.add(cell);
    copyInto(root, [value], ended, DEEPEST);
    const kept = { ...value, facts: undefined, views: [] };
    root.setValue(cell, before ? joinValues(before, kept) : kept);
  }
  const objects = new Set<number>();
  for (const [id, object] of changed.objects) {
    const before = root.object(id);
    if (!containers && object.kind !== 'instance') continue;
    if (
      before === undefined ||
      before.kind === 'opaque' ||
      !bringsMore(objectValue(id), objectValue(id), root, machine)
    )
      continue;
    objects.add(id);
    copyInto(root, partsOf(object), ended, DEEPEST);
    root.setObject(id, joinObjects(before, object));
  }
  const fields = self !== undefined && leaveFields(self.owner, self.value, ended, root, machine);
  machine.store = outer;
  return { names: namesOf(module, cells, objects, root), fields };
}

/** Variables of the module that it declares without a value: `let last;`. */
function declaredAlone({ scope }: ModuleValue, ended: Store, root: Store): readonly (readonly [number, Value])[] {
  return [...scope.names()].flatMap((name) => {
    const cell = scope.own(name);
    const value = cell === undefined || root.value(cell) !== undefined ? undefined : ended.value(cell);
    return cell === undefined || value === undefined ? [] : [[cell, value] as const];
  });
}

/** Whether a value holds data from outside in the memory of now that it did not hold in another. */
function bringsMore(value: Value, before: Value | undefined, root: Store, machine: Machine): boolean {
  const now = machine.taintOf(value);
  if (now.length === 0) return false;
  const outer = machine.store;
  machine.store = root;
  const known = before ? machine.taintOf(before) : [];
  machine.store = outer;
  return now.some(
    (label) => !known.some(({ origin, cleared }) => origin === label.origin && cleared === label.cleared),
  );
}

/** Fields of the instance that hold data from outside belong to whatever instance comes next. */
function leaveFields(owner: ClassValue, self: Value, ended: Store, root: Store, machine: Machine): boolean {
  const known = machine.leftFields.get(owner.object) ?? new Map<string, Value>();
  let more = false;
  for (const id of self.objects)
    for (const [name, value] of ended.object(id)?.entries ?? []) {
      if (known.has(name) || machine.taintOf(value).length === 0) continue;
      copyInto(root, [value], ended, DEEPEST);
      known.set(name, value);
      more = true;
    }
  machine.leftFields.set(owner.object, known);
  return more;
}

/** Puts on a new instance what earlier runs left on others of its class. */
export function takeFields(owner: ClassValue, instance: Value, machine: Machine): void {
  for (const [name, value] of machine.leftFields.get(owner.object) ?? [])
    machine.update(instance, (held) => {
      const before = held.entries.get(name);
      return withEntry(held, name, before ? joinValues(before, value) : value, true);
    });
}

function copyInto(root: Store, values: readonly Value[], from: Store, depth: number): void {
  if (depth === 0) return;
  for (const id of values.flatMap(({ objects }) => objects)) {
    if (root.object(id) !== undefined) continue;
    const object = from.object(id);
    if (!object) continue;
    root.setObject(id, object);
    copyInto(root, partsOf(object), from, depth - 1);
  }
}

function partsOf({ items, entries, rest }: HeapObject): readonly Value[] {
  return [...(items ?? []), ...entries.values(), ...(rest ? [rest] : [])];
}

function namesOf(
  { scope }: ModuleValue,
  cells: ReadonlySet<number>,
  objects: ReadonlySet<number>,
  root: Store,
): ReadonlySet<string> {
  const names = new Set<string>();
  if (cells.size + objects.size === 0) return names;
  for (const name of scope.names()) {
    const cell = scope.own(name);
    if (cell === undefined) continue;
    const held = root.value(cell)?.objects ?? [];
    if (cells.has(cell) || held.some((id) => objects.has(id))) names.add(name);
  }
  return names;
}

function rootOf(store: Store): Store {
  let root = store;
  while (root.parent) root = root.parent;
  return root;
}

/** The class of a method; of a plain function that of its prototype, or the one whose prototype holds it. */
export function ownerOf(closure: FunctionValue, machine: Machine): ClassValue | undefined {
  if (closure.owner) return closure.owner;
  if (closure.node.arrow) return undefined;
  for (const { owner, closure: maker } of machine.prototypeOwners.values()) {
    if (maker.node === closure.node) return owner;
    const methods = [...machine.object(owner.object).entries.values()];
    if (methods.some(({ callables }) => callables.some((one) => one.kind === 'function' && one.node === closure.node)))
      return owner;
  }
  return undefined;
}
