import type { Target } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';

const LISTS = new Set(['pattern_list', 'tuple_pattern', 'list_pattern', 'tuple', 'list', 'expression_list']);

/** Lower what stands on the left of an assignment, after `for`, `as`, `del`. */
export function lowerTarget(node: SyntaxNode, lowering: Lowering): Target {
  const place = placeOf(node, lowering);
  if (LISTS.has(node.type)) return lowerListTarget(node, lowering);
  if (node.type === 'attribute') {
    const object = childOf(node, 'object');
    const name = childOf(node, 'attribute');
    if (object && name)
      return { kind: 'member', object: lowerExpression(object, lowering), name: textOf(name, lowering), place };
  }
  if (node.type === 'subscript') {
    const object = childOf(node, 'value');
    const key = childOf(node, 'subscript');
    if (object && key)
      return { kind: 'index', object: lowerExpression(object, lowering), key: lowerExpression(key, lowering), place };
  }
  const [inner] = namedChildren(node);
  if (inner && node.type !== 'identifier') return lowerTarget(inner, lowering);
  return { kind: 'name', name: textOf(node, lowering), place };
}

function lowerListTarget(node: SyntaxNode, lowering: Lowering): Target {
  const items: Target[] = [];
  const last: Target[] = [];
  let rest: Target | undefined;
  for (const child of namedChildren(node)) {
    const starred = child.type === 'list_splat_pattern' || child.type === 'list_splat';
    if (starred) rest = lowerTarget(namedChildren(child)[0] ?? child, lowering);
    else (rest ? last : items).push(lowerTarget(child, lowering));
  }
  return { kind: 'list', items, rest, last, place: placeOf(node, lowering) };
}
