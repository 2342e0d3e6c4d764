import type { AssignOperator, Expression, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lastOf, lowerExpression } from './expressions.ts';
import { type Lowering, literalAt } from './lowering.ts';
import { lowerTarget } from './targets.ts';

const LOGICAL: Readonly<Record<string, 'and' | 'or' | 'coalesce'>> = { '&&': 'and', '||': 'or', '??': 'coalesce' };

function unknownOf(node: SyntaxNode, lowering: Lowering): Expression {
  const parts = namedChildren(node).map((child) => lowerExpression(child, lowering));
  return { kind: 'unknown', parts, place: placeOf(node, lowering) };
}

/** `a + b`, `a && b`, `a ?? b`, `a in b`. */
export function lowerBinary(node: SyntaxNode, lowering: Lowering): Expression {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const sign = childOf(node, 'operator');
  if (!left || !right || !sign) return unknownOf(node, lowering);
  const operands = {
    left:
      left.type === 'private_property_identifier'
        ? literalAt(textOf(left, lowering), left, lowering)
        : lowerExpression(left, lowering),
    right: lowerExpression(right, lowering),
  };
  return applied(textOf(sign, lowering), operands, node, lowering);
}

function applied(
  operator: string,
  operands: { readonly left: Expression; readonly right: Expression },
  node: SyntaxNode,
  lowering: Lowering,
): Expression {
  const place = placeOf(node, lowering);
  const logical = Object.hasOwn(LOGICAL, operator) ? LOGICAL[operator] : undefined;
  return logical
    ? { kind: 'logical', operator: logical, ...operands, place }
    : { kind: 'binary', operator, ...operands, place };
}

/** `void x` runs `x` and is nothing; `delete x` is a statement of its own where its value is not used. */
export function lowerUnary(node: SyntaxNode, lowering: Lowering): Expression {
  const operand = childOf(node, 'argument');
  const sign = childOf(node, 'operator');
  if (!operand || !sign) return unknownOf(node, lowering);
  const operator = textOf(sign, lowering);
  const value = lowerExpression(operand, lowering);
  if (operator === 'void') return lastOf([value, literalAt(null, node, lowering)], node, lowering);
  return { kind: 'unary', operator, operand: value, place: placeOf(node, lowering) };
}

/** `x++` as `x = x - -1`: unlike `+`, `-` makes a number of whatever it is given (ECMA-262, 13.4). */
export function lowerUpdate(node: SyntaxNode, lowering: Lowering): Expression {
  const operand = childOf(node, 'argument');
  const sign = childOf(node, 'operator');
  if (!operand || !sign) return unknownOf(node, lowering);
  const operands = {
    left: lowerExpression(operand, lowering),
    right: literalAt(sign.type === '--' ? 1 : -1, node, lowering),
  };
  const value = applied('-', operands, node, lowering);
  return { kind: 'assign', target: lowerTarget(operand, lowering), value, place: placeOf(node, lowering) };
}

/** `a = b` where its value is used. */
export function lowerAssignment(node: SyntaxNode, lowering: Lowering): Expression {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (!left || !right) return unknownOf(node, lowering);
  return {
    kind: 'assign',
    target: lowerTarget(left, lowering),
    value: lowerExpression(right, lowering, assignedName(left, lowering)),
    place: placeOf(node, lowering),
  };
}

/** `a += b`, `a ||= b` where the value is used. */
export function lowerAugmented(node: SyntaxNode, lowering: Lowering): Expression {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const sign = childOf(node, 'operator');
  if (!left || !right || !sign) return unknownOf(node, lowering);
  const operands = { left: lowerExpression(left, lowering), right: lowerExpression(right, lowering) };
  const value = applied(textOf(sign, lowering).slice(0, -1), operands, node, lowering);
  return { kind: 'assign', target: lowerTarget(left, lowering), value, place: placeOf(node, lowering) };
}

/** An assignment that stands alone. `undefined` for other expressions. */
export function lowerAssignStatement(node: SyntaxNode, lowering: Lowering): Statement | undefined {
  const place = placeOf(node, lowering);
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (!left || !right) return undefined;
  if (node.type === 'assignment_expression')
    return {
      kind: 'assign',
      target: lowerTarget(left, lowering),
      value: lowerExpression(right, lowering, assignedName(left, lowering)),
      operator: 'set',
      place,
    };
  if (node.type !== 'augmented_assignment_expression') return undefined;
  const sign = childOf(node, 'operator');
  const operator = sign ? textOf(sign, lowering).slice(0, -1) : '';
  if (Object.hasOwn(LOGICAL, operator)) {
    const operands = { left: lowerExpression(left, lowering), right: lowerExpression(right, lowering) };
    const value = applied(operator, operands, node, lowering);
    return { kind: 'assign', target: lowerTarget(left, lowering), value, operator: 'set', place };
  }
  const kind: AssignOperator = operator === '+' ? 'add' : 'other';
  return {
    kind: 'assign',
    target: lowerTarget(left, lowering),
    value: lowerExpression(right, lowering),
    operator: kind,
    place,
  };
}

/** What a nameless function on the right is called: `exports.handler = () => {}` is `handler`. */
function assignedName(left: SyntaxNode, lowering: Lowering): string | undefined {
  const name = left.type === 'member_expression' ? childOf(left, 'property') : left;
  return name && /^(?:private_)?(?:property_)?identifier$/.test(name.type) ? textOf(name, lowering) : undefined;
}
