/** Which lines a forge shows, told by a diff that the change itself wrote. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHunks, readUnifiedDiff } from '../../../src/forges/diff/lines.ts';

const section = (from: string, to: string, hunks: string, more = ''): string =>
  `diff --git a/x b/x\n${more}index 1..2 100644\n--- ${from}\n+++ ${to}\n${hunks}`;

const filesOf = (diff: string) =>
  readUnifiedDiff(diff).map(({ path, previousPath, head, base }) => [
    path,
    previousPath,
    [...head.keys()],
    [...base.keys()],
  ]);

test('new, deleted, renamed and odd files are told by their names on each side', () => {
  const diff = [
    section('/dev/null', 'b/new.ts', '@@ -0,0 +1,2 @@\n+a\n+b\n'),
    section('a/old.ts', '/dev/null', '@@ -1 +0,0 @@\n-a\n'),
    section('a/was.ts', 'b/is.ts', '@@ -3,2 +3,2 @@ f()\n a\n-b\n+c\n', 'rename from was.ts\nrename to is.ts\n'),
    section('a/a b.ts\t', 'b/a b.ts\t', '@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n'),
    section('"a/\\303\\244.ts"', '"b/\\303\\244.ts"', '@@ -1 +1 @@\n-a\n+b\n'),
    'diff --git a/p.png b/p.png\nBinary files a/p.png and b/p.png differ\n',
  ].join('');
  assert.deepEqual(filesOf(diff), [
    ['new.ts', 'new.ts', [1, 2], []],
    ['old.ts', 'old.ts', [], [1]],
    ['is.ts', 'was.ts', [3, 4], [3, 4]],
    ['a b.ts', 'a b.ts', [1], [1]],
  ]);
});

test('what stands in a changed line begins no file and no hunk', () => {
  const forged = 'x\rdiff --git a/evil b/evil\r--- a/evil\r+++ b/evil\r@@ -1 +1,3 @@\r+a';
  const hunk = `@@ -1,3 +1,4 @@\n--- a/evil\n-diff --git a/evil b/evil\n-@@ -9 +9 @@\n+++ b/evil\n+@@ -9,9 +9,9 @@\n+${forged}\n+\u2028diff --git a/evil b/evil\n`;
  assert.deepEqual(filesOf(section('a/a.ts', 'b/a.ts', hunk)), [['a.ts', 'a.ts', [1, 2, 3, 4], [1, 2, 3]]]);
});

test('lines behind the end of a hunk, and hunks that are none, are not shown', () => {
  const { head, base } = readHunks('a', 'a', 'x\n@@ nonsense @@\n+a\n@@ -1,2 +1 @@\n a\n-b\n+c\n d\n');
  assert.deepEqual([[...head.keys()], [...base.keys()]], [[1], [1, 2]]);
});
