import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Edit, type FindingDraft, type Fix, planFixes } from '../../../src/findings/index.ts';
import { draftOf, reportOf, suppress } from '../sample-report.ts';

const FILES = { 'a.yml': 'one: 1\ntwo: 2\n', 'b.yml': 'x\n' };
const edit = (start: number, end: number, text: string, file = 'a.yml'): Edit => ({ file, span: { start, end }, text });
const fix = (edits: readonly Edit[], change: Partial<Fix> = {}): Fix => ({
  title: 't',
  safety: 'safe',
  edits,
  creates: [],
  ...change,
});
const finding = (subject: string, fixes: readonly Fix[], change: Partial<FindingDraft> = {}) =>
  draftOf({ subject, fixes, place: { file: 'a.yml', span: { start: 0, end: 1 } }, ...change });
const plan = (drafts: readonly FindingDraft[], safety: Fix['safety'] = 'safe') =>
  planFixes(reportOf(drafts, {}, FILES), { safety });

test('fixes that fit together become one change a file, sorted by path', () => {
  const { files, skipped, applied } = plan([
    finding('b', [fix([edit(0, 1, 'y', 'b.yml')])]),
    finding('a', [fix([edit(5, 6, '11')])]),
    finding('c', [fix([edit(12, 13, '22')], { creates: [{ file: 'new.yml', content: 'n\n' }] })]),
  ]);
  assert.deepEqual(files, [
    { path: 'a.yml', before: FILES['a.yml'], after: 'one: 11\ntwo: 22\n' },
    { path: 'b.yml', before: 'x\n', after: 'y\n' },
    { path: 'new.yml', before: undefined, after: 'n\n' },
  ]);
  assert.equal(applied.length, 3);
  assert.deepEqual(skipped, []);
});

test('of two fixes for one place the more severe finding gets its own, and the other is skipped', () => {
  const { files, skipped } = plan([
    finding('low', [fix([edit(5, 6, 'low')])], { severity: 'low' }),
    finding('high', [fix([edit(5, 6, 'high')])], { severity: 'high' }),
  ]);
  assert.equal(files[0]?.after, 'one: high\ntwo: 2\n');
  assert.deepEqual(
    skipped.map(({ finding: { subject }, reason }) => [subject, reason]),
    [['low', 'conflict']],
  );
});

test('a finding falls back to its next fix', () => {
  const { files, skipped } = plan([
    finding('high', [fix([edit(5, 6, 'high')])], { severity: 'high' }),
    finding('low', [fix([edit(0, 6, 'all')]), fix([edit(12, 13, 'low')])], { severity: 'low' }),
  ]);
  assert.equal(files[0]?.after, 'one: high\ntwo: low\n');
  assert.deepEqual(skipped, []);
});

test('unsafe fixes wait until somebody asks for them', () => {
  const drafts = [finding('a', [fix([edit(5, 6, 'x')], { safety: 'unsafe' })])];
  assert.deepEqual(plan(drafts).files, []);
  assert.deepEqual(
    plan(drafts).skipped.map(({ reason }) => reason),
    ['unsafe'],
  );
  assert.equal(plan(drafts, 'unsafe').files[0]?.after, 'one: x\ntwo: 2\n');
});

test('the same edit wanted twice is made once', () => {
  const { files, applied } = plan([
    finding('a', [fix([edit(7, 7, 'new\n')])]),
    finding('b', [fix([edit(7, 7, 'new\n')])]),
  ]);
  assert.equal(files[0]?.after, 'one: 1\nnew\ntwo: 2\n');
  assert.equal(applied.length, 2);
});

test('two different insertions at one place conflict, because nobody knows their order', () => {
  const { skipped } = plan([finding('a', [fix([edit(7, 7, 'x\n')])]), finding('b', [fix([edit(7, 7, 'y\n')])])]);
  assert.deepEqual(
    skipped.map(({ reason }) => reason),
    ['conflict'],
  );
});

test('a fix is made whole or not at all, and never outside the tree', () => {
  const cases: readonly (readonly [Fix, string])[] = [
    [fix([edit(0, 1, 'x'), edit(0, 99, 'x')]), 'outside'],
    [fix([edit(0, 3, 'x'), edit(2, 4, 'x')]), 'overlap'],
    [fix([edit(0, 1, 'x'), edit(0, 1, 'x', 'gone.yml')]), 'unreadable'],
    [fix([edit(0, 1, 'x')], { creates: [{ file: 'b.yml', content: '' }] }), 'exists'],
    ...['../x', '/etc/x', 'a/../../x', '.git/hooks/pre-commit', 'a/.GIT/config', 'a//b', ''].map(
      (file) => [fix([edit(0, 1, 'x')], { creates: [{ file, content: '' }] }), 'path'] as const,
    ),
  ];
  for (const [bad, reason] of cases) {
    const { files, skipped } = plan([finding('a', [bad])]);
    assert.deepEqual([files, skipped.map((skip) => skip.reason)], [[], [reason]]);
  }
});

test('suppressed findings are not mended', () => {
  const report = reportOf([finding('a', [fix([edit(0, 1, 'x')])])], {}, FILES);
  assert.deepEqual(planFixes({ ...report, findings: report.findings.map(suppress) }, { safety: 'safe' }).files, []);
});
