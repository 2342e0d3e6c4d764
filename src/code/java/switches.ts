import type { Case, Statement } from '../ir.ts';
import { placeOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerStatement } from './statements.ts';

/** Whether a `switch` does something or gives a value. */
type Use = 'statement' | 'value';

/** `case A: …` goes on into the next, `case A -> …` does not. */
export function lowerSwitch(node: SyntaxNode, lowering: Lowering, use: Use): readonly Statement[] {
  const subject = childOf(node, 'condition');
  const body = childOf(node, 'body');
  if (!subject || !body) return [];
  const cases = namedChildren(body).map((group) => lowerGroup(group, lowering, use));
  // The default may stand anywhere; only at the end it is certain that nothing falls from it into another.
  const isDefault = ({ values }: Case) => values.length === 0;
  const ordered = body.children.some(({ type }) => type === 'switch_rule')
    ? [...cases.filter((one) => !isDefault(one)), ...cases.filter(isDefault)]
    : cases;
  const place = placeOf(node, lowering);
  return [{ kind: 'choice', subject: lowerExpression(subject, lowering), cases: ordered, fallsThrough: true, place }];
}

function lowerGroup(group: SyntaxNode, lowering: Lowering, use: Use): Case {
  const labels = group.children.filter(({ type }) => type === 'switch_label');
  const isDefault = labels.some((label) => label.children.some(({ type }) => type === 'default'));
  const listed = labels.flatMap((label) => namedChildren(label).filter(({ type }) => type !== 'guard'));
  const values = isDefault ? [] : listed.map((value) => lowerExpression(value, lowering));
  const inside = group.children.filter((child) => child.named && child.type !== 'switch_label');
  const place = placeOf(group, lowering);
  if (group.type !== 'switch_rule')
    return { values, body: inside.flatMap((child) => lowerStatement(child, lowering)), bindings: [] };
  const body = inside.flatMap((child) => lowerRule(child, lowering, use));
  return { values, body: [...body, { kind: 'break', place }], bindings: [] };
}

function lowerRule(node: SyntaxNode, lowering: Lowering, use: Use): readonly Statement[] {
  const [value] = node.type === 'expression_statement' ? namedChildren(node) : [];
  if (use === 'value' && value)
    return [{ kind: 'return', value: lowerExpression(value, lowering), place: placeOf(value, lowering) }];
  return lowerStatement(node, lowering);
}
