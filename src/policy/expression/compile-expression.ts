import { Environment } from '@marcbachmann/cel-js';
import type { Plane, SessionState } from '../action.ts';
import type { Expression, ExpressionCompiler } from '../condition.ts';
import { compileGlob } from '../glob.ts';
import { matchHost, parseHostPattern } from '../host-pattern.ts';
import { countOf } from '../session.ts';
import { ACTION_SCHEMAS, actionContext, int, SESSION_SCHEMA, sessionContext } from './context.ts';
import { EXPRESSION_LIMITS, ExpressionError, guardExpression, type PatternUse } from './guard.ts';
import { compileVersionRange } from './semver.ts';

type TextTest = (text: string) => boolean;

/**
 * Compiles `when:` expressions (CEL, cel.dev) against the types of their plane. Evaluation is synchronous, in the path
 * of every decision; it is bounded by what an expression may contain and by the size of what it is given.
 */
export function createExpressionCompiler(): ExpressionCompiler {
  return (source, plane) => compileExpression(source, plane);
}

/** @throws ExpressionError with what is wrong, when the expression is loaded */
function compileExpression(source: string, plane: Plane): Expression {
  const patterns = new Map<string, TextTest>();
  // The state that `count()` reads; set for the duration of one synchronous evaluation.
  let current: SessionState | undefined;
  const environment = createEnvironment(plane, patterns, (key) => {
    if (current === undefined) throw new Error('count() outside an evaluation');
    return int(countOf(current.counters, key));
  });
  const parsed = parse(environment, source);
  for (const use of guardExpression(parsed.ast)) patterns.set(keyOf(use.name, use.pattern), compilePattern(use));
  const checked = parsed.check();
  if (!checked.valid) throw new ExpressionError(summaryOf(checked.error));
  if (checked.type !== 'bool') throw new ExpressionError(`it gives ${checked.type ?? 'nothing'}, not true or false`);
  return (action, state) => {
    current = state;
    try {
      const value: unknown = parsed({ action: actionContext(action), session: sessionContext(state) });
      if (typeof value !== 'boolean') throw new TypeError('the expression gave no truth value');
      return value === true;
    } finally {
      current = undefined;
    }
  };
}

function createEnvironment(plane: Plane, patterns: ReadonlyMap<string, TextTest>, count: (key: string) => bigint) {
  const test = (name: PatternUse['name']) => (pattern: string, text: string) => {
    const matches = patterns.get(keyOf(name, pattern));
    if (matches === undefined) throw new Error(`${name}() with a pattern that was not checked`);
    return matches(text);
  };
  return new Environment({
    unlistedVariablesAreDyn: false,
    limits: {
      maxAstNodes: EXPRESSION_LIMITS.nodes,
      maxDepth: EXPRESSION_LIMITS.depth,
      maxListElements: EXPRESSION_LIMITS.listElements,
      maxMapEntries: 0,
    },
  })
    .registerVariable({ name: 'action', schema: ACTION_SCHEMAS[plane] })
    .registerVariable({ name: 'session', schema: SESSION_SCHEMA })
    .registerFunction('glob(string, string): bool', test('glob'))
    .registerFunction('host(string, string): bool', test('host'))
    .registerFunction('semver(string, string): bool', test('semver'))
    .registerFunction('count(string): int', count);
}

function parse(environment: Environment, source: string) {
  try {
    return environment.parse(source);
  } catch (cause) {
    throw new ExpressionError(summaryOf(cause));
  }
}

function compilePattern({ name, pattern }: PatternUse): TextTest {
  try {
    if (name === 'glob') return compileGlob(pattern, { fold: false });
    if (name === 'semver') return compileVersionRange(pattern);
  } catch (cause) {
    throw new ExpressionError(`${name}('${pattern}'): ${summaryOf(cause)}`);
  }
  const host = parseHostPattern(pattern);
  if (host === undefined) throw new ExpressionError(`host('${pattern}'): not a host pattern`);
  return (text) => matchHost(host, parseHostPattern(text) ?? '');
}

function keyOf(name: string, pattern: string): string {
  return `${name} ${pattern}`;
}

function summaryOf(cause: unknown): string {
  if (cause instanceof Error && 'summary' in cause && typeof cause.summary === 'string') return cause.summary;
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? cause.message) : 'not valid';
}
