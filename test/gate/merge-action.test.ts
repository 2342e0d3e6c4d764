import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeActionOf } from '../../src/gate/index.ts';
import { commit, controls, evidence, filesOf, finding } from './sample.ts';

const actionOf = (over: Parameters<typeof evidence>[0], accepted?: ReadonlySet<string>) =>
  mergeActionOf(evidence(over), 0, accepted);

test('a renamed file counts under both of its names, and what only a commit touched counts, too', () => {
  const { paths } = actionOf({
    files: filesOf({ 'src/old.ts': 'let a = 1;\n' }, { 'src/new.ts': 'let a = 1;\n' }),
    commits: [commit({ files: [{ path: 'src/gone.ts', kind: 'removed', added: [] }] })],
  });
  assert.deepEqual(paths, ['src/gone.ts', 'src/new.ts', 'src/old.ts']);
});

test('a finding that the target decided, or that a person took on, is not counted', () => {
  const decided = finding({
    suppression: { by: 'policy', reason: 'a test server', until: undefined, place: undefined },
  });
  assert.deepEqual(actionOf({ findings: [decided] }).findings.high, 0);
  const open = finding();
  assert.equal(actionOf({ findings: [open] }).findings.high, 1);
  assert.equal(actionOf({ findings: [open] }, new Set([open.fingerprint])).findings.high, 0);
});

test('what switches a check off is named, what makes it stronger is not', () => {
  const metaOf = (direction: 'weakened' | 'strengthened') =>
    actionOf({ controls: controls({ control: 'test-skipped', group: 'test', meta: true, direction }) }).meta;
  assert.deepEqual([metaOf('weakened'), metaOf('strengthened')], [['test-skipped'], []]);
});

test('a file that comes or goes counts its lines, with or without a last line break', () => {
  const linesOf = (before: { [path: string]: string }, after: { [path: string]: string }) =>
    actionOf({ files: filesOf(before, after) }).size?.lines;
  assert.equal(linesOf({}, { 'src/a.ts': 'one\ntwo\n' }), 2);
  assert.equal(linesOf({}, { 'src/a.ts': 'one\ntwo' }), 2);
  assert.equal(linesOf({ 'src/a.ts': 'one\ntwo\n' }, {}), 2);
  assert.equal(linesOf({ 'src/a.ts': 'one\n' }, { 'src/a.ts': 'two\n' }), 2);
});
