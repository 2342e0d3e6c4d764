import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ControlChange } from '../../../src/controls/index.ts';
import type { Comparer } from './comparer.ts';

/** One text, a successor that protects less, and one that protects as much. */
export interface LossPair {
  readonly title: string;
  readonly path: string;
  readonly control: string;
  readonly old: string;
  readonly lost: string;
  readonly kept: string;
}

export function weakened(comparer: Comparer, path: string, old: string, now: string): readonly ControlChange[] {
  return comparer
    .compare(path, old, now)
    .filter(({ direction }) => direction === 'weakened' || direction === 'changed');
}

/** Each loss is told as high, and its twin at most as low. @param comparer asked when a test runs */
export function testLossPairs(pairs: readonly LossPair[], comparer: () => Comparer): void {
  for (const { title, path, control, old, lost, kept } of pairs) {
    it(`is reported where ${title}`, () => {
      const found = weakened(comparer(), path, old, lost);
      assert.ok(
        found.some((change) => change.control === control && change.severity === 'high'),
        JSON.stringify(found.map((change) => [change.control, change.severity, change.message])),
      );
    });

    it(`is quiet about the same protection in another form, where ${title}`, () => {
      assert.deepEqual(
        weakened(comparer(), path, old, kept).flatMap(({ severity, message }) => (severity === 'low' ? [] : [message])),
        [],
      );
    });
  }
}
