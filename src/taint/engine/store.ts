import { type HeapObject, joinObjects } from './heap-object.ts';
import { joinValues, type Value } from './value.ts';

/** What passed tests say about a path of members such as `request.query.next`. */
export interface Mark {
  readonly clears: number;
  readonly quotes: string;
}

/**
 * Memory at one point of the program, in layers: a branch writes to a layer of its own and is joined afterwards. Cells
 * and objects have numbers.
 */
export class Store {
  readonly parent: Store | undefined;
  readonly #values = new Map<number, Value>();
  readonly #objects = new Map<number, HeapObject>();
  readonly #marks = new Map<number, Mark>();

  constructor(parent?: Store) {
    this.parent = parent;
  }

  value(cell: number): Value | undefined {
    for (let layer: Store | undefined = this; layer; layer = layer.parent) {
      const value = layer.#values.get(cell);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  setValue(cell: number, value: Value): void {
    this.#values.set(cell, value);
  }

  object(id: number): HeapObject | undefined {
    for (let layer: Store | undefined = this; layer; layer = layer.parent) {
      const object = layer.#objects.get(id);
      if (object !== undefined) return object;
    }
    return undefined;
  }

  setObject(id: number, object: HeapObject): void {
    this.#objects.set(id, object);
  }

  mark(path: number): Mark | undefined {
    for (let layer: Store | undefined = this; layer; layer = layer.parent) {
      const mark = layer.#marks.get(path);
      if (mark !== undefined) return mark;
    }
    return undefined;
  }

  setMark(path: number, mark: Mark): void {
    this.#marks.set(path, mark);
  }

  /** Drop the variables with this number and above: of a call that is over, when no function was made that sees them. */
  forgetFrom(cell: number): void {
    for (const known of this.#values.keys()) if (known >= cell) this.#values.delete(known);
  }

  fork(): Store {
    return new Store(this);
  }

  /** The layers from here down to `base` as one layer on `base`. */
  flatten(base: Store): Store {
    const layers: Store[] = [];
    for (let layer: Store | undefined = this; layer && layer !== base; layer = layer.parent) layers.push(layer);
    const flat = new Store(base);
    for (const layer of layers.reverse()) flat.#copy(layer);
    return flat;
  }

  /** What the layers down to `base` say about its variables and objects. */
  changesTo(base: Store): { readonly values: Map<number, Value>; readonly objects: Map<number, HeapObject> } {
    const flat = this.flatten(base);
    return {
      values: new Map([...flat.#values].filter(([cell]) => base.#values.has(cell))),
      objects: new Map([...flat.#objects].filter(([id]) => base.#objects.has(id))),
    };
  }

  /** The same changes on another base. */
  onto(base: Store): Store {
    const moved = new Store(base);
    moved.#copy(this);
    return moved;
  }

  #copy(layer: Store): void {
    for (const [cell, value] of layer.#values) this.#values.set(cell, value);
    for (const [id, object] of layer.#objects) this.#objects.set(id, object);
    for (const [path, mark] of layer.#marks) this.#marks.set(path, mark);
  }

  /** Go on as one of the branches, each a layer on this one; `either`: what is one of two values. */
  join(branches: readonly Store[], either = joinValues): void {
    const [first, ...others] = branches;
    if (!first) return;
    if (others.length === 0) this.#copy(first);
    else {
      joinMaps(
        branches.map((branch) => branch.#values),
        this.#values,
        (cell) => this.value(cell),
        either,
      );
      joinMaps(
        branches.map((branch) => branch.#objects),
        this.#objects,
        (id) => this.object(id),
        joinObjects,
      );
      joinMaps(
        branches.map((branch) => branch.#marks),
        this.#marks,
        (path) => this.mark(path) ?? UNMARKED,
        joinMarks,
      );
    }
  }
}

const UNMARKED: Mark = { clears: 0, quotes: '' };

function joinMarks(left: Mark, right: Mark): Mark {
  const quotes = [...left.quotes].filter((quote) => right.quotes.includes(quote)).join('');
  return { clears: left.clears & right.clears, quotes };
}

function joinMaps<T>(
  branches: readonly ReadonlyMap<number, T>[],
  into: Map<number, T>,
  before: (id: number) => T | undefined,
  join: (left: T, right: T) => T,
): void {
  for (let index = 0; index < branches.length; index++)
    for (const id of branches[index]?.keys() ?? []) {
      if (isInEarlier(id, index, branches)) continue;
      const result = joinOne(id, branches, before, join);
      if (result !== undefined) into.set(id, result);
    }
}

/** Asked instead of remembered: nearly always there are two branches. */
function isInEarlier<T>(id: number, index: number, branches: readonly ReadonlyMap<number, T>[]): boolean {
  for (let earlier = 0; earlier < index; earlier++) if (branches[earlier]?.has(id)) return true;
  return false;
}

function joinOne<T>(
  id: number,
  branches: readonly ReadonlyMap<number, T>[],
  before: (id: number) => T | undefined,
  join: (left: T, right: T) => T,
): T | undefined {
  let result: T | undefined;
  for (const branch of branches) {
    const value = branch.get(id) ?? before(id);
    if (value === undefined || value === result) continue;
    result = result === undefined ? value : join(result, value);
  }
  return result;
}
