import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FindingDraft, withoutDuplicates } from '../../../src/findings/index.ts';
import { draftOf, ruleNamed } from '../sample-report.ts';

const TEXT = 'a\nb\nc\nd\ne\n'.repeat(100);
const source = (path: string) => (path === 'a.py' ? { path, text: TEXT } : undefined);
const RULES = [
  ruleNamed('CODE03', { tags: ['CWE-78'] }),
  ruleNamed('x/shell', { tags: ['CWE-88', 'OWASP'] }),
  ruleNamed('y/shell', { tags: ['CWE-77'] }),
  ruleNamed('x/sql', { tags: ['CWE-89'] }),
  ruleNamed('x/plain', { tags: [] }),
];

/** A finding on lines of two characters each, from 1. */
const on = (rule: string, first: number, last = first, file = 'a.py'): FindingDraft =>
  draftOf({ rule, subject: `${rule} ${first}`, place: { file, span: { start: 2 * (first - 1), end: 2 * last - 1 } } });

const sort = (scanned: readonly FindingDraft[], own: readonly FindingDraft[] = []) => {
  const { distinct, known } = withoutDuplicates(scanned, own, RULES, source);
  return { distinct: distinct.map(({ rule }) => rule), known: known.map(({ draft, by }) => `${draft.rule} by ${by}`) };
};

test('what our own findings say of the same lines is left out, whatever number a scanner gives the weakness', () => {
  const own = [on('CODE03', 10)];
  assert.deepEqual(sort([on('x/shell', 10)], own), { distinct: [], known: ['x/shell by CODE03'] });
  assert.deepEqual(sort([on('x/shell', 8, 12)], own).known.length, 1);
  for (const other of [on('x/shell', 11), on('x/sql', 10), on('x/plain', 10), on('x/shell', 10, 10, 'b.py')])
    assert.deepEqual(sort([other], own), { distinct: [other.rule], known: [] });
});

test('of two scanners the first that says it stays, and one scanner may say it twice', () => {
  assert.deepEqual(sort([on('x/shell', 3), on('y/shell', 3)]), {
    distinct: ['x/shell'],
    known: ['y/shell by x/shell'],
  });
  assert.deepEqual(sort([on('y/shell', 3), on('x/shell', 3)]).distinct, ['y/shell']);
  assert.deepEqual(sort([on('x/shell', 3), on('x/shell', 3)]).distinct, ['x/shell', 'x/shell']);
});

test('a finding over hundreds of lines is told by its first two hundred', () => {
  const long = on('CODE03', 1, 400);
  assert.equal(sort([on('x/shell', 200)], [long]).known.length, 1);
  assert.equal(sort([on('x/shell', 201)], [long]).known.length, 0);
});
