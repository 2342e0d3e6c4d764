import type { Expression, Statement } from '../ir.ts';
import { placeOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerAssignment, lowerShortDeclaration, lowerVariables } from './assignments.ts';
import { lowerSelect, lowerSwitch, lowerTypeSwitch } from './choices.ts';
import { lowerTypes } from './declarations.ts';
import { lowerExpression, lowerTest } from './expressions.ts';
import { LocalNames } from './local-names.ts';
import { lowerFor } from './loops.ts';
import type { Lowering } from './lowering.ts';

type Lower = (node: SyntaxNode, lowering: Lowering) => readonly Statement[];

const STATEMENTS: Readonly<Record<string, Lower>> = {
  expression_statement: lowerExpressionStatement,
  short_var_declaration: lowerShortDeclaration,
  var_declaration: lowerVariables,
  const_declaration: lowerVariables,
  assignment_statement: lowerAssignment,
  inc_statement: lowerStep,
  dec_statement: lowerStep,
  if_statement: lowerIf,
  for_statement: lowerFor,
  expression_switch_statement: lowerSwitch,
  type_switch_statement: lowerTypeSwitch,
  select_statement: lowerSelect,
  return_statement: lowerReturn,
  break_statement: (node, lowering) => [{ kind: 'break', place: placeOf(node, lowering) }],
  continue_statement: (node, lowering) => [{ kind: 'continue', place: placeOf(node, lowering) }],
  go_statement: lowerExpressionStatement,
  defer_statement: lowerExpressionStatement,
  send_statement: lowerSend,
  labeled_statement: (node, lowering) => namedChildren(node).flatMap((child) => lowerStatement(child, lowering)),
  label_name: () => [],
  goto_statement: () => [],
  fallthrough_statement: () => [],
  empty_statement: () => [],
  comment: () => [],
  import_declaration: () => [],
  package_clause: () => [],
  type_declaration: (node, lowering) =>
    lowerTypes(node, new Map(), lowering).map((made) => ({ kind: 'class', class: made, place: made.place })),
  block: (node, lowering) => [{ kind: 'block', body: lowerBlock(node, lowering), place: placeOf(node, lowering) }],
  statement_list: (node, lowering) => node.children.flatMap((child) => lowerStatement(child, lowering)),
  ERROR: (node, lowering) => namedChildren(node).flatMap((child) => lowerStatement(child, lowering)),
};

/** Lower one statement. */
export function lowerStatement(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const lower = Object.hasOwn(STATEMENTS, node.type) ? STATEMENTS[node.type] : undefined;
  if (lower) return lower(node, lowering);
  return node.named
    ? [{ kind: 'expression', value: lowerExpression(node, lowering), place: placeOf(node, lowering) }]
    : [];
}

/** Lower what stands in a block, whose variables are its own. */
export function lowerBlock(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return lowerAll(node.children, lowering);
}

export function lowerAll(nodes: readonly SyntaxNode[], lowering: Lowering): readonly Statement[] {
  const inner: Lowering = { ...lowering, names: new LocalNames(lowering.names) };
  return nodes.flatMap((child) => lowerStatement(child, inner));
}

/** Calls, also those of `go` and `defer`; what panics does not go on. */
function lowerExpressionStatement(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return namedChildren(node).flatMap((child): Statement[] => {
    const value = lowerExpression(child, lowering);
    const place = placeOf(child, lowering);
    const panics = value.kind === 'call' && value.callee.kind === 'name' && value.callee.name === 'panic';
    if (panics && node.type === 'expression_statement')
      return [{ kind: 'throw', value: value.arguments[0]?.value, place }];
    return [{ kind: 'expression', value, place }];
  });
}

function lowerStep(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const [operand] = namedChildren(node);
  if (operand?.type !== 'identifier') return [];
  const place = placeOf(node, lowering);
  const value: Expression = { kind: 'literal', value: 1, place };
  const stepped = lowerExpression(operand, lowering);
  return stepped.kind === 'name' ? [{ kind: 'assign', target: stepped, value, operator: 'other', place }] : [];
}

/** `if v := f(); test { … }`: what is declared in front belongs to both branches. */
function lowerIf(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const initialiser = childOf(node, 'initializer');
  const condition = childOf(node, 'condition');
  const consequence = childOf(node, 'consequence');
  const alternative = childOf(node, 'alternative');
  const place = placeOf(node, lowering);
  const inner: Lowering = { ...lowering, names: new LocalNames(lowering.names) };
  const first = initialiser ? lowerStatement(initialiser, inner) : [];
  const otherwise = alternative
    ? alternative.type === 'block'
      ? lowerBlock(alternative, inner)
      : lowerStatement(alternative, inner)
    : [];
  const test = condition ? lowerTest(condition, inner) : undefined;
  const then = consequence ? lowerBlock(consequence, inner) : [];
  if (!test) return [...first, ...then, ...otherwise];
  const branch: Statement = { kind: 'branch', test, then, otherwise, place };
  return first.length === 0 ? [branch] : [{ kind: 'block', body: [...first, branch], place }];
}

/** Several values are a list; a bare `return` gives the named results. */
function lowerReturn(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const [list] = namedChildren(node);
  const place = placeOf(node, lowering);
  if (list) return [{ kind: 'return', value: lowerExpression(list, lowering), place }];
  const items = lowering.results.map((name): Expression => ({ kind: 'name', name, place }));
  const [only] = items;
  const value: Expression | undefined = items.length > 1 ? { kind: 'list', items, place } : only;
  return [{ kind: 'return', value, place }];
}

/** What is sent is one of the things in the channel. */
function lowerSend(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const channel = childOf(node, 'channel');
  const sent = childOf(node, 'value');
  if (!channel || !sent) return [];
  const place = placeOf(node, lowering);
  const callee: Expression = {
    kind: 'member',
    object: lowerExpression(channel, lowering),
    name: 'push',
    optional: false,
    place,
  };
  const given = [{ name: undefined, value: lowerExpression(sent, lowering), spread: false }];
  return [{ kind: 'expression', value: { kind: 'call', callee, arguments: given, construct: false, place }, place }];
}
