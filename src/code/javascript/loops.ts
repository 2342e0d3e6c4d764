import type { Expression, Statement } from '../ir.ts';
import { labelled } from '../labels.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, type SyntaxNode } from '../syntax-tree.ts';
import { blockNames, patternNames } from './declared-names.ts';
import { lowerExpression } from './expressions.ts';
import { type Lowering, literalAt } from './lowering.ts';
import { lowerBody, lowerStatement, scopeOf } from './statements.ts';
import { lowerTarget } from './targets.ts';

function loop(
  test: Expression | undefined,
  body: readonly Statement[],
  node: SyntaxNode,
  lowering: Lowering,
): Statement {
  return { kind: 'loop', each: undefined, test, body, otherwise: [], place: placeOf(node, lowering) };
}

/** `for (start; test; step)`: the step ends the body. A `continue` skips it here, which only loses a count. */
export function lowerFor(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const start = childOf(node, 'initializer');
  const condition = childrenOf(node, 'condition').find((child) => child.named && child.type !== 'empty_statement');
  const step = childOf(node, 'increment');
  const test = condition && lowerExpression(condition, lowering);
  const body = [...lowerBody(childOf(node, 'body'), lowering), ...(step ? lowerStatement(step, lowering) : [])];
  const begin = start ? lowerStatement(start, lowering) : [];
  const names = start ? blockNames([start], lowering) : [];
  return [scopeOf(names, [...begin, loop(test, body, node, lowering)], node, lowering)];
}

/** `for (const x of xs)`, `for await`, `for (k in o)`. */
export function lowerEach(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (!left || !right) return lowerBody(childOf(node, 'body'), lowering);
  const names = new Set<string>();
  const kind = childOf(node, 'kind')?.type;
  if (kind !== undefined && kind !== 'var') patternNames(left, names, lowering);
  const keys = childOf(node, 'operator')?.type === 'in';
  const statement: Statement = {
    kind: 'loop',
    each: { target: lowerTarget(left, lowering), of: lowerExpression(right, lowering), keys },
    test: undefined,
    body: lowerBody(childOf(node, 'body'), lowering),
    otherwise: [],
    place: placeOf(node, lowering),
  };
  return [names.size === 0 ? statement : scopeOf([...names], [statement], node, lowering)];
}

export function lowerWhile(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const condition = childOf(node, 'condition');
  const test = condition && lowerExpression(condition, lowering);
  return [loop(test, lowerBody(childOf(node, 'body'), lowering), node, lowering)];
}

/** `do body while (test)` is `while (true) { body; if (!test) break }`. */
export function lowerDo(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const condition = childOf(node, 'condition');
  const place = placeOf(condition ?? node, lowering);
  const then: readonly Statement[] = [];
  const stop: Statement[] = condition
    ? [
        {
          kind: 'branch',
          test: lowerExpression(condition, lowering),
          then,
          otherwise: [{ kind: 'break', place }],
          place,
        },
      ]
    : [];
  const body = [...lowerBody(childOf(node, 'body'), lowering), ...stop];
  return [loop(literalAt(true, node, lowering), body, node, lowering)];
}

/** A label of a loop or of a block, either of which `break` leaves. */
export function lowerLabelled(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const label = childOf(node, 'label');
  const body = lowerBody(childOf(node, 'body'), lowering);
  return label ? labelled(body, textOf(label, lowering), placeOf(node, lowering)) : body;
}
