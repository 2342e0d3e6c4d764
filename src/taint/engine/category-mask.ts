import type { TaintCategory } from '../catalogue.ts';

/** One bit a category, so that what a value was cleared of is one number. */
const BITS: Readonly<Record<TaintCategory, number>> = {
  sql: 1 << 0,
  nosql: 1 << 1,
  command: 1 << 2,
  code: 1 << 3,
  template: 1 << 4,
  ldap: 1 << 5,
  xpath: 1 << 6,
  path: 1 << 7,
  xss: 1 << 8,
  redirect: 1 << 9,
  ssrf: 1 << 10,
  deserialization: 1 << 11,
  xxe: 1 << 12,
  header: 1 << 13,
  log: 1 << 14,
  session: 1 << 15,
  regex: 1 << 16,
  prototype: 1 << 17,
  email: 1 << 18,
  format: 1 << 19,
  redos: 1 << 20,
  number: 1 << 21,
};

/** Every category. */
export const EVERYTHING = (1 << 22) - 1;

/** The bits of some categories; `*` is every one. */
export function maskOf(categories: readonly (TaintCategory | '*')[]): number {
  let mask = 0;
  for (const category of categories) mask |= category === '*' ? EVERYTHING : BITS[category];
  return mask;
}
