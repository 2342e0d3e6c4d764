import type { Argument, Expression, MapPart } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression, unknown } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { elementType, fieldsOf, typeName } from './types.ts';

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
  if (type && LISTS.has(type.type))
    return { kind: 'list', items: placed(elements, lowerElement, place, lowering), place };
  const names = type?.type === 'struct_type' ? fieldNames(type, lowering) : [];
  if (names.length > 0 && elements.every(({ key }) => key === undefined)) {
    const entries = elements.map((element, at): MapPart => {
      const key: Expression = { kind: 'literal', value: names[at] ?? at, place };
      return { kind: 'entry', key, value: lowerElement(element) };
    });
    return { kind: 'map', entries, place };
  }
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

/** Places in a list that a literal may leave out: `[...]T{3: x}`. */
const MOST_PLACES = 64;

/** Elements in order; one that says its place, `3: x`, stands there. */
function placed(
  elements: readonly Element[],
  lower: (element: Element) => Expression,
  place: Expression['place'],
  lowering: Lowering,
): readonly Expression[] {
  if (elements.every(({ key }) => key === undefined)) return elements.map(lower);
  const items: Expression[] = [];
  const empty: Expression = { kind: 'literal', value: null, place };
  let next = 0;
  for (const element of elements) {
    const written = element.key ? Number(textOf(element.key, lowering)) : next;
    const at = Number.isInteger(written) && written < MOST_PLACES ? written : items.length;
    while (items.length < at) items.push(empty);
    items[at] = lower(element);
    next = at + 1;
  }
  return items;
}

/** Names of the fields of a struct that is written where it is used, in order. */
function fieldNames(type: SyntaxNode, lowering: Lowering): readonly string[] {
  return fieldsOf(type).flatMap((field) =>
    childrenOf(field, 'name')
      .filter(({ named }) => named)
      .map((name) => textOf(name, lowering)),
  );
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
