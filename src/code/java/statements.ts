import type { Expression, Statement, Target } from '../ir.ts';
import { labelled } from '../labels.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, childrenOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { CLASSES } from './class-context.ts';
import { lowerClass } from './classes.ts';
import { assignmentOf, lowerArguments, lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerSwitch } from './switches.ts';
import { lowerTry } from './tries.ts';
import { declaredType } from './types.ts';

type Lower = (node: SyntaxNode, lowering: Lowering) => readonly Statement[];

const jump =
  (kind: 'break' | 'continue'): Lower =>
  (node, lowering) => {
    const [label] = namedChildren(node);
    return [{ kind, label: label && textOf(label, lowering), place: placeOf(node, lowering) }];
  };

const STATEMENTS: Readonly<Record<string, Lower>> = {
  expression_statement: lowerExpressionStatement,
  local_variable_declaration: lowerVariables,
  if_statement: lowerIf,
  for_statement: lowerFor,
  enhanced_for_statement: lowerForEach,
  while_statement: lowerWhile,
  do_statement: lowerDo,
  switch_expression: (node, lowering) => lowerSwitch(node, lowering, 'statement'),
  switch_statement: (node, lowering) => lowerSwitch(node, lowering, 'statement'),
  try_statement: lowerTry,
  try_with_resources_statement: lowerTry,
  return_statement: (node, lowering) => [
    { kind: 'return', value: firstExpression(node, lowering), place: placeOf(node, lowering) },
  ],
  yield_statement: (node, lowering) => [
    { kind: 'return', value: firstExpression(node, lowering), place: placeOf(node, lowering) },
  ],
  throw_statement: (node, lowering) => [
    { kind: 'throw', value: firstExpression(node, lowering), place: placeOf(node, lowering) },
  ],
  break_statement: jump('break'),
  continue_statement: jump('continue'),
  assert_statement: lowerAssert,
  explicit_constructor_invocation: lowerOtherConstructor,
  synchronized_statement: (node, lowering) => bodyOf(node, lowering),
  labeled_statement: lowerLabelled,
  block: (node, lowering) => [{ kind: 'block', body: lowerBlock(node, lowering), place: placeOf(node, lowering) }],
  line_comment: () => [],
  block_comment: () => [],
  ERROR: (node, lowering) => namedChildren(node).flatMap((child) => lowerStatement(child, lowering)),
};

/** Lower one statement. */
export function lowerStatement(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const lower = Object.hasOwn(STATEMENTS, node.type) ? STATEMENTS[node.type] : undefined;
  if (lower) return lower(node, lowering);
  if (CLASSES.has(node.type)) {
    const made = lowerClass(node, lowering);
    return [{ kind: 'class', class: made, place: made.place }];
  }
  return node.named
    ? [{ kind: 'expression', value: lowerExpression(node, lowering), place: placeOf(node, lowering) }]
    : [];
}

/** Lower the statements of a block, in order. */
export function lowerBlock(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return node.children.flatMap((child) => lowerStatement(child, lowering));
}

/** One statement or a block in the place of one. */
function lowerBody(node: SyntaxNode | undefined, lowering: Lowering): readonly Statement[] {
  if (!node) return [];
  return node.type === 'block' ? lowerBlock(node, lowering) : lowerStatement(node, lowering);
}

function bodyOf(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return lowerBody(childOf(node, 'body'), lowering);
}

function firstExpression(node: SyntaxNode, lowering: Lowering): Expression | undefined {
  const [first] = namedChildren(node);
  return first && lowerExpression(first, lowering);
}

function lowerExpressionStatement(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return namedChildren(node).flatMap((child): readonly Statement[] => {
    if (child.type === 'switch_expression') return lowerSwitch(child, lowering, 'statement');
    const assigned = child.type === 'assignment_expression' ? assignmentOf(child, lowering) : undefined;
    return [
      assigned ?? { kind: 'expression', value: lowerExpression(child, lowering), place: placeOf(child, lowering) },
    ];
  });
}

/** `T a = x, b;` declares both; the type says what the value is. */
function lowerVariables(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const type = declaredType(node, lowering);
  return childrenOf(node, 'declarator').flatMap((declarator): Statement[] => {
    const identifier = childOf(declarator, 'name');
    const initial = childOf(declarator, 'value');
    if (!identifier) return [];
    const name = textOf(identifier, lowering);
    const place = placeOf(declarator, lowering);
    const value = initial && lowerExpression(initial, lowering);
    lowering.declare(name);
    const declared: Statement = { kind: 'declare', names: [name], scope: 'block', place };
    if (!value) return [declared];
    const typed: Expression = type === undefined ? value : { kind: 'typed', type, value, place: value.place };
    return [
      declared,
      { kind: 'assign', target: nameTarget(name, identifier, lowering), value: typed, operator: 'set', place },
    ];
  });
}

export function nameTarget(name: string, node: SyntaxNode, lowering: Lowering): Target {
  return { kind: 'name', name, place: placeOf(node, lowering) };
}

function lowerIf(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const condition = childOf(node, 'condition');
  if (!condition) return [];
  const test = lowerExpression(condition, lowering);
  const chosen = lowerBody(childOf(node, 'consequence'), lowering);
  const otherwise = lowerBody(childOf(node, 'alternative'), lowering);
  return [branch(test, chosen, otherwise, node, lowering)];
}

function branch(
  test: Expression,
  then: readonly Statement[],
  otherwise: readonly Statement[],
  node: SyntaxNode,
  lowering: Lowering,
): Statement {
  return { kind: 'branch', test, then, otherwise, place: placeOf(node, lowering) };
}

function lowerFor(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const first = childrenOf(node, 'init').flatMap((part) => lowerStatement(part, lowering));
  const condition = childOf(node, 'condition');
  const test = condition && lowerExpression(condition, lowering);
  const last = childrenOf(node, 'update').flatMap((part) => lowerStatement(part, lowering));
  const place = placeOf(node, lowering);
  const body = [...bodyOf(node, lowering), ...last];
  const loop: Statement = { kind: 'loop', each: undefined, test, body, otherwise: [], place };
  return first.length === 0 ? [loop] : [{ kind: 'block', body: [...first, loop], place }];
}

function lowerForEach(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const name = childOf(node, 'name');
  const value = childOf(node, 'value');
  if (!name || !value) return bodyOf(node, lowering);
  const spelled = textOf(name, lowering);
  const of = lowerExpression(value, lowering);
  lowering.declare(spelled);
  const place = placeOf(node, lowering);
  const target = nameTarget(spelled, name, lowering);
  const type = declaredType(node, lowering);
  const named: Expression = { kind: 'name', name: spelled, place };
  const typed: readonly Statement[] =
    type === undefined
      ? []
      : [{ kind: 'assign', target, value: { kind: 'typed', type, value: named, place }, operator: 'set', place }];
  const body = [...typed, ...bodyOf(node, lowering)];
  const loop: Statement = {
    kind: 'loop',
    each: { target, of, keys: false },
    test: undefined,
    body,
    otherwise: [],
    place,
  };
  return [{ kind: 'block', body: [{ kind: 'declare', names: [spelled], scope: 'block', place }, loop], place }];
}

function lowerWhile(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const condition = childOf(node, 'condition');
  const test = condition && lowerExpression(condition, lowering);
  const body = bodyOf(node, lowering);
  return [{ kind: 'loop', each: undefined, test, body, otherwise: [], place: placeOf(node, lowering) }];
}

/** `do body while (test)` runs the body once at least. */
function lowerDo(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const condition = childOf(node, 'condition');
  const place = placeOf(node, lowering);
  const body = bodyOf(node, lowering);
  const leave: Statement = { kind: 'break', place };
  const stop = condition ? [branch(lowerExpression(condition, lowering), [], [leave], condition, lowering)] : [];
  const test: Expression = { kind: 'literal', value: true, place };
  return [{ kind: 'loop', each: undefined, test, body: [...body, ...stop], otherwise: [], place }];
}

function lowerLabelled(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const [label, ...inner] = namedChildren(node);
  const body = inner.flatMap((child) => lowerStatement(child, lowering));
  return label ? labelled(body, textOf(label, lowering), placeOf(node, lowering)) : body;
}

function lowerAssert(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const test = firstExpression(node, lowering);
  return test ? [{ kind: 'assert', test, place: placeOf(node, lowering) }] : [];
}

/** `super(…)` is the base's constructor; `this(…)` another one of this class. */
function lowerOtherConstructor(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const place = placeOf(node, lowering);
  const isBase = childOf(node, 'constructor')?.type === 'super';
  const callee: Expression = isBase
    ? { kind: 'name', name: 'super', place }
    : { kind: 'member', object: { kind: 'self', place }, name: '<init>', optional: false, place };
  const given = lowerArguments(node, lowering);
  return [{ kind: 'expression', value: { kind: 'call', callee, arguments: given, construct: false, place }, place }];
}
