import type { Place } from '../../syntax/index.ts';
import { noArguments } from './arguments.ts';
import { type ClassValue, type FunctionValue, isLambdaCall } from './callable.ts';
import { type ClassMember, membersNamed } from './class-members.ts';
import { lengthOf } from './comparison.ts';
import { acceptedFields } from './declared-fields.ts';
import { buildInstance } from './declared-instance.ts';
import { promotedField } from './embedded-fields.ts';
import { keyOf } from './evaluate.ts';
import { contentOf, type HeapObject } from './heap-object.ts';
import { FIXED_ELEMENTS, HARMLESS_TYPES, NOT_CHOSEN, NUMBER_MEMBERS } from './idioms.ts';
import { callFunction, takes } from './invoke.ts';
import { unionLabels } from './label.ts';
import { isScript, isTyped, isTypedLanguage } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import { makeInstance } from './make.ts';
import { addressViews, beginningOfPart, labelsOfMember } from './member-names.ts';
import { classOf, moduleFrame, moduleOf, readModuleMember } from './modules.ts';
import { onePart } from './path-segments.ts';
import { chosenLabels } from './script-prototypes.ts';
import { sourceValue } from './sources.ts';
import { withEntryFacts } from './table-lookups.ts';
import { memberFacts } from './tested-members.ts';
import { typeValue } from './typed-value.ts';
import {
  constantValue,
  joinValues,
  objectValue,
  type Relation,
  taintedValue,
  UNKNOWN,
  type Value,
  type View,
  withTaint,
} from './value.ts';

/** The name of a member; of an unknown thing it begins with `?`. */
export function memberName(object: Value, name: string): string {
  return `${object.name ?? '?'}.${name}`;
}

/** `object.name`: field, method, member of a module or of a library thing. */
export function readMember(object: Value, name: string, place: Place, machine: Machine, frame: Frame): Value {
  const found = readKnownMember(object, name, place, machine, frame);
  const dotted = memberName(object, name);
  if (found === HARMLESS) return found;
  if (found) {
    const named = found.name === undefined ? { ...found, name: dotted } : found;
    const source = sourceValue(named, 'member', place, machine, frame);
    const value = source ?? found;
    return object.taint.length === 0 ? value : { ...value, taint: unionLabels(value.taint, object.taint) };
  }
  if (name === 'length') return lengthOf(object);
  if (NUMBER_MEMBERS.has(name) || NOT_CHOSEN.has(dotted)) return UNKNOWN;
  const whole = object.objects.length === 0 ? object.taint : unionLabels(object.taint, restTaint(object, machine));
  const taint = labelsOfMember(object, name, whole);
  const left = object.objects.length === 0 ? machine.ambient.get(dotted) : undefined;
  const value: Value = {
    ...(left ?? UNKNOWN),
    taint: unionLabels(taint, left?.taint ?? UNKNOWN.taint),
    name: dotted,
    views: addressViews(object, name),
    prefix: left?.prefix ?? beginningOfPart(object, name),
    facts: memberFacts(object, name, machine, frame),
  };
  const read =
    sourceValue(value, 'member', place, machine, frame) ?? sourceValue(value, 'name', place, machine, frame) ?? value;
  return acceptedFields(object, name, read, machine);
}

/** What unknown members of it hold. */
function restTaint(object: Value, machine: Machine): Value['taint'] {
  let taint = UNKNOWN.taint;
  for (const id of object.objects) {
    const rest = machine.object(id).rest;
    if (rest) taint = unionLabels(taint, machine.taintOf(rest));
  }
  return taint;
}

function readKnownMember(object: Value, name: string, place: Place, machine: Machine, frame: Frame): Value | undefined {
  let result: Value | undefined;
  const add = (value: Value | undefined) => {
    if (value) result = result ? joinValues(result, value) : value;
  };
  const readBuilt = (id: number): Value | undefined => {
    const { unbuilt, class: owner } = machine.object(id);
    if (unbuilt && owner) buildInstance(id, owner, place, machine, frame);
    return unbuilt ? machine.object(id).entries.get(name) : undefined;
  };
  for (const callable of object.callables) {
    if (callable.kind === 'module') add(readModuleMember(callable, name, machine));
    else if (callable.kind === 'class') add(readStatic(callable, name, object, machine));
    else if (callable.kind === 'function') add(readFunctionProperty(callable, name, machine));
  }
  for (const id of object.objects) {
    const held = machine.object(id);
    const entry = membersAreKeys(held, machine, frame)
      ? (held.entries.get(name) ?? held.items?.[Number(name)])
      : undefined;
    const promoted = entry ? undefined : promotedField(held, name, machine);
    if (entry || promoted) add(entry ?? promoted);
    else if (held.class) add(readInstance(held.class, name, object, place, machine, frame) ?? readBuilt(id));
  }
  return result;
}

/** A property of a function, and the object on which the methods of its instances are set. */
function readFunctionProperty(closure: FunctionValue, name: string, machine: Machine): Value | undefined {
  const held = machine.object(machine.functionObject(closure.node)).entries.get(name);
  if (held || name !== 'prototype' || closure.module.module?.language === 'python') return held;
  return objectValue(prototypeOf(closure, machine).object);
}

/** The class that a plain function is when it constructs: its methods are the properties of its prototype. */
export function prototypeOf(closure: FunctionValue, machine: Machine): ClassValue {
  const { node, scope, module, path } = closure;
  const made = { name: node.name, bases: [], decorators: [], members: [], place: node.place };
  const object = machine.prototypeObject(node);
  const known = machine.prototypeOwners.get(object);
  if (known) return known.owner;
  const owner: ClassValue = { kind: 'class', node: made, scope, module, path, bases: [], object };
  machine.prototypeOwners.set(object, { owner, closure });
  return owner;
}

function membersAreKeys(object: HeapObject, machine: Machine, frame: Frame): boolean {
  return object.kind !== 'map' || machine.language(frame) !== 'python';
}

function readStatic(owner: ClassValue, name: string, receiver: Value, machine: Machine): Value | undefined {
  const field = machine.object(owner.object).entries.get(name);
  if (field) return field;
  const { language } = owner.module.module ?? {};
  if (isTypedLanguage(language)) {
    const methods = overloads(owner, name, machine, 0);
    if (methods.length > 0) return bindMethods(methods, receiver);
    const { annotation } = findField(owner, name, 0) ?? {};
    return annotation === undefined ? undefined : fieldValue(annotation, owner, machine);
  }
  if (name === 'prototype' && language !== 'python') return objectValue(owner.object);
  const method = findMethod(owner, name, machine);
  return method && bindMethod(method, receiver);
}

function readInstance(
  owner: ClassValue,
  name: string,
  receiver: Value,
  place: Place,
  machine: Machine,
  frame: Frame,
): Value | undefined {
  const member = findMember(owner, name, machine, 0);
  if (!member && isTyped(machine, frame)) return readDeclared(owner, name, receiver, place, machine, frame);
  if (!member) return findStatic(owner, name, machine, 0);
  const { function: closure, kind } = member;
  if (!closure) return undefined;
  if (kind === 'getter') return callFunction({ ...closure, self: receiver }, noArguments(), place, machine, frame);
  if (isTyped(machine, frame)) return bindMethods(overloads(owner, name, machine, 0), receiver);
  return bindMethod(closure, receiver);
}

/** A number, whatever its holder was read from. */
const HARMLESS: Value = { ...UNKNOWN };

/** A field of which the type is declared, or a method that the classes behind an interface have. */
function readDeclared(
  owner: ClassValue,
  name: string,
  receiver: Value,
  place: Place,
  machine: Machine,
  frame: Frame,
): Value | undefined {
  const fixed = findStatic(owner, name, machine, 0);
  if (fixed) return fixed;
  const { annotation } = findField(owner, name, 0) ?? {};
  if (annotation !== undefined && HARMLESS_TYPES.has(annotation)) return HARMLESS;
  if (annotation !== undefined) {
    const value = fieldValue(annotation, owner, machine);
    const taint = unionLabels(value.taint, restTaint(receiver, machine));
    return value.name === undefined ? undefined : { ...value, taint };
  }
  return readImplemented(owner, name, place, machine, frame);
}

function fieldValue(annotation: string, owner: ClassValue, machine: Machine): Value {
  const frame = { ...moduleFrame(owner.module, machine.store, machine), scope: owner.scope };
  return typeValue(annotation, owner.node.place, machine, frame);
}

/** Methods of one name, which Java tells apart by their parameters; those of a base class come last. */
function overloads(owner: ClassValue, name: string, machine: Machine, depth: number): readonly FunctionValue[] {
  const own = membersNamed(owner.node, name).flatMap((member) =>
    member.function && member.kind !== 'setter' ? methodOf(owner, name, member.function, machine) : [],
  );
  if (depth >= DEEPEST_BASE) return own;
  const inherited = basesOf(owner).flatMap((base) => overloads(base, name, machine, depth + 1));
  const hidden = (method: FunctionValue) =>
    own.some(({ node }) => node.parameters.length === method.node.parameters.length);
  return [...own, ...inherited.filter((method) => !hidden(method))].slice(0, MOST_OVERLOADS);
}

/** What a call finds: in Java a field and a method may have the same name. */
export function readMethod(object: Value, name: string, machine: Machine, frame: Frame): Value | undefined {
  if (machine.language(frame) !== 'java') return undefined;
  if (isLambdaCall(object, name)) return object;
  const owner = object.objects.length === 1 ? machine.onlyObject(object)?.object.class : undefined;
  const methods = owner ? overloads(owner, name, machine, 0) : [];
  return methods.length > 0 ? bindMethods(methods, object) : undefined;
}

/** Methods of one name that are looked at. */
const MOST_OVERLOADS = 8;

function bindMethods(methods: readonly FunctionValue[], receiver: Value): Value {
  const [first] = methods;
  if (!first) return UNKNOWN;
  const name = `${first.module.name}.${first.path}`;
  return { ...UNKNOWN, callables: methods.map((method) => ({ ...method, self: receiver })), name };
}

function findField(owner: ClassValue, name: string, depth: number): ClassMember | undefined {
  const own = membersNamed(owner.node, name).find((member) => member.kind === 'field');
  if (own || depth >= DEEPEST_BASE) return own;
  for (const base of basesOf(owner)) {
    const found = findField(base, name, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function readImplemented(
  owner: ClassValue,
  name: string,
  place: Place,
  machine: Machine,
  frame: Frame,
): Value | undefined {
  const language = owner.module.module?.language;
  const wanted = membersNamed(owner.node, name).some((member) => !member.function);
  if (language === undefined || !(owner.node.interface || wanted)) return undefined;
  let result: Value | undefined;
  for (const implementation of machine.modules.packages.implementations(owner.node, language))
    for (const callable of classOf(implementation, machine)?.callables ?? []) {
      if (callable.kind !== 'class' || callable.node.interface) continue;
      const method = findMember(callable, name, machine, 0)?.function;
      const value = method && bindMethod(method, makeInstance(callable, machine));
      if (value) result = result ? joinValues(result, value) : value;
    }
  return result ?? readMember({ ...UNKNOWN, name: `${owner.module.name}.${owner.path}` }, name, place, machine, frame);
}

function bindMethod(method: FunctionValue, receiver: Value): Value {
  const name = `${method.module.name}.${method.path}`;
  return { ...UNKNOWN, callables: [{ ...method, self: receiver }], name };
}

/** Depth to which bases are followed. */
const DEEPEST_BASE = 8;

interface FoundMember {
  readonly kind: 'method' | 'getter' | 'setter' | 'field' | 'constructor';
  readonly function: FunctionValue | undefined;
}

function findMember(owner: ClassValue, name: string, machine: Machine, depth: number): FoundMember | undefined {
  for (const member of membersNamed(owner.node, name)) {
    if (member.kind === 'setter' || !member.function) continue;
    return { kind: member.kind, function: methodOf(owner, member.name, member.function, machine) };
  }
  if (depth >= DEEPEST_BASE) return undefined;
  for (const base of basesOf(owner)) {
    const found = findMember(base, name, machine, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function methodOf(owner: ClassValue, name: string, node: FunctionValue['node'], machine: Machine): FunctionValue {
  const { scope } = owner;
  const module = moduleOf(node.place, owner.module, machine);
  return { kind: 'function', node, scope, module, path: `${owner.path}.${name}`, self: undefined, owner };
}

function findStatic(owner: ClassValue, name: string, machine: Machine, depth: number): Value | undefined {
  const field = machine.object(owner.object).entries.get(name);
  if (field || depth >= DEEPEST_BASE) return field;
  for (const base of basesOf(owner)) {
    const found = findStatic(base, name, machine, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** The classes of the tree among the bases. */
export function basesOf(owner: ClassValue): readonly ClassValue[] {
  return owner.bases.flatMap((base) =>
    base.callables.flatMap((callable) => (callable.kind === 'class' ? callable : [])),
  );
}

/** A method of the class or its bases; of the constructor its name is what the language calls it. */
export function findMethod(owner: ClassValue, name: string, machine: Machine): FunctionValue | undefined {
  return findMember(owner, name, machine, 0)?.function;
}

/** The setter of the class or of its nearest base that has one. */
export function findSetter(owner: ClassValue, name: string, machine: Machine, depth = 0): FunctionValue | undefined {
  const own = owner.node.members.find((member) => member.kind === 'setter' && member.name === name)?.function;
  if (own) return methodOf(owner, name, own, machine);
  if (depth >= DEEPEST_BASE) return undefined;
  for (const base of basesOf(owner)) {
    const found = findSetter(base, name, machine, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** The constructor of the class or of its nearest base that has one. */
export function findConstructor(
  owner: ClassValue,
  machine: Machine,
  given: number,
  depth = 0,
): FunctionValue | undefined {
  const own = owner.node.members.flatMap((member) => (member.kind === 'constructor' ? (member.function ?? []) : []));
  const node = own.find((candidate) => takes(candidate, given)) ?? own[0];
  if (node) return methodOf(owner, node.name ?? '', node, machine);
  if (depth >= DEEPEST_BASE) return undefined;
  for (const base of basesOf(owner)) {
    const found = findConstructor(base, machine, given, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** `object[key]`. */
export function readIndex(object: Value, key: Value, place: Place, machine: Machine, frame: Frame): Value {
  if (object.name !== undefined && FIXED_ELEMENTS.has(`${object.name}.${String(key.constant)}`)) return UNKNOWN;
  if (typeof object.constant === 'string') return characterOf(object.constant, key);
  if (
    object.name !== undefined &&
    typeof key.constant === 'string' &&
    object.objects.length === 0 &&
    object.taint.length === 0
  ) {
    const named: Value = { ...UNKNOWN, name: `${object.name}.${key.constant}` };
    return sourceValue(named, 'member', place, machine, frame) ?? { ...UNKNOWN, taint: object.taint };
  }
  let result: Value | undefined;
  for (const id of object.objects) {
    const held = elementAt(machine.object(id), key);
    const value = held && onePart(held, machine);
    if (value) result = result ? joinValues(result, value) : value;
  }
  // A tainted key chooses among what is there; it brings in nothing of its own, unless it finds a prototype.
  const chosen = isScript(machine, frame) ? chosenLabels(object, key, machine) : UNKNOWN.taint;
  if (chosen.length > 0) {
    const taint = unionLabels(unionLabels(object.taint, result?.taint ?? []), chosen);
    return withEntryFacts(withTaint(result ?? UNKNOWN, taint), object, key, machine);
  }
  if (object.taint.length === 0) return withEntryFacts(result ?? UNKNOWN, object, key, machine);
  const whole: Value = { ...taintedValue(object.taint), views: characterViews(object, key, machine) };
  return result ? joinValues(result, whole) : whole;
}

const CHARACTERS: Readonly<Record<string, View['relation']>> = { 0: 'first', 1: 'second' };

/** The first characters of a text tell whether it is a path. */
export function characterViews(object: Value, key: Value, machine: Machine): readonly View[] {
  const relation = CHARACTERS[String(key.constant)] ?? 'character';
  if (machine.isContainer(object)) return [];
  // A normalised path climbs by the dots at its beginning.
  const relations: readonly Relation[] = relation === 'first' && object.normalised ? [relation, 'ascent'] : [relation];
  return object.views.flatMap(({ cell, relation: seen }) =>
    seen === 'same' ? relations.map((relation) => ({ cell, relation })) : [],
  );
}

function characterOf(text: string, key: Value): Value {
  if (typeof key.constant !== 'number') return UNKNOWN;
  const character = text.at(key.constant);
  return character === undefined ? UNKNOWN : constantValue(character);
}

function elementAt(object: HeapObject, key: Value): Value | undefined {
  if (object.items && typeof key.constant === 'number') {
    const item = object.items.at(key.constant);
    return item && object.rest ? joinValues(item, object.rest) : (item ?? object.rest);
  }
  const name = keyOf(key);
  if (name === undefined || object.kind === 'list') return contentOf(object);
  const entry = object.entries.get(name);
  return entry && object.rest ? joinValues(entry, object.rest) : (entry ?? object.rest);
}
