import { textOf } from '../places.ts';
import { childOf, namedChildren, nodesIn, type SyntaxNode } from '../syntax-tree.ts';
import type { Lowering } from './lowering.ts';

/** Scopes of their own: what they assign is theirs. A comprehension's targets are, too. */
const OWN_SCOPE = new Set([
  'lambda',
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

const DEFINITIONS = new Set(['function_definition', 'class_definition']);

/** Fields in which a name that stands alone is bound. */
const BINDING: Readonly<Record<string, readonly string[]>> = {
  assignment: ['left'],
  augmented_assignment: ['left'],
  for_statement: ['left'],
  named_expression: ['name'],
  as_pattern: ['alias'],
};

/** Names that a function's (or module's) body binds: its local variables (Python reference, 4.2.1). */
export function assignedNames(body: SyntaxNode, lowering: Lowering): readonly string[] {
  const bound = new Set<string>();
  const foreign = new Set<string>();
  const enters = ({ type }: SyntaxNode): boolean => !OWN_SCOPE.has(type) && !DEFINITIONS.has(type);
  for (const node of nodesIn(body, enters)) {
    if (DEFINITIONS.has(node.type)) {
      const name = childOf(node, 'name');
      if (name) bound.add(textOf(name, lowering));
      continue;
    }
    if (node.type === 'global_statement' || node.type === 'nonlocal_statement')
      for (const child of namedChildren(node)) foreign.add(textOf(child, lowering));
    if (node.type === 'import_statement' || node.type === 'import_from_statement') bindImport(node, bound, lowering);
    for (const field of BINDING[node.type] ?? []) {
      const target = childOf(node, field);
      if (target) bindTarget(target, bound, lowering);
    }
    if (node.type === 'case_pattern') bindTarget(node, bound, lowering);
  }
  return [...bound].filter((name) => !foreign.has(name)).sort();
}

function bindTarget(target: SyntaxNode, bound: Set<string>, lowering: Lowering): void {
  if (target.type === 'identifier') bound.add(textOf(target, lowering));
  else if (target.type === 'dotted_name') {
    if (target.children.length === 1) bound.add(textOf(target, lowering));
  } else if (target.type !== 'attribute' && target.type !== 'subscript')
    for (const child of namedChildren(target)) if (child.field !== 'key') bindTarget(child, bound, lowering);
}

function bindImport(node: SyntaxNode, bound: Set<string>, lowering: Lowering): void {
  for (const child of node.children) {
    if (child.field !== 'name') continue;
    const alias = childOf(child, 'alias');
    const name = alias ? textOf(alias, lowering) : (textOf(child, lowering).split('.')[0] ?? '');
    if (name) bound.add(name);
  }
}
