import { textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import type { Lowering } from './lowering.ts';

/** Texts and everything: they say nothing that helps. */
const SAYS_NOTHING = new Set(['string', 'any', 'error', 'rune']);

/**
 * The name of a type with the path of its package: `net/http.Request` of `*http.Request`. Lists, maps, functions and
 * texts have none.
 */
export function typeName(node: SyntaxNode | undefined, lowering: Lowering): string | undefined {
  if (!node) return undefined;
  if (node.type === 'type_identifier' || node.type === 'identifier') {
    const name = textOf(node, lowering);
    return SAYS_NOTHING.has(name) ? undefined : name;
  }
  if (node.type === 'qualified_type' || node.type === 'selector_expression') return qualifiedName(node, lowering);
  if (node.type === 'generic_type') return typeName(childOf(node, 'type'), lowering);
  if (node.type === 'pointer_type' || node.type === 'parenthesized_type' || node.type === 'unary_expression')
    return typeName(namedChildren(node)[0], lowering);
  return undefined;
}

function qualifiedName(node: SyntaxNode, lowering: Lowering): string | undefined {
  const parent = childOf(node, 'package') ?? childOf(node, 'operand');
  const name = childOf(node, 'name') ?? childOf(node, 'field');
  if (!parent || !name) return undefined;
  const spelled = textOf(parent, lowering);
  return `${lowering.imports.get(spelled) ?? spelled}.${textOf(name, lowering)}`;
}

/** What a list, an array, a map or a pointer to one of them holds. */
export function elementType(type: SyntaxNode | undefined): SyntaxNode | undefined {
  return type && (childOf(type, 'element') ?? childOf(type, 'value'));
}

/** The declarations of the fields of a struct. */
export function fieldsOf(type: SyntaxNode): readonly SyntaxNode[] {
  const list = type.children.find((child) => child.type === 'field_declaration_list');
  return list ? list.children.filter((child) => child.type === 'field_declaration') : [];
}
