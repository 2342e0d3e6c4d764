import type { AssignOperator, Expression, Statement, Target } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, nodesIn, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression, lowerMembership } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { joinTargets, lowerTarget } from './targets.ts';
import { typeName } from './types.ts';

/**
 * `a, b := f()`: variables that this block does not have yet are declared. One that its own new value is made of,
 * `name := clean(name)` in a block inside, goes on in the variable outside, which is read before it is hidden.
 */
export function lowerShortDeclaration(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (!left || !right) return [];
  const value = lowerValues(right, namedChildren(left).length, lowering);
  const declared = declareNames(namedChildren(left), right, lowering);
  return [...declared, ...assignment(left, value, 'set', node, lowering)];
}

export function declareNames(
  nodes: readonly SyntaxNode[],
  value: SyntaxNode | undefined,
  lowering: Lowering,
): readonly Statement[] {
  const used = value ? identifiersIn(value, lowering) : new Set<string>();
  const names = nodes
    .filter(({ type }) => type === 'identifier')
    .map((node) => textOf(node, lowering))
    .filter((name) => name !== '_' && !lowering.names.hasOwn(name));
  const fresh = names.filter((name) => !(used.has(name) && lowering.names.has(name)));
  for (const name of names) lowering.names.declare(name);
  const [first] = nodes;
  return fresh.length === 0 || !first
    ? []
    : [{ kind: 'declare', names: fresh, scope: 'block', place: placeOf(first, lowering) }];
}

function identifiersIn(node: SyntaxNode, lowering: Lowering): ReadonlySet<string> {
  const found = new Set<string>();
  for (const next of nodesIn(node)) if (next.type === 'identifier') found.add(textOf(next, lowering));
  return found;
}

/** `a, b = c, d`, `a += b`. */
export function lowerAssignment(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const sign = childOf(node, 'operator')?.type ?? '=';
  if (!left || !right) return [];
  const operator: AssignOperator = sign === '=' ? 'set' : sign === '+=' ? 'add' : 'other';
  return assignment(left, lowerValues(right, namedChildren(left).length, lowering), operator, node, lowering);
}

function assignment(
  left: SyntaxNode,
  value: Expression,
  operator: AssignOperator,
  node: SyntaxNode,
  lowering: Lowering,
): readonly Statement[] {
  const place = placeOf(node, lowering);
  const targets = namedChildren(left).map((child) => lowerTarget(child, lowering));
  const target: Target | undefined = joinTargets(targets, left, lowering);
  return target ? [{ kind: 'assign', target, value, operator, place }] : [{ kind: 'expression', value, place }];
}

/** The values for a number of targets: one each, the results of a call, or `value, ok`. */
function lowerValues(right: SyntaxNode, wanted: number, lowering: Lowering): Expression {
  const values = right.type === 'expression_list' ? namedChildren(right) : [right];
  const [only] = values;
  if (values.length !== 1 || !only || wanted < 2) return lowerExpression(right, lowering);
  const value = lowerExpression(only, lowering);
  const { place } = value;
  if (only.type === 'index_expression') {
    const found = lowerMembership(only, lowering);
    return { kind: 'list', items: [value, ...(found ? [found] : [])], place };
  }
  if (only.type === 'type_assertion_expression' || only.type === 'unary_expression')
    return { kind: 'list', items: [value, { kind: 'unknown', parts: [], place }], place };
  return value;
}

/** `var a, b T = c, d` and `const`: without a value only the type is known. */
export function lowerVariables(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return node.children.flatMap((child): readonly Statement[] => {
    if (child.type === 'var_spec_list') return lowerVariables(child, lowering);
    return child.type === 'var_spec' || child.type === 'const_spec' ? lowerVariable(child, lowering) : [];
  });
}

function lowerVariable(spec: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const names = childrenOf(spec, 'name').filter(({ named }) => named);
  const right = childOf(spec, 'value');
  const type = childOf(spec, 'type');
  const place = placeOf(spec, lowering);
  const value = right ? lowerValues(right, names.length, lowering) : undefined;
  const declared = declareNames(names, right, lowering);
  const targets = names.map((name) => lowerTarget(name, lowering));
  const initial = value ? typed(value, type, lowering) : emptyValue(type, place, lowering);
  if (right) {
    const target = joinTargets(targets, spec, lowering);
    const assigned: Statement = target
      ? { kind: 'assign', target, value: initial, operator: 'set', place }
      : { kind: 'expression', value: initial, place };
    return [...declared, assigned];
  }
  return [
    ...declared,
    ...targets.flatMap((target): Statement[] =>
      target ? [{ kind: 'assign', target, value: initial, operator: 'set', place }] : [],
    ),
  ];
}

function typed(value: Expression, type: SyntaxNode | undefined, lowering: Lowering): Expression {
  const name = typeName(type, lowering);
  return name === undefined ? value : { kind: 'typed', type: name, value, place: value.place };
}

/** A list that things are added to, or something of a type; texts may be filled from anywhere. */
function emptyValue(type: SyntaxNode | undefined, place: Expression['place'], lowering: Lowering): Expression {
  if (type?.type === 'slice_type') return { kind: 'list', items: [], place };
  if (type?.type === 'map_type') return { kind: 'map', entries: [], place };
  return { kind: 'typed', type: typeName(type, lowering) ?? '', value: undefined, place };
}
