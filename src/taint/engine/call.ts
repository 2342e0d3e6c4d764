import type { Expression } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { SanitizerRow } from '../catalogue.ts';
import { NOTHING, type Subjects } from './argument-path.ts';
import { type Arguments, evaluateArguments, positionalArguments, taintOfArguments } from './arguments.ts';
import { applyAssertion } from './assertions.ts';
import { borrow, borrowNamed, callBound, calledInstance } from './borrowed-calls.ts';
import { type BuiltinCall, callValue, runBuiltin } from './builtin.ts';
import type { Callable } from './callable.ts';
import { EVERYTHING, maskOf } from './category-mask.ts';
import { conditionsHold } from './conditions.ts';
import { noteRegistration } from './entry-points.ts';
import { evaluate } from './evaluate.ts';
import { applyChecks, guardFacts } from './guards.ts';
import { checkHandedMarkup } from './hand-made-markup.ts';
import { OPAQUE, withContent, withRest } from './heap-object.ts';
import { DECODERS, ENCODERS, EXITS, FLUENT, READERS } from './idioms.ts';
import { callFunction, NEVER } from './invoke.ts';
import { namedByKey } from './keyed-names.ts';
import { clearLabels, DOTS, decodeLabels, encodeLabels, type Label, unionLabels } from './label.ts';
import { isScript, isTyped } from './language.ts';
import { inherited, thingOf } from './library-thing.ts';
import type { Frame, Machine } from './machine.ts';
import type { Callee, Made } from './made-call.ts';
import { makeInstance } from './make.ts';
import { basesOf, findConstructor, findMethod, memberName, prototypeOf, readMember, readMethod } from './members.ts';
import { escapedBy } from './own-escapes.ts';
import { isQuestion } from './questions.ts';
import { viewPath } from './refine.ts';
import { noteResponse, rootOf } from './response-type.ts';
import { schemaCall } from './schema/schema-calls.ts';
import { checkCall } from './sinks.ts';
import { sourceValue } from './sources.ts';
import { joinValues, knownPrefix, namedValue, objectValue, taintedValue, UNKNOWN, type Value } from './value.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** The value of a call, once its name, the catalogue and the functions of the tree were asked. */
export function evaluateCall(expression: Call, machine: Machine, frame: Frame): Value {
  const upward = callOfBase(expression, machine, frame);
  if (upward) return upward;
  const callee = evaluateCallee(expression.callee, machine, frame);
  const given = evaluateArguments(expression.arguments, machine, frame);
  const root = responseArgument(expression, given, frame) ?? callee.root;
  const result = makeCall({ ...callee, root }, given, expression.construct, expression.place, machine, frame);
  // A getter stands as a call of its function, and is called another time.
  if (expression.callee.kind === 'function') frame.left = false;
  if (!READERS.has(callee.method ?? '')) return result;
  return viewPath(expression, namedByKey(callee.receiver, result, given.positional[0]), machine, frame);
}

/** Make a call of which is known what it calls and what that is given. */
export function makeCall(
  callee: Callee,
  given: Arguments,
  construct: boolean,
  place: Place,
  machine: Machine,
  frame: Frame,
): Value {
  const own =
    callee.target.callables.some((callable) => callable.kind === 'function') ||
    SELECTORS.has(callee.receiver?.name ?? '');
  const rows = own
    ? machine.rows.aboutOwn(callee.name, machine.language(frame))
    : machine.rows.about(callee.name, machine.language(frame));
  const subjects: Subjects = { ...NOTHING, given, receiver: callee.receiver, root: callee.root };
  checkCall(callee.name, rows, subjects, construct, place, machine, frame);
  noteResponse(rows, subjects, machine);
  if (EXITS.has(callee.name)) frame.left = true;
  noteRegistration(rows.entryPoints, given, callee.receiver?.shape, machine);
  const source = sourceValue(namedValue(callee.name), 'call', place, machine, frame, subjects);
  const into = rows.sources.find((row) => row.into !== undefined)?.into;
  const brought = into === undefined ? (source?.taint ?? UNKNOWN.taint) : UNKNOWN.taint;
  const made: Made = { callee, given, construct, rows, subjects, brought, place, machine, frame };
  const result = decoded(addressed(resultOf(made), given, callee), callee);
  if (machine.language(frame) === 'java') applyChecks(made);
  if (isScript(machine, frame)) applyAssertion(made);
  if (!source) return result;
  if (into === undefined && isTakenInParts(result, machine)) {
    machine.update(result, (held) => withRest(held, taintedValue(source.taint)));
    return result;
  }
  if (into === undefined)
    return { ...result, taint: unionLabels(result.taint, source.taint), prefix: result.prefix ?? source.prefix };
  const holder = given.positional[into];
  if (holder) machine.update(holder, (held) => withContent(held, taintedValue(source.taint)));
  return result;
}

/** What a reader of the command line gives: of some of its members it is known that they are harmless. */
function isTakenInParts(result: Value, machine: Machine): boolean {
  return result.taint.length === 0 && (machine.onlyObject(result, 'instance')?.object.entries.size ?? 0) > 0;
}

/** Functions that find elements: their methods are no other library's of the same name. */
const SELECTORS: ReadonlySet<string> = new Set(['$', 'jQuery', 'jquery']);

/** A decorator's call keeps its first text: the address of a route. */
function addressed(result: Value, given: Arguments, callee: Callee): Value {
  // An element that the page makes holds what the page puts into it.
  if (SELECTORS.has(callee.name) && MARKUP_BEGINS.test(knownPrefix(given.positional[0] ?? UNKNOWN) ?? ''))
    return { ...result, prefix: '<' };
  const first = given.positional[0]?.constant;
  const bare = result.prefix === undefined && result.constant === undefined && callee.target.callables.length === 0;
  return bare && typeof first === 'string' && result.taint.length === 0 && first.startsWith('/')
    ? { ...result, prefix: first }
    : result;
}

const MARKUP_BEGINS = /^\s*</;

function decoded(result: Value, { name }: Callee): Value {
  if (result.taint.length === 0 || !DECODERS.has(lastSegment(name))) return result;
  return { ...result, taint: decodeLabels(result.taint).map(withoutMarks) };
}

/** What was not found in an encoded text may be in the decoded one (CWE-172): `%2e%2e`. */
function withoutMarks(label: Label): Label {
  const quotes = [...label.quotes].filter((mark) => mark !== DOTS && !`'"\``.includes(mark)).join('');
  return quotes === label.quotes ? label : { ...label, quotes };
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function evaluateCallee(callee: Expression, machine: Machine, frame: Frame): Callee {
  if (callee.kind === 'member') {
    const receiver = evaluate(callee.object, machine, frame);
    const hinted = hintedBy(callee.object, receiver);
    const target =
      readMethod(hinted, callee.name, machine, frame) ?? readMember(hinted, callee.name, callee.place, machine, frame);
    const name = target.name ?? memberName(hinted, callee.name);
    return { target, receiver, method: callee.name, name, root: rootOf(callee, frame) };
  }
  if (callee.kind === 'index') checkChosenFunction(callee, machine, frame);
  const target = evaluate(callee, machine, frame);
  const name = target.name ?? (callee.kind === 'name' ? callee.name : '?');
  return { target, receiver: undefined, method: undefined, name, root: undefined };
}

/** What is written to comes first in Go: `fmt.Fprintf(w, …)` is about `w`. */
function responseArgument({ arguments: written }: Call, { positional }: Arguments, frame: Frame): number | undefined {
  const [first] = written;
  const isResponse = positional[0]?.name === 'net/http.ResponseWriter';
  return isResponse && first?.value.kind === 'name' ? frame.scope.find(first.value.name) : undefined;
}

/** `window[name](…)` with a name from outside calls `eval` too, and so does a function's `constructor`. */
function checkChosenFunction(callee: Extract<Expression, { kind: 'index' }>, machine: Machine, frame: Frame): void {
  if (!isScript(machine, frame)) return;
  const object = evaluate(callee.object, machine, frame);
  const key = evaluate(callee.key, machine, frame);
  const holds = GLOBAL_OBJECTS.has(object.name ?? '') || object.callables.some(({ kind }) => kind === 'function');
  if (!holds || (key.prefix ?? '') !== '' || beginsFixed(callee.key, machine, frame)) return;
  const rows = machine.rows.about('eval', machine.language(frame));
  const subjects = { ...NOTHING, given: positionalArguments([key]) };
  checkCall(
    `${object.name ?? 'a function'}[…]`,
    { ...rows, patterns: [] },
    subjects,
    false,
    callee.place,
    machine,
    frame,
  );
}

/** A name that begins with something of the program's own means few things. */
function beginsFixed(key: Expression, machine: Machine, frame: Frame): boolean {
  let first = key.kind === 'text' ? key.parts[0] : key;
  while (first?.kind === 'binary' && first.operator === '+') first = first.left;
  if (first === undefined || first === key) return false;
  const value = evaluate(first, machine, frame);
  return value.constant !== '' && value.taint.length === 0;
}

const GLOBAL_OBJECTS = new Set(['window', 'globalThis', 'global', 'self']);

/** What has no name is called like its variable: `db.query` of a `db` that came from nowhere known. */
export function hintedBy(expression: Expression, value: Value): Value {
  return value.name === undefined && expression.kind === 'name' ? { ...value, name: expression.name } : value;
}

function resultOf(made: Made): Value {
  const { callee, rows, machine, subjects, frame } = made;
  const schema = isScript(machine, frame) ? schemaCall(made) : undefined;
  if (schema) return schema;
  const sanitizers = rows.sanitizers.filter((row) => row.form === 'value' && conditionsHold(row, subjects, machine));
  if (sanitizers.length > 0) return sanitized(sanitizers, made);
  const invoked = constructed(made) ?? invoke(made);
  if (invoked) return invoked;
  const builtin = runBuiltin(callee.method, builtinCall(made));
  if (builtin) return builtin;
  const propagated = propagate(made);
  const guard = guardFacts(made);
  const result = propagated ?? passOn(made);
  return guard ? { ...UNKNOWN, facts: guard } : result;
}

/** `new` of a plain function, whose prototype holds the methods, and of a promise with its executor. */
function constructed({ callee, given, construct, place, machine, frame }: Made): Value | undefined {
  if (!construct || machine.language(frame) === 'python') return undefined;
  if (callee.name === 'Promise') return runExecutor(given, place, machine, frame);
  const closure = callee.target.callables.find((callable) => callable.kind === 'function');
  if (!closure || closure.node.arrow) return undefined;
  const instance = makeInstance(prototypeOf(closure, machine), machine);
  const result = callFunction({ ...closure, self: instance }, given, place, machine, frame);
  return result && result.objects.length > 0 ? joinValues(instance, result) : instance;
}

/** The executor is given a function that puts what it gets into the promise. */
function runExecutor(given: Arguments, place: Place, machine: Machine, frame: Frame): Value {
  const promise: Value = { ...objectValue(machine.newObject(OPAQUE)), name: 'Promise()' };
  const settle: Value = { ...UNKNOWN, callables: [{ kind: 'method', name: 'settle', receiver: promise }] };
  const [executor] = given.positional;
  if (executor) callValue(executor, positionalArguments([settle, UNKNOWN]), place, machine, frame);
  return promise;
}

function builtinCall({ callee, given, place, machine, frame }: Made): BuiltinCall {
  return { name: callee.name, receiver: callee.receiver ?? UNKNOWN, given, place, machine, frame };
}

function sanitized(rows: readonly SanitizerRow[], made: Made): Value {
  const { callee, machine } = made;
  const mask = maskOf(rows.flatMap(({ clears }) => clears));
  noteBelief(rows, made);
  const builtin = runBuiltin(callee.method, builtinCall(made));
  if (builtin?.constant !== undefined) return builtin;
  if (mask === EVERYTHING) {
    const { facts = guardFacts(made), views = [] } = builtin ?? {};
    return { ...namedValue(`${callee.name}()`), facts, views, objects: [machine.allocate()] };
  }
  const value = builtin ?? passOn(made);
  if (ENCODERS.has(lastSegment(callee.name)))
    return { ...value, objects: [], taint: encodeLabels(machine.taintOf(value), mask), name: resultName(callee) };
  return { ...value, objects: [], taint: clearLabels(machine.taintOf(value), mask), name: resultName(callee) };
}

/** The name of what it gives: of a method that gives its receiver back that one's. */
function resultName({ name, method, receiver }: Callee): string {
  const held = receiver?.name;
  const fluent = held !== undefined && method !== undefined && FLUENT.get(held)?.has(method);
  return fluent ? held : `${name}()`;
}

/** A repository's own row has a finding less to answer for: whoever reads the report must know. */
function noteBelief(rows: readonly SanitizerRow[], { callee, given, machine }: Made): void {
  const own = rows.filter(({ byUser }) => byUser === true);
  if (own.length === 0) return;
  const received = callee.receiver ? machine.taintOf(callee.receiver) : [];
  if (received.length === 0 && taintOfArguments(given, machine).length === 0) return;
  for (const { id } of own) machine.believed.add(id);
}

/** Run what it calls, when that is of the tree. */
function invoke(made: Made): Value | undefined {
  const { callee, given, place, machine, frame } = made;
  const { receiver, method } = callee;
  const target = calledInstance(callee.target, machine, frame) ?? callee.target;
  const [bound] = target.callables;
  if (bound?.kind === 'method' && bound.fixed) return callBound(bound, made);
  const borrowed = isScript(machine, frame) && receiver?.callables.some((callable) => callable.kind === 'function');
  if (borrowed && receiver && (method === 'call' || method === 'apply' || method === 'bind'))
    return borrow(receiver, method, made);
  if (target.callables.length === 0) return borrowed ? undefined : borrowNamed(made);
  const called = callValue(withSelf(target, receiver, machine, frame), given, place, machine, frame);
  if (called === NEVER && !target.callables.some(isMethod)) frame.left = true;
  const result = called && escapedBy(target, called, machine);
  return result && receiver && receiver.taint.length > 0 && !isOwnMethod(target)
    ? { ...result, taint: unionLabels(result.taint, receiver.taint) }
    : result;
}

/** A method that only throws may be one that a class below it has in another form. */
function isMethod(callable: Callable): boolean {
  return callable.kind === 'function' && callable.owner !== undefined;
}

/** In JavaScript `this` is what the method was called on. */
function withSelf(target: Value, receiver: Value | undefined, machine: Machine, frame: Frame): Value {
  if (!receiver || !isScript(machine, frame)) return target;
  const callables = target.callables.map((callable) =>
    callable.kind === 'function' && !callable.node.arrow && !callable.self ? { ...callable, self: receiver } : callable,
  );
  return { ...target, callables };
}

function isOwnMethod(target: Value): boolean {
  return target.callables.some((callable) => callable.kind === 'function');
}

function propagate({ callee, given, rows, machine }: Made): Value | undefined {
  const [row] = rows.propagators;
  if (!row) return undefined;
  let taint: readonly Label[] = UNKNOWN.taint;
  for (const from of row.from) {
    if (from === 'all') taint = unionLabels(taint, taintOfArguments(given, machine));
    const value = from === 'receiver' ? callee.receiver : typeof from === 'number' ? given.positional[from] : undefined;
    if (value) taint = unionLabels(taint, machine.taintOf(value));
  }
  const name = `${callee.name}()`;
  if (row.to === 'result') return { ...taintedValue(taint), name };
  const holder =
    row.to === 'receiver' ? callee.receiver : typeof row.to === 'number' ? given.positional[row.to] : undefined;
  if (holder && taint.length > 0) machine.update(holder, (held) => withContent(held, taintedValue(taint)));
  return namedValue(name);
}

/** Nothing is known: what went in may come out. Functions that were passed are called with what the receiver holds. */
function passOn(made: Made): Value {
  const { callee, given, construct, rows, brought, place, machine, frame } = made;
  const { receiver, target, name } = callee;
  if (rows.sinks.length === 0 && rows.sanitizers.length === 0) checkHandedMarkup(name, given, place, machine, frame);
  const own = receiver ? machine.taintOf(receiver) : UNKNOWN.taint;
  const handed = unionLabels(own, brought);
  // What an unknown function makes of a text is another one, which is no number that is none by accident.
  const taken = isQuestion(made) ? UNKNOWN.taint : clearLabels(taintOfArguments(given, machine), NUMBER);
  const taint = unionLabels(unionLabels(own, target.taint), taken);
  const script = machine.language(frame) !== 'python' && rows.entryPoints.length === 0;
  // What has a name and declared types is run by itself as well as here.
  const typed = isTyped(machine, frame) && handed.length === 0;
  if (handed.length > 0 || script)
    for (const value of given.positional) {
      if (!value.callables.some((one) => one.kind === 'function' && (one.node.arrow || !typed))) continue;
      const parameter = taintedValue(handed);
      callValue(value, positionalArguments([parameter, parameter, parameter]), place, machine, frame);
    }
  const named = construct && isTyped(machine, frame) ? name : resultName(callee);
  return {
    ...taintedValue(taint),
    name: named,
    objects: inherited(callee, given, machine) ?? [thingOf(given, construct, machine)],
  };
}

const NUMBER = maskOf(['number']);

/** `super().method(…)` and `super(…)`: the base class's, with the same `self`. */
function callOfBase(expression: Call, machine: Machine, frame: Frame): Value | undefined {
  const { callee } = expression;
  const owner = frame.function?.owner;
  const method = callee.kind === 'member' && isSuper(callee.object) ? callee.name : undefined;
  const constructs = callee.kind === 'name' && callee.name === 'super' && machine.language(frame) !== 'python';
  if (!owner || (method === undefined && !constructs)) return undefined;
  for (const base of basesOf(owner)) {
    const isConstructor = constructs || method === '__init__';
    const found = isConstructor
      ? findConstructor(base, machine, expression.arguments.length)
      : findMethod(base, method ?? '', machine);
    if (!found) continue;
    const given = evaluateArguments(expression.arguments, machine, frame);
    return callFunction({ ...found, self: frame.self }, given, expression.place, machine, frame);
  }
  return undefined;
}

function isSuper(expression: Expression): boolean {
  if (expression.kind === 'call') return isSuper(expression.callee);
  return expression.kind === 'name' && expression.name === 'super';
}
