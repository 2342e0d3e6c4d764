import type { Gap } from '../../syntax/index.ts';
import type { EngineRequest, EngineResult } from '../engine-types.ts';
import type { Module } from '../ir.ts';
import { findStructuralWeaknesses } from '../patterns/index.ts';
import { noArguments } from './arguments.ts';
import type { FunctionValue } from './callable.ts';
import { bindEntryParameters, entryPointsOf, isExported } from './entry-points.ts';
import { constructInstance, functionFrame, runBody } from './invoke.ts';
import { Machine } from './machine.ts';
import { ModuleTable } from './module-table.ts';
import { loadModule, moduleFrame } from './modules.ts';
import { Reports } from './reports.ts';
import { RowIndex } from './row-index.ts';
import { describeRules } from './rule-descriptors.ts';
import { objectValue } from './value.ts';

/** Functions that are run by themselves in one file. */
const MOST_FUNCTIONS = 4_000;

/**
 * Run every module and every function of the tree on abstract values and report where outsiders' data reaches a sink.
 * Pure but for the clock of the request; never throws. What a limit stopped is a gap.
 */
export function analyse(request: EngineRequest, modules: readonly Module[]): EngineResult {
  const reports = new Reports();
  const table = new ModuleTable(modules);
  const machine = new Machine(new RowIndex(request.catalogue), reports, table, request.limits, request.clock);
  const gaps: Gap[] = modules.flatMap((module) => (isWanted(request, module.file.path) ? module.gaps : []));
  let functionsAnalysed = 0;
  for (const module of modules) {
    if (!isWanted(request, module.file.path)) continue;
    machine.startFile();
    machine.clearStop();
    functionsAnalysed += runFile(module, request, machine, gaps);
  }
  const findings = reports.all().filter((finding) => {
    const files = [finding.place, ...(finding.flow ?? []).map((step) => step.place)].map((place) => place.file);
    return files.some((file) => isWanted(request, file));
  });
  const structural = findStructuralWeaknesses(modules, request.only);
  return {
    findings: [...findings, ...structural],
    rules: describeRules(request.catalogue),
    gaps,
    filesRead: modules.length,
    functionsAnalysed,
  };
}

function isWanted(request: EngineRequest, file: string): boolean {
  return request.only === undefined || request.only.has(file);
}

function runFile(module: Module, request: EngineRequest, machine: Machine, gaps: Gap[]): number {
  const loaded = loadModule(module, machine);
  noteStop(module, undefined, machine, gaps);
  let count = 0;
  const foreign: Made[] = [];
  for (let next = machine.made.shift(); next !== undefined; next = machine.made.shift()) {
    const { closure } = next;
    if (closure.module !== loaded) {
      foreign.push(next);
      continue;
    }
    if (machine.ran.has(closure.node)) continue;
    machine.ran.add(closure.node);
    if (++count > MOST_FUNCTIONS) {
      gaps.push(gap(module, closure, `more than ${MOST_FUNCTIONS} functions`));
      break;
    }
    machine.startFunction();
    runAlone(next, request.threatModel === 'library', machine);
    noteStop(module, closure, machine, gaps);
  }
  machine.made = foreign;
  return count;
}

type Made = Machine['made'][number];

/** Run a function with what outsiders give it, in the memory in which it was made. */
function runAlone({ closure, store }: Made, library: boolean, machine: Machine): void {
  const outer = machine.store;
  machine.store = store.fork();
  const frame = moduleFrame(closure.module, machine.store, machine);
  const owner = closure.owner;
  const isStatic = owner?.node.members.some((member) => member.function === closure.node && member.static);
  const self =
    closure.self ??
    (owner && !isStatic
      ? constructInstance(owner, noArguments(), owner.node.place, machine, frame)
      : owner && objectValue(owner.object));
  const bound = { ...closure, self };
  const entries = entryPointsOf(bound, machine);
  const outside = library && isExported(bound, machine);
  const inner = { ...functionFrame(bound, machine, undefined), depth: 0 };
  runBody(inner, bound, (running) => bindEntryParameters(bound, entries, outside, machine, running), machine);
  const ended = machine.store;
  machine.store = outer;
  runMadeInside(ended, machine);
}

/** Functions made by a run see the memory that it left behind. */
function runMadeInside(ended: Machine['store'], machine: Machine): void {
  machine.made = machine.made.map((made) => (isBelow(made.store, ended) ? { ...made, store: ended } : made));
}

function isBelow(store: Machine['store'], base: Machine['store']): boolean {
  for (let layer: Machine['store'] | undefined = store; layer; layer = layer.parent) if (layer === base) return true;
  return false;
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
