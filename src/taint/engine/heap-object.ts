import type { ClassValue } from './callable.ts';
import { maskOf } from './category-mask.ts';
import { clearLabels, type Label, LIBRARY_ORIGIN, NO_TAINT, unionLabels } from './label.ts';
import { joinValues, UNKNOWN, type Value } from './value.ts';

/** A container, an instance, or a thing of a library on which something was set. Never changed in place. */
export interface HeapObject {
  readonly kind: 'list' | 'map' | 'instance' | 'opaque';
  /** Elements whose position is known; `undefined` when the length is not. */
  readonly items: readonly Value[] | undefined;
  readonly entries: ReadonlyMap<string, Value>;
  /** What stands at unknown positions and keys. */
  readonly rest: Value | undefined;
  /** Labels of its keys, where those are told apart from what stands there. */
  readonly keys: readonly Label[];
  readonly class: ClassValue | undefined;
  /** An instance whose constructor was not run yet: only its class was declared. */
  readonly unbuilt: boolean;
}

const NO_ENTRIES: ReadonlyMap<string, Value> = new Map();

/** Elements and entries kept apart; more are one. */
const MOST_PARTS = 64;

export const OPAQUE: HeapObject = {
  kind: 'opaque',
  items: undefined,
  entries: NO_ENTRIES,
  rest: undefined,
  keys: NO_TAINT,
  class: undefined,
  unbuilt: false,
};

export function listObject(items: readonly Value[], rest?: Value): HeapObject {
  if (items.length > MOST_PARTS || rest)
    return { ...OPAQUE, kind: 'list', rest: items.reduce(joinValues, rest ?? items[0] ?? UNKNOWN) };
  return { ...OPAQUE, kind: 'list', items };
}

export function mapObject(entries: ReadonlyMap<string, Value>, rest?: Value): HeapObject {
  return { ...OPAQUE, kind: 'map', entries, rest };
}

export function instanceObject(owner: ClassValue | undefined): HeapObject {
  return { ...OPAQUE, kind: 'instance', class: owner };
}

/** One of the two at the same place of memory. */
export function joinObjects(left: HeapObject, right: HeapObject): HeapObject {
  if (left === right) return left;
  const rest = joinOptional(left.rest, right.rest);
  const entries = joinEntries(left, right);
  const keys = unionLabels(left.keys, right.keys);
  const unbuilt = left.unbuilt && right.unbuilt;
  const shared = { kind: left.kind, entries, keys, class: left.class ?? right.class, unbuilt };
  if (left.items && right.items && left.items.length === right.items.length)
    return { ...shared, rest, items: left.items.map((item, index) => joinValues(item, right.items?.[index] ?? item)) };
  const items = [...(left.items ?? []), ...(right.items ?? [])];
  return { ...shared, items: undefined, rest: items.reduce(joinValues, rest ?? items[0] ?? UNKNOWN) };
}

function joinEntries(left: HeapObject, right: HeapObject): ReadonlyMap<string, Value> {
  if (left.entries === right.entries) return left.entries;
  const entries = new Map(left.entries);
  for (const [key, value] of right.entries) {
    const other = entries.get(key);
    entries.set(key, other ? joinValues(other, value) : value);
  }
  return entries;
}

function joinOptional(left: Value | undefined, right: Value | undefined): Value | undefined {
  return left && right ? joinValues(left, right) : (left ?? right);
}

/** Everything in it as one value. */
export function contentOf(object: HeapObject): Value | undefined {
  let result = object.rest;
  for (const item of object.items ?? []) result = joinOptional(result, item);
  for (const entry of object.entries.values()) result = joinOptional(result, entry);
  return result;
}

/** With an element of unknown position, or at an unknown key. */
export function withRest(object: HeapObject, value: Value): HeapObject {
  if (object.kind !== 'list') return { ...object, rest: joinOptional(object.rest, value) };
  const all = object.items?.reduce<Value | undefined>(joinOptional, object.rest) ?? object.rest;
  return { ...object, items: undefined, rest: joinOptional(all, value) };
}

/** With a key of outsiders. */
export function withKeys(object: HeapObject, labels: readonly Label[]): HeapObject {
  return labels.length === 0 ? object : { ...object, keys: unionLabels(object.keys, labels) };
}

/** After something was read into it: whatever was in it may have been replaced. */
export function withContent(object: HeapObject, value: Value): HeapObject {
  const entries = new Map([...object.entries].map(([key, entry]) => [key, joinValues(entry, value)]));
  return { ...withRest(object, value), entries };
}

/** With a new value under a key; the old one goes when `strong`. */
export function withEntry(object: HeapObject, key: string, value: Value, strong: boolean): HeapObject {
  const old = object.entries.get(key);
  if (old === undefined && object.entries.size >= MOST_PARTS) return withRest(object, value);
  const entries = new Map(object.entries);
  entries.set(key, strong || !old ? value : joinValues(old, value));
  return { ...object, entries };
}

/** With everything that a value of unknown keys may have put over it: each entry is what it was, or that. */
export function overwritten(object: HeapObject, value: Value): HeapObject {
  const entries = new Map([...object.entries].map(([key, before]) => [key, orGiven(before, value)]));
  return { ...object, entries, rest: joinOptional(object.rest, value) };
}

/**
 * A default that is markup tells whoever gives another one that it is, and one that is a number, an element or a function
 * that no text is wanted (only a library's caller reads that).
 */
export function orGiven(before: Value, given: Value): Value {
  const isMarkup = typeof before.constant === 'string' && /^\s*</.test(before.constant);
  const isText = typeof before.constant === 'string' || before.prefix !== undefined;
  const isThing = !isText && (typeof before.constant === 'number' || typeof before.constant === 'boolean');
  const isObject = before.callables.length > 0 || ELEMENT.test(before.name ?? '');
  if (!isMarkup && !isThing && !isObject) return joinValues(before, given);
  const taint = given.taint.flatMap((label) =>
    label.origin.row === LIBRARY_ORIGIN ? clearLabels([label], MARKUP) : [label],
  );
  return joinValues(before, { ...given, taint });
}

const ELEMENT = /^(?:window|document|document\..{1,60}|(?:\$|jQuery|jquery)\(\))$/;

const MARKUP = maskOf(['xss']);
