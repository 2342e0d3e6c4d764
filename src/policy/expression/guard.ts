import type { ASTNode } from '@marcbachmann/cel-js';

/**
 * What an expression may not contain, checked on its tree when the policy is loaded. Together with the caps on what it
 * is given (`context.ts`) this bounds evaluation without a clock: no loop inside a loop, no regular expression.
 */
export const EXPRESSION_LIMITS = {
  nodes: 200,
  depth: 24,
  listElements: 100,
  comprehensions: 4,
  listLength: 1000,
  textLength: 65_536,
} as const;

const COMPREHENSIONS = new Set([
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'filter',
  'map',
  'sortBy',
  'transformList',
  'transformMap',
  'transformMapEntry',
]);
/**
 * `matches` is a backtracking regular expression; `join`, `split` and `format` make text larger; with `bind` a text is put
 * beside itself again and again, and doubles each time.
 */
const FORBIDDEN = new Map([
  ['matches', 'use glob(pattern, text), startsWith, endsWith or contains'],
  ['join', 'compare the elements instead'],
  ['split', 'use glob(pattern, text) instead'],
  ['format', 'compare the parts instead'],
  ['bind', 'write the part out where it is used'],
  ['bytes', 'compare text'],
  ['timestamp', 'a decision has no clock; use `until:`'],
  ['duration', 'a decision has no clock; use `until:`'],
]);
/** Functions of ours whose first argument is a pattern: it must be written out, so that it is checked at load. */
export const PATTERN_FUNCTIONS = ['glob', 'host', 'semver'] as const;

export interface PatternUse {
  readonly name: (typeof PATTERN_FUNCTIONS)[number];
  readonly pattern: string;
}

export class ExpressionError extends Error {
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.advice = advice;
  }
}

/** Refuse what cannot be bounded. @returns the patterns that the expression uses @throws ExpressionError */
export function guardExpression(root: ASTNode): readonly PatternUse[] {
  const patterns: PatternUse[] = [];
  let comprehensions = 0;
  const visit = (node: ASTNode, inside: boolean): void => {
    const call = callOf(node);
    if (call) {
      const advice = FORBIDDEN.get(call.name);
      if (advice !== undefined) throw new ExpressionError(`'${call.name}' is not available`, advice);
      const loops = call.isMethod && COMPREHENSIONS.has(call.name);
      if (loops && inside)
        throw new ExpressionError(`'${call.name}' stands inside another loop`, 'One loop is the most.');
      if (loops && ++comprehensions > EXPRESSION_LIMITS.comprehensions) {
        throw new ExpressionError('too many loops', `At most ${EXPRESSION_LIMITS.comprehensions}.`);
      }
      const pattern = patternOf(call);
      if (pattern) patterns.push(pattern);
      for (const child of call.children) visit(child, inside || loops);
    } else for (const child of childrenOf(node.args)) visit(child, inside);
  };
  visit(root, false);
  return patterns;
}

interface Call {
  readonly name: string;
  readonly isMethod: boolean;
  readonly children: readonly ASTNode[];
  readonly args: readonly ASTNode[];
}

function callOf(node: ASTNode): Call | undefined {
  if (node.op === 'call') {
    const [name, args] = node.args;
    return { name, isMethod: false, children: args, args };
  }
  if (node.op !== 'rcall') return undefined;
  const [name, receiver, args] = node.args;
  return { name, isMethod: true, children: [receiver, ...args], args };
}

function patternOf(call: Call): PatternUse | undefined {
  const name = PATTERN_FUNCTIONS.find((candidate) => candidate === call.name && !call.isMethod);
  if (name === undefined) return undefined;
  const [first] = call.args;
  if (first?.op !== 'value' || typeof first.args !== 'string') {
    throw new ExpressionError(`the first argument of ${name}() is written out`, `For example ${name}('…', …).`);
  }
  return { name, pattern: first.args };
}

/** Operands, however the node keeps them: alone, in a list, in pairs. */
function childrenOf(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
