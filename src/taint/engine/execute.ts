import type { Case, Expression, Statement, Target } from '../../code/index.ts';
import type { Place } from '../../syntax/index.ts';
import { withProof } from './answers.ts';
import { assignTo } from './assign.ts';
import { compareFacts, knownRefinements, testFacts } from './comparison.ts';
import { evaluate } from './evaluate.ts';
import type { Refinement } from './facts.ts';
import { withEntry } from './heap-object.ts';
import { isScript } from './language.ts';
import type { Frame, LoopContext, Machine } from './machine.ts';
import { makeClass, makeFunction } from './make.ts';
import { runExport, runImport } from './modules.ts';
import { writeName } from './names.ts';
import { applyOperator } from './operators.ts';
import { asksForSetting, joinBySetting } from './optional-cleaning.ts';
import { applyRefinements } from './refine.ts';
import { runLoop, runTry } from './repetition.ts';
import { Scope } from './scope.ts';
import { checkReturn } from './sinks.ts';
import type { Store } from './store.ts';
import { constantValue, joinValues, truthOf, UNKNOWN, type Value } from './value.ts';

type Kind<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Run statements in order; false when the last one run does not go on to the next. */
export function runStatements(statements: readonly Statement[], machine: Machine, frame: Frame): boolean {
  hoist(statements, machine, frame);
  for (const statement of statements) {
    if (!machine.step()) return true;
    if (!runStatement(statement, machine, frame) || frame.left) {
      frame.left = false;
      return false;
    }
  }
  return true;
}

/** JavaScript calls functions above their declaration. */
function hoist(statements: readonly Statement[], machine: Machine, frame: Frame): void {
  if (machine.language(frame) === 'python') return;
  for (const statement of statements) if (statement.kind === 'declare') declare(statement, machine, frame);
  for (const statement of statements) if (statement.kind === 'function') declareFunction(statement, machine, frame);
}

/** Run a nested block in a scope of its own. */
function runBlock(statements: readonly Statement[], machine: Machine, frame: Frame): boolean {
  if (machine.language(frame) === 'python') return runStatements(statements, machine, frame);
  const outer = frame.scope;
  frame.scope = new Scope(outer, 'block');
  const alive = runStatements(statements, machine, frame);
  frame.scope = outer;
  return alive;
}

function runStatement(statement: Statement, machine: Machine, frame: Frame): boolean {
  switch (statement.kind) {
    case 'expression':
      evaluate(statement.value, machine, frame);
      return true;
    case 'assign':
      runAssign(statement, machine, frame);
      return true;
    case 'branch':
      return runBranch(statement, machine, frame);
    case 'loop':
      return runLoop(statement, runBlock, machine, frame);
    case 'choice':
      return runChoice(statement, machine, frame);
    case 'try':
      return runTry(statement, runBlock, machine, frame);
    case 'with':
      return runWith(statement, machine, frame);
    case 'return':
      return runReturn(statement.value, statement.place, machine, frame);
    case 'yield': {
      const value = statement.value ? evaluate(statement.value, machine, frame) : UNKNOWN;
      frame.yielded = frame.yielded ? joinValues(frame.yielded, value) : value;
      checkReturn(value, statement.place, machine, frame);
      return true;
    }
    case 'throw':
      if (statement.value) {
        const thrown = evaluate(statement.value, machine, frame);
        machine.thrown = machine.thrown ? joinValues(machine.thrown, thrown) : thrown;
      }
      return false;
    case 'break':
    case 'continue':
      return leave(statement, machine, frame);
    case 'block':
      return statement.label === undefined
        ? runBlock(statement.body, machine, frame)
        : runLabelled(statement, machine, frame);
    default:
      runDeclaration(statement, machine, frame);
      return true;
  }
}

function runDeclaration(
  statement: Kind<'function' | 'class' | 'import' | 'export' | 'declare' | 'delete' | 'assert'>,
  machine: Machine,
  frame: Frame,
): void {
  switch (statement.kind) {
    case 'function':
      if (machine.language(frame) === 'python') declareFunction(statement, machine, frame);
      return;
    case 'class': {
      const value = makeClass(statement.class, machine, frame);
      if (statement.class.name !== undefined) writeName(statement.class.name, value, machine, frame);
      return;
    }
    case 'import':
      runImport(statement, machine, frame);
      return;
    case 'export':
      runExport(statement.name, evaluate(statement.value, machine, frame), machine, frame);
      return;
    case 'declare':
      if (machine.language(frame) === 'python') declare(statement, machine, frame);
      return;
    case 'delete':
      runDelete(statement, machine, frame);
      return;
    case 'assert':
      applyRefinements(evaluate(statement.test, machine, frame).facts?.whenTrue ?? [], machine);
      return;
  }
}

function declareFunction(statement: Kind<'function'>, machine: Machine, frame: Frame): void {
  const value = makeFunction(statement.function, undefined, machine, frame);
  if (statement.function.name !== undefined) writeName(statement.function.name, value, machine, frame);
}

function declare(statement: Kind<'declare'>, machine: Machine, frame: Frame): void {
  const scope = statement.scope === 'function' ? frame.scope.function : frame.scope;
  for (const name of statement.names) if (scope.own(name) === undefined) scope.declare(name, machine.allocate());
}

function runAssign(statement: Kind<'assign'>, machine: Machine, frame: Frame): void {
  const { target, operator } = statement;
  const value = evaluate(statement.value, machine, frame);
  if (operator === 'set' || target.kind === 'list' || target.kind === 'map' || target.kind === 'default')
    assignTo(target, value, machine, frame);
  else assignTo(target, updated(statement, target, value, machine, frame), machine, frame);
}

/** The value of `target operator= value`. */
function updated(
  { operator }: Kind<'assign'>,
  target: Extract<Target, { kind: 'name' | 'member' | 'index' }>,
  value: Value,
  machine: Machine,
  frame: Frame,
): Value {
  const { place } = target;
  const before = evaluate(
    target.kind === 'member' ? { ...target, optional: false, place } : { ...target, place },
    machine,
    frame,
  );
  if (operator === 'default') return joinValues(before, value);
  if (operator === 'add') return applyOperator('+', before, value, machine, frame);
  // Every other operator of the language makes a number.
  if (isScript(machine, frame)) return UNKNOWN;
  return { ...UNKNOWN, name: before.name, taint: joinValues(before, value).taint };
}

/** Run one way of a branch in memory of its own; `undefined` when it does not come back. */
function runWay(
  body: readonly Statement[],
  proven: readonly Refinement[],
  machine: Machine,
  frame: Frame,
): Store | undefined {
  const outer = machine.store;
  machine.store = outer.fork();
  applyRefinements(proven, machine);
  const alive = runBlock(body, machine, frame);
  const way = machine.store;
  machine.store = outer;
  return alive ? way : undefined;
}

function joinWays(ways: readonly (Store | undefined)[], machine: Machine, either = joinValues): boolean {
  const alive = ways.filter((way) => way !== undefined);
  machine.store.join(alive, either);
  return alive.length > 0;
}

function runBranch(statement: Kind<'branch'>, machine: Machine, frame: Frame): boolean {
  const test = evaluate(statement.test, machine, frame);
  const truth = truthOf(test);
  if (truth !== undefined) return runBlock(truth ? statement.then : statement.otherwise, machine, frame);
  const facts = testFacts(test);
  const then = runWay(statement.then, facts?.whenTrue ?? [], machine, frame);
  const otherwise = runWay(statement.otherwise, facts?.whenFalse ?? [], machine, frame);
  return joinWays([then, otherwise], machine, asksForSetting(test) ? joinBySetting : joinValues);
}

function runChoice(statement: Kind<'choice'>, machine: Machine, frame: Frame): boolean {
  const subject = evaluate(statement.subject, machine, frame);
  const bodies = statement.fallsThrough ? fallThrough(statement.cases) : statement.cases;
  const ways: (Store | undefined)[] = [];
  const context: LoopContext = { kind: 'choice', label: undefined, base: machine.store, breaks: [], continues: [] };
  if (statement.fallsThrough) frame.loops.push(context);
  let caught = false;
  const refuted: Refinement[] = [];
  for (const entry of bodies) {
    const values = entry.values.map((value) => evaluate(value, machine, frame));
    const matches = caseMatches(subject, values);
    if (matches === false) continue;
    const known =
      values.length > 0 && values.every((value) => value.constant !== undefined || value.name !== undefined);
    const proven = known ? knownRefinements(subject) : values.length === 0 ? refuted : [];
    for (const value of values) refuted.push(...(compareFacts('===', subject, value, machine)?.whenFalse ?? []));
    ways.push(runCase(entry, subject, proven, machine, frame));
    if (matches && entry.test === undefined) {
      caught = true;
      break;
    }
  }
  if (statement.fallsThrough) frame.loops.pop();
  if (!caught) ways.push(withoutMatch(refuted, machine));
  return joinWays([...ways, ...context.breaks], machine);
}

/** The way on which no case matched. */
function withoutMatch(refuted: readonly Refinement[], machine: Machine): Store {
  const outer = machine.store;
  const way = outer.fork();
  machine.store = way;
  applyRefinements(refuted, machine);
  machine.store = outer;
  return way;
}

/** Whether a case certainly matches, certainly does not, or may. */
function caseMatches(subject: Value, values: readonly Value[]): boolean | undefined {
  if (values.length === 0) return true;
  const { constant } = subject;
  if (constant === undefined) return undefined;
  if (values.some((value) => value.constant === constant)) return true;
  return values.every((value) => value.constant !== undefined) ? false : undefined;
}

function runCase(
  entry: Case,
  subject: Value,
  proven: readonly Refinement[],
  machine: Machine,
  frame: Frame,
): Store | undefined {
  const outer = machine.store;
  machine.store = outer.fork();
  applyRefinements(proven, machine);
  for (const name of entry.bindings)
    writeName(name, entry.values.length === 0 ? subject : partOf(subject, machine), machine, frame);
  if (entry.test) applyRefinements(evaluate(entry.test, machine, frame).facts?.whenTrue ?? [], machine);
  const alive = runBlock(entry.body, machine, frame);
  const way = machine.store.flatten(outer);
  machine.store = outer;
  return alive ? way : undefined;
}

function partOf(subject: Value, machine: Machine): Value {
  return joinValues(subject, machine.elementOf(subject, false));
}

/** A case that does not end in `break` goes on with the next. */
function fallThrough(cases: readonly Case[]): readonly Case[] {
  return cases.map((entry, index) => {
    const body = [...entry.body];
    for (let next = index + 1; next < cases.length && !endsCase(body.at(-1)); next++)
      body.push(...(cases[next]?.body ?? []));
    return { ...entry, body };
  });
}

const ENDS = new Set<Statement['kind']>(['break', 'return', 'throw', 'continue']);

function endsCase(last: Statement | undefined): boolean {
  if (!last) return false;
  return ENDS.has(last.kind) || (last.kind === 'block' && endsCase(last.body.at(-1)));
}

function runWith(statement: Kind<'with'>, machine: Machine, frame: Frame): boolean {
  const value = evaluate(statement.value, machine, frame);
  if (statement.target) assignTo(statement.target, value, machine, frame);
  return runBlock(statement.body, machine, frame);
}

function runReturn(returned: Expression | undefined, place: Place, machine: Machine, frame: Frame): boolean {
  const value = withProof(returned ? evaluate(returned, machine, frame) : constantValue(null), machine, frame);
  checkReturn(value, place, machine, frame);
  // `return fail()`: what does not come back gives nothing.
  if (frame.left) return false;
  frame.result = frame.result ? joinValues(frame.result, value) : value;
  frame.exits.push(machine.store.flatten(frame.base));
  return false;
}

/** A block that is left by its label goes on behind it, with what was known where it was left. */
function runLabelled({ body, label }: Kind<'block'>, machine: Machine, frame: Frame): boolean {
  const base = machine.store;
  const context: LoopContext = { kind: 'block', label, base, breaks: [], continues: [] };
  frame.loops.push(context);
  machine.store = base.fork();
  const end = machine.store;
  const alive = runBlock(body, machine, frame);
  machine.store = base;
  frame.loops.pop();
  return joinWays([alive ? end : undefined, ...context.breaks, ...context.continues], machine);
}

function leave({ kind, label }: Kind<'break' | 'continue'>, machine: Machine, frame: Frame): boolean {
  const context = frame.loops.findLast((around) =>
    label === undefined
      ? around.kind === 'loop' || (kind === 'break' && around.kind === 'choice')
      : around.label === label,
  );
  const state = context && machine.store.flatten(context.base);
  if (state) (kind === 'break' ? context.breaks : context.continues).push(state);
  return false;
}

function runDelete(statement: Kind<'delete'>, machine: Machine, frame: Frame): void {
  const { target } = statement;
  if (target.kind === 'name') writeName(target.name, UNKNOWN, machine, frame);
  if (target.kind !== 'index') return;
  const object = evaluate(target.object, machine, frame);
  const key = evaluate(target.key, machine, frame).constant;
  machine.update(object, (held) => {
    if (typeof key === 'number' && held.items)
      return { ...held, items: held.items.filter((_, index) => index !== key) };
    return key === undefined || held.kind === 'list' ? held : withEntry(held, String(key), UNKNOWN, true);
  });
}
