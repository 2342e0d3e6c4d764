import type { Expression, Statement } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerClass } from './classes.ts';
import { blockNames, patternNames } from './declared-names.ts';
import { lowerExport } from './exports.ts';
import { lowerExpression } from './expressions.ts';
import { lowerFunction } from './functions.ts';
import { lowerImport } from './imports.ts';
import { lowerDo, lowerEach, lowerFor, lowerLabelled, lowerWhile } from './loops.ts';
import type { Lowering } from './lowering.ts';
import { lowerAssignStatement } from './operators.ts';
import { lowerTarget } from './targets.ts';
import { lowerAlias, lowerEnum, lowerNamespace } from './types.ts';

type Lower = (node: SyntaxNode, lowering: Lowering) => readonly Statement[];

const nothing: Lower = () => [];

const inner: Lower = (node, lowering) => namedChildren(node).flatMap((child) => lowerStatement(child, lowering));

const valued =
  (kind: 'return' | 'throw'): Lower =>
  (node, lowering) => [{ kind, value: firstExpression(node, lowering), place: placeOf(node, lowering) }];

const jump =
  (kind: 'break' | 'continue'): Lower =>
  (node, lowering) => {
    const label = childOf(node, 'label');
    return [{ kind, label: label && textOf(label, lowering), place: placeOf(node, lowering) }];
  };

const lowerFunctionStatement: Lower = (node, lowering) => [
  { kind: 'function', function: lowerFunction(node, [], lowering), place: placeOf(node, lowering) },
];

const lowerClassStatement: Lower = (node, lowering) => [
  { kind: 'class', class: lowerClass(node, [], lowering), place: placeOf(node, lowering) },
];

const STATEMENTS: Readonly<Record<string, Lower>> = {
  expression_statement: inner,
  sequence_expression: inner,
  lexical_declaration: lowerDeclaration,
  variable_declaration: lowerDeclaration,
  if_statement: lowerIf,
  for_statement: lowerFor,
  for_in_statement: lowerEach,
  while_statement: lowerWhile,
  do_statement: lowerDo,
  labeled_statement: lowerLabelled,
  switch_statement: lowerSwitch,
  try_statement: lowerTry,
  with_statement: (node, lowering) => lowerBody(childOf(node, 'body'), lowering),
  return_statement: valued('return'),
  throw_statement: valued('throw'),
  break_statement: jump('break'),
  continue_statement: jump('continue'),
  function_declaration: lowerFunctionStatement,
  generator_function_declaration: lowerFunctionStatement,
  class_declaration: lowerClassStatement,
  abstract_class_declaration: lowerClassStatement,
  import_statement: lowerImport,
  import_alias: lowerAlias,
  export_statement: lowerExport,
  enum_declaration: lowerEnum,
  internal_module: lowerNamespace,
  module: lowerNamespace,
  statement_block: (node, lowering) => [lowerScope(node, lowering)],
  yield_expression: lowerYield,
  unary_expression: lowerUnaryStatement,
  assignment_expression: lowerAssign,
  augmented_assignment_expression: lowerAssign,
  ERROR: inner,
  ambient_declaration: nothing,
  function_signature: nothing,
  interface_declaration: nothing,
  type_alias_declaration: nothing,
  empty_statement: nothing,
  debugger_statement: nothing,
  hash_bang_line: nothing,
  html_comment: nothing,
  comment: nothing,
};

/** Functions exist before the first statement of their block runs, and so do imports (ECMA-262, 14.2.2). */
const HOISTED = new Set(['function_declaration', 'generator_function_declaration', 'import_statement']);

/** Lower statements in the order in which they take effect. */
export function lowerBlock(nodes: readonly SyntaxNode[], lowering: Lowering): readonly Statement[] {
  const first: Statement[] = [];
  const then: Statement[] = [];
  for (const node of nodes) {
    const declaration = node.type === 'export_statement' ? childOf(node, 'declaration') : undefined;
    const hoisted = HOISTED.has(node.type) || (declaration !== undefined && HOISTED.has(declaration.type));
    for (const statement of lowerStatement(node, lowering)) (hoisted ? first : then).push(statement);
  }
  return [...first, ...then];
}

/** Lower one statement; what is none is run as an expression. */
export function lowerStatement(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const lower = Object.hasOwn(STATEMENTS, node.type) ? STATEMENTS[node.type] : undefined;
  if (lower) return lower(node, lowering);
  return node.named
    ? [{ kind: 'expression', value: lowerExpression(node, lowering), place: placeOf(node, lowering) }]
    : [];
}

/** A block with what it declares. */
function lowerScope(node: SyntaxNode, lowering: Lowering): Statement {
  return scopeOf(blockNames(node.children, lowering), lowerBlock(node.children, lowering), node, lowering);
}

/** Statements with names of their own. */
export function scopeOf(
  names: readonly string[],
  body: readonly Statement[],
  node: SyntaxNode,
  lowering: Lowering,
): Statement {
  const place = placeOf(node, lowering);
  const declared: readonly Statement[] = names.length === 0 ? [] : [{ kind: 'declare', names, scope: 'block', place }];
  return { kind: 'block', body: [...declared, ...body], place };
}

/** What stands under `if`, `for` and the like: a block, or one statement. */
export function lowerBody(node: SyntaxNode | undefined, lowering: Lowering): readonly Statement[] {
  if (!node) return [];
  return node.type === 'statement_block' ? [lowerScope(node, lowering)] : lowerStatement(node, lowering);
}

function firstExpression(node: SyntaxNode, lowering: Lowering): Expression | undefined {
  const [first] = namedChildren(node);
  return first && first.type !== 'statement_identifier' ? lowerExpression(first, lowering) : undefined;
}

/** `const a = 1, b = 2`; a declarator without a value assigns nothing. */
function lowerDeclaration(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return namedChildren(node).flatMap((declarator): Statement[] => {
    const pattern = childOf(declarator, 'name');
    const value = childOf(declarator, 'value');
    if (declarator.type !== 'variable_declarator' || !pattern || !value) return [];
    const name = pattern.type === 'identifier' ? textOf(pattern, lowering) : undefined;
    const place = placeOf(declarator, lowering);
    const target = lowerTarget(pattern, lowering);
    return [{ kind: 'assign', target, value: lowerExpression(value, lowering, name), operator: 'set', place }];
  });
}

function lowerAssign(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const statement = lowerAssignStatement(node, lowering);
  if (statement) return [statement];
  return [{ kind: 'expression', value: lowerExpression(node, lowering), place: placeOf(node, lowering) }];
}

function lowerUnaryStatement(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const operand = childOf(node, 'argument');
  const place = placeOf(node, lowering);
  if (operand && childOf(node, 'operator')?.type === 'delete')
    return [{ kind: 'delete', target: lowerTarget(operand, lowering), place }];
  return [{ kind: 'expression', value: lowerExpression(node, lowering), place }];
}

function lowerYield(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return [{ kind: 'yield', value: firstExpression(node, lowering), place: placeOf(node, lowering) }];
}

function lowerIf(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const condition = childOf(node, 'condition');
  const alternative = childOf(node, 'alternative');
  const otherwise = alternative ? namedChildren(alternative)[0] : undefined;
  const then = lowerBody(childOf(node, 'consequence'), lowering);
  if (!condition) return [];
  return [
    {
      kind: 'branch',
      test: lowerExpression(condition, lowering),
      then,
      otherwise: lowerBody(otherwise, lowering),
      place: placeOf(node, lowering),
    },
  ];
}

function lowerSwitch(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const subject = childOf(node, 'value');
  const body = childOf(node, 'body');
  if (!subject || !body) return [];
  const clauses = body.children.filter((child) => child.type === 'switch_case' || child.type === 'switch_default');
  const cases = clauses.map((clause) => {
    const value = childOf(clause, 'value');
    return {
      values: value ? [lowerExpression(value, lowering)] : [],
      body: lowerBlock(
        clause.children.filter((child) => child.field === 'body'),
        lowering,
      ),
      bindings: [],
    };
  });
  const names = clauses.flatMap((clause) => blockNames(clause.children, lowering));
  const place = placeOf(node, lowering);
  const choice: Statement = {
    kind: 'choice',
    subject: lowerExpression(subject, lowering),
    cases,
    fallsThrough: true,
    place,
  };
  return names.length === 0 ? [choice] : [scopeOf(names, [choice], node, lowering)];
}

function lowerTry(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const handler = childOf(node, 'handler');
  const finaliser = childOf(node, 'finalizer');
  return [
    {
      kind: 'try',
      body: lowerBody(childOf(node, 'body'), lowering),
      handlers: handler ? [lowerHandler(handler, lowering)] : [],
      otherwise: [],
      finaliser: lowerBody(finaliser && childOf(finaliser, 'body'), lowering),
      place: placeOf(node, lowering),
    },
  ];
}

type Handler = Extract<Statement, { kind: 'try' }>['handlers'][number];

/** A pattern after `catch` is taken apart at the beginning of the body. */
function lowerHandler(node: SyntaxNode, lowering: Lowering): Handler {
  const parameter = childOf(node, 'parameter');
  const body = lowerBody(childOf(node, 'body'), lowering);
  if (!parameter || parameter.type === 'identifier')
    return { binding: parameter && textOf(parameter, lowering), types: [], body };
  const binding = `catch ${parameter.start}`;
  const place = placeOf(parameter, lowering);
  const names = new Set<string>();
  patternNames(parameter, names, lowering);
  const taken: Statement = {
    kind: 'assign',
    target: lowerTarget(parameter, lowering),
    value: { kind: 'name', name: binding, place },
    operator: 'set',
    place,
  };
  return { binding, types: [], body: [scopeOf([...names], [taken, ...body], node, lowering)] };
}
