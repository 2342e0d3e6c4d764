import type { Expression, Target } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { typeName } from './types.ts';

/**
 * `value instanceof pattern`, also where a `case` asks it: binds what the pattern names. The parts of a record are taken
 * in the order of its header (Java specification, 14.30).
 */
export function lowerPatternTest(pattern: SyntaxNode, value: Expression, lowering: Lowering): Expression {
  const [inner = pattern] = pattern.type === 'pattern' ? namedChildren(pattern) : [pattern];
  const place = placeOf(inner, lowering);
  const type = typeNode(inner);
  const target = lowerPatternTarget(inner, lowering);
  const typed: Expression = { kind: 'typed', type: typeName(type, lowering) ?? '', value, place };
  const left: Expression = target ? { kind: 'assign', target, value: typed, place } : value;
  const right: Expression = type ? lowerExpression(type, lowering) : { kind: 'unknown', parts: [], place };
  return { kind: 'binary', operator: 'instanceof', left, right, place };
}

function typeNode(pattern: SyntaxNode): SyntaxNode | undefined {
  return namedChildren(pattern).find(({ type }) => type !== 'modifiers');
}

function lowerPatternTarget(pattern: SyntaxNode, lowering: Lowering): Target | undefined {
  const place = placeOf(pattern, lowering);
  const body = pattern.children.find(({ type }) => type === 'record_pattern_body');
  if (body) {
    const items = namedChildren(body).map((part) => lowerPatternTarget(part, lowering));
    return { kind: 'list', items, rest: undefined, place };
  }
  const name = namedChildren(pattern).findLast(({ type }) => type === 'identifier');
  if (!name) return undefined;
  const spelled = textOf(name, lowering);
  lowering.declare(spelled);
  return { kind: 'name', name: spelled, place: placeOf(name, lowering) };
}
