import { textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import type { ClassContext } from './class-context.ts';
import { commonName } from './imports.ts';
import type { Lowering } from './lowering.ts';

/** Texts and everything: they say nothing that helps. */
const SAYS_NOTHING = new Set(['String', 'Object', 'CharSequence', 'var', 'T', 'void']);

/** The dotted name of a type without what is between `<` and `>`; lists of a type and texts have none. */
export function typeName(node: SyntaxNode | undefined, lowering: Lowering): string | undefined {
  if (!node) return undefined;
  if (node.type === 'generic_type' || node.type === 'annotated_type') {
    const inner = namedChildren(node).find(({ type }) => type.endsWith('type_identifier'));
    return typeName(inner, lowering);
  }
  if (node.type === 'integral_type' || node.type === 'floating_point_type' || node.type === 'boolean_type')
    return textOf(node, lowering);
  if (node.type !== 'type_identifier' && node.type !== 'scoped_type_identifier' && node.type !== 'identifier')
    return undefined;
  const spelled = textOf(node, lowering).replace(/\s+/g, '');
  return SAYS_NOTHING.has(spelled) ? undefined : qualify(spelled, lowering);
}

/** `File` is `java.io.File` where it is imported; a class inside of this file's has the path to it. */
export function qualify(spelled: string, lowering: Lowering): string {
  const [first = '', ...rest] = spelled.split('.');
  for (let context: ClassContext | undefined = lowering.class; context; context = context.outer)
    if (context.classes.has(first)) return [context.path, first, ...rest].join('.');
  const imported = lowering.imports.classes.get(first);
  return commonName(imported === undefined ? spelled : [imported, ...rest].join('.'));
}

/** The type of a declaration. */
export function declaredType(node: SyntaxNode, lowering: Lowering): string | undefined {
  return typeName(childOf(node, 'type'), lowering);
}
