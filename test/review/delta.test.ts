import assert from 'node:assert/strict';
import { test } from 'node:test';
import { touches } from '../../src/review/delta.ts';
import { compareTrees } from '../../src/workspace/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

test('a place lies on a change when its lines and those that were written meet', () => {
  const lines = ['zero', 'one', 'two', 'three', 'four', 'five', 'six'];
  const base = memoryTree({ 'a.ts': `${lines.join('\n')}\n` });
  const text = lines.map((line, at) => (at === 3 || at === 4 ? `${line}!` : line)).join('\n');
  const head = memoryTree({ 'a.ts': `${text}\n` });
  const changes = compareTrees(base, head);
  const lies = (from: string, to: string): boolean =>
    touches({ file: 'a.ts', span: { start: text.indexOf(from), end: text.indexOf(to) } }, changes, head);
  assert.deepEqual(
    [lies('zero', 'one'), lies('one', 'two'), lies('two', 'three!'), lies('four!', 'four!'), lies('five', 'six')],
    [false, false, true, true, false],
  );
  assert.equal(touches({ file: 'other.ts', span: { start: 0, end: 1 } }, changes, head), false);
});
