import type { Argument, Expression, MapPart } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerLambda } from './functions.ts';
import type { Lowering } from './lowering.ts';
import { lowerConcatenated, lowerString } from './strings.ts';
import { lowerTarget } from './targets.ts';

type Lower = (node: SyntaxNode, lowering: Lowering) => Expression;

const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  identifier: lowerName,
  integer: lowerNumber,
  float: lowerNumber,
  true: (node, lowering) => ({ kind: 'literal', value: true, place: placeOf(node, lowering) }),
  false: (node, lowering) => ({ kind: 'literal', value: false, place: placeOf(node, lowering) }),
  none: (node, lowering) => ({ kind: 'literal', value: null, place: placeOf(node, lowering) }),
  string: lowerString,
  concatenated_string: lowerConcatenated,
  attribute: lowerAttribute,
  subscript: lowerSubscript,
  call: lowerCall,
  binary_operator: lowerBinary,
  boolean_operator: lowerBoolean,
  not_operator: (node, lowering) => unary('not', childOf(node, 'argument'), node, lowering),
  unary_operator: (node, lowering) => {
    const operator = childOf(node, 'operator');
    return unary(operator ? textOf(operator, lowering) : '-', childOf(node, 'argument'), node, lowering);
  },
  comparison_operator: lowerComparison,
  conditional_expression: lowerConditional,
  list: lowerList,
  tuple: lowerList,
  set: lowerList,
  expression_list: lowerList,
  dictionary: lowerDictionary,
  list_comprehension: lowerComprehension,
  set_comprehension: lowerComprehension,
  generator_expression: lowerComprehension,
  dictionary_comprehension: lowerComprehension,
  lambda: (node, lowering) => ({
    kind: 'function',
    function: lowerLambda(node, lowering),
    place: placeOf(node, lowering),
  }),
  named_expression: lowerNamed,
  await: (node, lowering) => ({ kind: 'await', value: only(node, lowering), place: placeOf(node, lowering) }),
  yield: lowerYield,
  parenthesized_expression: (node, lowering) => only(node, lowering),
  list_splat: (node, lowering) => ({ kind: 'spread', value: only(node, lowering), place: placeOf(node, lowering) }),
  dictionary_splat: (node, lowering) => ({
    kind: 'spread',
    value: only(node, lowering),
    place: placeOf(node, lowering),
  }),
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

/** What is sent into the generator at a bare `yield` is not known. */
function lowerYield(node: SyntaxNode, lowering: Lowering): Expression {
  if (namedChildren(node).length === 0) return unknown(node, lowering);
  return { kind: 'await', value: only(node, lowering), yielded: true, place: placeOf(node, lowering) };
}

function lowerName(node: SyntaxNode, lowering: Lowering): Expression {
  const name = textOf(node, lowering);
  const place = placeOf(node, lowering);
  return name === lowering.receiver ? { kind: 'self', place } : { kind: 'name', name, place };
}

function lowerNumber(node: SyntaxNode, lowering: Lowering): Expression {
  const value = Number(textOf(node, lowering).replaceAll('_', '').toLowerCase());
  const place = placeOf(node, lowering);
  return Number.isNaN(value) ? { kind: 'unknown', parts: [], place } : { kind: 'literal', value, place };
}

function lowerAttribute(node: SyntaxNode, lowering: Lowering): Expression {
  const object = childOf(node, 'object');
  const name = childOf(node, 'attribute');
  if (!object || !name) return unknown(node, lowering);
  return {
    kind: 'member',
    object: lowerExpression(object, lowering),
    name: textOf(name, lowering),
    optional: false,
    place: placeOf(node, lowering),
  };
}

function lowerSubscript(node: SyntaxNode, lowering: Lowering): Expression {
  const value = childOf(node, 'value');
  const keys = childrenOf(node, 'subscript');
  const [key] = keys;
  if (!value || !key) return unknown(node, lowering);
  const object = lowerExpression(value, lowering);
  const place = placeOf(node, lowering);
  if (keys.length > 1)
    return { kind: 'slice', object, bounds: keys.map((bound) => lowerExpression(bound, lowering)), place };
  if (key.type === 'slice') return { kind: 'slice', object, bounds: sliceBounds(key, lowering), place };
  return { kind: 'index', object, key: lowerExpression(key, lowering), place };
}

/** Start, end and step; an omitted one is the literal `null`, as in Python itself. */
function sliceBounds(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  const bounds: Expression[] = [];
  const none: Expression = { kind: 'literal', value: null, place: placeOf(node, lowering) };
  let pending: Expression = none;
  for (const child of node.children) {
    if (child.named) pending = lowerExpression(child, lowering);
    else {
      bounds.push(pending);
      pending = none;
    }
  }
  return [...bounds, pending];
}

function lowerCall(node: SyntaxNode, lowering: Lowering): Expression {
  const callee = childOf(node, 'function');
  const list = childOf(node, 'arguments');
  if (!callee || !list) return unknown(node, lowering);
  return {
    kind: 'call',
    callee: lowerExpression(callee, lowering),
    arguments: lowerArguments(list, lowering),
    construct: false,
    place: placeOf(node, lowering),
  };
}

/** Arguments of a call, or the bases of a class. */
export function lowerArguments(list: SyntaxNode, lowering: Lowering): readonly Argument[] {
  if (list.type === 'generator_expression')
    return [{ name: undefined, value: lowerExpression(list, lowering), spread: false }];
  return namedChildren(list).map((child): Argument => {
    const name = child.type === 'keyword_argument' ? childOf(child, 'name') : undefined;
    const value = name ? childOf(child, 'value') : undefined;
    if (name && value) return { name: textOf(name, lowering), value: lowerExpression(value, lowering), spread: false };
    const inner = child.type.endsWith('_splat') ? namedChildren(child)[0] : undefined;
    if (inner) {
      const keyword = child.type === 'dictionary_splat' ? '**' : undefined;
      return { name: keyword, value: lowerExpression(inner, lowering), spread: true };
    }
    return { name: undefined, value: lowerExpression(child, lowering), spread: false };
  });
}

function lowerBinary(node: SyntaxNode, lowering: Lowering): Expression {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const operator = childOf(node, 'operator');
  if (!left || !right || !operator) return unknown(node, lowering);
  return {
    kind: 'binary',
    operator: textOf(operator, lowering),
    left: lowerExpression(left, lowering),
    right: lowerExpression(right, lowering),
    place: placeOf(node, lowering),
  };
}

function lowerBoolean(node: SyntaxNode, lowering: Lowering): Expression {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const operator = childOf(node, 'operator');
  if (!left || !right || !operator) return unknown(node, lowering);
  return {
    kind: 'logical',
    operator: operator.type === 'and' ? 'and' : 'or',
    left: lowerExpression(left, lowering),
    right: lowerExpression(right, lowering),
    place: placeOf(node, lowering),
  };
}

function unary(operator: string, operand: SyntaxNode | undefined, node: SyntaxNode, lowering: Lowering): Expression {
  if (!operand) return unknown(node, lowering);
  return { kind: 'unary', operator, operand: lowerExpression(operand, lowering), place: placeOf(node, lowering) };
}

/** `a < b < c` is `a < b and b < c`. */
function lowerComparison(node: SyntaxNode, lowering: Lowering): Expression {
  const operands = node.children.filter((child) => child.field !== 'operators' && child.type !== 'comment');
  const operators = childrenOf(node, 'operators');
  let result: Expression | undefined;
  for (const [index, operator] of operators.entries()) {
    const left = operands[index];
    const right = operands[index + 1];
    if (!left || !right) return unknown(node, lowering);
    const comparison: Expression = {
      kind: 'binary',
      operator: textOf(operator, lowering).split(/\s+/).join(' '),
      left: lowerExpression(left, lowering),
      right: lowerExpression(right, lowering),
      place: placeOf(node, lowering),
    };
    result = result
      ? { kind: 'logical', operator: 'and', left: result, right: comparison, place: placeOf(node, lowering) }
      : comparison;
  }
  return result ?? unknown(node, lowering);
}

function lowerConditional(node: SyntaxNode, lowering: Lowering): Expression {
  const [chosen, test, otherwise] = namedChildren(node);
  if (!chosen || !test || !otherwise) return unknown(node, lowering);
  const then = lowerExpression(chosen, lowering);
  return {
    kind: 'conditional',
    test: lowerExpression(test, lowering),
    then,
    otherwise: lowerExpression(otherwise, lowering),
    place: placeOf(node, lowering),
  };
}

function lowerList(node: SyntaxNode, lowering: Lowering): Expression {
  const items = namedChildren(node).map((child) => lowerExpression(child, lowering));
  return { kind: 'list', items, place: placeOf(node, lowering) };
}

function lowerDictionary(node: SyntaxNode, lowering: Lowering): Expression {
  const entries = namedChildren(node).flatMap((child): MapPart[] => {
    const key = childOf(child, 'key');
    const value = childOf(child, 'value');
    if (child.type === 'pair' && key && value)
      return [{ kind: 'entry', key: lowerExpression(key, lowering), value: lowerExpression(value, lowering) }];
    return [
      { kind: 'spread', value: child.type === 'dictionary_splat' ? only(child, lowering) : unknown(child, lowering) },
    ];
  });
  return { kind: 'map', entries, place: placeOf(node, lowering) };
}

type Comprehension = Extract<Expression, { kind: 'comprehension' }>;

function lowerComprehension(node: SyntaxNode, lowering: Lowering): Expression {
  const body = childOf(node, 'body');
  if (!body) return unknown(node, lowering);
  const clauses: { target: Comprehension['clauses'][number]['target']; of: Expression; tests: Expression[] }[] = [];
  for (const child of node.children) {
    const left = childOf(child, 'left');
    const right = childOf(child, 'right');
    if (child.type === 'for_in_clause' && left && right)
      clauses.push({ target: lowerTarget(left, lowering), of: lowerExpression(right, lowering), tests: [] });
    else if (child.type === 'if_clause') clauses.at(-1)?.tests.push(only(child, lowering));
  }
  const key = body.type === 'pair' ? childOf(body, 'key') : undefined;
  const value = (body.type === 'pair' ? childOf(body, 'value') : undefined) ?? body;
  return {
    kind: 'comprehension',
    element: lowerExpression(value, lowering),
    key: key ? lowerExpression(key, lowering) : undefined,
    clauses,
    place: placeOf(node, lowering),
  };
}

function lowerNamed(node: SyntaxNode, lowering: Lowering): Expression {
  const name = childOf(node, 'name');
  const value = childOf(node, 'value');
  if (!name || !value) return unknown(node, lowering);
  return {
    kind: 'assign',
    target: lowerTarget(name, lowering),
    value: lowerExpression(value, lowering),
    place: placeOf(node, lowering),
  };
}
