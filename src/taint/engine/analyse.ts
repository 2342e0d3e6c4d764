import type { FunctionNode, Module } from '../../code/index.ts';
import type { Gap } from '../../syntax/index.ts';
import type { EngineRequest, EngineResult } from '../engine-types.ts';
import { withStructuralWeaknesses } from '../patterns/index.ts';
import { noArguments, positionalArguments } from './arguments.ts';
import { callValue } from './builtin.ts';
import type { ClassValue, FunctionValue } from './callable.ts';
import { bindEntryParameters, entryPointsOf, isExported, noteGiven } from './entry-points.ts';
import { bindParameters, callFunction, constructInstance, functionFrame, runBody } from './invoke.ts';
import { isScript } from './language.ts';
import { type LeftBehind, leaveBehind, ownerOf, takeFields } from './left-behind.ts';
import { type Frame, Machine, type MadeFunction } from './machine.ts';
import { isWrittenByMachine } from './machine-text.ts';
import { ModuleTable } from './module-table.ts';
import { loadModule, moduleFrame } from './modules.ts';
import { givenToPage } from './page-data.ts';
import { Reports } from './reports.ts';
import { RowIndex } from './row-index.ts';
import { describeRules } from './rule-descriptors.ts';
import { callableValue, objectValue, type Value } from './value.ts';

const DEEP_CALLS = 'a call with data from outside is nested too deeply to be followed; its result is taken for tainted';

/**
 * What a bundler wrote gets of a file's time and steps: it is megabytes of other people's code, a rebuild changes all of
 * it, and with the whole of them ten such files made a person wait for minutes. A limit that it meets is a gap as ever.
 */
const SHARE_OF_BUNDLES = 0.1;

/** Functions that are run by themselves in one file. */
const MOST_FUNCTIONS = 4_000;

/**
 * Run every module and every function of the tree on abstract values and report where outsiders' data reaches a sink.
 * Pure but for the clock of the request; never throws. What a limit stopped is a gap.
 */
export function analyse(request: EngineRequest, modules: readonly Module[]): EngineResult {
  const reports = new Reports();
  const table = new ModuleTable(modules, request.tree);
  const machine = new Machine(new RowIndex(request.catalogue), reports, table, request.limits, request.clock);
  const gaps: Gap[] = modules.flatMap((module) => (isWanted(request, module.file.path) ? module.gaps : []));
  let functionsAnalysed = 0;
  const wanted = modules.filter((module) => isWanted(request, module.file.path));
  for (const module of wanted) functionsAnalysed += runFile(module, request, machine, gaps);
  // A later file said of functions of an earlier one that outsiders reach them: `routes(app, handlers)`.
  for (const module of wanted.filter((module) => machine.isWaiting(loadModule(module, machine))))
    functionsAnalysed += runFile(module, request, machine, gaps);
  const findings = reports.all().filter((finding) => {
    const files = [finding.place, ...(finding.flow ?? []).map((step) => step.place)].map((place) => place.file);
    return files.some((file) => isWanted(request, file));
  });
  return {
    findings: withStructuralWeaknesses(findings, modules, request.only),
    rules: describeRules(request.catalogue),
    gaps,
    filesRead: modules.length,
    functionsAnalysed,
    believed: [...machine.believed].sort(),
  };
}

function isWanted(request: EngineRequest, file: string): boolean {
  return request.only === undefined || request.only.has(file);
}

function runFile(module: Module, request: EngineRequest, machine: Machine, gaps: Gap[]): number {
  machine.startFile(isWrittenByMachine(module.file.text) ? SHARE_OF_BUNDLES : 1);
  machine.clearStop();
  const loaded = loadModule(module, machine);
  noteStop(module, undefined, machine, gaps);
  const done: MadeFunction[] = [];
  const again = new Set<FunctionNode>();
  machine.settleMade(undefined);
  for (let next = machine.takeMade(loaded); next !== undefined; next = machine.takeMade(loaded)) {
    const { closure } = next;
    if (machine.ran.has(closure.node)) continue;
    machine.ran.add(closure.node);
    done.push(next);
    if (done.length > MOST_FUNCTIONS) {
      gaps.push(gap(module, closure, `more than ${MOST_FUNCTIONS} functions`));
      break;
    }
    machine.startFunction();
    const left = runAlone(next, request.threatModel === 'library', machine);
    noteStop(module, closure, machine, gaps);
    if (machine.isFileStopped()) break;
    runReadersAgain(left, next, done, again, machine);
  }
  if (machine.unfollowed) gaps.push({ kind: 'cap', message: DEEP_CALLS, place: machine.unfollowed });
  machine.unfollowed = undefined;
  return done.length;
}

/** Functions that were run before something was left for them wait for their turn once more. */
function runReadersAgain(
  left: LeftBehind,
  writer: MadeFunction,
  done: readonly MadeFunction[],
  again: Set<FunctionNode>,
  machine: Machine,
): void {
  if (left.names.size === 0 && !left.fields) return;
  const owner = left.fields ? ownerOf(writer.closure, machine) : undefined;
  for (const { closure } of done) {
    if (again.has(closure.node) || closure === writer.closure) continue;
    const isSibling = owner !== undefined && ownerOf(closure, machine)?.object === owner.object;
    if (!isSibling && !mentions(closure, left.names)) continue;
    again.add(closure.node);
    machine.ran.delete(closure.node);
    machine.noteMade(closure);
  }
}

function mentions({ node, module }: FunctionValue, names: ReadonlySet<string>): boolean {
  const { start, end } = node.place.span;
  const text = module.module?.file.text.slice(start, end) ?? '';
  return [...names].some((name) => text.includes(name));
}

/** Run a function with what outsiders give it, in the memory in which it was made. */
function runAlone({ closure, store }: MadeFunction, library: boolean, machine: Machine): LeftBehind {
  const outer = machine.store;
  machine.store = store.fork();
  const frame = moduleFrame(closure.module, machine.store, machine);
  const owner = ownerOf(closure, machine);
  const isStatic = owner?.node.members.some((member) => member.function === closure.node && member.static);
  const self =
    closure.self ??
    (owner && !isStatic ? instanceFor(owner, closure, machine, frame) : owner && objectValue(owner.object));
  const bound = { ...closure, self };
  const entries = entryPointsOf(bound, machine);
  const outside = library && isExported(bound, machine);
  const page = entries.length === 0 && isScript(machine, frame) ? givenToPage(bound, machine, frame) : undefined;
  const inner = { ...functionFrame(bound, machine, undefined), depth: 0 };
  const result = runBody(
    inner,
    bound,
    (running) =>
      page
        ? bindParameters(bound, positionalArguments([page]), machine, running)
        : bindEntryParameters(bound, entries, outside, machine, running),
    machine,
  );
  runWrapped(bound, machine, inner);
  const ended = machine.store;
  if (outside) noteGiven(result, machine);
  machine.store = outer;
  machine.settleMade(ended);
  if (!outside && entries.length === 0) return NOTHING_LEFT;
  const instance = owner && self && !isStatic ? { owner, value: self } : undefined;
  return leaveBehind(ended, closure.module, instance, outside, machine);
}

/** Run a function as the decorators of the tree around it do. */
function runWrapped(closure: FunctionValue, machine: Machine, frame: Frame): void {
  const { place } = closure.node;
  for (const decorator of machine.wrappers.get(closure.node)?.toReversed() ?? []) {
    const given = positionalArguments([callableValue(closure, closure.path)]);
    const wrapped = callValue(decorator, given, place, machine, frame);
    if (wrapped) callValue(wrapped, noArguments(), place, machine, frame);
  }
}

const NOTHING_LEFT: LeftBehind = { names: new Set(), fields: false };

/** An instance on which a method is run by itself, with what others left on its kind. */
function instanceFor(owner: ClassValue, closure: FunctionValue, machine: Machine, frame: Frame): Value {
  const instance = constructInstance(owner, noArguments(), owner.node.place, machine, frame);
  const maker = machine.prototypeOwners.get(owner.object)?.closure;
  if (maker && maker.node !== closure.node)
    callFunction({ ...maker, self: instance }, noArguments(), owner.node.place, machine, frame);
  takeFields(owner, instance, machine);
  return instance;
}

function noteStop(module: Module, closure: FunctionValue | undefined, machine: Machine, gaps: Gap[]): void {
  if (machine.stopped === undefined) return;
  gaps.push(gap(module, closure, machine.stopped));
}

function gap(module: Module, closure: FunctionValue | undefined, limit: string): Gap {
  const place = closure?.node.place ?? {
    file: module.file.path,
    span: { start: 0, end: Math.min(1, module.file.text.length) },
  };
  return { kind: 'cap', message: `not analysed to the end: limit reached (${limit})`, place };
}
