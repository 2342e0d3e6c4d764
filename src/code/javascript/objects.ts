import type { Expression, MapPart } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, hasToken, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import { lowerFunction } from './functions.ts';
import { type Lowering, literalAt, nameAt } from './lowering.ts';
import { keyText, lowerKey } from './targets.ts';

/** An object literal with its methods, getters, setters and spreads. */
export function lowerObject(node: SyntaxNode, lowering: Lowering): Expression {
  const entries = namedChildren(node).map((child) => lowerPart(child, lowering));
  return { kind: 'map', entries, place: placeOf(node, lowering) };
}

function lowerPart(node: SyntaxNode, lowering: Lowering): MapPart {
  if (node.type === 'shorthand_property_identifier') {
    const name = textOf(node, lowering);
    const value = name === 'undefined' ? literalAt(null, node, lowering) : nameAt(name, node, lowering);
    return { kind: 'entry', key: literalAt(name, node, lowering), value };
  }
  if (node.type === 'method_definition') return lowerMethod(node, lowering);
  const key = childOf(node, 'key');
  const value = childOf(node, 'value');
  if (node.type === 'pair' && key && value)
    return {
      kind: 'entry',
      key: lowerKey(key, lowering),
      value: lowerExpression(value, lowering, keyText(key, lowering)),
    };
  const [inner] = namedChildren(node);
  return { kind: 'spread', value: lowerExpression(inner ?? node, lowering) };
}

/** What a getter gives is the entry's value; a setter is kept under a name of its own, so that its body is run. */
function lowerMethod(node: SyntaxNode, lowering: Lowering): MapPart {
  const name = childOf(node, 'name');
  const place = placeOf(node, lowering);
  const method: Expression = { kind: 'function', function: lowerFunction(node, [], lowering), place };
  if (!name) return { kind: 'spread', value: method };
  if (hasToken(node, 'set'))
    return { kind: 'entry', key: literalAt(`set ${keyText(name, lowering)}`, name, lowering), value: method };
  const value: Expression = hasToken(node, 'get')
    ? { kind: 'call', callee: method, arguments: [], construct: false, place }
    : method;
  return { kind: 'entry', key: lowerKey(name, lowering), value };
}
