import type { ClassNode, Expression } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerArguments, lowerExpression } from './expressions.ts';
import { lowerFunction } from './functions.ts';
import type { Lowering } from './lowering.ts';
import { lowerDecorators } from './statements.ts';

type Member = ClassNode['members'][number];

/** Lower a class: methods, properties, fields. Other statements of its body are not run. */
export function lowerClass(node: SyntaxNode, decorators: readonly Expression[], lowering: Lowering): ClassNode {
  const name = childOf(node, 'name');
  const bases = childOf(node, 'superclasses');
  const body = childOf(node, 'body');
  const inner: Lowering = { ...lowering, receiver: undefined };
  return {
    name: name && textOf(name, lowering),
    bases: bases ? lowerArguments(bases, lowering).flatMap((base) => (base.name ? [] : [base.value])) : [],
    decorators,
    members: body ? body.children.flatMap((child) => lowerMember(child, inner)) : [],
    place: placeOf(node, lowering),
  };
}

function lowerMember(node: SyntaxNode, lowering: Lowering): readonly Member[] {
  if (node.type === 'function_definition') return [methodMember(node, [], [], lowering)];
  if (node.type === 'decorated_definition') return lowerDecoratedMember(node, lowering);
  if (node.type === 'expression_statement')
    return namedChildren(node).flatMap((child) => (child.type === 'assignment' ? fieldMember(child, lowering) : []));
  if (node.type === 'if_statement') {
    const body = childOf(node, 'consequence');
    return body ? body.children.flatMap((child) => lowerMember(child, lowering)) : [];
  }
  if (node.type === 'class_definition') return [classMember(node, lowering)];
  return [];
}

function lowerDecoratedMember(node: SyntaxNode, lowering: Lowering): readonly Member[] {
  const definition = childOf(node, 'definition');
  if (!definition) return [];
  if (definition.type === 'class_definition') return [classMember(definition, lowering)];
  const names = node.children
    .filter((child) => child.type === 'decorator')
    .map((child) => textOf(child, lowering).replace(/^@\s*/, ''));
  return [methodMember(definition, lowerDecorators(node, lowering), names, lowering)];
}

function classMember(node: SyntaxNode, lowering: Lowering): Member {
  const inner = lowerClass(node, [], lowering);
  return {
    name: inner.name ?? '',
    static: true,
    kind: 'field',
    function: undefined,
    value: { kind: 'class', class: inner, place: inner.place },
    decorators: [],
    annotation: undefined,
  };
}

const GETTER = /^(?:property|functools\.cached_property|cached_property)$/;

function methodMember(
  node: SyntaxNode,
  decorators: readonly Expression[],
  names: readonly string[],
  lowering: Lowering,
): Member {
  const identifier = childOf(node, 'name');
  const name = identifier ? textOf(identifier, lowering) : '';
  const isStatic = names.includes('staticmethod');
  const setter = names.some((decorator) => decorator === `${name}.setter`);
  const getter = names.some((decorator) => GETTER.test(decorator));
  const kind = name === '__init__' ? 'constructor' : setter ? 'setter' : getter ? 'getter' : 'method';
  return {
    name,
    static: isStatic || names.includes('classmethod') || name === '__new__',
    kind,
    function: lowerFunction(node, decorators, isStatic ? undefined : 'first parameter', lowering),
    value: undefined,
    decorators,
    annotation: undefined,
  };
}

function fieldMember(node: SyntaxNode, lowering: Lowering): readonly Member[] {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const type = childOf(node, 'type');
  if (left?.type !== 'identifier') return [];
  return [
    {
      name: textOf(left, lowering),
      static: right !== undefined,
      kind: 'field',
      function: undefined,
      value: right && lowerExpression(right, lowering),
      decorators: [],
      annotation: type && textOf(type, lowering),
    },
  ];
}
