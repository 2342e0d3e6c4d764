import type { FunctionNode, Parameter } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import { type Arguments, allArguments, taintOfArguments } from './arguments.ts';
import { assignTo } from './assign.ts';
import type { ClassValue, FunctionValue } from './callable.ts';
import { declaredInstance } from './declared-instance.ts';
import { evaluate } from './evaluate.ts';
import { runStatements } from './execute.ts';
import { listObject, mapObject, withEntry } from './heap-object.ts';
import { traceLabels } from './label.ts';
import { isScript, isTyped, isTypedLanguage } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import { makeInstance } from './make.ts';
import { findConstructor, readMember } from './members.ts';
import { bindName, readName } from './names.ts';
import { Scope } from './scope.ts';
import { deepSummaryOf, summaryOf } from './summary.ts';
import { typeValue, withType } from './typed-value.ts';
import {
  callableValue,
  constantValue,
  joinValues,
  namedValue,
  objectValue,
  taintedValue,
  UNKNOWN,
  type Value,
  withTaint,
} from './value.ts';

/** Frames of one function that may be open at the same time. */
const MOST_RECURSION = 2;

/** Run a function of the tree with these arguments; `undefined` when that goes too deep. */
export function callFunction(
  closure: FunctionValue,
  asked: Arguments,
  place: Place,
  machine: Machine,
  caller: Frame,
): Value | undefined {
  const given = withFixedNames(closure, asked);
  if (openFrames(closure.node, caller) >= MOST_RECURSION) return undefined;
  if (caller.depth >= machine.limits.callDepth) {
    if (taintOfArguments(given, machine).length === 0) return undefined;
    const deep = deepSummaryOf(closure, given, machine, caller);
    if (!deep) machine.unfollowed ??= place;
    return deep;
  }
  const summary = summaryOf(closure, given, machine, caller);
  if (summary) return summary;
  const traced = [...(closure.fixed ?? []), ...given.positional].map((value) => passed(value, place, closure));
  return runFunction(closure, { ...given, positional: traced }, machine, caller);
}

/** A keyword of the call goes before one that was fixed (Python, functools.partial). */
function withFixedNames({ fixedNamed }: FunctionValue, given: Arguments): Arguments {
  return fixedNamed ? { ...given, named: new Map([...fixedNamed, ...given.named]) } : given;
}

function passed(value: Value, place: Place, closure: FunctionValue): Value {
  return withTaint(value, traceLabels(value.taint, place, `it is passed to ${closure.path}`));
}

function openFrames(node: FunctionNode, caller: Frame): number {
  let count = 0;
  for (let frame: Frame | undefined = caller; frame; frame = frame.caller) if (frame.function?.node === node) count++;
  return count;
}

/** The frame of a call, with memory of its own until it ends. */
export function functionFrame(closure: FunctionValue, machine: Machine, caller: Frame | undefined): Frame {
  return {
    module: closure.module,
    function: closure,
    path: closure.path,
    self: closure.self,
    depth: (caller?.depth ?? 0) + 1,
    base: machine.store,
    exits: [],
    loops: [],
    caller,
    scope: new Scope(closure.scope, 'function'),
    result: undefined,
    yielded: undefined,
    left: false,
  };
}

/** Run the body with bound parameters, in a frame of its own. */
export function runFunction(closure: FunctionValue, given: Arguments, machine: Machine, caller: Frame): Value {
  const frame = functionFrame(closure, machine, caller);
  return runBody(frame, closure, (inner) => bindParameters(closure, given, machine, inner), machine);
}

/** What a function gives that never comes back: each of its ways throws or ends the program. */
export const NEVER: Value = { ...UNKNOWN };

/** Bind, run, and join the memory of all ways out. */
export function runBody(frame: Frame, closure: FunctionValue, bind: (frame: Frame) => void, machine: Machine): Value {
  const base = machine.store;
  machine.store = base.fork();
  const firstCell = machine.allocate();
  const closures = machine.closures;
  const { ownName } = closure.node;
  if (ownName !== undefined) bindName(ownName, callableValue(closure, undefined), machine, frame);
  bind(frame);
  const alive = runStatements(closure.node.body, machine, frame);
  if (alive) {
    frame.exits.push(machine.store.flatten(base));
    frame.result = frame.result ? joinValues(frame.result, constantValue(null)) : constantValue(null);
  }
  machine.store = base;
  if (machine.closures === closures) for (const exit of frame.exits) exit.forgetFrom(firstCell);
  base.join(frame.exits);
  if (closure.node.generator) {
    const element = frame.yielded ?? UNKNOWN;
    return objectValue(machine.newObject(listObject([], element)));
  }
  return frame.exits.length === 0 && !closure.node.async ? NEVER : (frame.result ?? UNKNOWN);
}

/** Bind the parameters to what a caller gives. */
export function bindParameters(closure: FunctionValue, given: Arguments, machine: Machine, frame: Frame): void {
  const named = new Set<string>();
  let position = 0;
  for (const parameter of closure.node.parameters) {
    if (parameter.rest === 'positional') {
      const items = given.positional.slice(position);
      bindParameter(parameter, objectValue(machine.newObject(listObject(items, given.spread))), machine, frame);
    } else if (parameter.rest === 'keyword') {
      const entries = [...given.named].filter(([name]) => !named.has(name));
      bindParameter(
        parameter,
        objectValue(machine.newObject(mapObject(new Map(entries), given.spread))),
        machine,
        frame,
      );
    } else {
      const value =
        given.positional[position++] ?? (parameter.name === undefined ? undefined : given.named.get(parameter.name));
      if (parameter.name !== undefined) named.add(parameter.name);
      const passedValue = value ?? given.spread ?? defaultOf(parameter, machine, frame);
      bindParameter(parameter, annotated(passedValue, parameter, machine, frame), machine, frame);
    }
  }
  if (!isScript(machine, frame)) return;
  bindName('arguments', objectValue(machine.newObject(listObject(allArguments(given)))), machine, frame);
}

function defaultOf(parameter: Parameter, machine: Machine, frame: Frame): Value {
  return parameter.default ? evaluate(parameter.default, machine, frame) : UNKNOWN;
}

/** Bind a parameter, which hides what has its name outside. */
export function bindParameter(parameter: Parameter, value: Value, machine: Machine, frame: Frame): void {
  if (parameter.target.kind === 'name') bindName(parameter.target.name, value, machine, frame);
  else {
    declareTarget(parameter.target, machine, frame);
    assignTo(parameter.target, value, machine, frame);
  }
}

function declareTarget(target: Parameter['target'], machine: Machine, frame: Frame): void {
  if (target.kind === 'name') bindName(target.name, UNKNOWN, machine, frame);
  else if (target.kind === 'default') declareTarget(target.target, machine, frame);
  else if (target.kind === 'list') for (const item of target.items) if (item) declareTarget(item, machine, frame);
  if (target.kind === 'map') for (const entry of target.entries) declareTarget(entry.target, machine, frame);
  if ((target.kind === 'list' || target.kind === 'map') && target.rest) declareTarget(target.rest, machine, frame);
}

/** A value of unknown name has the name of its annotation. */
export function annotated(value: Value, parameter: Parameter, machine: Machine, frame: Frame): Value {
  if (parameter.annotation !== undefined && isTyped(machine, frame))
    return withType(value, parameter.annotation, parameter.target.place, machine, frame);
  if (value.name !== undefined || value.objects.length > 0 || parameter.annotation === undefined) return value;
  const type = annotationValue(parameter.annotation, parameter, machine, frame);
  const isUnknown = value.taint.length === 0 && value.callables.length === 0 && value.constant === undefined;
  const instance = isUnknown ? declaredInstance(type, machine) : undefined;
  return instance ?? (type.name === undefined ? value : { ...value, name: type.name });
}

const ANNOTATION = /^(?:(?:typing\.)?(?:Optional|Annotated)\[)?["']?([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)/;

/** What an annotation names, imports resolved: a class of the tree, or a thing of a library by its dotted name. */
export function annotationValue(
  annotation: string,
  parameter: Pick<Parameter, 'target'>,
  machine: Machine,
  frame: Frame,
): Value {
  const [, dotted] = ANNOTATION.exec(annotation.replace(/^:\s*/, '').slice(0, 200)) ?? [];
  const [first, ...rest] = dotted?.split('.') ?? [];
  if (first === undefined) return UNKNOWN;
  let value = readName(first, parameter.target.place, machine, frame);
  for (const name of rest) value = readMember(value, name, parameter.target.place, machine, frame);
  return value;
}

/** Whether a function takes this many arguments. */
export function takes({ parameters }: FunctionNode, count: number): boolean {
  const last = parameters.at(-1);
  return last?.rest === 'positional' ? count >= parameters.length - 1 : count === parameters.length;
}

/** Make an instance and run its constructor. */
export function constructInstance(
  owner: ClassValue,
  given: Arguments,
  place: Place,
  machine: Machine,
  frame: Frame,
): Value {
  const instance = makeInstance(owner, machine);
  setFields(owner, instance, machine, frame);
  const initialise = findConstructor(owner, machine, given.positional.length);
  if (initialise) callFunction({ ...initialise, self: instance }, given, place, machine, frame);
  else setDataFields(owner, instance, given, machine);
  return instance;
}

/** Fields with a value for each instance, and fields that are only annotated. */
function setFields(owner: ClassValue, instance: Value, machine: Machine, frame: Frame): void {
  for (const member of owner.node.members) {
    if (member.kind !== 'field' || member.static || member.function) continue;
    const initial = member.value && evaluate(member.value, machine, { ...frame, scope: owner.scope, self: instance });
    const type = member.annotation === undefined ? undefined : fieldType(member.annotation, owner, machine, frame);
    const value = initial ?? type;
    if (value) machine.update(instance, (held) => withEntry(held, member.name, value, true));
  }
}

function fieldType(annotation: string, owner: ClassValue, machine: Machine, frame: Frame): Value | undefined {
  const inside: Frame = { ...frame, module: owner.module, scope: owner.scope };
  const { place } = owner.node;
  if (isTypedLanguage(owner.module.module?.language)) {
    const value = typeValue(annotation, place, machine, inside);
    return value.name === undefined ? undefined : value;
  }
  const type = annotationValue(annotation, { target: { kind: 'name', name: '', place } }, machine, inside);
  return declaredInstance(type, machine) ?? (type.name === undefined ? undefined : namedValue(type.name));
}

/** A data class: its annotated fields in order are the parameters. */
function setDataFields(owner: ClassValue, instance: Value, given: Arguments, machine: Machine): void {
  const fields = owner.node.members.filter((member) => member.kind === 'field' && member.annotation !== undefined);
  for (const [index, value] of given.positional.entries()) {
    const field = fields[index];
    if (field) machine.update(instance, (held) => withEntry(held, field.name, value, true));
    else machine.update(instance, (held) => ({ ...held, rest: held.rest ? joinValues(held.rest, value) : value }));
  }
  for (const [name, value] of given.named) machine.update(instance, (held) => withEntry(held, name, value, true));
  const { spread } = given;
  if (spread) machine.update(instance, (held) => ({ ...held, rest: taintedValue(spread.taint) }));
}
