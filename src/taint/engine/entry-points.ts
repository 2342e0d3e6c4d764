import type { Expression, FunctionNode, Parameter, Target } from '../../code/index.ts';
import type { EntryPointRow } from '../catalogue.ts';
import type { Arguments } from './arguments.ts';
import { allArguments } from './arguments.ts';
import type { FunctionValue, ModuleValue } from './callable.ts';
import { maskOf } from './category-mask.ts';
import { isPlainOption } from './command-options.ts';
import { matchesConvention } from './convention.ts';
import { elementType, isPlainType, isTextType, receivedInstance } from './declared-fields.ts';
import { type Dependency, dependencyOf, injected } from './dependencies.ts';
import { HARMLESS_TYPES } from './idioms.ts';
import { inherits } from './inheritance.ts';
import { annotated, annotationValue, bindParameter } from './invoke.ts';
import { clearLabels, neutraliseQuote } from './label.ts';
import { isScript, isTyped } from './language.ts';
import type { EntryPoint, Frame, Machine } from './machine.ts';
import { markedParameter } from './marked-parameter.ts';
import { exportsOf } from './modules.ts';
import { clearedByMatch } from './pattern-strength.ts';
import { applyRefinements } from './refine.ts';
import { wordsOfRoute } from './route-words.ts';
import { requestChecks } from './schema/request-checks.ts';
import { provenOfCell, type Shape, shapedValue } from './schema/shape.ts';
import { labelOf } from './sources.ts';
import { typeValue } from './typed-value.ts';
import { namedValue, UNKNOWN, type Value } from './value.ts';

/** Note how decorators let outsiders reach a function. */
export function noteEntryPoints(
  closure: FunctionValue,
  decorators: readonly Decorator[],
  machine: Machine,
  frame: Frame,
): void {
  const entries = decorators.flatMap(({ value }): EntryPoint[] => {
    if (value.name === undefined) return [];
    const rows = machine.rows.about(value.name.replace(/\(\)$/, ''), machine.language(frame)).entryPoints;
    return rows.flatMap((row) => (row.form === 'decorator' ? { row, address: addressOf(value) } : []));
  });
  if (entries.length === 0) return;
  const expressions = decorators.map(({ expression }) => expression);
  const words = wordsOfRoute(expressions, machine, frame);
  for (const entry of entries) note(closure, { ...entry, words }, machine);
}

/** A decorator, and what it is worth. */
export interface Decorator {
  readonly expression: Expression;
  readonly value: Value;
}

/** The decorator's first argument was kept as the beginning of its value. */
function addressOf(value: Value): string | undefined {
  return value.prefix;
}

function note(closure: FunctionValue, entry: EntryPoint, machine: Machine): void {
  const known = machine.entries.get(closure.node) ?? [];
  const same = known.find((other) => other.row.id === entry.row.id);
  if (same) {
    // Of several registrations none says what the parameters are.
    if (same.address !== entry.address || same.checks !== entry.checks)
      machine.entries.set(closure.node, known.with(known.indexOf(same), { row: same.row, address: undefined }));
    return;
  }
  machine.entries.set(closure.node, [...known, entry]);
  if (!machine.ran.has(closure.node)) return;
  // It was run as a function that nobody outside reaches.
  machine.ran.delete(closure.node);
  machine.noteMade(closure);
}

/** Depth to which the arguments of a registration are searched. */
const DEEPEST_SEARCH = 4;

/** A call that hands functions to outsiders: `app.get('/', handler)`, `procedure.input(schema).query(handler)`. */
export function noteRegistration(
  rows: readonly EntryPointRow[],
  given: Arguments,
  accepted: Shape | undefined,
  machine: Machine,
): void {
  const registrations = rows.filter((row) => row.form === 'registration');
  if (registrations.length === 0) return;
  const first = given.positional[0]?.constant;
  const address = typeof first === 'string' ? first : undefined;
  const checks = requestChecks(given, machine);
  for (const closure of functionsIn(allArguments(given), machine, DEEPEST_SEARCH))
    for (const row of registrations)
      if (row.arity === undefined || closure.node.parameters.length === row.arity)
        note(closure, { row, address, checks, accepted }, machine);
}

function functionsIn(values: readonly Value[], machine: Machine, depth: number): readonly FunctionValue[] {
  return values.flatMap((value): readonly FunctionValue[] => {
    const direct = value.callables.filter((callable) => callable.kind === 'function');
    if (depth === 0) return direct;
    const ids = [
      ...value.objects,
      ...direct.flatMap(({ node }) => [machine.functionObject(node), ...machine.knownPrototype(node)]),
    ];
    const inside = ids.flatMap((id) => {
      const object = machine.object(id);
      const methods = object.class ? [...machine.object(object.class.object).entries.values()] : [];
      return [...(object.items ?? []), ...object.entries.values(), ...(object.rest ? [object.rest] : []), ...methods];
    });
    return [...direct, ...functionsIn(inside, machine, depth - 1)];
  });
}

/** What an exported function returns, others can call: its functions, and the methods of what it made. */
export function noteGiven(result: Value, machine: Machine): void {
  for (const closure of functionsIn([result], machine, 1)) {
    if (machine.given.has(closure.node) || closure.module.module?.language === 'python') continue;
    machine.given.add(closure.node);
    if (!machine.ran.delete(closure.node)) continue;
    machine.noteMade(closure);
  }
}

/** All ways in which outsiders reach a function, those by convention and by its class too. */
export function entryPointsOf(closure: FunctionValue, machine: Machine): readonly EntryPoint[] {
  const noted = machine.entries.get(closure.node) ?? [];
  const language = closure.module.module?.language;
  const further = machine.rows
    .entryPointsOf(language)
    .filter((row) => !noted.some((entry) => entry.row.id === row.id) && reaches(row, closure, machine));
  if (further.length === 0) return noted;
  const all = [...noted, ...further.map((row) => ({ row, address: undefined }))];
  machine.entries.set(closure.node, all);
  return all;
}

function reaches(row: EntryPointRow, closure: FunctionValue, machine: Machine): boolean {
  if (row.arity !== undefined && closure.node.parameters.length !== row.arity) return false;
  if (row.form === 'convention') return matchesConvention(row.match, closure);
  if (row.form === 'export') return isExported(closure, machine) && matchesConvention(row.match, closure);
  if (row.form !== 'method' || !closure.owner) return false;
  const cut = row.match.lastIndexOf('.');
  const method = row.match.slice(cut + 1);
  const name = closure.path.slice(closure.path.lastIndexOf('.') + 1);
  return (method === '*' || method === name) && inherits(closure.owner, row.match.slice(0, cut));
}

/** Whether other programs can call it: a public name of a module, or something that it exports. */
export function isExported(closure: FunctionValue, machine: Machine): boolean {
  const language = closure.module.module?.language;
  if (language === 'python') return !closure.path.split('.').some((part) => part.startsWith('_'));
  if (language === 'go') return /(?:^|\.)\p{Lu}[^.]*$/u.test(closure.path);
  if (language === 'java') return true;
  if (machine.given.has(closure.node)) return true;
  const exported = exportsOf(closure.module, machine);
  const before = machine.exported.get(closure.module) ?? [];
  // A script without modules shares its names with every other one.
  const shared =
    exported.callables.length === 0 && exported.objects.every((id) => machine.object(id).entries.size === 0);
  if (shared && !closure.path.includes('.')) return true;
  return (
    functionsIn([exported, ...before], machine, 2).some((other) => other.node === closure.node) ||
    [exported, ...before].some((value) => ownerExported(closure, value, machine))
  );
}

function ownerExported(closure: FunctionValue, exported: Value, machine: Machine): boolean {
  const held = exported.objects.flatMap((id) => [...machine.object(id).entries.values()]);
  const { owner } = closure;
  if (!owner) return false;
  // Of an instance that was made here others call the methods, not the constructor.
  const member = owner.node.members.find((candidate) => candidate.function === closure.node);
  const called = member !== undefined && member.kind !== 'constructor' && !member.static;
  return [exported, ...held].some(
    (value) =>
      value.callables.some((callable) => callable.kind === 'class' && callable.node === owner.node) ||
      (called && value.objects.some((id) => machine.object(id).class?.node === owner.node)),
  );
}

/** A parameter that says it is a command or code: to run it is what the function is for. */
const TELLS_COMMAND =
  /^(?:cmds?|commands?|scripts?|shell|program|code|expression)$|^\w{0,30}(?:Cmd|Command|_cmd|_command)$/i;

/** A converter in an address, `<int:id>`, that lets only numbers and the like through (Flask, Django). */
const HARMLESS_CONVERTER = /<(?:int|float|uuid):(\w{1,64})>/g;

/** Bind the parameters of a function that outsiders reach, or that nobody is known to call. */
export function bindEntryParameters(
  closure: FunctionValue,
  entries: readonly EntryPoint[],
  library: boolean,
  machine: Machine,
  frame: Frame,
): void {
  for (const [index, parameter] of closure.node.parameters.entries()) {
    const value = entryValue(closure.node, parameter, index, entries, library, machine, frame);
    bindParameter(parameter, value, machine, frame);
    if (isScript(machine, frame)) markRequest(parameter, value, entries, machine, frame);
  }
}

/** A parameter in an address with an expression for its text: `/:id(\\d+)` (Express, Fastify, path-to-regexp). */
const PATTERNED = /:(\w{1,64})\(((?:[^()\\]|\\.){1,200})\)/g;

/** What the expressions in its address and the checks before it prove of the parts of a request. */
function markRequest(
  { target }: Parameter,
  value: Value,
  entries: readonly EntryPoint[],
  machine: Machine,
  frame: Frame,
): void {
  const isRequest = target.kind === 'name' && /(?:Request|^hono\.Context|^elysia\.Context)$/.test(value.name ?? '');
  const request = isRequest ? frame.scope.find(target.name) : undefined;
  const [entry, ...others] = entries.filter(({ row }) => row.form === 'registration');
  if (entry === undefined || others.length > 0) return;
  const { address = '', checks } = entry;
  if (checks && target.kind === 'map') markTaken(target, checks.enforced, machine, frame);
  if (request === undefined) return;
  if (checks) {
    applyRefinements(provenOfCell(request, checks.enforced, machine), machine);
    machine.store.setValue(request, { ...value, shape: checks.pending });
  }
  const parameters = machine.memberNumber(request, 'params');
  for (const [, part = '', pattern = ''] of address.matchAll(PATTERNED)) {
    const clears = clearedByMatch(pattern, true, true);
    if (clears !== 0) machine.store.setMark(machine.memberNumber(parameters, part), { clears, quotes: '' });
  }
}

/** What checks before the handler prove of the parts that it takes out of the request at once: `({ params: { id } })`. */
function markTaken(target: Target, shape: Shape, machine: Machine, frame: Frame): void {
  if (target.kind === 'default') markTaken(target.target, shape, machine, frame);
  if (target.kind === 'name') {
    const cell = frame.scope.find(target.name);
    if (cell !== undefined) applyRefinements(provenOfCell(cell, shape, machine), machine);
  }
  if (target.kind !== 'map') return;
  for (const { key, target: inner } of target.entries) {
    const member = shape.members?.get(key);
    if (member) markTaken(inner, member, machine, frame);
  }
}

/** Of the methods of a gRPC service those take a message whose parameter has the type of one. */
const GRPC = 'go-grpc-method';
const MESSAGE = /(?:Request|Req|Query|Input|Params|Args|Message|Command)$/;

function entryValue(
  node: FunctionNode,
  parameter: Parameter,
  index: number,
  entries: readonly EntryPoint[],
  library: boolean,
  machine: Machine,
  frame: Frame,
): Value {
  const typed = declaredType(parameter, machine, frame);
  // What is written of a parameter says more than its name.
  const sayers = holdsRequest(typed, machine) ? entries.filter(({ row }) => row.form !== 'convention') : entries;
  const types = sayers.map(({ row }) => boundType(row, parameter, index)).filter((type) => type !== undefined);
  // Of several frameworks that call their handlers alike it is the one that the file brings in.
  const bound = types.find((type) => imports(frame.module, type)) ?? types[0];
  const name = bound ?? typed.name;
  const marked = markedParameter(parameter, typed, machine, frame);
  if (marked) return marked;
  const dependency = entries.length > 0 ? dependencyOf(parameter, machine, frame) : undefined;
  if (dependency?.kind === 'library') return typed;
  if (dependency?.kind === 'function') return injectedValue(dependency, entries, library, machine, frame);
  const base: Value = bound === undefined ? typed : receivedValue(bound, parameter, entries, machine, frame);
  if (HARMLESS_TYPES.has(name ?? '') || bound !== undefined) return base;
  // A thing of the framework is no data; what of it is, the sources say. Of a message its place says that it is one.
  const isMessage = MESSAGE.test(parameter.annotation ?? '') && sayers.some(({ row }) => row.id === GRPC);
  const isThing = isTyped(machine, frame) && typed.name !== undefined && typed.objects.length === 0 && !isMessage;
  const entry = isThing
    ? undefined
    : sayers.find(
        (one) =>
          !isGivenInside(one, node, parameter, machine) &&
          isTainted(one.row, parameter, index, one.address) &&
          (one.row.id !== GRPC || isMessage),
      );
  const origin = entry
    ? { what: `the parameter of ${withArticle(entry.row.what)}`, row: entry.row.id }
    : library && !TELLS_COMMAND.test(parameter.name ?? '')
      ? { what: 'a parameter of an exported function', row: 'library' }
      : undefined;
  if (!origin) return base === typed && !isTyped(machine, frame) ? annotated(UNKNOWN, parameter, machine, frame) : base;
  const named = `parameter ${parameter.name ?? index} of ${node.name ?? 'a function'}`;
  const label = labelOf({ ...origin, name: named }, parameter.target.place, machine);
  const labels = entry?.row.relative ? neutraliseQuote([label], '/') : [label];
  const whole: Value = { ...base, taint: clearLabels(labels, maskOf(entry?.row.clears ?? [])) };
  return (entry && checkedByFramework(node, whole, parameter, machine, frame)) ?? whole;
}

/** Depth to which dependencies of dependencies are looked at. */
const DEEPEST_DEPENDENCY = 3;

function injectedValue(
  dependency: Extract<Dependency, { kind: 'function' }>,
  entries: readonly EntryPoint[],
  library: boolean,
  machine: Machine,
  frame: Frame,
): Value {
  if (frame.depth > DEEPEST_DEPENDENCY) return UNKNOWN;
  const { node } = dependency.closure;
  const bind = (parameter: Parameter, index: number, inside: Frame) =>
    entryValue(node, parameter, index, entries, library, machine, { ...inside, depth: frame.depth + 1 });
  return injected(dependency, bind, machine, frame);
}

/** In Python the declared type of a parameter is what the framework has made of the request (FastAPI, Litestar). */
function checkedByFramework(
  node: FunctionNode,
  whole: Value,
  parameter: Parameter,
  machine: Machine,
  frame: Frame,
): Value | undefined {
  const { annotation, target, name } = parameter;
  if (machine.language(frame) !== 'python') return undefined;
  if (isPlainOption(node, name)) return UNKNOWN;
  if (annotation === undefined) return undefined;
  const type = annotationValue(annotation, parameter, machine, frame);
  if (isPlainType(annotation, type)) return UNKNOWN;
  const single = elementType(annotation);
  const text = isTextType(single, annotationValue(single, parameter, machine, frame))
    ? { ...whole, taint: clearLabels(whole.taint, STRUCTURE) }
    : whole;
  return receivedInstance(type, text, target.place, machine) ?? text;
}

const STRUCTURE = maskOf(['nosql']);

/** A thing of a framework, with what the schema of the only registration has accepted in it. */
function receivedValue(
  type: string,
  parameter: Parameter,
  entries: readonly EntryPoint[],
  machine: Machine,
  frame: Frame,
): Value {
  const [entry, ...others] = entries;
  if (!entry?.accepted?.members || others.length > 0) return namedValue(type);
  return shapedValue(namedValue(type), entry.accepted, parameter.target.place, machine, frame);
}

/** Whether a file says that it uses the package of a type. */
function imports({ module }: ModuleValue, type: string): boolean {
  const [root] = type.split('.');
  return (module?.body ?? []).some((statement) => statement.kind === 'import' && statement.from.split('.')[0] === root);
}

/** Whether members of the type hold outsiders' data. */
function holdsRequest({ name }: Value, machine: Machine): boolean {
  return name !== undefined && machine.rows.hasSourcesBelow(name);
}

/** What a parameter is by its annotation; of Go and Java an instance where the type is one of the tree. */
function declaredType(parameter: Parameter, machine: Machine, frame: Frame): Value {
  const { annotation } = parameter;
  if (annotation === undefined) return UNKNOWN;
  if (!isTyped(machine, frame)) {
    const { name } = annotationValue(annotation, parameter, machine, frame);
    return name === undefined ? UNKNOWN : namedValue(name);
  }
  return HARMLESS_TYPES.has(annotation)
    ? namedValue(annotation)
    : typeValue(annotation, parameter.target.place, machine, frame);
}

function boundType(row: EntryPointRow, parameter: Parameter, index: number): string | undefined {
  const listed = row.parameters?.find((entry) => entry.parameter === index || entry.parameter === parameter.name);
  const type = listed?.is ?? row.binds?.[index];
  return type === '_' ? undefined : type;
}

/** What the address does not name, a decorator of the program gives. */
function isGivenInside(
  { row, address }: EntryPoint,
  node: FunctionNode,
  { name }: Parameter,
  machine: Machine,
): boolean {
  const named = address === undefined || address.includes(`${name}>`);
  return row.addressed === true && !named && machine.wrappers.has(node);
}

function isTainted(row: EntryPointRow, parameter: Parameter, index: number, address: string | undefined): boolean {
  for (const match of (address ?? '').matchAll(HARMLESS_CONVERTER)) if (match[1] === parameter.name) return false;
  if (row.tainted === 'all') return true;
  return row.tainted.some((where) => where === index || where === parameter.name);
}

/** Rows say `handler of an HTTP route` or `a page of the site`. */
function withArticle(what: string): string {
  return /^(?:an?|the) /.test(what) ? what : `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`;
}
