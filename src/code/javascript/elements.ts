import type { Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import { type Lowering, literalAt } from './lowering.ts';
import { stringValue } from './strings.ts';

type Attribute = Extract<Expression, { kind: 'element' }>['attributes'][number];

/** The attribute that stands for `{...rest}`: any name. */
const SPREAD_ATTRIBUTE = '...';

/** An element or a fragment (its tag is empty) with attributes and children. */
export function lowerElement(node: SyntaxNode, lowering: Lowering): Expression {
  const opening = childOf(node, 'open_tag') ?? node;
  const name = childOf(opening, 'name');
  return {
    kind: 'element',
    tag: name ? textOf(name, lowering) : '',
    attributes: childrenOf(opening, 'attribute').map((attribute) => lowerAttribute(attribute, lowering)),
    children: node.type === 'jsx_element' ? node.children.flatMap((child) => lowerChild(child, lowering)) : [],
    place: placeOf(node, lowering),
  };
}

function lowerAttribute(node: SyntaxNode, lowering: Lowering): Attribute {
  if (node.type === 'jsx_expression') {
    const [spread] = namedChildren(node);
    const [inner] = spread ? namedChildren(spread) : [];
    return { name: SPREAD_ATTRIBUTE, value: lowerExpression(inner ?? spread ?? node, lowering) };
  }
  const [name, value] = namedChildren(node);
  return {
    name: name ? textOf(name, lowering) : '',
    value: value ? lowerContent(value, lowering) : literalAt(true, node, lowering),
  };
}

function lowerContent(node: SyntaxNode, lowering: Lowering): Expression {
  if (node.type === 'string') return literalAt(stringValue(node, lowering), node, lowering);
  const [inner] = node.type === 'jsx_expression' ? namedChildren(node) : [node];
  return inner ? lowerExpression(inner, lowering) : literalAt(null, node, lowering);
}

function lowerChild(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  if (node.field === 'open_tag' || node.field === 'close_tag' || !node.named || node.type === 'comment') return [];
  if (node.type === 'jsx_text' || node.type === 'html_character_reference')
    return [literalAt(textOf(node, lowering), node, lowering)];
  if (node.type !== 'jsx_expression') return [lowerExpression(node, lowering)];
  return namedChildren(node).map((child) => {
    const [inner] = child.type === 'spread_element' ? namedChildren(child) : [child];
    return lowerExpression(inner ?? child, lowering);
  });
}
