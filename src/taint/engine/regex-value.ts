import { constantValue, UNKNOWN, type Value } from './value.ts';

/** A regular expression: its pattern is the constant, its flags are kept as what the value begins with. */
export function regexValue(pattern: string, flags: string): Value {
  return { ...constantValue(pattern), name: 'RegExp', prefix: flags };
}

/** `new RegExp(pattern, flags)`. */
export function regexOf(pattern: Value, flags: Value | undefined): Value {
  const { constant } = pattern;
  if (typeof constant !== 'string') return { ...UNKNOWN, taint: pattern.taint, name: 'RegExp' };
  return regexValue(constant, typeof flags?.constant === 'string' ? flags.constant : (pattern.prefix ?? ''));
}

/** Whether it replaces every match; unknown flags are taken for it. */
export function replacesAll(expression: Value): boolean {
  return expression.prefix === undefined || expression.prefix.includes('g');
}
