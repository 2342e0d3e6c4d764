import type { Target } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';

/** What stands on the left of an assignment; `undefined` for the blank identifier. */
export function lowerTarget(node: SyntaxNode, lowering: Lowering): Target | undefined {
  const place = placeOf(node, lowering);
  if (node.type === 'identifier') {
    const name = textOf(node, lowering);
    return name === '_' ? undefined : { kind: 'name', name, place };
  }
  if (node.type === 'selector_expression') {
    const object = childOf(node, 'operand');
    const name = childOf(node, 'field');
    if (object && name)
      return { kind: 'member', object: lowerExpression(object, lowering), name: textOf(name, lowering), place };
  }
  if (node.type === 'index_expression') {
    const object = childOf(node, 'operand');
    const key = childOf(node, 'index');
    if (object && key)
      return { kind: 'index', object: lowerExpression(object, lowering), key: lowerExpression(key, lowering), place };
  }
  // `*p = x` and `(x) = y` change what is inside.
  const [inner] = namedChildren(node);
  return inner ? lowerTarget(inner, lowering) : undefined;
}

/** One target, or several as a list. */
export function joinTargets(targets: readonly (Target | undefined)[], node: SyntaxNode, lowering: Lowering) {
  const [first] = targets;
  if (targets.length === 1) return first;
  const list: Target = { kind: 'list', items: targets, rest: undefined, place: placeOf(node, lowering) };
  return targets.some((target) => target !== undefined) ? list : undefined;
}
