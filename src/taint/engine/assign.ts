import type { Target } from '../../code/index.ts';
import { positionalArguments } from './arguments.ts';
import { callValue } from './builtin.ts';
import { lacksPrototype } from './comparison.ts';
import { noteRegistration } from './entry-points.ts';
import { evaluate, keyOf } from './evaluate.ts';
import { checkMarkup } from './hand-made-markup.ts';
import { type HeapObject, listObject, withEntry, withKeys, withRest } from './heap-object.ts';
import { traceLabels, unionLabels } from './label.ts';
import { isScript } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import { isAddress } from './member-names.ts';
import { findSetter, memberName, readIndex, readMember } from './members.ts';
import { writeName } from './names.ts';
import { applyRefinements, markHeld, markPath, viewTaken, vouchedBy } from './refine.ts';
import { rootOf } from './response-type.ts';
import { resultAt } from './results.ts';
import { addressPart } from './script-libraries.ts';
import { checkChosenObject } from './script-prototypes.ts';
import { checkAssignment } from './sinks.ts';
import {
  callableValue,
  constantValue,
  joinValues,
  objectValue,
  taintedValue,
  UNKNOWN,
  type Value,
  withTaint,
} from './value.ts';

/** Store a value where a target says. */
export function assignTo(target: Target, value: Value, machine: Machine, frame: Frame): void {
  if (!machine.step()) return;
  switch (target.kind) {
    case 'name':
      // A setting of the module, or a name of the surroundings: `DEBUG = True`, `location = url`.
      if (frame.function === undefined || frame.scope.find(target.name) === undefined) {
        checkAssignment({ names: [target.name], key: UNKNOWN, value }, target.place, machine, frame);
        noteHandler(target.name, value, machine, frame);
      }
      writeName(target.name, traced(value, target), machine, frame);
      return;
    case 'member':
      assignMember(target, value, machine, frame);
      return;
    case 'index':
      assignIndex(target, value, machine, frame);
      return;
    case 'list':
      assignList(target, value, machine, frame);
      return;
    case 'map':
      assignMap(target, value, machine, frame);
      return;
    case 'default': {
      const fallback = evaluate(target.value, machine, frame);
      const known = value.constant !== undefined && value.constant !== null;
      assignTo(target.target, known ? value : joinValues(value, fallback), machine, frame);
      return;
    }
  }
}

function traced(value: Value, target: Extract<Target, { kind: 'name' }>): Value {
  if (value.taint.length === 0) return value;
  return withTaint(value, traceLabels(value.taint, target.place, `it is stored in ${target.name}`));
}

function assignMember(target: Extract<Target, { kind: 'member' }>, value: Value, machine: Machine, frame: Frame): void {
  const object = evaluate(target.object, machine, frame);
  const name = memberName(object, target.name);
  checkAssignment(
    { names: [name], key: constantValue(target.name), value, holder: object, root: rootOf(target.object, frame) },
    target.place,
    machine,
    frame,
  );
  const module = object.callables.find((callable) => callable.kind === 'module');
  if (module) {
    const cell = module.scope.own(target.name);
    if (cell !== undefined) machine.store.setValue(cell, value);
    return;
  }
  checkChosenObject(object, { key: constantValue(target.name), value }, target.place, machine, frame);
  const owner = object.callables.find((callable) => callable.kind === 'class' || callable.kind === 'function');
  const holder = owner
    ? objectValue(owner.kind === 'class' ? owner.object : machine.functionObject(owner.node))
    : object;
  leaveBehind(object, name, value, machine);
  if (callSetter(object, target.name, value, target.place, machine, frame)) return;
  if (name === 'module.exports')
    machine.exported.set(frame.module, [...(machine.exported.get(frame.module) ?? []), value]);
  noteHandler(name, value, machine, frame);
  if (object.taint.length > 0) {
    markHeld(object, target.name, value, machine);
    markPath({ ...target, optional: false }, value, machine, frame);
  }
  const kept = isAddress(object) ? withTaint(value, addressPart(target.name, value.taint)) : value;
  machine.update(holder, (held, strong) => withEntry(held, target.name, kept, strong));
}

/** `object.name = value` where a class or a literal has a setter of the name: true when nothing is stored. */
function callSetter(
  object: Value,
  name: string,
  value: Value,
  place: Target['place'],
  machine: Machine,
  frame: Frame,
): boolean {
  let called = 0;
  for (const id of object.objects) {
    const { class: owner, entries } = machine.object(id);
    const method = owner && findSetter(owner, name, machine);
    const setter = method ? callableValue({ ...method, self: object }, name) : entries.get(`set ${name}`);
    if (!setter || setter.callables.length === 0) continue;
    const bound = setter.callables.map((callable) =>
      callable.kind === 'function' ? { ...callable, self: callable.self ?? object } : callable,
    );
    callValue({ ...setter, callables: bound }, positionalArguments([value]), place, machine, frame);
    called++;
  }
  return called > 0 && called === object.objects.length;
}

/** `window.onmessage = handler` is `window.addEventListener('message', handler)`. */
function noteHandler(name: string, value: Value, machine: Machine, frame: Frame): void {
  if (value.callables.length === 0 || !isScript(machine, frame)) return;
  noteRegistration(
    machine.rows.about(name, machine.language(frame)).entryPoints,
    positionalArguments([value]),
    undefined,
    machine,
  );
}

/** What is set on a thing of a library, of which only the name is known, is found again under the name. */
function leaveBehind(object: Value, name: string, value: Value, machine: Machine): void {
  if (object.name === undefined || object.name.startsWith('?') || object.objects.length > 0) return;
  // Setting the page's address leaves the page.
  if (/(?:^|\.)location(?:\.|$)/.test(name)) return;
  const before = machine.ambient.get(name);
  if (machine.taintOf(value).length > 0 || PLUG_IN.test(name))
    machine.ambient.set(name, before ? joinValues(before, value) : value);
}

/** A plug-in of jQuery and its defaults. */
const PLUG_IN = /^(?:\$|jQuery|jquery)\.fn\./;

function assignIndex(target: Extract<Target, { kind: 'index' }>, value: Value, machine: Machine, frame: Frame): void {
  const object = evaluate(target.object, machine, frame);
  const key = evaluate(target.key, machine, frame);
  const name = keyOf(key);
  const names =
    object.name === undefined
      ? []
      : [memberName(object, typeof key.constant === 'string' ? key.constant : '?'), object.name];
  checkAssignment({ names, key, value, holder: object }, target.place, machine, frame);
  checkChosenObject(object, { key, value }, target.place, machine, frame);
  if (typeof key.constant === 'string') checkMarkup(value, key.constant, target.place, machine, frame);
  if (object.taint.length > 0) markPath(target, value, machine, frame);
  // Something new was put there: the key does not find what all objects share.
  if (value.objects.length > 0 && machine.taintOf(value).length === 0) applyRefinements(lacksPrototype(key), machine);
  machine.update(object, (held, strong) => setElement(held, key, name, value, strong, isScript(machine, frame)));
  // A container that is not tracked: whoever reads it later may get this.
  if (object.objects.length === 0 && target.object.kind === 'name')
    taintHolder(target.object.name, value, machine, frame);
}

/** The container with an element replaced. */
function setElement(
  held: HeapObject,
  key: Value,
  name: string | undefined,
  value: Value,
  strong: boolean,
  keysApart: boolean,
): HeapObject {
  if (held.kind === 'list') {
    const index = key.constant;
    if (!held.items || typeof index !== 'number' || index < 0 || index >= held.items.length)
      return withRest(held, value);
    return {
      ...held,
      items: held.items.map((item, at) => (at !== index ? item : strong ? value : joinValues(item, value))),
    };
  }
  const taint = key.taint.length > 0 ? taintedValue(key.taint) : undefined;
  const set = name === undefined ? withRest(held, value) : withEntry(held, name, value, strong);
  if (keysApart) return withKeys(set, key.taint);
  return taint ? withRest(set, taint) : set;
}

function taintHolder(name: string, value: Value, machine: Machine, frame: Frame): void {
  const taint = machine.taintOf(value);
  const cell = frame.scope.find(name);
  const known = cell === undefined ? undefined : machine.store.value(cell);
  if (taint.length > 0 && cell !== undefined && known)
    machine.store.setValue(cell, withTaint(known, unionLabels(known.taint, taint)));
}

function assignList(target: Extract<Target, { kind: 'list' }>, value: Value, machine: Machine, frame: Frame): void {
  // What may also be something from outside is no list of which the parts are known.
  const items = value.taint.length > 0 ? undefined : machine.onlyObject(value, 'list')?.object.items;
  for (const [index, item] of target.items.entries()) {
    if (!item) continue;
    const element = items
      ? (items[index] ?? UNKNOWN)
      : machine.language(frame) === 'go'
        ? resultAt(value, index, target.items.length, item, machine, frame)
        : elementAt(value, index, item, machine, frame);
    assignTo(item, element, machine, frame);
  }
  if (!target.rest) return;
  const { last = [] } = target;
  const end = items ? Math.max(items.length - last.length, target.items.length) : 0;
  for (const [index, item] of last.entries())
    assignTo(item, items ? (items[end + index] ?? UNKNOWN) : machine.elementOf(value, false), machine, frame);
  const others = items
    ? listObject(items.slice(target.items.length, end))
    : listObject([], machine.elementOf(value, false));
  assignTo(target.rest, objectValue(machine.newObject(others)), machine, frame);
}

function elementAt(value: Value, index: number, item: Target, machine: Machine, frame: Frame): Value {
  // Records and named tuples are taken apart in the order of their fields.
  const owner = machine.onlyObject(value)?.object.class;
  const fields = owner?.node.members.filter(({ kind, annotation }) => kind === 'field' && annotation !== undefined);
  const field = fields?.[index];
  if (field) return readMember(value, field.name, item.place, machine, frame);
  return readIndex(value, constantValue(index), item.place, machine, frame);
}

function assignMap(target: Extract<Target, { kind: 'map' }>, value: Value, machine: Machine, frame: Frame): void {
  for (const { key, computed, target: inner, default: fallback } of target.entries) {
    const chosen = computed && evaluate(computed, machine, frame);
    const read = chosen
      ? readIndex(value, chosen, inner.place, machine, frame)
      : readMember(value, key, inner.place, machine, frame);
    const held = viewTaken(value, key, read, machine);
    const other = fallback && evaluate(fallback, machine, frame);
    assignTo(inner, other ? joinValues(held, other) : held, machine, frame);
  }
  for (const { target: inner } of target.entries) vouchFor(inner, target, machine, frame);
  if (target.rest) assignTo(target.rest, value, machine, frame);
}

/** `({ origin, data }) => …`: a test of the one speaks about the other. */
function vouchFor(
  voucher: Target,
  { entries }: Extract<Target, { kind: 'map' }>,
  machine: Machine,
  frame: Frame,
): void {
  const cell = cellOf(voucher, frame);
  const value = cell === undefined ? undefined : machine.store.value(cell);
  const sibling = value && vouchedBy(value);
  const vouched = cellOf(entries.find(({ key }) => key === sibling)?.target, frame);
  if (cell === undefined || !value || vouched === undefined) return;
  machine.store.setValue(cell, { ...value, views: [...value.views, { cell: vouched, relation: 'same' }] });
}

function cellOf(target: Target | undefined, frame: Frame): number | undefined {
  return target?.kind === 'name' ? frame.scope.find(target.name) : undefined;
}
