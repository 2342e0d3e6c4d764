import { type Arguments, allArguments, noArguments, positionalArguments, taintOfArguments } from './arguments.ts';
import type { FunctionValue } from './callable.ts';
import { NEVER, runFunction } from './invoke.ts';
import type { Label } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { makeInstance } from './make.ts';
import type { Store } from './store.ts';
import { taintedValue, UNKNOWN, type Value } from './value.ts';

/** Calls nested less deeply are run with their own arguments, so that constants and containers are kept apart. */
const SHALLOW = 2;

/**
 * What a call deep inside of a run gives when nothing of outsiders goes in: the same each time, so it is worked out
 * once a function, with unknown arguments. `undefined`: the call must be run. Keeps the work linear in the tree.
 */
export function summaryOf(
  closure: FunctionValue,
  given: Arguments,
  machine: Machine,
  caller: Frame,
): Value | undefined {
  if (caller.depth < SHALLOW || !isPlain(closure, given, machine)) return undefined;
  const known = machine.summaries.get(closure.node);
  if (known) return fresh(known, machine);
  // A function that comes back to itself finds this.
  machine.summaries.set(closure.node, UNKNOWN);
  const outer = machine.store;
  // In the memory of the modules alone: what this run did so far must not colour what later runs see.
  machine.store = rootOf(outer).fork();
  const self = closure.owner && makeInstance(closure.owner, machine);
  const value = runFunction({ ...closure, self: self ?? closure.self }, noArguments(), machine, {
    ...caller,
    depth: SHALLOW,
  });
  const taint = machine.taintOf(value);
  const owner = machine.onlyObject(value)?.object.class;
  machine.store = outer;
  const summary: Value = {
    ...value,
    ...taintedValue(taint),
    name: value.name,
    constant: value.constant,
    callables: value.callables,
  };
  const kept = value === NEVER ? NEVER : owner ? { ...summary, callables: [owner], objects: MADE } : summary;
  if (machine.stopped === undefined) machine.summaries.set(closure.node, kept);
  else machine.summaries.delete(closure.node);
  return fresh(kept, machine);
}

/**
 * What a call too deep to be followed by itself does with outsiders' data: worked out once a function for each way in
 * which its arguments are dangerous, with arguments of which nothing else is known. Sinks inside are reported with the
 * way of the first caller. `undefined`: a function that is called back, keywords or what is bound stands in the way.
 */
export function deepSummaryOf(
  closure: FunctionValue,
  given: Arguments,
  machine: Machine,
  caller: Frame,
): Value | undefined {
  if (closure.fixed || machine.isDeep) return undefined;
  if (given.spread || given.named.size > 0 || given.positional.some(({ callables }) => callables.length > 0))
    return undefined;
  const labels = given.positional.map((value) => machine.taintOf(value));
  const way = JSON.stringify([closure.node.place.span.start, ...labels.map(dangerOf)]);
  // A function inside of another is another one each time that the outer one runs.
  const known = machine.deepSummaries.get(closure.scope) ?? new Map<string, boolean>();
  machine.deepSummaries.set(closure.scope, known);
  const all = taintOfArguments(given, machine);
  const passesOn = known.get(way);
  if (passesOn !== undefined) return passesOn ? taintedValue(all) : UNKNOWN;
  // A function that comes back to itself finds this.
  known.set(way, true);
  const outer = machine.store;
  const isInner = closure.scope.function.parent !== undefined;
  if (!isInner) machine.store = rootOf(outer).fork();
  const self = closure.owner && !isInner ? makeInstance(closure.owner, machine) : undefined;
  const value = runFunction(
    { ...closure, self: self ?? closure.self },
    positionalArguments(labels.map((taint) => (taint.length > 0 ? taintedValue(taint) : UNKNOWN))),
    machine,
    { ...caller, depth: machine.limits.callDepth },
  );
  const passes = machine.taintOf(value).length > 0;
  machine.store = outer;
  if (machine.stopped === undefined) known.set(way, passes);
  else known.delete(way);
  return passes ? taintedValue(all) : UNKNOWN;
}

/** For what a value is still dangerous, whoever it is from. */
function dangerOf(labels: readonly Label[]): readonly string[] {
  return [...new Set(labels.map(({ cleared, quotes, encoded }) => `${cleared} ${encoded} ${quotes}`))].sort();
}

function rootOf(store: Store): Store {
  let root = store;
  while (root.parent) root = root.parent;
  return root;
}

/** Marks a summary whose value is an instance of the class among its callables. */
const MADE: readonly number[] = [];

/** An instance is another one each time. */
function fresh(summary: Value, machine: Machine): Value {
  const [owner] = summary.callables;
  if (summary.objects !== MADE || owner?.kind !== 'class') return summary;
  return { ...makeInstance(owner, machine), taint: summary.taint };
}

/** A function of a module or class, called with nothing that outsiders decide and no function to call back. */
function isPlain(closure: FunctionValue, given: Arguments, machine: Machine): boolean {
  if (closure.scope.function.parent !== undefined || closure.fixed) return false;
  if (closure.self && machine.taintOf(closure.self).length > 0) return false;
  return allArguments(given).every((value) => value.callables.length === 0 && machine.taintOf(value).length === 0);
}
