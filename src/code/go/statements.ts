import type { Expression, Statement } from '../ir.ts';
import { labelled } from '../labels.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, nodesIn, type SyntaxNode } from '../syntax-tree.ts';
import { lowerAssignment, lowerShortDeclaration, lowerVariables } from './assignments.ts';
import { lowerSelect, lowerSwitch, lowerTypeSwitch } from './choices.ts';
import { lowerTypes } from './declarations.ts';
import { lowerExpression, lowerTest } from './expressions.ts';
import { LocalNames } from './local-names.ts';
import { lowerFor } from './loops.ts';
import type { Lowering } from './lowering.ts';

type Lower = (node: SyntaxNode, lowering: Lowering) => readonly Statement[];

const jump =
  (kind: 'break' | 'continue' | 'goto'): Lower =>
  (node, lowering) => {
    const [label] = namedChildren(node);
    const place = placeOf(node, lowering);
    return [{ kind: kind === 'goto' ? 'break' : kind, label: label && textOf(label, lowering), place }];
  };

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
  break_statement: jump('break'),
  continue_statement: jump('continue'),
  go_statement: lowerExpressionStatement,
  defer_statement: lowerExpressionStatement,
  send_statement: lowerSend,
  labeled_statement: lowerLabelled,
  label_name: () => [],
  // To a label further down; see `lowerInOrder`.
  goto_statement: jump('goto'),
  fallthrough_statement: () => [],
  empty_statement: () => [],
  comment: () => [],
  import_declaration: () => [],
  package_clause: () => [],
  type_declaration: (node, lowering) =>
    lowerTypes(node, new Map(), lowering).map((made) => ({ kind: 'class', class: made, place: made.place })),
  block: (node, lowering) => [{ kind: 'block', body: lowerBlock(node, lowering), place: placeOf(node, lowering) }],
  statement_list: (node, lowering) => lowerInOrder(node.children, lowering),
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
  return lowerInOrder(nodes, inner);
}

/** Labels of one list that are jumped to: each may be a block around all that stands before it. */
const MOST_BLOCKS = 64;

/** Statements of one list; those that a `goto` inside of them leaves for a label further down are a block of its own. */
function lowerInOrder(nodes: readonly SyntaxNode[], lowering: Lowering): readonly Statement[] {
  if (!nodes.some(({ type }) => type === 'labeled_statement'))
    return nodes.flatMap((child) => lowerStatement(child, lowering));
  const made: Statement[] = [];
  /** Where the first statement with a `goto` to the label begins. */
  const jumps = new Map<string, number>();
  let blocks = 0;
  for (const node of nodes) {
    const label = node.type === 'labeled_statement' ? childOf(node, 'label') : undefined;
    const spelled = label && textOf(label, lowering);
    const start = spelled === undefined ? undefined : jumps.get(spelled);
    if (spelled !== undefined && start !== undefined && blocks++ < MOST_BLOCKS) {
      made.push({ kind: 'block', body: made.splice(start), label: spelled, place: placeOf(node, lowering) });
      for (const [other, begin] of jumps) if (begin > start) jumps.set(other, start);
    }
    for (const name of jumpsIn(node, lowering)) if (!jumps.has(name)) jumps.set(name, made.length);
    for (const statement of lowerStatement(node, lowering)) made.push(statement);
  }
  return made;
}

/** Labels to which something inside of a statement jumps. */
function jumpsIn(node: SyntaxNode, lowering: Lowering): readonly string[] {
  const labels: string[] = [];
  for (const inner of nodesIn(node)) {
    const [target] = inner.type === 'goto_statement' ? namedChildren(inner) : [];
    if (target) labels.push(textOf(target, lowering));
  }
  return labels;
}

function lowerLabelled(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const label = childOf(node, 'label');
  const body = namedChildren(node).flatMap((child) => lowerStatement(child, lowering));
  return label ? labelled(body, textOf(label, lowering), placeOf(node, lowering)) : body;
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
