import type { Place } from '../../syntax/index.ts';
import type { Case, Expression, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerPatternTest } from './patterns.ts';
import { lowerStatement } from './statements.ts';

/** Whether a `switch` does something or gives a value. */
type Use = 'statement' | 'value';

/** `case A: …` goes on into the next, `case A -> …` does not. */
export function lowerSwitch(node: SyntaxNode, lowering: Lowering, use: Use): readonly Statement[] {
  const subject = childOf(node, 'condition');
  const body = childOf(node, 'body');
  if (!subject || !body) return [];
  const place = placeOf(node, lowering);
  const asked = lowerExpression(subject, lowering);
  // What patterns take apart is evaluated once.
  const name = `switch ${subject.start}`;
  const held: Expression = asked.kind === 'name' ? asked : { kind: 'name', name, place: asked.place };
  const cases = namedChildren(body).map((group) => lowerGroup(group, held, lowering, use));
  // The default may stand anywhere; only at the end it is certain that nothing falls from it into another.
  const isDefault = ({ values }: Case) => values.length === 0;
  const ordered = body.children.some(({ type }) => type === 'switch_rule')
    ? [...cases.filter((one) => !isDefault(one)), ...cases.filter(isDefault)]
    : cases;
  const choice = { kind: 'choice', cases: ordered, fallsThrough: true, place } as const;
  if (held === asked || cases.every(({ test }) => test === undefined)) return [{ ...choice, subject: asked }];
  const kept: Statement = {
    kind: 'assign',
    target: { kind: 'name', name, place },
    value: asked,
    operator: 'set',
    place,
  };
  return [kept, { ...choice, subject: held }];
}

function lowerGroup(group: SyntaxNode, subject: Expression, lowering: Lowering, use: Use): Case {
  const labels = group.children.filter(({ type }) => type === 'switch_label');
  const isDefault = labels.some((label) => label.children.some((child) => textOf(child, lowering) === 'default'));
  const listed = labels.flatMap((label) => namedChildren(label).filter(({ type }) => type !== 'guard'));
  const place = placeOf(group, lowering);
  const values = isDefault ? [] : listed.map((value) => lowerLabel(value, lowering));
  const test = isDefault ? undefined : lowerTest(labels, subject, place, lowering);
  const inside = group.children.filter((child) => child.named && child.type !== 'switch_label');
  if (group.type !== 'switch_rule')
    return { values, test, body: inside.flatMap((child) => lowerStatement(child, lowering)), bindings: [] };
  const body = inside.flatMap((child) => lowerRule(child, lowering, use));
  return { values, test, body: [...body, { kind: 'break', place }], bindings: [] };
}

/** A pattern may match or not. */
function lowerLabel(node: SyntaxNode, lowering: Lowering): Expression {
  if (node.type === 'pattern') return { kind: 'unknown', parts: [], place: placeOf(node, lowering) };
  return lowerExpression(node, lowering);
}

/** `case String s when s.isEmpty()`: the pattern binds, then the guard asks. */
function lowerTest(
  labels: readonly SyntaxNode[],
  subject: Expression,
  place: Place,
  lowering: Lowering,
): Expression | undefined {
  let test: Expression | undefined;
  for (const label of labels)
    for (const part of namedChildren(label)) {
      const [asked] = part.type === 'guard' ? namedChildren(part) : [];
      const right = part.type === 'pattern' ? lowerPatternTest(part, subject, lowering) : asked;
      if (!right) continue;
      const lowered = 'kind' in right ? right : lowerExpression(right, lowering);
      const operator = part.type === 'guard' ? 'and' : 'or';
      test = test ? { kind: 'logical', operator, left: test, right: lowered, place } : lowered;
    }
  return test;
}

function lowerRule(node: SyntaxNode, lowering: Lowering, use: Use): readonly Statement[] {
  const [value] = node.type === 'expression_statement' ? namedChildren(node) : [];
  if (use === 'value' && value)
    return [{ kind: 'return', value: lowerExpression(value, lowering), place: placeOf(value, lowering) }];
  return lowerStatement(node, lowering);
}
