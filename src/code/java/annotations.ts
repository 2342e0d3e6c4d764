import type { Argument, Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { classExpression } from './names.ts';
import { qualify } from './types.ts';

/** The annotations of a declaration: `@Get("/x")` is a call, `@Inject` a name. */
export function lowerAnnotations(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  const modifiers = node.children.find(({ type }) => type === 'modifiers');
  return (modifiers?.children ?? []).flatMap((child): Expression[] => {
    const name = childOf(child, 'name');
    if ((child.type !== 'annotation' && child.type !== 'marker_annotation') || !name) return [];
    const place = placeOf(child, lowering);
    const callee = classExpression(qualify(textOf(name, lowering), lowering), place);
    const list = childOf(child, 'arguments');
    if (!list) return [callee];
    return [
      {
        kind: 'call',
        callee,
        arguments: namedChildren(list).map((part) => argument(part, lowering)),
        construct: false,
        place,
      },
    ];
  });
}

/** The member `value` is the one that may be written without its name (Java specification, 9.7.3). */
function argument(node: SyntaxNode, lowering: Lowering): Argument {
  const key = childOf(node, 'key');
  const value = childOf(node, 'value');
  const name = key && textOf(key, lowering);
  const named = name === 'value' || name === 'path' ? undefined : name;
  return { name: named, value: lowerExpression(value ?? node, lowering), spread: false };
}
