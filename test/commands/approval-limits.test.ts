/** How much of the store of approvals is read: a flood is noticed, the years of a busy repository are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withinLimits } from '../../src/commands/gate/approvals.ts';

const stored = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, at) => ({ path: `${at}.json`, id: 'a'.repeat(40), bytes }));

test('a hundred thousand stored approvals are read, and no more', () => {
  assert.equal(withinLimits(stored(100_000, 4_000)).length, 100_000);
  assert.equal(withinLimits(stored(100_001, 4_000)).length, 100_000);
});

test('512 MiB of them are read, and no more', () => {
  assert.equal(withinLimits(stored(2_048, 256 * 1024)).length, 2_048);
  assert.equal(withinLimits(stored(2_049, 256 * 1024)).length, 2_048);
  assert.equal(withinLimits([]).length, 0);
});
