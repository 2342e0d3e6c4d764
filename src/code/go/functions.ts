import type { FunctionNode, Parameter, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { LocalNames } from './local-names.ts';
import type { Lowering } from './lowering.ts';
import { lowerBlock } from './statements.ts';
import { typeName } from './types.ts';

/** Lower a function. */
export function lowerFunction(node: SyntaxNode, lowering: Lowering): FunctionNode {
  return makeFunction(node, { ...lowering, receiver: undefined }, false);
}

/** Lower a method: the receiver is no parameter, its name stands for `self`. */
export function lowerMethod(node: SyntaxNode, lowering: Lowering): FunctionNode {
  const [declared] = namedChildren(childOf(node, 'receiver') ?? node);
  const name = declared && childOf(declared, 'name');
  return makeFunction(node, { ...lowering, receiver: name && textOf(name, lowering) }, false);
}

/** Lower a function without a name, which sees the receiver of the method around it. */
export function lowerFunctionLiteral(node: SyntaxNode, lowering: Lowering): FunctionNode {
  return makeFunction(node, lowering, true);
}

/** The type whose method it is: `Store` of `(s *Store[T])`. */
export function receiverType(node: SyntaxNode, lowering: Lowering): string | undefined {
  const [declared] = namedChildren(childOf(node, 'receiver') ?? node);
  return declared && typeName(childOf(declared, 'type'), lowering);
}

function makeFunction(node: SyntaxNode, lowering: Lowering, arrow: boolean): FunctionNode {
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  const list = childOf(node, 'parameters');
  const result = childOf(node, 'result');
  const names = new LocalNames(lowering.names);
  const parameters = list ? lowerParameters(list, lowering) : [];
  const results = result?.type === 'parameter_list' ? namesOf(result, lowering) : [];
  for (const parameter of parameters) if (parameter.name !== undefined) names.declare(parameter.name);
  for (const named of results) names.declare(named);
  const inner: Lowering = { ...lowering, names, results };
  const place = placeOf(node, lowering);
  const declared: readonly Statement[] =
    results.length > 0 ? [{ kind: 'declare', names: results, scope: 'function', place }] : [];
  return {
    name: name && textOf(name, lowering),
    parameters,
    body: [...declared, ...(body ? lowerBlock(body, inner) : [])],
    decorators: [],
    async: false,
    generator: false,
    arrow,
    place,
  };
}

/** `a, b T` are two; one without a name is called by its position. */
function lowerParameters(list: SyntaxNode, lowering: Lowering): readonly Parameter[] {
  return namedChildren(list).flatMap((child, position): Parameter[] => {
    const named = childrenOf(child, 'name').filter(({ named: isName }) => isName);
    const variadic = child.type === 'variadic_parameter_declaration';
    const annotation = variadic ? undefined : typeName(childOf(child, 'type'), lowering);
    const names = named.length > 0 ? named.map((name) => textOf(name, lowering)) : [`_${position}`];
    return names.map((name) => ({
      target: { kind: 'name', name, place: placeOf(child, lowering) },
      name,
      default: undefined,
      rest: variadic ? 'positional' : undefined,
      annotation,
      decorators: [],
    }));
  });
}

function namesOf(list: SyntaxNode, lowering: Lowering): readonly string[] {
  return namedChildren(list).flatMap((child) =>
    childrenOf(child, 'name').flatMap((name) => (name.named ? textOf(name, lowering) : [])),
  );
}
