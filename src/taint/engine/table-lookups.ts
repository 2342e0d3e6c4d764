import { maskOf } from './category-mask.ts';
import { knownRefinements } from './comparison.ts';
import { factsOf, type Refinement } from './facts.ts';
import type { HeapObject } from './heap-object.ts';
import type { Machine } from './machine.ts';
import type { Value } from './value.ts';

/**
 * What finds something in a table of the program's own is one of its keys, or of those that every object has; what finds
 * nothing is none of these.
 */
export function withEntryFacts(found: Value, object: Value, key: Value, machine: Machine): Value {
  const only = machine.onlyObject(object, 'map')?.object;
  const known = key.constant === undefined ? knownRefinements(key) : [];
  if (known.length === 0) return found;
  const isForeign = object.objects.length === 0 && object.callables.length === 0 && object.taint.length === 0;
  if (!only) return isForeign ? { ...found, facts: factsOf(ownKeys(known), []) } : found;
  const inherited = known.map((proven) => ({ ...proven, clears: proven.clears & PROTOTYPE }));
  const own = ownKeys(known);
  const isTable = only.entries.size > 0 && !only.rest;
  const escaped = isTable && isEntityTable(only) ? known.map((proven) => ({ ...proven, clears: MARKUP })) : [];
  return { ...found, constant: undefined, facts: factsOf(isTable ? own : [], [...inherited, ...escaped]) };
}

/** The key is one of a table's, or one that leads to its prototype. */
function ownKeys(known: readonly Refinement[]): readonly Refinement[] {
  return known.map((proven) => ({ ...proven, clears: proven.clears & ~PROTOTYPE }));
}

/** `{ '<': '&lt;' }`: the character that it does not find begins no markup. */
function isEntityTable({ entries }: HeapObject): boolean {
  const written = entries.get('<')?.constant;
  return typeof written === 'string' && written.startsWith('&');
}

const MARKUP = maskOf(['xss']);

const PROTOTYPE = maskOf(['prototype']);
