import type { FunctionNode, Parameter } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerAnnotations } from './annotations.ts';
import { isStatic } from './class-context.ts';
import { lowerExpression } from './expressions.ts';
import { type Lowering, withLocals } from './lowering.ts';
import { lowerBlock } from './statements.ts';
import { declaredType } from './types.ts';

/** Lower a method with its body. */
export function lowerMethod(node: SyntaxNode, lowering: Lowering): FunctionNode {
  return makeFunction(node, { ...lowering, static: isStatic(node) }, false);
}

export function lowerConstructor(node: SyntaxNode, lowering: Lowering): FunctionNode {
  return makeFunction(node, { ...lowering, static: false }, false);
}

/** `(a, b) -> …`: a function that sees `this` and the variables around it. */
export function lowerLambda(node: SyntaxNode, lowering: Lowering): FunctionNode {
  return makeFunction(node, lowering, true);
}

function makeFunction(node: SyntaxNode, lowering: Lowering, arrow: boolean): FunctionNode {
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  const list = childOf(node, 'parameters');
  const parameters = list ? lowerParameters(list.type === 'identifier' ? [list] : namedChildren(list), lowering) : [];
  const inner = withLocals(
    lowering,
    parameters.flatMap((parameter) => parameter.name ?? []),
  );
  const place = placeOf(node, lowering);
  const isBlock = body?.type === 'block' || body?.type === 'constructor_body';
  return {
    name: name && textOf(name, lowering),
    parameters,
    body: !body
      ? []
      : isBlock
        ? lowerBlock(body, inner)
        : [{ kind: 'return', value: lowerExpression(body, inner), place }],
    decorators: [],
    async: false,
    generator: false,
    arrow,
    place,
  };
}

/** Parameters with their types and annotations; those of a lambda may be names alone. */
export function lowerParameters(nodes: readonly SyntaxNode[], lowering: Lowering): readonly Parameter[] {
  return nodes.flatMap((node): Parameter[] => {
    if (node.type === 'receiver_parameter') return [];
    const declarator = node.children.find(({ type }) => type === 'variable_declarator');
    const identifier =
      node.type === 'identifier' ? node : (childOf(node, 'name') ?? (declarator && childOf(declarator, 'name')));
    if (!identifier) return [];
    const name = textOf(identifier, lowering);
    const rest = node.type === 'spread_parameter' ? 'positional' : undefined;
    return [
      {
        target: { kind: 'name', name, place: placeOf(identifier, lowering) },
        name,
        default: undefined,
        rest,
        annotation: rest ? undefined : declaredType(node, lowering),
        decorators: lowerAnnotations(node, lowering),
      },
    ];
  });
}
