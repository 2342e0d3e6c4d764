import type { ClassNode, Expression, FunctionNode, MapPart, Statement, Target } from '../../code/index.ts';

/** What stands directly inside a node, in the order of the text. */
export type Part =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'function'; readonly function: FunctionNode };

/**
 * Everything below some statements, each before its parts. An explicit stack: the depth of hostile code is not ours.
 * `enter` says whether the parts of a function are wanted.
 */
export function* partsBelow(
  statements: readonly Statement[],
  enter: (inner: FunctionNode) => boolean = () => true,
): Generator<Part> {
  const waiting = statements.map(statementPart).reverse();
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    yield part;
    if (part.kind === 'function' && !enter(part.function)) continue;
    const inside = directParts(part);
    for (let index = inside.length - 1; index >= 0; index--) {
      const inner = inside[index];
      if (inner !== undefined) waiting.push(inner);
    }
  }
}

/** Every expression below some statements. */
export function* expressionsBelow(
  statements: readonly Statement[],
  enter?: (inner: FunctionNode) => boolean,
): Generator<Expression> {
  for (const part of partsBelow(statements, enter)) if (part.kind === 'expression') yield part.expression;
}

/** An expression and every one in it. */
export function* expressionsIn(expression: Expression): Generator<Expression> {
  yield* expressionsBelow([{ kind: 'expression', value: expression, place: expression.place }]);
}

function directParts(part: Part): Part[] {
  if (part.kind === 'statement') return partsOfStatement(part.statement);
  if (part.kind === 'function') return partsOfFunction(part.function);
  return partsOfExpression(part.expression);
}

function statementPart(statement: Statement): Part {
  return { kind: 'statement', statement };
}

function expressionParts(expressions: readonly (Expression | undefined)[]): Part[] {
  const parts: Part[] = [];
  for (const expression of expressions) if (expression !== undefined) parts.push({ kind: 'expression', expression });
  return parts;
}

function partsOfStatement(statement: Statement): Part[] {
  switch (statement.kind) {
    case 'expression':
    case 'export':
      return expressionParts([statement.value]);
    case 'assign':
      return [...partsOfTarget(statement.target), ...expressionParts([statement.value])];
    case 'branch':
      return [...expressionParts([statement.test]), ...[...statement.then, ...statement.otherwise].map(statementPart)];
    case 'loop':
      return [
        ...expressionParts([statement.test, statement.each?.of]),
        ...[...statement.body, ...statement.otherwise].map(statementPart),
      ];
    case 'choice':
      return [
        ...expressionParts([statement.subject]),
        ...statement.cases.flatMap(({ values, test, body }) => [
          ...expressionParts([...values, test]),
          ...body.map(statementPart),
        ]),
      ];
    case 'try':
      return [
        ...statement.body,
        ...statement.handlers.flatMap(({ body }) => body),
        ...statement.otherwise,
        ...statement.finaliser,
      ].map(statementPart);
    case 'with':
      return [...expressionParts([statement.value]), ...statement.body.map(statementPart)];
    case 'return':
    case 'yield':
    case 'throw':
      return expressionParts([statement.value]);
    case 'function':
      return [{ kind: 'function', function: statement.function }];
    case 'class':
      return partsOfClass(statement.class);
    case 'delete':
      return partsOfTarget(statement.target);
    case 'assert':
      return expressionParts([statement.test]);
    case 'block':
      return statement.body.map(statementPart);
    default:
      return [];
  }
}

function partsOfFunction({ decorators, parameters, body }: FunctionNode): Part[] {
  return [
    ...expressionParts(decorators),
    ...parameters.flatMap((parameter) => expressionParts([...parameter.decorators, parameter.default])),
    ...body.map(statementPart),
  ];
}

function partsOfClass({ bases, decorators, members }: ClassNode): Part[] {
  return [
    ...expressionParts([...decorators, ...bases]),
    ...members.flatMap((member): Part[] => [
      ...expressionParts([...member.decorators, member.value]),
      ...(member.function === undefined ? [] : [{ kind: 'function', function: member.function } as const]),
    ]),
  ];
}

function partsOfTarget(target: Target): Part[] {
  switch (target.kind) {
    case 'member':
      return expressionParts([target.object]);
    case 'index':
      return expressionParts([target.object, target.key]);
    case 'list':
      return [...target.items, target.rest].flatMap((item) => (item === undefined ? [] : partsOfTarget(item)));
    case 'map':
      return target.entries.flatMap((entry) => [...partsOfTarget(entry.target), ...expressionParts([entry.default])]);
    case 'default':
      return [...partsOfTarget(target.target), ...expressionParts([target.value])];
    default:
      return [];
  }
}

function partsOfExpression(expression: Expression): Part[] {
  switch (expression.kind) {
    case 'member':
      return expressionParts([expression.object]);
    case 'index':
      return expressionParts([expression.object, expression.key]);
    case 'slice':
      return expressionParts([expression.object, ...expression.bounds]);
    case 'call':
      return expressionParts([expression.callee, ...expression.arguments.map(({ value }) => value)]);
    case 'text':
      return expressionParts([expression.tag, ...expression.parts]);
    case 'binary':
    case 'logical':
      return expressionParts([expression.left, expression.right]);
    case 'unary':
      return expressionParts([expression.operand]);
    case 'conditional':
      return expressionParts([expression.test, expression.then, expression.otherwise]);
    case 'list':
      return expressionParts(expression.items);
    case 'map':
      return expression.entries.flatMap(partsOfEntry);
    case 'function':
      return [{ kind: 'function', function: expression.function }];
    case 'class':
      return partsOfClass(expression.class);
    case 'await':
    case 'spread':
    case 'typed':
      return expressionParts([expression.value]);
    case 'assign':
      return [...partsOfTarget(expression.target), ...expressionParts([expression.value])];
    case 'comprehension':
      return expressionParts([
        ...expression.clauses.flatMap(({ of, tests }) => [of, ...tests]),
        expression.key,
        expression.element,
      ]);
    case 'element':
      return expressionParts([...expression.attributes.map(({ value }) => value), ...expression.children]);
    case 'unknown':
      return expressionParts(expression.parts);
    default:
      return [];
  }
}

function partsOfEntry(entry: MapPart): Part[] {
  return expressionParts(entry.kind === 'entry' ? [entry.key, entry.value] : [entry.value]);
}
