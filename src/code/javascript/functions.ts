import type { Expression, FunctionNode, Parameter, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, hasToken, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { blockNames, patternNames, variableNames } from './declared-names.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerBlock } from './statements.ts';
import { keyText, lowerTarget } from './targets.ts';
import { annotationOf } from './types.ts';

/** Lower a function, an arrow or a method. `name` is what the place calls a nameless one. */
export function lowerFunction(
  node: SyntaxNode,
  decorators: readonly Expression[],
  lowering: Lowering,
  name?: string,
): FunctionNode {
  const identifier = childOf(node, 'name');
  const body = childOf(node, 'body');
  const parameters = parameterNodes(node);
  const own = { ...lowering, exports: [] };
  return {
    name: identifier ? keyText(identifier, lowering) : name,
    parameters: parameters.map((parameter) => lowerParameter(parameter, own)),
    body: body ? lowerBody(body, parameters, own) : [],
    decorators,
    async: hasToken(node, 'async'),
    generator: hasToken(node, '*') || node.type.startsWith('generator'),
    arrow: node.type === 'arrow_function',
    ownName: identifier && node.type.endsWith('_expression') ? textOf(identifier, lowering) : undefined,
    place: placeOf(node, lowering),
  };
}

/** Parameters in order; TypeScript's `this` is none. */
function parameterNodes(node: SyntaxNode): readonly SyntaxNode[] {
  const single = childOf(node, 'parameter');
  if (single) return [single];
  const list = childOf(node, 'parameters');
  return list ? namedChildren(list).filter((child) => patternOf(child).type !== 'this') : [];
}

function patternOf(node: SyntaxNode): SyntaxNode {
  return childOf(node, 'pattern') ?? node;
}

/** What is declared in the body belongs to the function; an arrow may be its own result. */
function lowerBody(body: SyntaxNode, parameters: readonly SyntaxNode[], lowering: Lowering): readonly Statement[] {
  const place = placeOf(body, lowering);
  if (body.type !== 'statement_block') return [{ kind: 'return', value: lowerExpression(body, lowering), place }];
  const taken = new Set<string>();
  for (const parameter of parameters) patternNames(patternOf(parameter), taken, lowering);
  const variables = variableNames(body, lowering).filter((name) => !taken.has(name));
  const names = [...new Set([...variables, ...blockNames(body.children, lowering)])];
  const statements = lowerBlock(body.children, lowering);
  return names.length === 0 ? statements : [{ kind: 'declare', names, scope: 'function', place }, ...statements];
}

/** A parameter: plain, with a pattern, a default, a rest, a type, decorators. */
function lowerParameter(node: SyntaxNode, lowering: Lowering): Parameter {
  const pattern = patternOf(node);
  const written =
    childOf(node, 'value') ?? (pattern.type === 'assignment_pattern' ? childOf(pattern, 'right') : undefined);
  const inner = pattern.type === 'assignment_pattern' ? (childOf(pattern, 'left') ?? pattern) : pattern;
  return {
    target: lowerTarget(inner, lowering),
    name: inner.type === 'identifier' ? textOf(inner, lowering) : undefined,
    default: written && lowerExpression(written, lowering),
    rest: inner.type === 'rest_pattern' ? 'positional' : undefined,
    annotation: annotationOf(childOf(node, 'type'), lowering),
    decorators: lowerDecorators(node, lowering),
  };
}

/** The expressions after each `@` directly below a node. */
export function lowerDecorators(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  return node.children
    .filter((child) => child.type === 'decorator')
    .flatMap((decorator) => namedChildren(decorator).map((inner) => lowerExpression(inner, lowering)));
}

/** Fields that a constructor makes of its parameters: `constructor(private db: Database)`. */
export function parameterFields(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return parameterNodes(node).flatMap((parameter): Statement[] => {
    const pattern = patternOf(parameter);
    const field = parameter.children.some(
      (child) => child.type === 'accessibility_modifier' || child.type === 'readonly',
    );
    if (!field || pattern.type !== 'identifier') return [];
    const place = placeOf(pattern, lowering);
    const name = textOf(pattern, lowering);
    const target = { kind: 'member', object: { kind: 'self', place }, name, place } as const;
    return [{ kind: 'assign', target, value: { kind: 'name', name, place }, operator: 'set', place }];
  });
}
