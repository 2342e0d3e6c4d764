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

test('a name in quotes may stand beside one without', () => {
  const renamed =
    'diff --git "a/tab\\there" b/plain\nsimilarity index 100%\nrename from "tab\\there"\nrename to plain\n';
  assert.deepEqual(read(renamed), { kind: 'paths', paths: ['tab\there', 'plain'] });
});

test('a hunk of one line, a binary file of one block and an octal name are read', () => {
  const binary = 'diff --git a/b.bin b/b.bin\nGIT binary patch\nliteral 5\nMc${NkU\n\n';
  const octal =
    'diff --git "a/n\\303\\244me" "b/n\\303\\244me"\n--- "a/n\\303\\244me"\n+++ "b/n\\303\\244me"\n@@ -1 +1 @@\n-a\n+b\n';
  assert.deepEqual(read(binary + octal), { kind: 'paths', paths: ['b.bin', 'näme'] });
});

/** Title, patch, line at which it stops, and why. */
const HOSTILE: readonly (readonly [string, string, number, RegExp])[] = [
  ['a path that climbs out', 'diff --git a/../x b/../x\nold mode 1\n', 1, /leaves the tree/],
  ['an absolute path', 'diff --git a//etc/x b//etc/x\nold mode 1\n', 1, /leaves the tree/],
  ['a path into git', 'diff --git a/.git/config b/.git/config\nold mode 1\n', 1, /one of git/],
  ['a path into git in another case', 'diff --git a/x/.GIT/hooks b/x/.GIT/hooks\nold mode 1\n', 1, /one of git/],
  ['a quoted path into git', 'diff --git "a/.\\147it/config" "b/.\\147it/config"\nold mode 1\n', 1, /one of git/],
  ['a name that ends early for who reads it as C does', 'diff --git "a/x\\000y" "b/x\\000y"\nold mode 1\n', 1, /tree/],
  [
    'a rename into git',
    'diff --git a/x b/.git/x\nsimilarity index 100%\nrename from x\nrename to .git/x\n',
    4,
    /one of git/,
  ],
  [
    'a rename to the null device',
    'diff --git a/x b/x\nsimilarity index 100%\nrename from x\nrename to /dev/null\n',
    4,
    /leaves the tree/,
  ],
  ['text before the first file', 'From: somebody\ndiff --git a/x b/x\nold mode 1\n', 1, /expected/],
  ['text between two files', 'diff --git a/x b/x\nold mode 1\nFrom: somebody\n', 3, /unexpected line/],
  ['a hunk that is too short', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n', 6, /ends too early/],
  [
    'a hunk that lies about its length',
    'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n a\n+b\n',
    6,
    /unexpected line/,
  ],
  [
    'a hunk with more on one side than it says',
    'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +0,0 @@\n a\n',
    6,
    /more lines than it says/,
  ],
  ['a hunk without a range', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ here @@\n a\n', 4, /no range/],
  ['a section without names', 'diff --git a/x y b/z\nindex 1..2\n', 3, /names no file/],
  ['a name without prefix', 'diff --git x x\nold mode 1\n', 1, /lacks its prefix/],
  ['a quoted name without prefix', 'diff --git "x\\ty" "x\\ty"\nold mode 1\n', 1, /lacks its prefix/],
  ['a second name without prefix', 'diff --git "a/x\\ty" x\nold mode 1\n', 1, /lacks its prefix/],
  [
    'an old name without prefix',
    'diff --git a/x b/x\n--- etc/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n',
    2,
    /lacks its prefix/,
  ],
  ['a broken quote', 'diff --git "a/x\nold mode 1\n', 1, /does not end/],
  ['an escape that git does not write', 'diff --git "a/\\q" "b/\\q"\nold mode 1\n', 1, /unknown escape/],
  [
    'a binary block with other text',
    'diff --git a/x b/x\nGIT binary patch\nliteral 5\n--- a/y z\n\n',
    4,
    /binary line is malformed/,
  ],
  ['a binary section without a size', 'diff --git a/x b/x\nGIT binary patch\nMc${NkU\n\n', 3, /has no size/],
];

for (const [title, patch, line, reason] of HOSTILE) {
  test(`${title} is refused, at its line and for what it is`, () => {
    const reading = read(patch);
    assert.ok(reading.kind === 'refused');
    assert.equal(reading.line, line);
    assert.match(reading.reason, reason);
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
