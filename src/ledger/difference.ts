import { isObject, type JsonObject, textOf } from '../system/index.ts';
import { canonicalize } from './canonical.ts';
import type { StoredRecord } from './read.ts';

/** How often something happened in each of two runs. */
export interface Difference {
  readonly kind: string;
  /** The decision's verdict, or empty. */
  readonly verdict: string;
  /** The decision's rule, or empty. */
  readonly rule: string;
  readonly left: number;
  readonly right: number;
}

/**
 * What differs between two runs: kinds of records and decisions that one has more often than the other. Timings,
 * contents and the order of events differ in any two runs and are left out.
 */
export function compareLedgers(left: Iterable<StoredRecord>, right: Iterable<StoredRecord>): readonly Difference[] {
  const counts = new Map<string, { -readonly [Key in keyof Difference]: Difference[Key] }>();
  const count = (records: Iterable<StoredRecord>, side: 'left' | 'right'): void => {
    for (const { record } of records) {
      const { kind, verdict, rule } = describeRecord(record);
      const key = canonicalize([kind, verdict, rule]);
      const entry = counts.get(key) ?? { kind, verdict, rule, left: 0, right: 0 };
      entry[side] += 1;
      counts.set(key, entry);
    }
  };
  count(left, 'left');
  count(right, 'right');
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry)
    .filter((entry) => entry.left !== entry.right);
}

/** Kind and decision of a record, as texts. */
export function describeRecord(record: JsonObject | undefined): { kind: string; verdict: string; rule: string } {
  const decision = record?.['decision'];
  const part = (name: string): string => textOf(isObject(decision) ? decision[name] : undefined);
  return {
    kind: record === undefined ? '(unreadable)' : textOf(record['kind']),
    verdict: part('verdict'),
    rule: part('rule'),
  };
}
