import type { Case, Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';

const LITERALS = new Set([
  'string',
  'concatenated_string',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'unary_operator',
]);

/**
 * The values and names of a `case`. A pattern that is no literal (`{"k": v}`, `Point(x=0)`) has the value `unknown`: it
 * may match or not. A lone name or `_` matches everything.
 */
export function lowerPattern(clause: SyntaxNode, lowering: Lowering): Pick<Case, 'values' | 'bindings'> {
  const values: Expression[] = [];
  const bindings = new Set<string>();
  const patterns = clause.children.filter((child) => child.type === 'case_pattern');
  if (patterns.length > 1) values.push(unknownPattern(clause, lowering));
  for (const pattern of patterns) {
    const alternatives = alternativesOf(pattern, bindings, lowering);
    const catchAll = alternatives.some((alternative) => isCatchAll(alternative, lowering));
    if (!catchAll && patterns.length === 1)
      for (const alternative of alternatives) values.push(lowerValue(alternative, lowering));
    for (const alternative of alternatives) collectBindings(alternative, bindings, lowering);
  }
  return { values, bindings: [...bindings] };
}

/** `a | b | c`, with `as name` taken off. */
function alternativesOf(pattern: SyntaxNode, bindings: Set<string>, lowering: Lowering): readonly SyntaxNode[] {
  const [inner, alias] = pattern.type === 'case_pattern' ? pattern.children : [pattern];
  if (!inner) return [];
  if (inner.type === 'case_pattern' && !alias) return alternativesOf(inner, bindings, lowering);
  if (inner.type === 'as_pattern') {
    const [matched, name] = namedChildren(inner);
    if (name) bindings.add(textOf(name, lowering));
    return matched ? alternativesOf(matched, bindings, lowering) : [];
  }
  if (inner.type === 'union_pattern') return namedChildren(inner);
  return [inner];
}

function isCatchAll(node: SyntaxNode, lowering: Lowering): boolean {
  return node.type === '_' || (node.type === 'dotted_name' && !textOf(node, lowering).includes('.'));
}

function lowerValue(node: SyntaxNode, lowering: Lowering): Expression {
  return LITERALS.has(node.type) ? lowerExpression(node, lowering) : unknownPattern(node, lowering);
}

function unknownPattern(node: SyntaxNode, lowering: Lowering): Expression {
  return { kind: 'unknown', parts: [], place: placeOf(node, lowering) };
}

const NAMES = new Set([
  'case_pattern',
  'dotted_name',
  'splat_pattern',
  'list_pattern',
  'tuple_pattern',
  'dict_pattern',
]);

function collectBindings(pattern: SyntaxNode, bindings: Set<string>, lowering: Lowering): void {
  const queue: SyntaxNode[] = [pattern];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node.type === 'identifier' || (node.type === 'dotted_name' && node.children.length === 1))
      bindings.add(textOf(node, lowering));
    else if (node.type === 'dotted_name') continue;
    // Their first part is the name of a class or a field.
    else if (node.type === 'class_pattern' || node.type === 'keyword_pattern') {
      for (const child of namedChildren(node).slice(1)) queue.push(child);
    } else if (NAMES.has(node.type)) for (const child of namedChildren(node)) queue.push(child);
  }
}
