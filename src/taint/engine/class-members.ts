import type { ClassNode } from '../../code/index.ts';

export type ClassMember = ClassNode['members'][number];

const TABLES = new WeakMap<ClassNode, ReadonlyMap<string, readonly ClassMember[]>>();

/**
 * The members of a class that have a name, in the order of the text. A class of a hundred methods is asked at each of
 * its calls, so they are sorted by name once.
 */
export function membersNamed(node: ClassNode, name: string): readonly ClassMember[] {
  return tableOf(node).get(name) ?? NONE;
}

const NONE: readonly ClassMember[] = [];

function tableOf(node: ClassNode): ReadonlyMap<string, readonly ClassMember[]> {
  const known = TABLES.get(node);
  if (known) return known;
  const table = Map.groupBy(node.members, (member) => member.name);
  TABLES.set(node, table);
  return table;
}
