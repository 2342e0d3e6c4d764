import type { Argument, Expression, MapPart } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression, unknown } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { elementType, typeName } from './types.ts';

const LISTS = new Set(['slice_type', 'array_type', 'implicit_length_array_type']);

/** One element of a literal, with its key where it has one. */
interface Element {
  readonly key: SyntaxNode | undefined;
  readonly value: SyntaxNode;
}

/** `T{…}`: a list, a map, or something made of its fields. */
export function lowerComposite(node: SyntaxNode, lowering: Lowering): Expression {
  const body = childOf(node, 'body');
  return body ? lowerValue(childOf(node, 'type'), body, lowering) : unknown(node, lowering);
}

/** A literal of a type; inside another one the type may be left out. */
function lowerValue(type: SyntaxNode | undefined, body: SyntaxNode, lowering: Lowering): Expression {
  const elements = elementsOf(body);
  const place = placeOf(body, lowering);
  const inner = elementType(type);
  const lowerElement = ({ value }: Element): Expression =>
    value.type === 'literal_value' ? lowerValue(inner, value, lowering) : lowerExpression(value, lowering);
  if (type && LISTS.has(type.type)) return { kind: 'list', items: elements.map(lowerElement), place };
  const name = typeName(type, lowering);
  const fields = elements.every(({ key }) => key === undefined || key.type === 'identifier');
  if (type?.type !== 'map_type' && name !== undefined && fields) {
    const given = elements.map((element): Argument => {
      const field = element.key && textOf(element.key, lowering);
      return { name: field, value: lowerElement(element), spread: false };
    });
    return { kind: 'call', callee: nameOf(name, place), arguments: given, construct: true, place };
  }
  if (elements.some(({ key }) => key === undefined)) return { kind: 'list', items: elements.map(lowerElement), place };
  const spelled = type?.type !== 'map_type' && fields;
  const entries = elements.flatMap((element): MapPart[] => {
    const { key } = element;
    if (!key) return [];
    const named: Expression = { kind: 'literal', value: textOf(key, lowering), place: placeOf(key, lowering) };
    return [{ kind: 'entry', key: spelled ? named : lowerExpression(key, lowering), value: lowerElement(element) }];
  });
  return { kind: 'map', entries, place };
}

function elementsOf(body: SyntaxNode): readonly Element[] {
  return namedChildren(body).flatMap((child): Element[] => {
    const keyed = child.type === 'keyed_element' ? childOf(child, 'value') : child;
    const key = child.type === 'keyed_element' ? childOf(child, 'key') : undefined;
    const value = keyed && (namedChildren(keyed)[0] ?? keyed);
    return value ? [{ key: key && namedChildren(key)[0], value }] : [];
  });
}

/** The expression that a type's name with its package is. */
export function nameOf(name: string, place: Expression['place']): Expression {
  const cut = name.lastIndexOf('.');
  if (cut < 0) return { kind: 'name', name, place };
  const object: Expression = { kind: 'name', name: name.slice(0, cut), place };
  return { kind: 'member', object, name: name.slice(cut + 1), optional: false, place };
}
