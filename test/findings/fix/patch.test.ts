import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FileChange, renderPatch } from '../../../src/findings/index.ts';

const RUNS = { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 40) };

/** The directory after `git apply`, which must not complain. */
function apply(changes: readonly FileChange[], check: (read: (path: string) => string | undefined) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-patch-'));
  try {
    for (const { path, before } of changes) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (before !== undefined) writeFileSync(join(root, path), before);
    }
    const environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CEILING_DIRECTORIES: dirname(root),
    };
    execFileSync('git', ['apply', '--whitespace=nowarn', '--unidiff-zero', '-'], {
      cwd: root,
      input: renderPatch(changes),
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    check((path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function applies(changes: readonly FileChange[]): void {
  apply(changes, (read) => {
    for (const { path, after } of changes) assert.equal(read(path), after, path);
  });
}

test('six lines between two changes are their common context, a seventh parts them', () => {
  const before = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');
  const hunksWith = (second: number): number => {
    const after = before.replace('line 5\n', 'LINE\n').replace(`line ${second}\n`, 'LINE\n');
    applies([{ path: 'a', before, after }]);
    return renderPatch([{ path: 'a', before, after }]).match(/^@@ /gm)?.length ?? 0;
  };
  assert.deepEqual([hunksWith(12), hunksWith(13)], [1, 2]);
});

test('a name is quoted as git quotes it', () => {
  const headOf = (path: string): string => renderPatch([{ path, before: 'a\n', after: 'b\n' }]).split('\n', 1)[0] ?? '';
  assert.equal(headOf('a ~b'), 'diff --git a/a ~b b/a ~b');
  assert.equal(
    headOf('ä ~"\\\t\x01\x7f'),
    String.raw`diff --git "a/\303\244 ~\"\\\t\001\177" "b/\303\244 ~\"\\\t\001\177"`,
  );
});

test('a patch shows three lines of context and joins changes that stand close', () => {
  const before = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');
  const after = before.replace('line 5\n', 'LINE 5\n').replace('line 9\n', '').replace('line 25\n', 'line 25\nnew\n');
  assert.equal(
    renderPatch([{ path: 'a.yml', before, after }]),
    `diff --git a/a.yml b/a.yml
--- a/a.yml
+++ b/a.yml
@@ -2,11 +2,10 @@
 line 2
 line 3
 line 4
-line 5
+LINE 5
 line 6
 line 7
 line 8
-line 9
 line 10
 line 11
 line 12
@@ -23,6 +22,7 @@
 line 23
 line 24
 line 25
+new
 line 26
 line 27
 line 28
`,
  );
  applies([{ path: 'a.yml', before, after }]);
});

test('git applies new files, empty files, missing last newlines and carriage returns', () => {
  applies([
    { path: 'new.txt', before: undefined, after: 'one\ntwo\n' },
    { path: 'deep/er/new', before: undefined, after: 'no newline' },
    { path: 'empty', before: undefined, after: '' },
    { path: 'filled', before: '', after: 'x\n' },
    { path: 'emptied', before: 'x\n', after: '' },
    { path: 'gains', before: 'a\nb', after: 'a\nb\n' },
    { path: 'loses', before: 'a\nb\n', after: 'a\nb' },
    { path: 'both', before: 'a\nb', after: 'a\nc' },
    { path: 'crlf', before: 'a\r\nb\r\nc\r\n', after: 'a\r\nB\r\nc\r\n' },
    { path: 'mixed', before: '\ufeffa\r\nb\nc\rd', after: '\ufeffa\nb\r\nc\rd\r' },
    { path: 'same', before: 'a\n', after: 'a\n' },
  ]);
});

test('git reads odd path names', () => {
  const names = [
    'with blank',
    'quote"d',
    'back\\slash',
    'tab\there',
    'line\nbreak',
    'grüße',
    '😀 x',
    '$(x)',
    "it's",
    'a b/b c',
    'e\u001b[31m',
    ' lead',
    'trail ',
  ];
  applies(
    names.flatMap((path) => [
      { path, before: 'old\n', after: 'new\n' },
      { path: `created/${path}`, before: undefined, after: 'x\n' },
      { path: `void/${path}`, before: undefined, after: '' },
    ]),
  );
});

test('whatever the two texts are, git apply makes the second from the first', () => {
  const line = fc.constantFrom(
    'a\n',
    'b\n',
    'c\n',
    '\n',
    'a\r\n',
    '-- \n',
    '+++ x\n',
    '@@ -1 +1 @@\n',
    '\\ No newline\n',
    'diff --git a/x b/x\n',
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('', 'end', '\r'))
    .map(([lines, end]) => lines.join('') + end);
  fc.assert(
    fc.property(text, text, (before, after) => {
      if (before !== after) applies([{ path: 'dir/file.yml', before, after }]);
    }),
    RUNS,
  );
});

test('texts without anything in common are replaced whole in reasonable time', () => {
  const lines = (mark: string) => Array.from({ length: 20_000 }, (_, index) => `${mark}${index}\n`).join('');
  applies([{ path: 'big', before: lines('a'), after: lines('b') }]);
});
