import type { Expression, Target } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression, lowerMemberName } from './expressions.ts';
import { type Lowering, literalAt } from './lowering.ts';
import { stringValue } from './strings.ts';

const TRANSPARENT = new Set([
  'parenthesized_expression',
  'non_null_expression',
  'as_expression',
  'satisfies_expression',
  'type_assertion',
  'required_parameter',
  'optional_parameter',
]);

/** Lower what stands on the left of an assignment, in a declaration, a parameter list or after `for`. */
export function lowerTarget(node: SyntaxNode, lowering: Lowering): Target {
  const place = placeOf(node, lowering);
  switch (node.type) {
    case 'array_pattern':
    case 'array':
      return lowerListTarget(node, lowering);
    case 'object_pattern':
    case 'object':
      return lowerMapTarget(node, lowering);
    case 'assignment_pattern':
    case 'object_assignment_pattern':
    case 'assignment_expression':
      return lowerDefault(node, lowering);
    case 'member_expression':
    case 'subscript_expression':
      return lowerMemberTarget(node, lowering);
    case 'rest_pattern':
    case 'spread_element': {
      const [inner] = namedChildren(node);
      return inner ? lowerTarget(inner, lowering) : { kind: 'name', name: '', place };
    }
    default: {
      const inner = TRANSPARENT.has(node.type) ? namedChildren(node).find((child) => !isType(child)) : undefined;
      return inner ? lowerTarget(inner, lowering) : { kind: 'name', name: textOf(node, lowering), place };
    }
  }
}

function isType(node: SyntaxNode): boolean {
  return node.type === 'type_arguments' || node.type === 'type_annotation' || node.type === 'accessibility_modifier';
}

function lowerDefault(node: SyntaxNode, lowering: Lowering): Target {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const place = placeOf(node, lowering);
  if (!left || !right) return { kind: 'name', name: textOf(node, lowering), place };
  return { kind: 'default', target: lowerTarget(left, lowering), value: lowerExpression(right, lowering), place };
}

function lowerMemberTarget(node: SyntaxNode, lowering: Lowering): Target {
  const place = placeOf(node, lowering);
  const object = childOf(node, 'object');
  const property = childOf(node, 'property');
  const index = childOf(node, 'index');
  if (object && property)
    return { kind: 'member', object: lowerExpression(object, lowering), name: textOf(property, lowering), place };
  if (!object || !index) return { kind: 'name', name: textOf(node, lowering), place };
  const held = lowerExpression(object, lowering);
  const name = lowerMemberName(index, lowering);
  if (name !== undefined) return { kind: 'member', object: held, name, place };
  return { kind: 'index', object: held, key: lowerExpression(index, lowering), place };
}

/** The grammar leaves holes out, so commas between the items are counted. */
function lowerListTarget(node: SyntaxNode, lowering: Lowering): Target {
  const items: (Target | undefined)[] = [];
  let rest: Target | undefined;
  let end = node.start + 1;
  let commas = 0;
  for (const child of namedChildren(node)) {
    commas += countCommas(lowering.file.text.slice(end, child.start));
    while (items.length < commas) items.push(undefined);
    end = child.end;
    if (child.type === 'rest_pattern' || child.type === 'spread_element') rest = lowerTarget(child, lowering);
    else items.push(lowerTarget(child, lowering));
  }
  return { kind: 'list', items, rest, place: placeOf(node, lowering) };
}

/** Commas of a text between two items; those of a comment are none. */
function countCommas(between: string): number {
  let count = 0;
  for (let index = 0; index < between.length; index++) {
    if (between.startsWith('//', index)) index = lineEnd(between, index);
    else if (between.startsWith('/*', index)) index = commentEnd(between, index);
    else if (between.charAt(index) === ',') count++;
  }
  return count;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function commentEnd(text: string, from: number): number {
  const end = text.indexOf('*/', from + 2);
  return end < 0 ? text.length : end + 1;
}

type MapTarget = Extract<Target, { kind: 'map' }>;

function lowerMapTarget(node: SyntaxNode, lowering: Lowering): Target {
  const entries: MapTarget['entries'][number][] = [];
  let rest: Target | undefined;
  for (const child of namedChildren(node)) {
    if (child.type === 'rest_pattern' || child.type === 'spread_element') rest = lowerTarget(child, lowering);
    else entries.push(lowerEntry(child, lowering));
  }
  return { kind: 'map', entries, rest, place: placeOf(node, lowering) };
}

/** `a`, `a = 1`, `a: b`, `a: b = 1`, `[key]: b`. */
function lowerEntry(node: SyntaxNode, lowering: Lowering): MapTarget['entries'][number] {
  const key = childOf(node, 'key');
  const value = childOf(node, 'value') ?? node;
  const left = key ? undefined : childOf(value, 'left');
  const right = childOf(value, 'right');
  const inner = right ? (childOf(value, 'left') ?? value) : value;
  return {
    key: key ? keyText(key, lowering) : textOf(left ?? node, lowering),
    ...(key?.type === 'computed_property_name' ? { computed: lowerKey(key, lowering) } : {}),
    target: lowerTarget(inner, lowering),
    default: right && lowerExpression(right, lowering),
  };
}

/** The name of a property; of a computed one its text in brackets, which no property is called. */
export function keyText(node: SyntaxNode, lowering: Lowering): string {
  if (node.type === 'string') return stringValue(node, lowering);
  if (node.type !== 'computed_property_name') return textOf(node, lowering);
  const [inner] = namedChildren(node);
  return inner?.type === 'string' ? stringValue(inner, lowering) : textOf(node, lowering);
}

/** The key of an entry as an expression. */
export function lowerKey(node: SyntaxNode, lowering: Lowering): Expression {
  const [inner] = node.type === 'computed_property_name' ? namedChildren(node) : [];
  return inner ? lowerExpression(inner, lowering) : literalAt(keyText(node, lowering), node, lowering);
}
