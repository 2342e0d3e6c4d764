import type { Statement } from '../../code/index.ts';
import { assignTo } from './assign.ts';
import { iterated } from './builtin.ts';
import { evaluate } from './evaluate.ts';
import { isScript } from './language.ts';
import type { Frame, LoopContext, Machine } from './machine.ts';
import { writeName } from './names.ts';
import { provenOfParts } from './path-segments.ts';
import { applyRefinements } from './refine.ts';
import { pairOf } from './script-libraries.ts';
import type { Store } from './store.ts';
import { namedValue, truthOf, type Value } from './value.ts';

type RunBlock = (statements: readonly Statement[], machine: Machine, frame: Frame) => boolean;
type Loop = Extract<Statement, { kind: 'loop' }>;
type Each = NonNullable<Loop['each']>;
type Try = Extract<Statement, { kind: 'try' }>;

/** Rounds that are run: what the first leaves behind, the second can use. */
const ROUNDS = 2;

/** Run a loop twice; memory afterwards is that of none, one or two rounds. */
export function runLoop(statement: Loop, runBlock: RunBlock, machine: Machine, frame: Frame): boolean {
  const base = machine.store;
  const context: LoopContext = { kind: 'loop', label: statement.label, base, breaks: [], continues: [] };
  frame.loops.push(context);
  let ended = false;
  for (let round = 0; round < ROUNDS && !ended; round++)
    ended = !runRound(statement, runBlock, context, machine, frame);
  frame.loops.pop();
  machine.store = base;
  const endless = statement.test?.kind === 'literal' && statement.test.value === true;
  if (context.breaks.length > 0) base.join(endless ? context.breaks : [...context.breaks, base.fork()]);
  else if (statement.test) applyRefinements(evaluate(statement.test, machine, frame).facts?.whenFalse ?? [], machine);
  return statement.otherwise.length === 0 || runBlock(statement.otherwise, machine, frame);
}

/** One round; false when its test certainly fails. */
function runRound(statement: Loop, runBlock: RunBlock, context: LoopContext, machine: Machine, frame: Frame): boolean {
  const { base } = context;
  machine.store = base;
  const test = statement.test && evaluate(statement.test, machine, frame);
  if (test && truthOf(test) === false) return false;
  machine.store = base.fork();
  const round = machine.store;
  const element = statement.each && takeElement(statement.each, machine, frame);
  applyRefinements(test?.facts?.whenTrue ?? [], machine);
  const alive = runBlock(statement.body, machine, frame);
  machine.store = base;
  const ends = [...(alive ? [round] : []), ...context.continues.splice(0)];
  if (ends.length > 0) base.join([...ends, base.fork()]);
  // What each round that goes on has shown of its part holds of all parts, when none was left out.
  if (element && context.breaks.length === 0) applyRefinements(provenOfParts(element, ends), machine);
  return true;
}

function takeElement({ of, keys, target }: Each, machine: Machine, frame: Frame): Value {
  const value = evaluate(of, machine, frame);
  const container = machine.language(frame) === 'go' ? iterated(value, of.place, machine, frame) : value;
  const pair = !keys && isScript(machine, frame) ? pairOf(container, machine) : undefined;
  const element = pair ?? machine.elementOf(container, keys);
  assignTo(target, element, machine, frame);
  return element;
}

/** Run a body with its handlers, each of which may start from before or after the body. */
export function runTry(statement: Try, runBlock: RunBlock, machine: Machine, frame: Frame): boolean {
  const base = machine.store;
  machine.store = base.fork();
  const attempt = machine.store;
  const thrownBefore = machine.thrown;
  machine.thrown = undefined;
  let alive = runBlock(statement.body, machine, frame);
  const { thrown } = machine;
  machine.thrown = thrownBefore;
  const failed = machine.store.flatten(base);
  const ways: Store[] = [];
  for (const handler of statement.handlers) {
    const way = base.fork();
    way.join([failed.onto(way), way.fork()]);
    machine.store = way;
    if (handler.binding !== undefined) writeName(handler.binding, exceptionOf(handler.types, thrown), machine, frame);
    if (runBlock(handler.body, machine, frame)) ways.push(way);
  }
  machine.store = attempt;
  if (alive) alive = runBlock(statement.otherwise, machine, frame);
  if (alive) ways.push(attempt);
  machine.store = base;
  base.join(ways.length > 0 ? ways : [failed, base.fork()]);
  const finished = runBlock(statement.finaliser, machine, frame);
  return finished && ways.length > 0;
}

/** What is caught: data that was thrown on purpose comes along. */
function exceptionOf(types: readonly string[], thrown: Value | undefined): Value {
  const caught = namedValue(`${types[0] ?? 'Exception'}()`);
  return thrown ? { ...caught, taint: thrown.taint, objects: thrown.objects } : caught;
}
