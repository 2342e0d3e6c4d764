import type { Primitive } from './value.ts';

/** Text longer than this is not computed. */
const LONGEST_TEXT = 10_000;

type Fold = (left: Primitive, right: Primitive) => Primitive | undefined;

const number =
  (compute: (a: number, b: number) => number): Fold =>
  (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? compute(a, b) : undefined;

const compare =
  (compute: (a: number | string, b: number | string) => boolean): Fold =>
  (a, b) =>
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
      ? compute(a, b)
      : undefined;

const equal: Fold = (a, b) => (typeof a === typeof b || a === null || b === null ? a === b : undefined);
const differ: Fold = (a, b) => (typeof a === typeof b || a === null || b === null ? a !== b : undefined);
const within: Fold = (a, b) => (typeof a === 'string' && typeof b === 'string' ? b.includes(a) : undefined);

const OPERATORS: Readonly<Record<string, Fold>> = {
  '+': (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    return typeof a === 'string' && typeof b === 'string' && a.length + b.length < LONGEST_TEXT ? a + b : undefined;
  },
  '-': number((a, b) => a - b),
  '*': (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a * b;
    return typeof a === 'string' && typeof b === 'number' ? repeat(a, b) : undefined;
  },
  '/': number((a, b) => a / b),
  '//': number((a, b) => Math.floor(a / b)),
  '%': number((a, b) => a % b),
  '**': number((a, b) => a ** b),
  '&': number((a, b) => a & b),
  '|': number((a, b) => a | b),
  '^': number((a, b) => a ^ b),
  '<<': number((a, b) => a * 2 ** b),
  '>>': number((a, b) => Math.floor(a / 2 ** b)),
  '<': compare((a, b) => a < b),
  '>': compare((a, b) => a > b),
  '<=': compare((a, b) => a <= b),
  '>=': compare((a, b) => a >= b),
  '==': equal,
  '===': equal,
  is: equal,
  '!=': differ,
  '!==': differ,
  'is not': differ,
  in: within,
  'not in': (a, b) => {
    const held = within(a, b);
    return held === undefined ? undefined : !held;
  },
};

function repeat(text: string, count: number): string | undefined {
  return count >= 0 && text.length * count < LONGEST_TEXT ? text.repeat(count) : undefined;
}

/** Compute with constants; `undefined`: not known. */
export function foldBinary(operator: string, left: Primitive, right: Primitive): Primitive | undefined {
  const fold = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  const result = fold?.(left, right);
  return typeof result === 'number' && !Number.isFinite(result) ? undefined : result;
}

export function foldUnary(operator: string, operand: Primitive): Primitive | undefined {
  if (operator === 'not' || operator === '!') return !operand;
  if (typeof operand !== 'number') return undefined;
  if (operator === '-') return -operand;
  return operator === '+' ? operand : undefined;
}

/** As a text would show it. Python's `None` and `True` are spelled its way only where no text depends on it. */
export function textOfConstant(constant: Primitive): string {
  return String(constant);
}

/** `text[start:end]` with negative bounds from the end; a step other than 1 is not computed. */
export function foldSlice(text: string, bounds: readonly (Primitive | undefined)[]): string | undefined {
  const [start = null, end = null, step = null] = bounds;
  if (bounds.some((bound) => bound === undefined) || (step !== null && step !== 1)) return undefined;
  if (start !== null && typeof start !== 'number') return undefined;
  if (end !== null && typeof end !== 'number') return undefined;
  return text.slice(start ?? 0, end ?? undefined);
}

type TextFold = (text: string, given: readonly Primitive[]) => Primitive | undefined;

const withText =
  (compute: (text: string, argument: string) => Primitive): TextFold =>
  (text, [argument]) =>
    typeof argument === 'string' ? compute(text, argument) : undefined;

const slice: TextFold = (text, [start, end]) =>
  typeof start === 'number' && (end === undefined || typeof end === 'number') ? text.slice(start, end) : undefined;

const TEXT_METHODS: Readonly<Record<string, TextFold>> = {
  lower: (text) => text.toLowerCase(),
  casefold: (text) => text.toLowerCase(),
  toLowerCase: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  toUpperCase: (text) => text.toUpperCase(),
  strip: (text, given) => (given.length === 0 ? text.trim() : undefined),
  trim: (text) => text.trim(),
  encode: (text) => text,
  decode: (text) => text,
  startswith: withText((text, argument) => text.startsWith(argument)),
  startsWith: withText((text, argument) => text.startsWith(argument)),
  endswith: withText((text, argument) => text.endsWith(argument)),
  endsWith: withText((text, argument) => text.endsWith(argument)),
  includes: withText((text, argument) => text.includes(argument)),
  find: withText((text, argument) => text.indexOf(argument)),
  indexOf: withText((text, argument) => text.indexOf(argument)),
  concat: withText((text, argument) => text + argument),
  removeprefix: withText((text, argument) => (text.startsWith(argument) ? text.slice(argument.length) : text)),
  slice,
  substring: slice,
  charAt: (text, [index]) => (typeof index === 'number' ? text.charAt(index) : undefined),
  isdigit: (text) => text !== '' && /^[0-9]+$/.test(text),
  isalnum: (text) => text !== '' && /^[a-zA-Z0-9]+$/.test(text),
  replace: (text, [from, to]) =>
    typeof from === 'string' && from !== '' && typeof to === 'string' && text.length * to.length < LONGEST_TEXT
      ? text.split(from).join(to)
      : undefined,
};

/** A method of a constant text with constant arguments. */
export function foldTextMethod(method: string, text: string, given: readonly Primitive[]): Primitive | undefined {
  return Object.hasOwn(TEXT_METHODS, method) ? TEXT_METHODS[method]?.(text, given) : undefined;
}
