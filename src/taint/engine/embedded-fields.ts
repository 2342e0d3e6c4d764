import type { HeapObject } from './heap-object.ts';
import type { Machine } from './machine.ts';
import type { Value } from './value.ts';

/** Depth to which what is embedded is followed. */
const DEEPEST_BASE = 8;

/** Fields of what a struct of Go embeds are its own (Go specification, Struct types). */
export function promotedField(held: HeapObject, name: string, machine: Machine, depth = 0): Value | undefined {
  if (held.class?.module.module?.language !== 'go' || depth >= DEEPEST_BASE) return undefined;
  for (const base of held.class.bases) {
    const field = base.name?.slice(base.name.lastIndexOf('.') + 1) ?? '';
    for (const id of held.entries.get(field)?.objects ?? []) {
      const inner = machine.object(id);
      const found = inner.entries.get(name) ?? promotedField(inner, name, machine, depth + 1);
      if (found) return found;
    }
  }
  return undefined;
}
