import type { Expression, FunctionNode, Module, Statement } from '../code/index.ts';

/** Everything directly inside an expression: functions and classes in it are told apart, as their code runs elsewhere. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'member':
      return [expression.object];
    case 'index':
      return [expression.object, expression.key];
    case 'slice':
      return [expression.object, ...expression.bounds];
    case 'call':
      return [expression.callee, ...expression.arguments.map(({ value }) => value)];
    case 'text':
      return [...expression.parts, ...(expression.tag ? [expression.tag] : [])];
    case 'binary':
    case 'logical':
      return [expression.left, expression.right];
    case 'unary':
      return [expression.operand];
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise];
    case 'list':
      return expression.items;
    case 'map':
      return expression.entries.flatMap((entry) => (entry.kind === 'entry' ? [entry.key, entry.value] : [entry.value]));
    case 'await':
    case 'spread':
    case 'assign':
      return [expression.value];
    case 'comprehension':
      return [
        expression.element,
        ...(expression.key ? [expression.key] : []),
        ...expression.clauses.flatMap(({ of, tests }) => [of, ...tests]),
      ];
    case 'element':
      return [...expression.attributes.map(({ value }) => value), ...expression.children];
    case 'unknown':
      return expression.parts;
    default:
      return [];
  }
}

/** Expressions of one statement, not those of the statements inside it. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'expression':
    case 'assign':
    case 'with':
    case 'export':
      return [statement.value];
    case 'branch':
    case 'assert':
      return [statement.test];
    case 'loop':
      return [...(statement.each ? [statement.each.of] : []), ...(statement.test ? [statement.test] : [])];
    case 'choice':
      return [
        statement.subject,
        ...statement.cases.flatMap(({ values, test }) => [...values, ...(test ? [test] : [])]),
      ];
    case 'return':
    case 'yield':
    case 'throw':
      return statement.value ? [statement.value] : [];
    default:
      return [];
  }
}

/** Lists of statements directly inside one. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'branch':
      return [statement.then, statement.otherwise];
    case 'loop':
      return [statement.body, statement.otherwise];
    case 'choice':
      return statement.cases.map(({ body }) => body);
    case 'try':
      return [statement.body, ...statement.handlers.map(({ body }) => body), statement.otherwise, statement.finaliser];
    case 'with':
    case 'block':
      return [statement.body];
    default:
      return [];
  }
}

/** Every function of a module, however deep. Depth is that of the parse tree, which has a cap. */
export function functionsOf(module: Module): readonly FunctionNode[] {
  const found: FunctionNode[] = [];
  const open: Statement[] = [...module.body];
  const values: Expression[] = [];
  const enter = (node: FunctionNode): void => {
    found.push(node);
    open.push(...node.body);
    values.push(...node.decorators);
  };
  for (;;) {
    const value = values.pop();
    if (value) {
      if (value.kind === 'function') enter(value.function);
      else if (value.kind === 'class') for (const node of methodsOf(value.class)) enter(node);
      else values.push(...partsOf(value));
      continue;
    }
    const statement = open.pop();
    if (!statement) return found;
    if (statement.kind === 'function') enter(statement.function);
    else if (statement.kind === 'class') for (const node of methodsOf(statement.class)) enter(node);
    values.push(...expressionsOf(statement));
    open.push(...bodiesOf(statement).flat());
  }
}

function methodsOf({ members }: { readonly members: readonly { readonly function: FunctionNode | undefined }[] }) {
  return members.flatMap((member) => (member.function ? [member.function] : []));
}

/** Every call of a module, in functions, too. */
export function callsOf(module: Module): readonly Extract<Expression, { kind: 'call' }>[] {
  return allExpressionsOf(module).filter((value) => value.kind === 'call');
}

/** Every expression of a module, in functions, too. */
export function allExpressionsOf(module: Module): readonly Expression[] {
  const values = allStatementsOf(module).flatMap(expressionsOf);
  const found: Expression[] = [];
  for (let value = values.pop(); value; value = values.pop()) {
    found.push(value);
    values.push(...partsOf(value));
  }
  return found;
}

/** Every statement of a module, in functions, too. */
export function allStatementsOf(module: Module): readonly Statement[] {
  const bodies = [module.body, ...functionsOf(module).map(({ body }) => body)];
  return bodies.flatMap((body) => statementsIn(body));
}

/** The statements of a body and those inside them, without those of functions. */
export function statementsIn(body: readonly Statement[]): Statement[] {
  const found: Statement[] = [];
  const open = [...body];
  for (let statement = open.pop(); statement; statement = open.pop()) {
    found.push(statement);
    open.push(...bodiesOf(statement).flat());
  }
  return found;
}
