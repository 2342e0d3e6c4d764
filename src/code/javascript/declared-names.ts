import { textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, nodesIn, type SyntaxNode } from '../syntax-tree.ts';
import type { Lowering } from './lowering.ts';

const FUNCTIONS = new Set([
  'function_declaration',
  'function_expression',
  'function',
  'generator_function',
  'generator_function_declaration',
  'arrow_function',
  'method_definition',
  'class',
  'class_declaration',
  'abstract_class_declaration',
  'class_static_block',
]);

/** Statements whose name belongs to the block in which they stand. */
const NAMED = new Set([
  'function_declaration',
  'generator_function_declaration',
  'class_declaration',
  'abstract_class_declaration',
  'enum_declaration',
]);

/** Names of `var` anywhere in a function's body, those of functions inside left out (ECMA-262, 8.2.6). */
export function variableNames(body: SyntaxNode, lowering: Lowering): readonly string[] {
  const names = new Set<string>();
  for (const node of nodesIn(body, (one) => one === body || !FUNCTIONS.has(one.type))) {
    if (node.type === 'variable_declaration') declaratorNames(node, names, lowering);
    if (node.type === 'for_in_statement' && childOf(node, 'kind')?.type === 'var') {
      const left = childOf(node, 'left');
      if (left) patternNames(left, names, lowering);
    }
  }
  return [...names].sort();
}

/** Names that `let`, `const`, `class`, `function` and `enum` declare directly in a list of statements. */
export function blockNames(statements: readonly SyntaxNode[], lowering: Lowering): readonly string[] {
  const names = new Set<string>();
  for (const statement of statements) {
    const declaration = statement.type === 'export_statement' ? childOf(statement, 'declaration') : statement;
    if (!declaration) continue;
    if (declaration.type === 'lexical_declaration') declaratorNames(declaration, names, lowering);
    const name = NAMED.has(declaration.type) ? childOf(declaration, 'name') : undefined;
    if (name) names.add(textOf(name, lowering));
  }
  return [...names].sort();
}

/** Names that a declaration's patterns bind. */
export function declaratorNames(node: SyntaxNode, names: Set<string>, lowering: Lowering): void {
  for (const declarator of node.children) {
    const name = declarator.type === 'variable_declarator' ? childOf(declarator, 'name') : undefined;
    if (name) patternNames(name, names, lowering);
  }
}

/** Names that a pattern binds. */
export function patternNames(pattern: SyntaxNode, names: Set<string>, lowering: Lowering): void {
  if (pattern.type === 'identifier' || pattern.type === 'shorthand_property_identifier_pattern') {
    names.add(textOf(pattern, lowering));
    return;
  }
  if (pattern.type === 'assignment_pattern' || pattern.type === 'object_assignment_pattern') {
    const left = childOf(pattern, 'left');
    if (left) patternNames(left, names, lowering);
  } else if (pattern.type === 'pair_pattern')
    for (const value of childrenOf(pattern, 'value')) patternNames(value, names, lowering);
  else if (pattern.type.endsWith('_pattern'))
    for (const child of namedChildren(pattern)) patternNames(child, names, lowering);
}
