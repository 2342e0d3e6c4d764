import { readFileSync } from 'node:fs';
import type { Row } from './row.ts';

/** Rules of ours that count as the peer's (`FAM*`: a whole family), or why none is expected. */
export type Counterpart = readonly string[] | string;

type Mapping = { readonly [suite: string]: { readonly [rule: string]: Counterpart } };

// The file beside this one has that shape.
const MAPPING = JSON.parse(readFileSync(new URL('mapping.json', import.meta.url), 'utf8')) as Mapping;

/** A rule that nobody has mapped is out of scope, and says so. */
export function counterpartOf(suite: string, rule: string, row?: Pick<Row, 'fixture' | 'expected'>): Counterpart {
  // A disagreement about one fixture is written as `rule finding fixture` or `rule silence fixture`.
  const single = row === undefined ? undefined : MAPPING[suite]?.[`${rule} ${row.expected} ${row.fixture}`];
  return single ?? generalCounterpart(suite, rule);
}

/** What holds for a rule, whatever is said about single fixtures. */
export function generalCounterpart(suite: string, rule: string): Counterpart {
  return Object.entries(MAPPING[suite] ?? {}).find(([name]) => covers(name, rule))?.[1] ?? 'out-of-scope: not mapped';
}

/** Whether a name of the mapping, which may end in `*`, covers a rule. */
export function covers(name: string, rule: string): boolean {
  return name.endsWith('*') ? rule.startsWith(name.slice(0, -1)) : name === rule;
}
