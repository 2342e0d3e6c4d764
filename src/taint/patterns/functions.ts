import type { Expression, FunctionNode, Statement } from '../../code/index.ts';
import { expressionsBelow, expressionsIn, partsBelow } from './traversal.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** Every function below some statements, whichever way it is written, the outer before the inner. */
export function* functionsBelow(body: readonly Statement[]): Generator<FunctionNode> {
  for (const part of partsBelow(body)) if (part.kind === 'function') yield part.function;
}

/** Every call below some statements. */
export function* callsBelow(body: readonly Statement[]): Generator<Call> {
  for (const expression of expressionsBelow(body)) if (expression.kind === 'call') yield expression;
}

/** Whether a variable stands anywhere in an expression. */
export function mentions(expression: Expression, name: string): boolean {
  for (const inner of expressionsIn(expression)) if (inner.kind === 'name' && inner.name === name) return true;
  return false;
}

/** The name of what is called or read last: of `w.Header().Set` it is `Set`; types and packages go. */
export function ownName(expression: Expression): string {
  if (expression.kind !== 'name' && expression.kind !== 'member') return '';
  return expression.name.slice(expression.name.lastIndexOf('.') + 1);
}

/** A constant text, as it is or as the bytes of one: `[]byte("…")`, `"…".getBytes()`, `b"…"`. */
export function constantText(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'literal') return typeof expression.value === 'string' ? expression.value : undefined;
  if (expression?.kind === 'typed') return constantText(expression.value);
  if (expression?.kind !== 'call') return undefined;
  if (ownName(expression.callee) === 'string') return constantText(expression.arguments[0]?.value);
  return ownName(expression.callee) === 'getBytes' && expression.callee.kind === 'member'
    ? constantText(expression.callee.object)
    : undefined;
}

/** What a function gives when it does nothing else: the value of its only statement, a `return`. */
export function onlyAnswer({ body }: FunctionNode): Expression | undefined {
  const [only, ...others] = body.filter(({ kind }) => kind !== 'declare');
  return others.length === 0 && only?.kind === 'return' ? only.value : undefined;
}

/** Whether a function says yes to everything. Of several results of Go the first counts. */
export function alwaysTrue(node: FunctionNode): boolean {
  const answer = onlyAnswer(node);
  const value = answer?.kind === 'list' ? answer.items[0] : answer;
  return value?.kind === 'literal' && value.value === true;
}
