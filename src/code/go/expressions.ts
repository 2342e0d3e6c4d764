import type { Argument, Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, hasToken, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerFunctionLiteral } from './functions.ts';
import { lowerComposite, nameOf } from './literals.ts';
import type { Lowering } from './lowering.ts';
import { lowerRawText, lowerRune, lowerText } from './strings.ts';
import { typeName } from './types.ts';

type Lower = (node: SyntaxNode, lowering: Lowering) => Expression;

const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  identifier: lowerName,
  int_literal: lowerNumber,
  float_literal: lowerNumber,
  rune_literal: lowerRune,
  interpreted_string_literal: lowerText,
  raw_string_literal: lowerRawText,
  true: (node, lowering) => ({ kind: 'literal', value: true, place: placeOf(node, lowering) }),
  false: (node, lowering) => ({ kind: 'literal', value: false, place: placeOf(node, lowering) }),
  nil: (node, lowering) => ({ kind: 'literal', value: null, place: placeOf(node, lowering) }),
  selector_expression: lowerSelector,
  index_expression: lowerIndex,
  slice_expression: lowerSlice,
  call_expression: lowerCall,
  composite_literal: lowerComposite,
  func_literal: (node, lowering) => ({
    kind: 'function',
    function: lowerFunctionLiteral(node, lowering),
    place: placeOf(node, lowering),
  }),
  binary_expression: lowerBinary,
  unary_expression: lowerUnary,
  type_assertion_expression: lowerAssertion,
  type_conversion_expression: lowerConversion,
  type_instantiation_expression: (node, lowering) => only(node, lowering),
  parenthesized_expression: (node, lowering) => only(node, lowering),
  expression_list: lowerList,
};

/** Lower an expression; what is not known keeps the taint of its parts. */
export function lowerExpression(node: SyntaxNode, lowering: Lowering): Expression {
  const lower = Object.hasOwn(EXPRESSIONS, node.type) ? EXPRESSIONS[node.type] : undefined;
  return lower ? lower(node, lowering) : unknown(node, lowering);
}

/**
 * Lower what is asked: an element that is read for its truth, `if allowed[name]`, asks whether the key is in the map.
 */
export function lowerTest(node: SyntaxNode, lowering: Lowering): Expression {
  const place = placeOf(node, lowering);
  const [inner] = namedChildren(node);
  if (node.type === 'parenthesized_expression' && inner) return lowerTest(inner, lowering);
  if (node.type === 'unary_expression' && hasToken(node, '!') && inner)
    return { kind: 'unary', operator: '!', operand: lowerTest(inner, lowering), place };
  if (node.type === 'index_expression') return lowerMembership(node, lowering) ?? lowerExpression(node, lowering);
  return lowerExpression(node, lowering);
}

/** Whether the key of `m[key]` is in the map. */
export function lowerMembership(node: SyntaxNode, lowering: Lowering): Expression | undefined {
  const map = childOf(node, 'operand');
  const key = childOf(node, 'index');
  if (!map || !key) return undefined;
  return {
    kind: 'binary',
    operator: 'in',
    left: lowerExpression(key, lowering),
    right: lowerExpression(map, lowering),
    place: placeOf(node, lowering),
  };
}

export function unknown(node: SyntaxNode, lowering: Lowering): Expression {
  const parts = namedChildren(node).map((child) => lowerExpression(child, lowering));
  return { kind: 'unknown', parts, place: placeOf(node, lowering) };
}

function only(node: SyntaxNode, lowering: Lowering): Expression {
  const [first] = namedChildren(node);
  return first ? lowerExpression(first, lowering) : unknown(node, lowering);
}

/** A variable, the receiver, a package by its path, or a name of this package. */
function lowerName(node: SyntaxNode, lowering: Lowering): Expression {
  const spelled = textOf(node, lowering);
  const place = placeOf(node, lowering);
  if (lowering.names.has(spelled)) return { kind: 'name', name: spelled, place };
  if (spelled === lowering.receiver) return { kind: 'self', place };
  return { kind: 'name', name: lowering.imports.get(spelled) ?? spelled, place };
}

function lowerNumber(node: SyntaxNode, lowering: Lowering): Expression {
  const text = textOf(node, lowering).replaceAll('_', '').toLowerCase();
  const value = Number(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text);
  const place = placeOf(node, lowering);
  return Number.isNaN(value) ? { kind: 'unknown', parts: [], place } : { kind: 'literal', value, place };
}

function lowerSelector(node: SyntaxNode, lowering: Lowering): Expression {
  const object = childOf(node, 'operand');
  const name = childOf(node, 'field');
  if (!object || !name) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  return {
    kind: 'member',
    object: lowerExpression(object, lowering),
    name: textOf(name, lowering),
    optional: false,
    place,
  };
}

function lowerIndex(node: SyntaxNode, lowering: Lowering): Expression {
  const object = childOf(node, 'operand');
  const key = childOf(node, 'index');
  if (!object || !key) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  return { kind: 'index', object: lowerExpression(object, lowering), key: lowerExpression(key, lowering), place };
}

function lowerSlice(node: SyntaxNode, lowering: Lowering): Expression {
  const object = childOf(node, 'operand');
  if (!object) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  const none: Expression = { kind: 'literal', value: null, place };
  const bounds = ['start', 'end'].map((field) => {
    const bound = childOf(node, field);
    return bound ? lowerExpression(bound, lowering) : none;
  });
  return { kind: 'slice', object: lowerExpression(object, lowering), bounds, place };
}

function lowerCall(node: SyntaxNode, lowering: Lowering): Expression {
  const callee = childOf(node, 'function');
  const list = childOf(node, 'arguments');
  if (!callee || !list) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  const made = callee.type === 'identifier' ? lowerMaker(textOf(callee, lowering), list, place, lowering) : undefined;
  if (made) return made;
  return {
    kind: 'call',
    callee: lowerExpression(callee, lowering),
    arguments: lowerArguments(list, lowering),
    construct: false,
    place,
  };
}

function lowerArguments(list: SyntaxNode, lowering: Lowering): readonly Argument[] {
  return namedChildren(list).map((child): Argument => {
    const [inner] = child.type === 'variadic_argument' ? namedChildren(child) : [];
    if (inner) return { name: undefined, value: lowerExpression(inner, lowering), spread: true };
    return { name: undefined, value: lowerExpression(child, lowering), spread: false };
  });
}

/** `make(map[K]V)` is an empty map, `make([]T, n)` an empty list, `new(T)` something of that type. */
function lowerMaker(
  name: string,
  list: SyntaxNode,
  place: Expression['place'],
  lowering: Lowering,
): Expression | undefined {
  const [type] = namedChildren(list);
  if (!type || lowering.names.has(name)) return undefined;
  if (name === 'new') return { kind: 'typed', type: typeName(type, lowering) ?? '', value: undefined, place };
  if (name !== 'make') return undefined;
  if (type.type === 'map_type') return { kind: 'map', entries: [], place };
  // What is sent through a channel has no place in it.
  if (type.type === 'channel_type') return { kind: 'typed', type: '', value: undefined, place };
  return type.type === 'slice_type' ? { kind: 'list', items: [], place } : undefined;
}

function lowerBinary(node: SyntaxNode, lowering: Lowering): Expression {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const sign = childOf(node, 'operator');
  if (!left || !right || !sign) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  if (sign.type !== '&&' && sign.type !== '||')
    return {
      kind: 'binary',
      operator: sign.type,
      left: lowerExpression(left, lowering),
      right: lowerExpression(right, lowering),
      place,
    };
  return {
    kind: 'logical',
    operator: sign.type === '&&' ? 'and' : 'or',
    left: lowerTest(left, lowering),
    right: lowerTest(right, lowering),
    place,
  };
}

/** `*p` is what it points to, `<-ch` anything that was sent, `&x` the place of `x`, which others may fill. */
function lowerUnary(node: SyntaxNode, lowering: Lowering): Expression {
  const sign = childOf(node, 'operator')?.type ?? '';
  const operand = childOf(node, 'operand');
  if (!operand || sign === '<-') return unknown(node, lowering);
  if (sign === '*' || (sign === '&' && operand.type === 'composite_literal')) return lowerExpression(operand, lowering);
  const place = placeOf(node, lowering);
  return {
    kind: 'unary',
    operator: sign,
    operand: sign === '!' ? lowerTest(operand, lowering) : lowerExpression(operand, lowering),
    place,
  };
}

/** `x.(T)`. */
function lowerAssertion(node: SyntaxNode, lowering: Lowering): Expression {
  const operand = childOf(node, 'operand');
  if (!operand) return unknown(node, lowering);
  const value = lowerExpression(operand, lowering);
  return {
    kind: 'typed',
    type: typeName(childOf(node, 'type'), lowering) ?? '',
    value,
    place: placeOf(node, lowering),
  };
}

/** `[]byte(x)` is the same text; of what is spelled like it, `f[T](x)`, the function is called. */
function lowerConversion(node: SyntaxNode, lowering: Lowering): Expression {
  const type = childOf(node, 'type');
  const operand = childOf(node, 'operand');
  if (!type || !operand) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  const callee = nameOf(typeName(type, lowering) ?? 'string', place);
  const value = lowerExpression(operand, lowering);
  return { kind: 'call', callee, arguments: [{ name: undefined, value, spread: false }], construct: false, place };
}

function lowerList(node: SyntaxNode, lowering: Lowering): Expression {
  const items = namedChildren(node).map((child) => lowerExpression(child, lowering));
  const [first] = items;
  return items.length === 1 && first ? first : { kind: 'list', items, place: placeOf(node, lowering) };
}
