import type { Expression, FunctionNode, Parameter, Statement, Target } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, hasToken, namedChildren, nodesIn, type SyntaxNode } from '../syntax-tree.ts';
import { assignedNames } from './assigned-names.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerBlock } from './statements.ts';

/** What a method calls its receiver, or `undefined` for a plain function. */
export type Receiver = 'first parameter' | undefined;

/** Lower a `def`. The receiver of a method is no parameter: its name stands for `self` inside. */
export function lowerFunction(
  node: SyntaxNode,
  decorators: readonly Expression[],
  receiver: Receiver,
  lowering: Lowering,
): FunctionNode {
  const name = childOf(node, 'name');
  const list = childOf(node, 'parameters');
  const body = childOf(node, 'body');
  const all = list ? namedChildren(list) : [];
  const first = receiver && all[0]?.type === 'identifier' ? all[0] : undefined;
  const names = all.map((child) => parameterName(child, lowering));
  const inner: Lowering = {
    ...lowering,
    receiver: receiver
      ? first && textOf(first, lowering)
      : names.includes(lowering.receiver)
        ? undefined
        : lowering.receiver,
  };
  const parameters = lowerParameters(first ? all.slice(1) : all, lowering);
  return {
    name: name && textOf(name, lowering),
    parameters,
    body: body ? lowerBody(body, inner) : [],
    decorators,
    async: hasToken(node, 'async'),
    generator: body ? yields(body) : false,
    arrow: receiver === undefined && lowering.receiver !== undefined,
    place: placeOf(node, lowering),
  };
}

/** Lower a `lambda`: a function that returns its body. */
export function lowerLambda(node: SyntaxNode, lowering: Lowering): FunctionNode {
  const list = childOf(node, 'parameters');
  const body = childOf(node, 'body');
  const place = placeOf(node, lowering);
  const names = list ? namedChildren(list).map((child) => parameterName(child, lowering)) : [];
  const inner: Lowering = { ...lowering, receiver: names.includes(lowering.receiver) ? undefined : lowering.receiver };
  const statements: Statement[] = body ? [{ kind: 'return', value: lowerExpression(body, inner), place }] : [];
  return {
    name: undefined,
    parameters: lowerParameters(list ? namedChildren(list) : [], lowering),
    body: statements,
    decorators: [],
    async: false,
    generator: false,
    arrow: true,
    place,
  };
}

/** The body with the names it assigns declared first. */
function lowerBody(body: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const names = assignedNames(body, lowering);
  const statements = lowerBlock(body, lowering);
  if (names.length === 0) return statements;
  return [{ kind: 'declare', names, scope: 'function', place: placeOf(body, lowering) }, ...statements];
}

const REST: Readonly<Record<string, 'positional' | 'keyword'>> = {
  list_splat_pattern: 'positional',
  dictionary_splat_pattern: 'keyword',
};

function lowerParameters(nodes: readonly SyntaxNode[], lowering: Lowering): readonly Parameter[] {
  return nodes.flatMap((node): Parameter[] => {
    if (node.type === 'keyword_separator' || node.type === 'positional_separator') return [];
    const identifier = identifierOf(node);
    if (!identifier) return [];
    const holder = node.type === 'typed_parameter' ? (namedChildren(node)[0] ?? node) : node;
    const annotation = childOf(node, 'type');
    const value = childOf(node, 'value');
    const name = textOf(identifier, lowering);
    const target: Target = { kind: 'name', name, place: placeOf(identifier, lowering) };
    return [
      {
        target,
        name,
        default: value && lowerExpression(value, lowering),
        rest: REST[holder.type],
        annotation: annotation && textOf(annotation, lowering),
        decorators: [],
      },
    ];
  });
}

function parameterName(node: SyntaxNode, lowering: Lowering): string | undefined {
  const identifier = identifierOf(node);
  return identifier && textOf(identifier, lowering);
}

/** `a`, `a: int`, `a=1`, `a: int = 1`, `*a`, `**a`, `*a: int`. */
function identifierOf(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === 'identifier') return node;
  const name = childOf(node, 'name');
  if (name) return identifierOf(name);
  const [first] = namedChildren(node);
  return first && first.type !== 'type' ? identifierOf(first) : undefined;
}

const NESTED = new Set(['function_definition', 'class_definition', 'lambda']);

function yields(body: SyntaxNode): boolean {
  for (const { type } of nodesIn(body, (node) => !NESTED.has(node.type))) if (type === 'yield') return true;
  return false;
}
