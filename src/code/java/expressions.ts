import type { Argument, AssignOperator, Expression, FunctionNode, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerAnonymousClass } from './classes.ts';
import { lowerLambda } from './functions.ts';
import { lowerCharacter, lowerNumber, lowerString } from './literals.ts';
import type { Lowering } from './lowering.ts';
import { classExpression, holderOf, nameExpression } from './names.ts';
import { lowerPatternTest } from './patterns.ts';
import { lowerSwitch } from './switches.ts';
import { lowerTarget } from './targets.ts';
import { declaredType, qualify, typeName } from './types.ts';

type Lower = (node: SyntaxNode, lowering: Lowering) => Expression;

const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  identifier: (node, lowering) => nameExpression(textOf(node, lowering), placeOf(node, lowering), lowering),
  this: (node, lowering) => ({ kind: 'self', place: placeOf(node, lowering) }),
  super: (node, lowering) => ({ kind: 'name', name: 'super', place: placeOf(node, lowering) }),
  decimal_integer_literal: lowerNumber,
  hex_integer_literal: lowerNumber,
  octal_integer_literal: lowerNumber,
  binary_integer_literal: lowerNumber,
  decimal_floating_point_literal: lowerNumber,
  character_literal: lowerCharacter,
  string_literal: lowerString,
  true: (node, lowering) => ({ kind: 'literal', value: true, place: placeOf(node, lowering) }),
  false: (node, lowering) => ({ kind: 'literal', value: false, place: placeOf(node, lowering) }),
  null_literal: (node, lowering) => ({ kind: 'literal', value: null, place: placeOf(node, lowering) }),
  binary_expression: lowerBinary,
  unary_expression: lowerUnary,
  update_expression: lowerUpdate,
  assignment_expression: lowerAssignment,
  ternary_expression: lowerTernary,
  instanceof_expression: lowerInstanceOf,
  cast_expression: lowerCast,
  field_access: lowerFieldAccess,
  array_access: lowerArrayAccess,
  method_invocation: lowerInvocation,
  object_creation_expression: lowerCreation,
  array_creation_expression: lowerArray,
  array_initializer: lowerList,
  element_value_array_initializer: lowerList,
  parenthesized_expression: only,
  lambda_expression: (node, lowering) => ({
    kind: 'function',
    function: lowerLambda(node, lowering),
    place: placeOf(node, lowering),
  }),
  method_reference: lowerReference,
  switch_expression: lowerSwitchValue,
  type_identifier: lowerType,
  scoped_type_identifier: lowerType,
};

/** Lower an expression; what is not known keeps the taint of its parts. */
export function lowerExpression(node: SyntaxNode, lowering: Lowering): Expression {
  const lower = Object.hasOwn(EXPRESSIONS, node.type) ? EXPRESSIONS[node.type] : undefined;
  return lower ? lower(node, lowering) : unknown(node, lowering);
}

function unknown(node: SyntaxNode, lowering: Lowering): Expression {
  const parts = namedChildren(node).map((child) => lowerExpression(child, lowering));
  return { kind: 'unknown', parts, place: placeOf(node, lowering) };
}

function only(node: SyntaxNode, lowering: Lowering): Expression {
  const [first] = namedChildren(node);
  return first ? lowerExpression(first, lowering) : unknown(node, lowering);
}

function lowerList(node: SyntaxNode, lowering: Lowering): Expression {
  const items = namedChildren(node).map((child) => lowerExpression(child, lowering));
  return { kind: 'list', items, place: placeOf(node, lowering) };
}

function lowerType(node: SyntaxNode, lowering: Lowering): Expression {
  return classExpression(qualify(textOf(node, lowering), lowering), placeOf(node, lowering));
}

function lowerBinary(node: SyntaxNode, lowering: Lowering): Expression {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const sign = childOf(node, 'operator')?.type;
  if (!left || !right || sign === undefined) return unknown(node, lowering);
  const parts = { left: lowerExpression(left, lowering), right: lowerExpression(right, lowering) };
  const place = placeOf(node, lowering);
  if (sign === '&&' || sign === '||')
    return { kind: 'logical', operator: sign === '&&' ? 'and' : 'or', ...parts, place };
  return { kind: 'binary', operator: sign, ...parts, place };
}

function lowerUnary(node: SyntaxNode, lowering: Lowering): Expression {
  const sign = childOf(node, 'operator');
  const operand = childOf(node, 'operand');
  if (!sign || !operand) return unknown(node, lowering);
  return {
    kind: 'unary',
    operator: sign.type,
    operand: lowerExpression(operand, lowering),
    place: placeOf(node, lowering),
  };
}

function lowerUpdate(node: SyntaxNode, lowering: Lowering): Expression {
  const [operand] = namedChildren(node);
  const place = placeOf(node, lowering);
  const target = operand && lowerTarget(operand, lowering);
  return target
    ? { kind: 'assign', target, value: { kind: 'unknown', parts: [], place }, place }
    : unknown(node, lowering);
}

/** `a = b` and `a += b` are values as well. */
function lowerAssignment(node: SyntaxNode, lowering: Lowering): Expression {
  const made = assignmentOf(node, lowering);
  if (!made) return unknown(node, lowering);
  const { target, value, operator, place } = made;
  if (operator === 'set') return { kind: 'assign', target, value, place };
  const left = childOf(node, 'left');
  const before: Expression = left ? lowerExpression(left, lowering) : value;
  const sum: Expression =
    operator === 'add'
      ? { kind: 'binary', operator: '+', left: before, right: value, place }
      : { kind: 'unknown', parts: [before, value], place };
  return { kind: 'assign', target, value: sum, place };
}

/** An assignment as a statement. */
export function assignmentOf(node: SyntaxNode, lowering: Lowering): Extract<Statement, { kind: 'assign' }> | undefined {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const sign = childOf(node, 'operator')?.type;
  const target = left && lowerTarget(left, lowering);
  if (!target || !right) return undefined;
  const operator: AssignOperator = sign === '=' ? 'set' : sign === '+=' ? 'add' : 'other';
  return { kind: 'assign', target, value: lowerExpression(right, lowering), operator, place: placeOf(node, lowering) };
}

function lowerTernary(node: SyntaxNode, lowering: Lowering): Expression {
  const test = childOf(node, 'condition');
  const chosen = childOf(node, 'consequence');
  const other = childOf(node, 'alternative');
  if (!test || !chosen || !other) return unknown(node, lowering);
  const asked = lowerExpression(test, lowering);
  const then = lowerExpression(chosen, lowering);
  return {
    kind: 'conditional',
    test: asked,
    then,
    otherwise: lowerExpression(other, lowering),
    place: placeOf(node, lowering),
  };
}

/** `x instanceof String s` binds `s`. */
function lowerInstanceOf(node: SyntaxNode, lowering: Lowering): Expression {
  const left = childOf(node, 'left');
  const type = childOf(node, 'right');
  const name = childOf(node, 'name');
  const pattern = childOf(node, 'pattern');
  if (left && pattern) return lowerPatternTest(pattern, lowerExpression(left, lowering), lowering);
  if (!left || !type) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  const value = lowerExpression(left, lowering);
  const right = lowerExpression(type, lowering);
  if (!name) return { kind: 'binary', operator: 'instanceof', left: value, right, place };
  const spelled = textOf(name, lowering);
  lowering.declare(spelled);
  const typed: Expression = { kind: 'typed', type: typeName(type, lowering) ?? '', value, place };
  const bound: Expression = { kind: 'assign', target: { kind: 'name', name: spelled, place }, value: typed, place };
  return { kind: 'binary', operator: 'instanceof', left: bound, right, place };
}

function lowerCast(node: SyntaxNode, lowering: Lowering): Expression {
  const value = childOf(node, 'value');
  if (!value) return unknown(node, lowering);
  const type = declaredType(node, lowering) ?? '';
  return { kind: 'typed', type, value: lowerExpression(value, lowering), place: placeOf(node, lowering) };
}

/** `java.io.File` written out: a chain of small names that nothing declares, then one that begins large. */
function spelledClass(node: SyntaxNode, lowering: Lowering): Expression | undefined {
  const text = textOf(node, lowering).replace(/\s+/g, '');
  const [, first = ''] = /^([a-z]\w*)(?:\.[a-z]\w*)*\.[A-Z]\w*$/.exec(text) ?? [];
  if (first === '' || lowering.locals.has(first)) return undefined;
  const place = placeOf(node, lowering);
  return holderOf(first, place, lowering) ? undefined : classExpression(qualify(text, lowering), place);
}

function lowerFieldAccess(node: SyntaxNode, lowering: Lowering): Expression {
  const object = childOf(node, 'object');
  const name = childOf(node, 'field');
  if (!object || !name) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  const spelled = textOf(name, lowering);
  if (spelled === 'this') return { kind: 'self', place };
  return (
    spelledClass(node, lowering) ?? {
      kind: 'member',
      object: lowerExpression(object, lowering),
      name: spelled,
      optional: false,
      place,
    }
  );
}

function lowerArrayAccess(node: SyntaxNode, lowering: Lowering): Expression {
  const array = childOf(node, 'array');
  const index = childOf(node, 'index');
  if (!array || !index) return unknown(node, lowering);
  const object = lowerExpression(array, lowering);
  return { kind: 'index', object, key: lowerExpression(index, lowering), place: placeOf(node, lowering) };
}

/** A method by itself is one of this class, of a class around it, brought by `import static`, or of the base. */
function lowerInvocation(node: SyntaxNode, lowering: Lowering): Expression {
  const object = childOf(node, 'object');
  const name = childOf(node, 'name');
  if (!name) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  const spelled = textOf(name, lowering);
  const callee: Expression = object
    ? { kind: 'member', object: lowerExpression(object, lowering), name: spelled, optional: false, place }
    : ownMethod(spelled, place, lowering);
  return { kind: 'call', callee, arguments: lowerArguments(node, lowering), construct: false, place };
}

function ownMethod(name: string, place: Expression['place'], lowering: Lowering): Expression {
  const brought = lowering.imports.members.get(name);
  const object =
    holderOf(name, place, lowering) ??
    (brought === undefined ? undefined : classExpression(brought, place)) ??
    (lowering.static && lowering.class ? classExpression(lowering.class.path, place) : { kind: 'self', place });
  return { kind: 'member', object, name, optional: false, place };
}

export function lowerArguments(node: SyntaxNode, lowering: Lowering): readonly Argument[] {
  const list = childOf(node, 'arguments');
  return list
    ? namedChildren(list).map((child) => ({ name: undefined, value: lowerExpression(child, lowering), spread: false }))
    : [];
}

/** `new T(…)`, and with a body a class of its own. */
function lowerCreation(node: SyntaxNode, lowering: Lowering): Expression {
  const name =
    declaredType(node, lowering) ??
    (textOf(childOf(node, 'type') ?? node, lowering).startsWith('String') ? 'String' : 'Object');
  const place = placeOf(node, lowering);
  const base = classExpression(name, place);
  const body = node.children.find(({ type }) => type === 'class_body');
  const callee: Expression = body ? { kind: 'class', class: lowerAnonymousClass(base, body, lowering), place } : base;
  return { kind: 'call', callee, arguments: lowerArguments(node, lowering), construct: true, place };
}

function lowerArray(node: SyntaxNode, lowering: Lowering): Expression {
  const value = childOf(node, 'value');
  return value ? lowerList(value, lowering) : { kind: 'list', items: [], place: placeOf(node, lowering) };
}

/** `this::find`, `Store::new`. */
function lowerReference(node: SyntaxNode, lowering: Lowering): Expression {
  const [object, name] = namedChildren(node);
  if (!object) return unknown(node, lowering);
  const place = placeOf(node, lowering);
  const lowered = lowerExpression(object, lowering);
  return name ? { kind: 'member', object: lowered, name: textOf(name, lowering), optional: false, place } : lowered;
}

/** A `switch` that gives a value is a function that is called where it stands. */
function lowerSwitchValue(node: SyntaxNode, lowering: Lowering): Expression {
  const place = placeOf(node, lowering);
  const made: FunctionNode = {
    name: undefined,
    parameters: [],
    body: lowerSwitch(node, lowering, 'value'),
    decorators: [],
    async: false,
    generator: false,
    arrow: true,
    place,
  };
  return { kind: 'call', callee: { kind: 'function', function: made, place }, arguments: [], construct: false, place };
}
