import type { Fact } from '../facts/index.ts';

/** Conditions that a fact stands under now and did not. */
export interface Narrowing {
  /** What must hold besides, or the part that is left of what was enough. */
  readonly added: readonly string[];
}

/**
 * Whether something happens in fewer cases than before: a condition came around it, or the one around it holds less
 * often, since an alternative is gone (`a || b` became `a`) or more is demanded.
 */
export function narrowingOf(before: Fact, after: Fact): Narrowing | undefined {
  const added = after.under.filter((key) => !before.under.includes(key));
  const dropped = before.under.filter((key) => !after.under.includes(key));
  if (added.length === 0) return undefined;
  if (dropped.length === 0) return { added };
  const [old, ...more] = dropped;
  return old !== undefined && more.length === 0 && holdsLess(old, added) ? { added } : undefined;
}

/** Whether each case of the new condition is one of the old one, with or without more. */
function holdsLess(old: string, added: readonly string[]): boolean {
  const cases = (text: string): readonly (readonly string[])[] => text.split(' || ').map((one) => one.split(' && '));
  const olds = cases(old);
  const news = cases(added.join(' && '));
  if (olds.length === 1) return false;
  return (
    news.length <= olds.length && news.every((one) => olds.some((other) => other.every((part) => one.includes(part))))
  );
}

const PRESENCE: readonly RegExp[] = [
  /^([\w.$]+)$/,
  /^(?:null|None|nil|undefined|'')\s(?:!==?|is not)\s([\w.$]+)$/,
  /^([\w.$]+)\s(?:!==?|is not)\s(?:null|None|nil|undefined|'')$/,
  /^0\s(?:!==?|<)\s(?:len\(([\w.$]+)\)|([\w.$]+)\.length)$/,
];

/** What must be there at all for a condition to hold: `provenance != nil` asks for `provenance`. */
export function presenceOf(key: string): string | undefined {
  const text = key.slice(0, 200);
  for (const pattern of PRESENCE) {
    const found = pattern.exec(text);
    if (found) return found[1] ?? found[2];
  }
  return undefined;
}
