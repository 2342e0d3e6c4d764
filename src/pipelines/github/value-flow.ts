import { payloadKind } from '../text/payload.ts';
import type { ValueKind, ValueOrigin, ValueReference } from '../value.ts';
import { classifyContext, isPayloadObject } from './contexts.ts';
import type { Expression } from './expression.ts';

/** What the surrounding file says about names that expressions use. Names are in lower case. */
export interface ValueScope {
  /** Declared inputs: of a manual start, a reusable workflow or an action. */
  readonly inputs: ReadonlyMap<string, { readonly kind: ValueKind; readonly origin: ValueOrigin }>;
  /** Matrix dimensions whose every value is written in the file, with the values. */
  readonly matrix: ReadonlyMap<string, readonly string[]>;
  /** What can come out of the expression that makes a dimension, or the whole matrix under the empty name. */
  readonly computed?: ReadonlyMap<string, readonly ValueReference[]>;
}

export const EMPTY_SCOPE: ValueScope = { inputs: new Map(), matrix: new Map() };

/** Functions whose result is a truth value. */
const PREDICATES: ReadonlySet<string> = new Set([
  ...['contains', 'startswith', 'endswith', 'always', 'success', 'failure', 'cancelled'],
]);

/**
 * Every value that can come out of an expression. Operands that only decide (the left side of `&&`, comparisons,
 * `contains`) do not reach the result. `written`: the result becomes text, in which an object is the word `Object`.
 */
export function valuesOf(expression: Expression, scope: ValueScope, written = true): readonly ValueReference[] {
  switch (expression.kind) {
    case 'literal':
      return [{ name: spellLiteral(expression.value), kind: 'constant', origin: 'configuration' }];
    case 'context':
      if (written && isPayloadObject(expression.path))
        return [{ name: expression.path.join('.'), kind: 'constant', origin: 'platform' }];
      return resolveContext(expression.path, scope);
    case 'member':
      return valuesOf(expression.of, scope, false);
    case 'not':
    case 'compare':
      return [];
    case 'all':
      // A false left operand comes out as an empty text, zero or `false`: nothing that somebody could fill.
      return valuesOf(expression.operands.at(-1) ?? { kind: 'literal', value: null }, scope, written);
    case 'any':
      return expression.operands.flatMap((operand) => valuesOf(operand, scope, written));
    case 'call':
      return valuesOfCall(expression.name, expression.arguments, scope, written);
  }
}

/** Functions that look into an object or a list; all others write it as the word `Object` or `Array`. */
const UNFOLDING: ReadonlySet<string> = new Set(['tojson', 'fromjson', 'join']);

function valuesOfCall(
  name: string,
  given: readonly Expression[],
  scope: ValueScope,
  written: boolean,
): readonly ValueReference[] {
  if (PREDICATES.has(name)) return [];
  if (name === 'hashfiles') return [{ name: 'hashFiles()', kind: 'sha', origin: 'platform' }];
  // case(condition, value, condition, value, …, default)
  const reaching = name === 'case' ? given.filter((_, index) => index % 2 === 1 || index === given.length - 1) : given;
  return reaching.flatMap((argument) => valuesOf(argument, scope, written && !UNFOLDING.has(name)));
}

function spellLiteral(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function resolveContext(path: readonly string[], scope: ValueScope): readonly ValueReference[] {
  const name = path.join('.');
  const lower = path.map((segment) => segment.toLowerCase());
  if (lower[0] === 'matrix' && lower[1] !== undefined) {
    const values = scope.matrix.get(lower.slice(1).join('.')) ?? scope.matrix.get(lower[1]);
    if (values) return [{ name, kind: 'constant', origin: 'matrix', choices: values }];
    const made = scope.computed?.get(lower[1]) ?? scope.computed?.get('');
    const kind = lower.length > 2 ? payloadKind(lower.slice(2).join('.')) : 'text';
    if (made && made.length > 0) return HARMLESS.has(kind) ? [{ name, kind, origin: 'matrix' }] : made;
  }
  const input = inputName(lower);
  const declared = input === undefined ? undefined : scope.inputs.get(input);
  if (declared) return [{ name, kind: declared.kind, origin: declared.origin }];
  return [classifyContext(path)];
}

/** A field of what a matrix is made of that no person fills with words, by its name. */
const HARMLESS: ReadonlySet<ValueKind> = new Set(['number', 'sha', 'boolean', 'enumeration']);

function inputName(lower: readonly string[]): string | undefined {
  if (lower[0] === 'inputs') return lower[1];
  return lower[0] === 'github' && lower[1] === 'event' && lower[2] === 'inputs' ? lower[3] : undefined;
}

/** Begins only where no word is before it, so that no character is looked at twice. */
const WORD = /(?<![\w.*-])[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_*-]+)+/g;

/** What a word search finds in an expression that cannot be parsed: more than flows, never less. */
export function wordsAsValues(source: string, scope: ValueScope): readonly ValueReference[] {
  return [...source.matchAll(WORD)].flatMap(([word]) => resolveContext(word.split('.'), scope));
}
