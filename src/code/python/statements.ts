import type { AssignOperator, Case, Expression, Statement, Target } from '../ir.ts';
import { placeOf, textOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerClass } from './classes.ts';
import { lowerExpression } from './expressions.ts';
import { lowerFunction } from './functions.ts';
import { lowerImport, lowerImportFrom } from './imports.ts';
import type { Lowering } from './lowering.ts';
import { lowerPattern } from './patterns.ts';
import { lowerTarget } from './targets.ts';

type Lower = (node: SyntaxNode, lowering: Lowering) => readonly Statement[];

const STATEMENTS: Readonly<Record<string, Lower>> = {
  expression_statement: lowerExpressionStatement,
  if_statement: lowerIf,
  for_statement: lowerFor,
  while_statement: lowerWhile,
  try_statement: lowerTry,
  with_statement: lowerWith,
  match_statement: lowerMatch,
  function_definition: (node, lowering) => [functionStatement(node, [], lowering)],
  class_definition: (node, lowering) => [
    { kind: 'class', class: lowerClass(node, [], lowering), place: placeOf(node, lowering) },
  ],
  decorated_definition: lowerDecorated,
  return_statement: (node, lowering) => [
    { kind: 'return', value: firstExpression(node, lowering), place: placeOf(node, lowering) },
  ],
  raise_statement: (node, lowering) => [
    { kind: 'throw', value: firstExpression(node, lowering), place: placeOf(node, lowering) },
  ],
  break_statement: (node, lowering) => [{ kind: 'break', place: placeOf(node, lowering) }],
  continue_statement: (node, lowering) => [{ kind: 'continue', place: placeOf(node, lowering) }],
  import_statement: lowerImport,
  import_from_statement: lowerImportFrom,
  future_import_statement: () => [],
  delete_statement: lowerDelete,
  assert_statement: lowerAssert,
  pass_statement: () => [],
  global_statement: () => [],
  nonlocal_statement: () => [],
  comment: () => [],
  block: (node, lowering) => lowerBlock(node, lowering),
  ERROR: lowerBroken,
};

/** Lower the statements of a block or a module, in order. */
export function lowerBlock(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return node.children.flatMap((child) => lowerStatement(child, lowering));
}

/** Lower one statement; what is none is run as an expression. */
export function lowerStatement(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const lower = Object.hasOwn(STATEMENTS, node.type) ? STATEMENTS[node.type] : undefined;
  if (lower) return lower(node, lowering);
  return node.named
    ? [{ kind: 'expression', value: lowerExpression(node, lowering), place: placeOf(node, lowering) }]
    : [];
}

/** What stands inside a broken region is still run: statements as such, the rest as expressions. */
function lowerBroken(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  return namedChildren(node).flatMap((child) => lowerStatement(child, lowering));
}

function firstExpression(node: SyntaxNode, lowering: Lowering): Expression | undefined {
  const [first] = namedChildren(node);
  return first && lowerExpression(first, lowering);
}

function lowerExpressionStatement(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const inner = namedChildren(node);
  return inner.flatMap((child) => {
    if (child.type === 'assignment' || child.type === 'augmented_assignment') return lowerAssignment(child, lowering);
    const place = placeOf(child, lowering);
    if (child.type === 'yield') return [{ kind: 'yield', value: firstExpression(child, lowering), place }];
    return [{ kind: 'expression', value: lowerExpression(child, lowering), place }];
  });
}

/** `a = b = c` is two assignments of the same value; a bare annotation assigns nothing. */
function lowerAssignment(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const sign = childOf(node, 'operator');
  if (!left || !right) return [];
  const place = placeOf(node, lowering);
  const target = lowerTarget(left, lowering);
  const operator: AssignOperator = node.type === 'assignment' ? 'set' : sign?.type === '+=' ? 'add' : 'other';
  if (right.type === 'assignment') {
    const inner = lowerAssignment(right, lowering);
    const last = inner.findLast((statement) => statement.kind === 'assign');
    const value = last?.kind === 'assign' ? readBack(last.target, last.value) : undefined;
    return value ? [...inner, { kind: 'assign', target, value, operator, place }] : inner;
  }
  if (right.type === 'yield') {
    const sent = firstExpression(right, lowering);
    const value: Expression = { kind: 'unknown', parts: [], place: placeOf(right, lowering) };
    return [
      { kind: 'yield', value: sent, place },
      { kind: 'assign', target, value, operator, place },
    ];
  }
  const value = lowerExpression(right, lowering);
  if (operator !== 'other' || !sign) return [{ kind: 'assign', target, value, operator, place }];
  // `a |= b` is `a = a | b`, so that what the operator makes of dictionaries and texts is kept.
  const sum: Expression = {
    kind: 'binary',
    operator: sign.type.slice(0, -1),
    left: lowerExpression(left, lowering),
    right: value,
    place,
  };
  return [{ kind: 'assign', target, value: sum, operator: 'set', place }];
}

/** The value just stored, so that both targets share one object. */
function readBack(target: Target, value: Expression): Expression {
  return target.kind === 'name' ? { kind: 'name', name: target.name, place: target.place } : value;
}

function lowerIf(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const alternatives = node.children.filter((child) => child.field === 'alternative');
  let otherwise: readonly Statement[] = [];
  for (const alternative of alternatives.toReversed()) {
    if (alternative.type === 'else_clause') otherwise = bodyOf(alternative, lowering);
    else otherwise = branch(alternative, otherwise, lowering);
  }
  return branch(node, otherwise, lowering);
}

function branch(node: SyntaxNode, otherwise: readonly Statement[], lowering: Lowering): readonly Statement[] {
  const condition = childOf(node, 'condition');
  const consequence = childOf(node, 'consequence');
  if (!condition) return otherwise;
  const then = consequence ? lowerBlock(consequence, lowering) : [];
  return [
    { kind: 'branch', test: lowerExpression(condition, lowering), then, otherwise, place: placeOf(node, lowering) },
  ];
}

function bodyOf(node: SyntaxNode | undefined, lowering: Lowering): readonly Statement[] {
  const body = node && (childOf(node, 'body') ?? node.children.find((child) => child.type === 'block'));
  return body ? lowerBlock(body, lowering) : [];
}

function lowerFor(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (!left || !right) return bodyOf(node, lowering);
  return [
    {
      kind: 'loop',
      each: { target: lowerTarget(left, lowering), of: lowerExpression(right, lowering), keys: false },
      test: undefined,
      body: bodyOf(node, lowering),
      otherwise: bodyOf(childOf(node, 'alternative'), lowering),
      place: placeOf(node, lowering),
    },
  ];
}

function lowerWhile(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const condition = childOf(node, 'condition');
  return [
    {
      kind: 'loop',
      each: undefined,
      test: condition && lowerExpression(condition, lowering),
      body: bodyOf(node, lowering),
      otherwise: bodyOf(childOf(node, 'alternative'), lowering),
      place: placeOf(node, lowering),
    },
  ];
}

function lowerTry(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const clauses = node.children.filter((child) => child.type.startsWith('except'));
  const handlers = clauses.map((clause) => {
    const value = childOf(clause, 'value');
    const alias = value && childOf(value, 'alias');
    const type = value?.type === 'as_pattern' ? namedChildren(value)[0] : value;
    const types = type ? (type.type === 'tuple' ? namedChildren(type) : [type]) : [];
    return {
      binding: alias && textOf(alias, lowering),
      types: types.map((entry) => textOf(entry, lowering)),
      body: bodyOf(clause, lowering),
    };
  });
  const find = (type: string) => node.children.find((child) => child.type === type);
  return [
    {
      kind: 'try',
      body: bodyOf(node, lowering),
      handlers,
      otherwise: bodyOf(find('else_clause'), lowering),
      finaliser: bodyOf(find('finally_clause'), lowering),
      place: placeOf(node, lowering),
    },
  ];
}

/** Several items nest, the last innermost. */
function lowerWith(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const clause = node.children.find((child) => child.type === 'with_clause');
  const items = clause ? withItems(clause) : [];
  let body = bodyOf(node, lowering);
  for (const item of items.toReversed()) {
    const alias = childOf(item, 'alias');
    const value = item.type === 'as_pattern' ? namedChildren(item)[0] : item;
    if (!value) continue;
    body = [
      {
        kind: 'with',
        value: lowerExpression(value, lowering),
        target: alias && lowerTarget(alias, lowering),
        body,
        place: placeOf(node, lowering),
      },
    ];
  }
  return body;
}

function withItems(clause: SyntaxNode): readonly SyntaxNode[] {
  return clause.children.flatMap((child) => {
    const value = child.type === 'with_item' ? childOf(child, 'value') : undefined;
    if (!value) return [];
    return value.type === 'tuple' || value.type === 'parenthesized_expression' ? namedChildren(value) : [value];
  });
}

function lowerMatch(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const subjects = node.children.filter((child) => child.field === 'subject');
  const [subject] = subjects;
  const body = childOf(node, 'body');
  if (!subject || !body) return [];
  const place = placeOf(node, lowering);
  const lowered: Expression =
    subjects.length === 1
      ? lowerExpression(subject, lowering)
      : { kind: 'list', items: subjects.map((item) => lowerExpression(item, lowering)), place };
  const cases = body.children
    .filter((child) => child.type === 'case_clause')
    .map((clause): Case => {
      const pattern = lowerPattern(clause, lowering);
      const guard = childOf(clause, 'guard');
      const consequence = childOf(clause, 'consequence');
      return {
        ...pattern,
        test: guard && firstExpression(guard, lowering),
        body: consequence ? lowerBlock(consequence, lowering) : [],
      };
    });
  return [{ kind: 'choice', subject: lowered, cases, fallsThrough: false, place }];
}

function functionStatement(node: SyntaxNode, decorators: readonly Expression[], lowering: Lowering): Statement {
  const place = placeOf(node, lowering);
  return { kind: 'function', function: lowerFunction(node, decorators, undefined, lowering), place };
}

function lowerDecorated(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const definition = childOf(node, 'definition');
  if (!definition) return [];
  const decorators = lowerDecorators(node, lowering);
  if (definition.type === 'class_definition')
    return [{ kind: 'class', class: lowerClass(definition, decorators, lowering), place: placeOf(node, lowering) }];
  return [functionStatement(definition, decorators, lowering)];
}

/** The expressions after each `@`. */
export function lowerDecorators(node: SyntaxNode, lowering: Lowering): readonly Expression[] {
  return node.children
    .filter((child) => child.type === 'decorator')
    .flatMap((decorator) => firstExpression(decorator, lowering) ?? []);
}

function lowerDelete(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const place = placeOf(node, lowering);
  const listed = namedChildren(node).flatMap((child) =>
    child.type === 'expression_list' || child.type === 'tuple' ? namedChildren(child) : [child],
  );
  return listed.map((child) => ({ kind: 'delete', target: lowerTarget(child, lowering), place }));
}

function lowerAssert(node: SyntaxNode, lowering: Lowering): readonly Statement[] {
  const test = firstExpression(node, lowering);
  return test ? [{ kind: 'assert', test, place: placeOf(node, lowering) }] : [];
}
