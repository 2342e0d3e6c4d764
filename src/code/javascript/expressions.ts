import type { Argument, Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerClass } from './classes.ts';
import { lowerElement } from './elements.ts';
import { lowerFunction } from './functions.ts';
import { type Lowering, literalAt, nameAt } from './lowering.ts';
import { lowerObject } from './objects.ts';
import { lowerAssignment, lowerAugmented, lowerBinary, lowerUnary, lowerUpdate } from './operators.ts';
import { lowerString, lowerTemplate, stringValue } from './strings.ts';

/** `name` is what the place gives a nameless function or class: `const name = () => {}` (ECMA-262, 8.4). */
type Lower = (node: SyntaxNode, lowering: Lowering, name?: string) => Expression;

const functionExpression: Lower = (node, lowering, name) => ({
  kind: 'function',
  function: lowerFunction(node, [], lowering, name),
  place: placeOf(node, lowering),
});

const classExpression: Lower = (node, lowering, name) => ({
  kind: 'class',
  class: lowerClass(node, [], lowering, name),
  place: placeOf(node, lowering),
});

/** Types and brackets say nothing about the value. */
const inside: Lower = (node, lowering, name) => {
  const inner = namedChildren(node).find((child) => child.type !== 'type_arguments');
  return inner ? lowerExpression(inner, lowering, name) : lowerUnknown(node, lowering);
};

const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  identifier: (node, lowering) => nameAt(textOf(node, lowering), node, lowering),
  shorthand_property_identifier: (node, lowering) => nameAt(textOf(node, lowering), node, lowering),
  undefined: (node, lowering) => literalAt(null, node, lowering),
  null: (node, lowering) => literalAt(null, node, lowering),
  true: (node, lowering) => literalAt(true, node, lowering),
  false: (node, lowering) => literalAt(false, node, lowering),
  this: (node, lowering) => ({ kind: 'self', place: placeOf(node, lowering) }),
  super: lowerSuper,
  import: (node, lowering) => nameAt('import', node, lowering),
  meta_property: (node, lowering) => nameAt(textOf(node, lowering), node, lowering),
  number: lowerNumber,
  string: lowerString,
  template_string: (node, lowering) => lowerTemplate(node, undefined, lowering),
  regex: lowerRegex,
  object: lowerObject,
  array: lowerArray,
  function_expression: functionExpression,
  function: functionExpression,
  generator_function: functionExpression,
  arrow_function: functionExpression,
  class: classExpression,
  member_expression: lowerMember,
  subscript_expression: lowerSubscript,
  call_expression: lowerCall,
  new_expression: lowerNew,
  binary_expression: lowerBinary,
  unary_expression: lowerUnary,
  update_expression: lowerUpdate,
  assignment_expression: lowerAssignment,
  augmented_assignment_expression: lowerAugmented,
  ternary_expression: lowerConditional,
  sequence_expression: lowerSequence,
  await_expression: (node, lowering) => wrap('await', node, lowering),
  yield_expression: (node, lowering) => ({ ...wrap('await', node, lowering), yielded: true }),
  spread_element: (node, lowering) => wrap('spread', node, lowering),
  parenthesized_expression: inside,
  as_expression: inside,
  satisfies_expression: inside,
  non_null_expression: inside,
  type_assertion: inside,
  instantiation_expression: inside,
  jsx_element: lowerElement,
  jsx_self_closing_element: lowerElement,
  jsx_expression: inside,
};

/** Types are nothing at run time. */
const TYPES = new Set(['type_arguments', 'type_annotation', 'type_parameters', 'predefined_type', 'type_identifier']);

/** Lower an expression; what is not known keeps the taint of its parts. */
export function lowerExpression(node: SyntaxNode, lowering: Lowering, name?: string): Expression {
  const lower = Object.hasOwn(EXPRESSIONS, node.type) ? EXPRESSIONS[node.type] : undefined;
  return lower ? lower(node, lowering, name) : lowerUnknown(node, lowering);
}

function lowerUnknown(node: SyntaxNode, lowering: Lowering): Expression {
  const parts = namedChildren(node).flatMap((child) => (TYPES.has(child.type) ? [] : lowerExpression(child, lowering)));
  return { kind: 'unknown', parts, place: placeOf(node, lowering) };
}

function wrap(kind: 'await' | 'spread', node: SyntaxNode, lowering: Lowering): Expression {
  const [inner] = namedChildren(node);
  const value = inner ? lowerExpression(inner, lowering) : literalAt(null, node, lowering);
  return { kind, value, place: placeOf(node, lowering) };
}

/** `super.m` is a member of what `super()` gives, in every language of this form. */
function lowerSuper(node: SyntaxNode, lowering: Lowering): Expression {
  const callee = nameAt('super', node, lowering);
  return { kind: 'call', callee, arguments: [], construct: false, place: placeOf(node, lowering) };
}

/** A big integer is a number that may have lost digits. */
function lowerNumber(node: SyntaxNode, lowering: Lowering): Expression {
  const value = Number(textOf(node, lowering).replaceAll('_', '').replace(/n$/, ''));
  if (!Number.isNaN(value)) return literalAt(value, node, lowering);
  return { kind: 'unknown', parts: [], place: placeOf(node, lowering) };
}

function lowerRegex(node: SyntaxNode, lowering: Lowering): Expression {
  const pattern = childOf(node, 'pattern');
  const flags = childOf(node, 'flags');
  return {
    kind: 'regex',
    pattern: pattern ? textOf(pattern, lowering) : '',
    flags: flags ? textOf(flags, lowering) : '',
    place: placeOf(node, lowering),
  };
}

function lowerArray(node: SyntaxNode, lowering: Lowering): Expression {
  const items = namedChildren(node).map((child) => lowerExpression(child, lowering));
  return { kind: 'list', items, place: placeOf(node, lowering) };
}

function lowerMember(node: SyntaxNode, lowering: Lowering): Expression {
  const object = childOf(node, 'object');
  const property = childOf(node, 'property');
  if (!object || !property) return lowerUnknown(node, lowering);
  return {
    kind: 'member',
    object: lowerExpression(object, lowering),
    name: textOf(property, lowering),
    optional: childOf(node, 'optional_chain') !== undefined,
    place: placeOf(node, lowering),
  };
}

/** `object['name']` is `object.name`. */
function lowerSubscript(node: SyntaxNode, lowering: Lowering): Expression {
  const object = childOf(node, 'object');
  const index = childOf(node, 'index');
  if (!object || !index) return lowerUnknown(node, lowering);
  const held = lowerExpression(object, lowering);
  const place = placeOf(node, lowering);
  const name = lowerMemberName(index, lowering);
  const optional = childOf(node, 'optional_chain') !== undefined;
  if (name !== undefined) return { kind: 'member', object: held, name, optional, place };
  return { kind: 'index', object: held, key: lowerExpression(index, lowering), place };
}

/** The name when a computed key is a plain one. */
export function lowerMemberName(index: SyntaxNode, lowering: Lowering): string | undefined {
  if (index.type !== 'string') return undefined;
  const name = stringValue(index, lowering);
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : undefined;
}

function lowerCall(node: SyntaxNode, lowering: Lowering): Expression {
  const callee = childOf(node, 'function');
  const list = childOf(node, 'arguments');
  if (!callee || !list) return lowerUnknown(node, lowering);
  const place = placeOf(node, lowering);
  if (list.type === 'template_string') return lowerTemplate(list, lowerExpression(callee, lowering), lowering);
  const given = lowerArguments(list, lowering);
  if (callee.type === 'import')
    return { kind: 'call', callee: nameAt('import', callee, lowering), arguments: given, construct: false, place };
  if (callee.type !== 'super')
    return { kind: 'call', callee: lowerExpression(callee, lowering), arguments: given, construct: false, place };
  const parent: Expression = {
    kind: 'member',
    object: lowerSuper(callee, lowering),
    name: 'constructor',
    optional: false,
    place: placeOf(callee, lowering),
  };
  return { kind: 'call', callee: parent, arguments: given, construct: false, place };
}

function lowerNew(node: SyntaxNode, lowering: Lowering): Expression {
  const callee = childOf(node, 'constructor');
  const list = childOf(node, 'arguments');
  if (!callee) return lowerUnknown(node, lowering);
  return {
    kind: 'call',
    callee: lowerExpression(callee, lowering),
    arguments: list ? lowerArguments(list, lowering) : [],
    construct: true,
    place: placeOf(node, lowering),
  };
}

function lowerArguments(list: SyntaxNode, lowering: Lowering): readonly Argument[] {
  return namedChildren(list).map((child) => {
    const [inner] = child.type === 'spread_element' ? namedChildren(child) : [];
    if (inner) return { name: undefined, value: lowerExpression(inner, lowering), spread: true };
    return { name: undefined, value: lowerExpression(child, lowering), spread: false };
  });
}

function lowerConditional(node: SyntaxNode, lowering: Lowering): Expression {
  const test = childOf(node, 'condition');
  const chosen = childOf(node, 'consequence');
  const otherwise = childOf(node, 'alternative');
  if (!test || !chosen || !otherwise) return lowerUnknown(node, lowering);
  const then = lowerExpression(chosen, lowering);
  return {
    kind: 'conditional',
    test: lowerExpression(test, lowering),
    then,
    otherwise: lowerExpression(otherwise, lowering),
    place: placeOf(node, lowering),
  };
}

/** `a, b` runs both and is `b`: the last item of `[a, b]`. */
function lowerSequence(node: SyntaxNode, lowering: Lowering): Expression {
  return lastOf(
    namedChildren(node).map((child) => lowerExpression(child, lowering)),
    node,
    lowering,
  );
}

/** Evaluate all, keep the last. */
export function lastOf(items: readonly Expression[], node: SyntaxNode, lowering: Lowering): Expression {
  const place = placeOf(node, lowering);
  return {
    kind: 'index',
    object: { kind: 'list', items, place },
    key: literalAt(items.length - 1, node, lowering),
    place,
  };
}
