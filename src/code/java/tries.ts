import type { Expression, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerBlock, nameTarget } from './statements.ts';
import { declaredType } from './types.ts';

/** `try`, also with resources, which are opened in order inside of it. */
export function lowerTry(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const resources = childOf(node, 'resources');
  const opened = resources ? namedChildren(resources).flatMap((resource) => lowerResource(resource, lowering)) : [];
  const body = childOf(node, 'body');
  const last = node.children.find(({ type }) => type === 'finally_clause');
  const [final] = last ? namedChildren(last) : [];
  const handlers = node.children
    .filter(({ type }) => type === 'catch_clause')
    .map((clause) => lowerHandler(clause, lowering));
  return [
    {
      kind: 'try',
      body: [...opened, ...(body ? lowerBlock(body, lowering) : [])],
      handlers,
      otherwise: [],
      finaliser: final ? lowerBlock(final, lowering) : [],
      place: placeOf(node, lowering),
    },
  ];
}

function lowerHandler(clause: SyntaxNode, lowering: Lowering) {
  const parameter = clause.children.find(({ type }) => type === 'catch_formal_parameter');
  const name = parameter && childOf(parameter, 'name');
  const list = parameter?.children.find(({ type }) => type === 'catch_type');
  const binding = name && textOf(name, lowering);
  if (binding !== undefined) lowering.declare(binding);
  const body = childOf(clause, 'body');
  return {
    binding,
    types: list ? namedChildren(list).map((type) => textOf(type, lowering)) : [],
    body: body ? lowerBlock(body, lowering) : [],
  };
}

function lowerResource(resource: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const name = childOf(resource, 'name');
  const value = childOf(resource, 'value');
  const place = placeOf(resource, lowering);
  if (!name || !value) return [];
  const spelled = textOf(name, lowering);
  const lowered = lowerExpression(value, lowering);
  lowering.declare(spelled);
  const type = declaredType(resource, lowering);
  const typed: Expression = type === undefined ? lowered : { kind: 'typed', type, value: lowered, place };
  return [{ kind: 'assign', target: nameTarget(spelled, name, lowering), value: typed, operator: 'set', place }];
}
