import type { Expression, MapPart } from '../../code/index.ts';
import { assignTo } from './assign.ts';
import { evaluateCall, hintedBy } from './call.ts';
import { maskOf } from './category-mask.ts';
import { numberOf, testFacts } from './comparison.ts';
import { conjoinFacts, disjoinFacts, type Facts, negateFacts } from './facts.ts';
import { foldSlice, foldUnary } from './folding.ts';
import { listObject, mapObject, orGiven, withKeys } from './heap-object.ts';
import { ANNOTATED, COMPARED_KEYS } from './idioms.ts';
import { namedByKey } from './keyed-names.ts';
import { clearLabels, neutraliseQuote, SHORT, unionLabels } from './label.ts';
import { isScript } from './language.ts';
import type { Frame, Machine } from './machine.ts';
import { makeClass, makeFunction } from './make.ts';
import { readIndex, readMember } from './members.ts';
import { readName } from './names.ts';
import { evaluateBinary, evaluateText } from './operators.ts';
import { asksForSetting, joinBySetting } from './optional-cleaning.ts';
import { applyRefinements, viewHeld, viewPath } from './refine.ts';
import { regexValue } from './regex-value.ts';
import { checkElement, checkMember } from './sinks.ts';
import { evaluateTyped } from './typed-value.ts';
import {
  constantValue,
  joinValues,
  objectValue,
  type Primitive,
  taintedValue,
  truthOf,
  UNKNOWN,
  type Value,
  withTaint,
} from './value.ts';

type Kind<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** The value of an expression, with its effects on memory. Never throws; what a limit stops is unknown. */
export function evaluate(expression: Expression, machine: Machine, frame: Frame): Value {
  if (!machine.step() || !machine.enter()) return UNKNOWN;
  try {
    return dispatch(expression, machine, frame);
  } finally {
    machine.leave();
  }
}

function dispatch(expression: Expression, machine: Machine, frame: Frame): Value {
  switch (expression.kind) {
    case 'literal':
      return constantValue(expression.value);
    case 'regex':
      return regexValue(expression.pattern, expression.flags);
    case 'name':
      return readName(expression.name, expression.place, machine, frame);
    case 'self':
      return frame.self ?? UNKNOWN;
    case 'member': {
      const object = hintedBy(expression.object, evaluate(expression.object, machine, frame));
      const value = readMember(object, expression.name, expression.place, machine, frame);
      checkMember(value, expression.place, machine, frame);
      return viewPath(expression, viewHeld(object, expression.name, value, machine), machine, frame);
    }
    case 'index': {
      const object = evaluate(expression.object, machine, frame);
      const key = evaluate(expression.key, machine, frame);
      const found = readIndex(object, key, expression.place, machine, frame);
      return viewPath(expression, namedByKey(object, found, key), machine, frame);
    }
    case 'slice':
      return evaluateSlice(expression, machine, frame);
    case 'call':
      return evaluateCall(expression, machine, frame);
    case 'text':
      return evaluateText(expression, machine, frame);
    case 'binary':
      return evaluateBinary(expression, machine, frame);
    case 'unary':
      return evaluateUnary(expression, machine, frame);
    case 'logical':
      return evaluateLogical(expression, machine, frame);
    case 'conditional':
      return evaluateConditional(expression, machine, frame);
    default:
      return dispatchCompound(expression, machine, frame);
  }
}

type Compound = Kind<
  | 'list'
  | 'map'
  | 'function'
  | 'class'
  | 'await'
  | 'spread'
  | 'assign'
  | 'comprehension'
  | 'element'
  | 'typed'
  | 'unknown'
>;

function dispatchCompound(expression: Compound, machine: Machine, frame: Frame): Value {
  switch (expression.kind) {
    case 'list':
      return evaluateList(expression.items, machine, frame);
    case 'map':
      return evaluateMap(expression.entries, machine, frame);
    case 'function':
      return makeFunction(expression.function, undefined, machine, frame);
    case 'class':
      return makeClass(expression.class, machine, frame);
    case 'await': {
      const value = evaluate(expression.value, machine, frame);
      if (expression.yielded) frame.yielded = frame.yielded ? joinValues(frame.yielded, value) : value;
      return value;
    }
    case 'spread':
      return evaluate(expression.value, machine, frame);
    case 'assign': {
      const value = evaluate(expression.value, machine, frame);
      assignTo(expression.target, value, machine, frame);
      return value;
    }
    case 'comprehension':
      return evaluateComprehension(expression, machine, frame);
    case 'element':
      return evaluateElement(expression, machine, frame);
    case 'typed':
      return evaluateTyped(expression, machine, frame);
    case 'unknown':
      return blend(
        expression.parts.map((part) => evaluate(part, machine, frame)),
        machine,
      );
  }
}

/** Something made of others in a way that is not known. */
function blend(values: readonly Value[], machine: Machine): Value {
  return taintedValue(values.reduce((taint, value) => unionLabels(taint, machine.taintOf(value)), UNKNOWN.taint));
}

function evaluateSlice(expression: Kind<'slice'>, machine: Machine, frame: Frame): Value {
  const object = evaluate(expression.object, machine, frame);
  const bounds = expression.bounds.map((bound) => evaluate(bound, machine, frame));
  if (ANNOTATED.test(object.name ?? '')) return objectValue(machine.newObject(listObject(bounds)));
  const constants = bounds.map((bound) => bound.constant);
  if (typeof object.constant === 'string') {
    const text = foldSlice(object.constant, constants);
    return text === undefined ? UNKNOWN : constantValue(text);
  }
  const only = machine.onlyObject(object, 'list');
  const [start = null, end = null, step = null] = constants;
  const cuts = (start === null || typeof start === 'number') && (end === null || typeof end === 'number');
  if (only?.object.items && cuts && step === null && !constants.includes(undefined))
    return objectValue(machine.newObject(listObject(only.object.items.slice(start ?? 0, end ?? undefined))));
  if (machine.isContainer(object))
    return objectValue(machine.newObject(listObject([], machine.elementOf(object, false))));
  const inside = start === 1 && end === -1;
  const views = inside
    ? object.views.flatMap((v) => (v.relation === 'same' ? { ...v, relation: 'inside' as const } : []))
    : [];
  const taint = typeof end === 'number' && end > 0 ? neutraliseQuote(object.taint, SHORT) : object.taint;
  return { ...taintedValue(taint), views };
}

function evaluateUnary(expression: Kind<'unary'>, machine: Machine, frame: Frame): Value {
  const operand = evaluate(expression.operand, machine, frame);
  const { operator } = expression;
  if (operand.constant !== undefined && operator !== '&') {
    const folded = foldUnary(operator, operand.constant);
    return folded === undefined ? UNKNOWN : constantValue(folded);
  }
  if (operator === 'not' || operator === '!') return { ...UNKNOWN, facts: negateFacts(testFacts(operand)) };
  if (operator === '&') return placeOf(expression.operand, operand, machine, frame);
  if (operator === 'typeof')
    return {
      ...UNKNOWN,
      views: operand.views.flatMap(({ cell, relation }) => (relation === 'same' ? { cell, relation: 'type' } : [])),
      facts: operand.facts,
    };
  // A search that found nothing gives -1, of which every bit is set.
  if (operator === '~') return { ...UNKNOWN, facts: operand.facts };
  // Numbers, truth values and the names of types hold no text of anybody.
  return operator === '+' ? numberOf(operand) : UNKNOWN;
}

/** `&x`: whoever gets it may fill the variable, so that what it holds is kept where both see it. */
function placeOf(operand: Expression, value: Value, machine: Machine, frame: Frame): Value {
  if (value.objects.length > 0 || (operand.kind !== 'name' && operand.kind !== 'member')) return value;
  const filled: Value = { ...value, constant: undefined, oneOf: [], objects: [machine.allocate()] };
  assignTo(operand, filled, machine, frame);
  return filled;
}

/** The right side runs only where the left side lets it, with what the left side proved. */
function evaluateLogical(expression: Kind<'logical'>, machine: Machine, frame: Frame): Value {
  const left = evaluate(expression.left, machine, frame);
  const { operator } = expression;
  const truth = operator === 'coalesce' ? nullness(left) : truthOf(left);
  if (truth !== undefined) {
    const stops = operator === 'and' ? !truth : truth;
    return stops ? left : evaluate(expression.right, machine, frame);
  }
  const outer = machine.store;
  const proven = operator === 'and' ? left.facts?.whenTrue : left.facts?.whenFalse;
  machine.store = outer.fork();
  applyRefinements(proven ?? [], machine);
  const right = evaluate(expression.right, machine, frame);
  const inner = machine.store;
  machine.store = outer;
  const stopped = operator === 'and' ? left.facts?.whenFalse : left.facts?.whenTrue;
  if (frame.left) {
    // Whoever comes back has not taken the right side.
    frame.left = false;
    applyRefinements(stopped ?? [], machine);
    return left;
  }
  outer.join([inner, outer.fork()]);
  const facts: Facts | undefined =
    operator === 'and' ? conjoinFacts(left.facts, right.facts) : disjoinFacts(left.facts, right.facts);
  if (operator === 'and') return { ...behindTest(left, right), facts };
  return { ...joinValues(left, right), facts };
}

/** `test && value`: a left side that counts as false is empty, so that it holds nothing of anybody. */
function behindTest(left: Value, right: Value): Value {
  const joined = joinValues({ ...left, taint: UNKNOWN.taint, objects: [], callables: [] }, right);
  return right.constant !== undefined && !right.constant ? { ...joined, constant: right.constant } : joined;
}

/** For `??`: true when it is certainly something, false when certainly null. */
function nullness(value: Value): boolean | undefined {
  return value.constant === undefined ? undefined : value.constant !== null;
}

function evaluateConditional(expression: Kind<'conditional'>, machine: Machine, frame: Frame): Value {
  const test = evaluate(expression.test, machine, frame);
  const truth = truthOf(test);
  if (truth !== undefined) return evaluate(truth ? expression.then : expression.otherwise, machine, frame);
  const outer = machine.store;
  const run = (branch: Expression, refinements: Facts['whenTrue'] | undefined) => {
    machine.store = outer.fork();
    applyRefinements(refinements ?? [], machine);
    const value = evaluate(branch, machine, frame);
    const { left } = frame;
    frame.left = false;
    return { value, store: machine.store, left };
  };
  const facts = testFacts(test);
  const then = run(expression.then, facts?.whenTrue);
  const otherwise = run(expression.otherwise, facts?.whenFalse);
  machine.store = outer;
  frame.left = then.left && otherwise.left;
  const ways = then.left === otherwise.left ? [then, otherwise] : then.left ? [otherwise] : [then];
  outer.join(ways.map(({ store }) => store));
  return ways.map(({ value }) => value).reduce(asksForSetting(test) ? joinBySetting : joinValues);
}

function evaluateList(items: readonly Expression[], machine: Machine, frame: Frame): Value {
  const values: Value[] = [];
  let rest: Value | undefined;
  for (const item of items) {
    const value = evaluate(item, machine, frame);
    const spread = item.kind === 'spread' ? machine.onlyObject(value, 'list')?.object.items : undefined;
    if (spread) values.push(...spread);
    else if (item.kind === 'spread') rest = machine.elementOf(value, false);
    else values.push(value);
  }
  return objectValue(machine.newObject(listObject(values, rest)));
}

function evaluateMap(parts: readonly MapPart[], machine: Machine, frame: Frame): Value {
  const entries = new Map<string, Value>();
  const keysApart = isScript(machine, frame);
  let keys = UNKNOWN.taint;
  let rest: Value | undefined;
  for (const part of parts) {
    const value = evaluate(part.value, machine, frame);
    if (part.kind === 'spread') {
      const only = machine.onlyObject(value);
      if (only) for (const [key, entry] of only.object.entries) entries.set(key, entry);
      if (only) keys = unionLabels(keys, only.object.keys);
      const other = only ? only.object.rest : machine.elementOf(value, false);
      if (other && machine.taintOf(other).length > 0)
        for (const [key, entry] of entries) if (!only?.object.entries.has(key)) entries.set(key, orGiven(entry, other));
      if (other) rest = rest ? joinValues(rest, other) : other;
      continue;
    }
    const key = evaluate(part.key, machine, frame);
    const name = keyOf(key);
    if (name !== undefined) entries.set(name, COMPARED_KEYS.has(name) ? compared(value) : value);
    else rest = rest ? joinValues(rest, value) : value;
    const taint = machine.taintOf(key);
    if (keysApart) keys = unionLabels(keys, taint);
    else if (taint.length > 0) rest = rest ? joinValues(rest, taintedValue(taint)) : taintedValue(taint);
  }
  const made = objectValue(machine.newObject(withKeys(mapObject(entries, rest), keys)));
  // `{ __proto__: null }` is what `Object.create(null)` gives (ECMA-262, B.3.1).
  return keysApart && entries.get('__proto__')?.constant === null ? { ...made, name: 'Object.create()' } : made;
}

const STRUCTURE = maskOf(['nosql']);

function compared(value: Value): Value {
  return withTaint(value, clearLabels(value.taint, STRUCTURE));
}

/** A key that is certain: a constant, or a constant of a library by its name. */
export function keyOf(value: Value): string | undefined {
  const constant: Primitive | undefined = value.constant;
  if (constant !== undefined) return String(constant);
  return value.taint.length === 0 && !value.name?.includes('(') ? value.name : undefined;
}

function evaluateComprehension(expression: Kind<'comprehension'>, machine: Machine, frame: Frame): Value {
  const outer = machine.store;
  machine.store = outer.fork();
  const unordered = runClauses(expression, machine, frame);
  const element = evaluate(expression.element, machine, frame);
  const key = expression.key && evaluate(expression.key, machine, frame);
  const inner = machine.store;
  machine.store = outer;
  outer.join([inner, outer.fork()]);
  if (key) return objectValue(machine.newObject(mapObject(new Map(), joinValues(element, taintedValue(key.taint)))));
  return unordered ? objectValue(machine.newObject(listObject([], element))) : UNKNOWN;
}

function runClauses(expression: Kind<'comprehension'>, machine: Machine, frame: Frame): boolean {
  for (const clause of expression.clauses) {
    const elements = machine.elementOf(evaluate(clause.of, machine, frame), false);
    assignTo(clause.target, elements, machine, frame);
    for (const test of clause.tests) applyRefinements(evaluate(test, machine, frame).facts?.whenTrue ?? [], machine);
  }
  return true;
}

function evaluateElement(expression: Kind<'element'>, machine: Machine, frame: Frame): Value {
  const children = expression.children.map((child) => evaluate(child, machine, frame));
  const attributes = expression.attributes.map((attribute) => ({
    name: attribute.name,
    value: evaluate(attribute.value, machine, frame),
    place: attribute.value.place,
  }));
  checkElement(expression.tag, attributes, expression.place, machine, frame);
  // Elements escape their children, and what an attribute is dangerous for was checked.
  return children.length === 0 ? UNKNOWN : { ...UNKNOWN, name: `<${expression.tag}>` };
}
