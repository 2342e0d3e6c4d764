import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePatchPaths } from '../../src/workspace/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 5_000);

function read(patch: string) {
  return parsePatchPaths(Buffer.from(patch, 'latin1'));
}

const GOOD = `diff --git a/x.txt b/x.txt
index 1..2 100644
--- a/x.txt
+++ b/x.txt
@@ -1,2 +1,2 @@ function
--- a/../../etc/passwd
+++ b/evil
 same
diff --git "a/tab\\there" "b/tab\\there"
new file mode 100644
index 0..1
--- /dev/null
+++ "b/tab\\there"
@@ -0,0 +1 @@
+diff --git a/hidden b/hidden
\\ No newline at end of file
diff --git a/mode b/mode
old mode 100644
new mode 100755
diff --git a/old name b/new name
similarity index 100%
rename from old name
rename to new name
`;

test('headers inside a hunk are content, headers outside are paths', () => {
  assert.deepEqual(read(GOOD), { kind: 'paths', paths: ['x.txt', 'tab\there', 'mode', 'old name', 'new name'] });
});

test('an empty patch names nothing', () => assert.deepEqual(read(''), { kind: 'paths', paths: [] }));

const HOSTILE: readonly (readonly [string, string])[] = [
  ['a path that climbs out', 'diff --git a/../x b/../x\nold mode 1\n'],
  ['an absolute path', 'diff --git a//etc/x b//etc/x\nold mode 1\n'],
  ['a path into git', 'diff --git a/.git/config b/.git/config\nold mode 1\n'],
  ['a path into git in another case', 'diff --git a/x/.GIT/hooks b/x/.GIT/hooks\nold mode 1\n'],
  ['a quoted path into git', 'diff --git "a/.\\147it/config" "b/.\\147it/config"\nold mode 1\n'],
  ['a rename into git', 'diff --git a/x b/.git/x\nsimilarity index 100%\nrename from x\nrename to .git/x\n'],
  ['text before the first file', 'From: somebody\ndiff --git a/x b/x\nold mode 1\n'],
  ['a hunk that is too short', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n'],
  ['a hunk that lies about its length', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n a\n+b\n'],
  ['a hunk with more on one side than it says', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +0,0 @@\n a\n'],
  ['a rename to the null device', 'diff --git a/x b/x\nsimilarity index 100%\nrename from x\nrename to /dev/null\n'],
  ['a section without names', 'diff --git a/x y b/z\nindex 1..2\n'],
  ['a name without prefix', 'diff --git x x\nold mode 1\n'],
  ['a broken quote', 'diff --git "a/x\nold mode 1\n'],
  ['a binary block with other text', 'diff --git a/x b/x\nGIT binary patch\nliteral 5\n--- a/y z\n\n'],
];

for (const [title, patch] of HOSTILE) {
  test(`${title} is refused with its line`, () => {
    const reading = read(patch);
    assert.equal(reading.kind, 'refused');
    assert.ok(reading.kind === 'refused' && reading.line >= 1);
  });
}

const piece = fc.oneof(
  fc.constantFrom(
    ...GOOD.split('\n'),
    'GIT binary patch',
    'literal 5',
    'Mc${NkU',
    '',
    '@@ -0,0 +1 @@',
    '+x',
    '"',
    '\\',
    'a/.git/x',
  ),
  fc.string({ maxLength: 30 }),
);

test('any input is answered, and no accepted path leaves the tree', () => {
  const patch = fc.array(piece, { maxLength: 25 }).map((lines) => Buffer.from(lines.join('\n')));
  const input = fc.oneof(patch, fc.uint8Array({ maxLength: 200 }));
  fc.assert(
    fc.property(input, (bytes) => {
      const reading = parsePatchPaths(bytes);
      if (reading.kind === 'refused') return;
      for (const path of reading.paths) {
        const parts = path.split('/');
        assert.ok(!parts.includes('..') && !parts.includes('') && !parts.some((part) => part.toLowerCase() === '.git'));
      }
    }),
    { numRuns: RUNS },
  );
});
