import assert from 'node:assert/strict';
import { test } from 'node:test';
import { piecesOf } from '../../src/gate/pieces.ts';
import { commit, evidence, filesOf } from './sample.ts';

const historyOf = (...added: readonly { readonly line: number; readonly text: string }[]) =>
  commit({ files: [{ path: 'src/a.ts', kind: 'modified', added }] });

test('neighbouring lines of a commit are read together, so that what is broken over lines is found', () => {
  const commits = [historyOf({ line: 3, text: 'one' }, { line: 4, text: 'two' }, { line: 9, text: 'three' })];
  assert.deepEqual(
    piecesOf(evidence({ files: [], commits })).map(({ text }) => text),
    ['one\ntwo', 'three'],
  );
});

test('what a commit adds and the result still has is told once, with its place', () => {
  const files = filesOf({ 'src/a.ts': 'first\n' }, { 'src/a.ts': 'first\nsecond\n' });
  const [piece, ...others] = piecesOf(evidence({ files, commits: [historyOf({ line: 2, text: 'second' })] }));
  assert.deepEqual([piece?.text, others.length], ['second', 0]);
  assert.deepEqual(piece?.placeOf(0, 6), { file: 'src/a.ts', span: { start: 6, end: 12 } });
});

test('the new name of a file that was added or renamed is read, that of a changed one is not', () => {
  const files = filesOf({ 'old.ts': 'same\n', 'kept.ts': 'a\n' }, { 'new.ts': 'same\n', 'kept.ts': 'b\n' });
  assert.deepEqual(
    piecesOf(evidence({ files })).map(({ text }) => text),
    ['b', 'new.ts'],
  );
});

test('a name that only the history has is read once, with its commit', () => {
  const added = (path: string) => ({ path, kind: 'added' as const, added: [] });
  const commits = ['1', '2'].map((digit) =>
    commit({ id: digit.repeat(40), files: [added('gone.ts'), added('new.ts')] }),
  );
  const removed = commit({ files: [{ path: 'old.ts', kind: 'removed', added: [] }] });
  const files = filesOf({}, { 'new.ts': '' });
  assert.deepEqual(
    piecesOf(evidence({ files, commits: [...commits, removed] })).map(({ where, text }) => `${where}: ${text}`),
    ['name of new.ts: new.ts', 'name of gone.ts in commit 111111111111: gone.ts'],
  );
});

test('where a link points is read, as a key could stand there', () => {
  const after = { kind: 'link' as const, path: 'latest', target: 'v2/notes', leaves: false };
  const file = { path: 'latest', before: undefined, after, previousPath: undefined, old: undefined, new: undefined };
  const pieces = piecesOf(evidence({ files: [{ ...file, kind: 'added', hunks: [] }] }));
  assert.deepEqual(
    pieces.map(({ where, text }) => `${where}: ${text}`),
    ['name of latest: latest', 'target of the link latest: v2/notes'],
  );
});
