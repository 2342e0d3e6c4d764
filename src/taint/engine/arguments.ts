import type { Argument } from '../../code/index.ts';
import { evaluate } from './evaluate.ts';
import { DOTS, type Label, NO_TAINT, neutraliseQuote, unionLabels } from './label.ts';
import type { Frame, Machine } from './machine.ts';
import { segmentsStay } from './path-segments.ts';
import { UNKNOWN, type Value } from './value.ts';

/** The evaluated arguments of a call. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** What `*list` and `**map` of unknown content may put anywhere. */
  readonly spread: Value | undefined;
}

const NOTHING: Arguments = { positional: [], named: new Map(), spread: undefined };

export function noArguments(): Arguments {
  return NOTHING;
}

export function positionalArguments(values: readonly Value[]): Arguments {
  return { ...NOTHING, positional: values };
}

/** Evaluate arguments in order; a spread container of known content is spread. */
export function evaluateArguments(written: readonly Argument[], machine: Machine, frame: Frame): Arguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  let spread: Value | undefined;
  for (const argument of written) {
    const value = evaluate(argument.value, machine, frame);
    if (!argument.spread) {
      if (argument.name === undefined) positional.push(value);
      else named.set(argument.name, value);
      continue;
    }
    const only = machine.onlyObject(value);
    if (only?.object.items) positional.push(...only.object.items);
    else if (only && only.object.entries.size > 0)
      for (const [key, entry] of only.object.entries) named.set(key, entry);
    if (!only?.object.items) spread = taintOnly(value, spread, machine);
  }
  return { positional, named, spread };
}

function taintOnly(value: Value, before: Value | undefined, machine: Machine): Value {
  const only = machine.onlyObject(value)?.object;
  // Of a thing of a library nobody knows what it holds.
  const known = only && only.kind !== 'opaque';
  const taint = known ? (only.rest ? machine.taintOf(only.rest) : NO_TAINT) : machine.taintOf(value);
  const kept = segmentsStay(value, machine) ? neutraliseQuote(taint, DOTS) : taint;
  const named: Value = { ...UNKNOWN, taint: unionLabels(before?.taint ?? NO_TAINT, kept) };
  return value.name === undefined || before ? named : { ...named, name: value.name };
}

/** An argument by position or keyword. */
export function argumentAt(given: Arguments, where: number | string): Value | undefined {
  return typeof where === 'number' ? given.positional[where] : given.named.get(where);
}

/** Every argument. */
export function allArguments(given: Arguments): readonly Value[] {
  return [...given.positional, ...given.named.values(), ...(given.spread ? [given.spread] : [])];
}

/** Labels of all arguments and what they contain. */
export function taintOfArguments(given: Arguments, machine: Machine): readonly Label[] {
  return allArguments(given).reduce((taint, value) => unionLabels(taint, machine.taintOf(value)), NO_TAINT);
}
