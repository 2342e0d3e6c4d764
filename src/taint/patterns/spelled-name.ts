import type { Argument, Expression } from '../../code/index.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** A chain of names as written: `flask_login.login_required`, `limiter.limit()`; undefined for what is none. */
export function spelledName(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'self':
      return 'self';
    case 'member': {
      const object = spelledName(expression.object);
      return object === undefined ? undefined : `${object}.${expression.name}`;
    }
    case 'call': {
      const callee = spelledName(expression.callee);
      return callee === undefined ? undefined : `${callee}()`;
    }
    case 'await':
      return spelledName(expression.value);
    case 'typed':
      return expression.value && spelledName(expression.value);
    default:
      return undefined;
  }
}

/** The last word of a name: of `limiter.limit()` it is `limit`. */
export function lastWord(name: string): string {
  return (name.split('.').at(-1) ?? '').replaceAll('()', '');
}

/** A text without gaps. */
export function literalText(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'literal' && typeof expression.value === 'string' ? expression.value : undefined;
}

/** The argument at a position, when no spread stands before it. */
export function positional({ arguments: given }: Call, position: number): Expression | undefined {
  const plain = given.filter(({ name }) => name === undefined);
  return plain.slice(0, position + 1).some(({ spread }) => spread) ? undefined : plain[position]?.value;
}

/** The value of a keyword argument. */
export function keyword({ arguments: given }: Call, name: string): Expression | undefined {
  return given.find((argument: Argument) => argument.name === name)?.value;
}

/** The value of a key in a map that is written out. */
export function entryValue(expression: Expression | undefined, key: string): Expression | undefined {
  if (expression?.kind !== 'map') return undefined;
  for (const entry of expression.entries) {
    if (entry.kind === 'entry' && spelledKey(entry.key) === key) return entry.value;
  }
  return undefined;
}

/** A key as text. A front end writes the bare keys of JavaScript as texts. */
export function spelledKey(key: Expression): string | undefined {
  if (key.kind === 'literal') return String(key.value);
  return key.kind === 'name' ? key.name : undefined;
}
