import type { Expression, Statement } from '../ir.ts';
import { placeOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { declareNames } from './assignments.ts';
import { lowerExpression, lowerTest } from './expressions.ts';
import { LocalNames } from './local-names.ts';
import type { Lowering } from './lowering.ts';
import { lowerBlock, lowerStatement } from './statements.ts';
import { lowerTarget } from './targets.ts';

/** The three forms of `for`. */
export function lowerFor(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const inner: Lowering = { ...lowering, names: new LocalNames(lowering.names) };
  const range = node.children.find(({ type }) => type === 'range_clause');
  if (range) return lowerRange(node, range, inner);
  const clause = node.children.find(({ type }) => type === 'for_clause');
  const place = placeOf(node, lowering);
  const part = (field: string) => clause && childOf(clause, field);
  const [initialiser, condition, update] = [part('initializer'), part('condition'), part('update')];
  const first = initialiser ? lowerStatement(initialiser, inner) : [];
  const body = bodyOf(node, inner);
  const last = update ? lowerStatement(update, inner) : [];
  const asked = condition ?? namedChildren(node).find((child) => !clause && child.type !== 'block');
  const test = asked && lowerTest(asked, inner);
  const loop: Statement = { kind: 'loop', each: undefined, test, body: [...body, ...last], otherwise: [], place };
  return first.length === 0 ? [loop] : [{ kind: 'block', body: [...first, loop], place }];
}

function bodyOf(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const body = childOf(node, 'body');
  return body ? lowerBlock(body, lowering) : [];
}

/** `for k, v := range xs`: the key of a list is a number, that of a map may be anything. */
function lowerRange(node: SyntaxNode, range: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const left = childOf(range, 'left');
  const right = childOf(range, 'right');
  if (!right) return bodyOf(node, lowering);
  const place = placeOf(node, lowering);
  const of = lowerExpression(right, lowering);
  const [key, value] = left ? namedChildren(left) : [];
  const listed = left ? namedChildren(left) : [];
  const declares = range.children.some(({ type }) => type === ':=');
  const declared = declares ? declareNames(listed, undefined, lowering) : [];
  const keyTarget = key && lowerTarget(key, lowering);
  const valueTarget = value && lowerTarget(value, lowering);
  const callee: Expression = { kind: 'name', name: 'range.key', place };
  const given = [{ name: undefined, value: of, spread: false }];
  const keys: readonly Statement[] = keyTarget
    ? [
        {
          kind: 'assign',
          target: keyTarget,
          value: { kind: 'call', callee, arguments: given, construct: false, place },
          operator: 'set',
          place,
        },
      ]
    : [];
  const target = valueTarget ?? { kind: 'list', items: [], rest: undefined, place };
  const body = [...keys, ...bodyOf(node, lowering)];
  const loop: Statement = {
    kind: 'loop',
    each: { target, of, keys: false },
    test: undefined,
    body,
    otherwise: [],
    place,
  };
  return declared.length === 0 ? [loop] : [{ kind: 'block', body: [...declared, loop], place }];
}
