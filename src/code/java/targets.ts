import type { Target } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { nameExpression } from './names.ts';

/** What stands on the left of an assignment: a variable, a field, an element. */
export function lowerTarget(node: SyntaxNode, lowering: Lowering): Target | undefined {
  const place = placeOf(node, lowering);
  if (node.type === 'identifier') {
    const meant = nameExpression(textOf(node, lowering), place, lowering);
    return meant.kind === 'member' || meant.kind === 'name' ? meant : undefined;
  }
  if (node.type === 'field_access') {
    const object = childOf(node, 'object');
    const name = childOf(node, 'field');
    if (object && name)
      return { kind: 'member', object: lowerExpression(object, lowering), name: textOf(name, lowering), place };
  }
  if (node.type === 'array_access') {
    const array = childOf(node, 'array');
    const index = childOf(node, 'index');
    if (array && index)
      return { kind: 'index', object: lowerExpression(array, lowering), key: lowerExpression(index, lowering), place };
  }
  const [inner] = node.type === 'parenthesized_expression' ? namedChildren(node) : [];
  return inner ? lowerTarget(inner, lowering) : undefined;
}
