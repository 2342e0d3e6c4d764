import type { Expression, FunctionNode, Parameter } from '../ir.ts';
import { placeOf } from '../places.ts';
import { childOf, namedChildren, type SyntaxNode } from '../syntax-tree.ts';
import { lowerParameters } from './functions.ts';
import type { Lowering } from './lowering.ts';

const STATEMENTS = /^org\.apache\.ibatis\.annotations\.(?:Select|Update|Insert|Delete)$/;

/** What MyBatis writes into the text of a statement as it is; `#{name}` is bound (mybatis.org, Mapper XML Files). */
const WRITTEN = /\$\{\s{0,10}(\w{1,80})/g;

/**
 * A method of a mapper whose statement has `${name}` in it: the body that MyBatis gives it, a call of the annotation
 * with the text that is put together. `undefined`: it has none, or binds everything.
 */
export function lowerMapperMethod(
  node: SyntaxNode,
  annotations: readonly Expression[],
  lowering: Lowering,
): FunctionNode | undefined {
  const statement = annotations.find((one) => one.kind === 'call' && STATEMENTS.test(nameOf(one.callee)));
  if (statement?.kind !== 'call') return undefined;
  const written = [...textIn(statement).matchAll(WRITTEN)].map(([, name = '']) => name);
  if (written.length === 0) return undefined;
  const list = childOf(node, 'parameters');
  const parameters = list ? lowerParameters(namedChildren(list), lowering) : [];
  const place = placeOf(node, lowering);
  const named = parameters.filter((parameter) => written.includes(nameInText(parameter)));
  const parts = (named.length > 0 ? named : parameters).flatMap(({ name }): Expression[] =>
    name === undefined ? [] : [{ kind: 'name', name, place: statement.place }],
  );
  const text: Expression = {
    kind: 'text',
    parts: [literal('', statement), ...parts],
    tag: undefined,
    place: statement.place,
  };
  const call: Expression = { ...statement, arguments: [{ name: undefined, value: text, spread: false }] };
  return {
    name: undefined,
    parameters,
    body: [{ kind: 'return', value: call, place: statement.place }],
    decorators: [],
    async: false,
    generator: false,
    arrow: false,
    place,
  };
}

function nameOf(expression: Expression): string {
  if (expression.kind === 'typed') return expression.type;
  if (expression.kind === 'member') return `${nameOf(expression.object)}.${expression.name}`;
  return expression.kind === 'name' ? expression.name : '';
}

/** All texts of the annotation: a statement may be a list of lines. */
function textIn(expression: Expression): string {
  if (expression.kind === 'literal') return String(expression.value);
  if (expression.kind === 'call') return expression.arguments.map(({ value }) => textIn(value)).join(' ');
  if (expression.kind === 'list') return expression.items.map(textIn).join(' ');
  if (expression.kind === 'text') return expression.parts.map(textIn).join(' ');
  if (expression.kind === 'binary') return textIn(expression.left) + textIn(expression.right);
  return '';
}

/** `@Param("sort") String column` is `sort` in the statement. */
function nameInText({ name = '', decorators }: Parameter): string {
  const own = decorators.find((one) => one.kind === 'call' && nameOf(one.callee).endsWith('annotations.Param'));
  return own ? textIn(own) : name;
}

function literal(value: string, { place }: Expression): Expression {
  return { kind: 'literal', value, place };
}
