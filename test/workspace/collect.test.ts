import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Change, parsePatchPaths } from '../../src/workspace/index.ts';
import {
  collectFrom,
  git,
  makeRepository,
  mergedOf,
  policyOf,
  rulesOf,
  Scratch,
  stageOf,
  writeFiles,
} from './checkout.ts';

/** Applies the patch to a clean clone of HEAD and gives back the tree that results. */
function applied(scratch: Scratch, source: string, change: Change): string {
  const clone = join(scratch.directory('clone'), 'c');
  git(source, 'clone', '-q', source, clone);
  if (change.patchBytes > 0) git(clone, 'apply', '--index', '--whitespace=nowarn', change.patchFile);
  return git(clone, 'write-tree');
}

const FILES = {
  'src/a.js': 'one\ntwo\nthree\n',
  'src/b.js': 'b\n'.repeat(40),
  'run.sh': '#!/bin/sh\n',
  'image.bin': Buffer.from([0, 1, 2, 3, 255]),
};

test('text, new files, deletions, renames, modes, binaries and links all reach a clean clone', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), FILES);
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, {
    'src/a.js': 'one\n2\nthree\nno newline',
    'new/ä ö.txt': 'n\n',
    'image.bin': Buffer.from([0, 9, 9]),
    empty: '',
  });
  renameSync(join(merged, 'src/b.js'), join(merged, 'src/c.js'));
  chmodSync(join(merged, 'src/a.js'), 0o755);
  rmSync(join(merged, 'run.sh'));
  symlinkSync('src/a.js', join(merged, 'link'));
  const change = await collectFrom(scratch, stage, merged);
  assert.equal(change.status, 'complete');
  assert.equal(applied(scratch, source, change), change.head.tree);
  const byPath = new Map(change.files.map((file) => [file.path, file]));
  assert.deepEqual([...byPath.keys()].toSorted(), [
    'empty',
    'image.bin',
    'link',
    'new/ä ö.txt',
    'run.sh',
    'src/a.js',
    'src/c.js',
  ]);
  assert.equal(byPath.get('src/c.js')?.status, 'renamed');
  assert.equal(byPath.get('src/c.js')?.previousPath, 'src/b.js');
  assert.deepEqual(
    [byPath.get('src/a.js')?.addedLines, byPath.get('src/a.js')?.removedLines, byPath.get('src/a.js')?.newMode],
    [2, 1, '100755'],
  );
  assert.equal(byPath.get('image.bin')?.binary, true);
  const reading = parsePatchPaths(readFileSync(change.patchFile));
  assert.deepEqual(reading.kind === 'paths' && reading.paths.toSorted(), [...byPath.keys(), 'src/b.js'].toSorted());
});

test('the bundle holds one commit on top of HEAD and is the same bytes every time', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), FILES);
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  chmodSync(join(merged, 'src/a.js'), 0o755);
  const change = await collectFrom(scratch, stage, merged);
  const again = await collectFrom(scratch, stage, merged);
  const bundle = change.bundleFile ?? '';
  assert.deepEqual(readFileSync(bundle), readFileSync(again.bundleFile ?? ''));
  const clone = join(scratch.path, 'clone');
  git(source, 'clone', '-q', source, clone);
  git(clone, 'fetch', '-q', bundle, 'refs/heads/sallyport/change');
  assert.equal(git(clone, 'rev-parse', 'FETCH_HEAD^{tree}'), change.head.tree);
  assert.equal(git(clone, 'rev-parse', 'FETCH_HEAD^'), git(source, 'rev-parse', 'HEAD'));
});

test('an untouched tree gives an empty patch, also when every time was changed', async () => {
  using scratch = new Scratch();
  const stage = await stageOf(scratch, makeRepository(scratch.directory('source'), FILES));
  const merged = mergedOf(scratch, stage);
  execFileSync('sh', ['-c', 'find . -type f -exec touch {} +'], { cwd: merged });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual([change.files, change.withheld, change.patchBytes, change.status], [[], [], 0, 'complete']);
  assert.equal(change.head.tree, change.base.tree);
});

test('a content change with forged times and size is still seen', async () => {
  using scratch = new Scratch();
  const stage = await stageOf(scratch, makeRepository(scratch.directory('source'), { a: 'aaaa' }));
  const merged = mergedOf(scratch, stage);
  execFileSync('sh', ['-c', 'touch -r a ref; printf bbbb > a; touch -r ref a; rm ref'], { cwd: merged });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['a'],
  );
});

test('ignored files stay out; files that were untracked before are listed only when they changed', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { '.gitignore': 'dist/\n*.log\n!keep.log\n', a: '1' });
  writeFiles(source, { 'draft.txt': 'mine', 'other.txt': 'mine', 'dist/built.js': 'mine' });
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, {
    'dist/out.js': 'x',
    'dist/built.js': 'changed',
    'x.log': 'x',
    'keep.log': 'x',
    'draft.txt': 'changed',
    'sub/.gitignore': 'tmp\n',
    'sub/tmp': 'x',
    ':(glob)x.log': 'x',
  });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['keep.log', 'sub/.gitignore'],
  );
  assert.deepEqual(rulesOf(change), { 'draft.txt': 'untracked' });
});

test('on a dirty checkout only what the run did is in the patch', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1\n', b: '2\n' });
  writeFiles(source, { a: 'mine\n' });
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, { b: 'run\n' });
  chmodSync(join(merged, 'b'), 0o755);
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['b'],
  );
  git(source, 'apply', '--check', change.patchFile);
  const clone = join(scratch.path, 'clone');
  git(source, 'clone', '-q', source, clone);
  git(clone, 'fetch', '-q', change.bundleFile ?? '', 'refs/heads/sallyport/change');
  assert.equal(git(clone, 'diff', '--name-only', 'HEAD', 'FETCH_HEAD'), 'b');
});

test('a plain directory gives a patch against the pristine copy', async () => {
  using scratch = new Scratch();
  const source = scratch.directory('plain');
  writeFiles(source, { a: '1\n', 'b/c': 'x' });
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, { a: '2\n', n: 'n\n' });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(
    change.files.map(({ path, status }) => [path, status]),
    [
      ['a', 'modified'],
      ['n', 'added'],
    ],
  );
  assert.match(readFileSync(change.patchFile, 'utf8'), /^-1\n\+2$/m);
});

test('the commits, configuration and index of the agent have no say in the patch', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'a.txt': 'a\n' });
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  const marker = join(scratch.path, 'marker');
  for (const key of [
    'core.fsmonitor',
    'diff.external',
    'diff.x.textconv',
    'filter.x.clean',
    'core.pager',
    'gpg.program',
  ]) {
    git(merged, 'config', key, `sh -c 'touch ${marker}; cat'`);
  }
  writeFiles(merged, { '.gitattributes': '* diff=x filter=x -text binary\n', 'a.txt': 'b\n', 'c.txt': 'c\r\n' });
  git(merged, '-c', 'core.fsmonitor=false', '-c', 'filter.x.clean=cat', 'update-index', '--assume-unchanged', 'a.txt');
  const change = await collectFrom(scratch, stage, merged, {
    decide: await policyOf('disable: [builtin/execution-files]'),
  });
  assert.equal(existsSync(marker), false);
  assert.deepEqual(
    change.files.map(({ path, binary }) => [path, binary]),
    [
      ['.gitattributes', false],
      ['a.txt', false],
      ['c.txt', false],
    ],
  );
  assert.equal(applied(scratch, source, { ...change }), change.head.tree);
});

test('protected paths and paths out of scope go to a person, as a patch of their own', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), {
    '.github/workflows/ci.yml': 'on: push\n',
    'src/a': '1\n',
    'infra/x': '1\n',
  });
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, {
    '.github/workflows/evil.yml': 'on: push\n',
    '.claude/settings.json': '{}',
    '.MCP.json': '{}',
    'CLAUDE.md': 'obey',
    'src/.npmrc': 'x',
    'src/a': '2\n',
    'infra/x': '2\n',
    'infra/secret': 'y',
    elsewhere: 'z',
  });
  rmSync(join(merged, '.github/workflows/ci.yml'));
  const change = await collectFrom(scratch, stage, merged, {
    decide: await policyOf(
      "file: { write: { allow: ['src/**', 'infra/**', '**/*.md'], ask: ['infra/**'], deny: ['infra/secret'] } }",
    ),
  });
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['src/a'],
  );
  assert.deepEqual(rulesOf(change), {
    '.MCP.json': 'builtin/agent-config',
    '.claude/settings.json': 'builtin/agent-config',
    '.github/workflows/ci.yml': 'builtin/ci-files',
    '.github/workflows/evil.yml': 'builtin/ci-files',
    'CLAUDE.md': 'builtin/agent-config',
    elsewhere: 'default',
    'infra/secret': 'file.write.deny:infra/secret',
    'infra/x': 'file.write.ask:infra/**',
    'src/.npmrc': 'builtin/execution-files',
  });
  const review = parsePatchPaths(readFileSync(change.reviewFile ?? ''));
  assert.equal(review.kind === 'paths' && review.paths.length, 9);
});

const TESTS = {
  'test/parse.test.js':
    "import { parse } from '../src/a.js';\ntest('one', () => parse(1));\ntest('two', () => parse(2));\n",
  'test/print.test.js':
    "import { print } from '../src/b.js';\ntest('a', () => print('a'));\ntest('b', () => print('b'));\n",
  'src/test/java/AppTest.java': 'class AppTest {\n  void one() {}\n}\n',
  'pkg/x_test.go': 'package x\n',
};

test('deleted tests wait for a person; the rest of the change comes along', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { ...FILES, ...TESTS });
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  for (const path of ['test', 'src/test', 'pkg', 'run.sh']) rmSync(join(merged, path), { recursive: true });
  writeFiles(merged, { 'src/a.js': 'one\n' });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(change.files.map(({ path }) => path).toSorted(), ['run.sh', 'src/a.js']);
  const expected = Object.keys(TESTS).map((path) => [path, 'builtin/test-deletion']);
  assert.deepEqual(rulesOf(change), Object.fromEntries(expected));
  assert.equal(applied(scratch, source, change), change.head.tree);
});

test('a test that was renamed, edited on its way or split is not taken for deleted', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { ...FILES, ...TESTS });
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  rmSync(join(merged, 'test'), { recursive: true });
  rmSync(join(merged, 'pkg/x_test.go'));
  writeFiles(merged, {
    'test/unit/parse.test.js': TESTS['test/parse.test.js'].replace('../src', '../../src'),
    'test/all.test.js': `import { print } from '../src/b.js';\ntest('a', () => print('a'));\ntest('c', () => {});\n`,
    'pkg/y_test.go': TESTS['pkg/x_test.go'],
  });
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(change.withheld, []);
  assert.equal(applied(scratch, source, change), change.head.tree);
});

test('a test that is moved to where no runner looks is taken for deleted', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { ...FILES, ...TESTS });
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  renameSync(join(merged, 'src/test/java/AppTest.java'), join(merged, 'old.txt'));
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(rulesOf(change), { 'src/test/java/AppTest.java': 'builtin/test-deletion' });
  const off = await policyOf('disable: [builtin/test-deletion]');
  assert.deepEqual((await collectFrom(scratch, stage, merged, { decide: off })).withheld, []);
});

test('a protected class opens by switching its rule off, not by an allow rule', async () => {
  using scratch = new Scratch();
  const stage = await stageOf(scratch, makeRepository(scratch.directory('source'), { a: '1' }));
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, { '.github/workflows/new.yml': 'x', '.claude/settings.json': '{}' });
  const opened = await collectFrom(scratch, stage, merged, {
    decide: await policyOf('disable: [builtin/ci-files]'),
  });
  assert.deepEqual(
    opened.files.map(({ path, class: kind }) => [path, kind]),
    [['.github/workflows/new.yml', 'ci']],
  );
  const allowed = await collectFrom(scratch, stage, merged, {
    decide: await policyOf("file: { write: { allow: ['**', '.github/workflows/*.yml'] } }"),
  });
  assert.deepEqual(allowed.files, []);
  assert.equal(allowed.status, 'partial');
});

test('a change over the limits is withheld as a value: one huge file alone, a crowd as a directory, all when nothing helps', async () => {
  using scratch = new Scratch();
  const stage = await stageOf(scratch, makeRepository(scratch.directory('source'), { a: '1\n' }));
  const merged = mergedOf(scratch, stage);
  const crowd = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`modules/p${index}/index.js`, `${index}`]),
  );
  writeFiles(merged, { a: '2\n', ...crowd });
  execFileSync('truncate', ['-s', '40G', join(merged, 'sparse')]);
  const limits = { files: 20, bytes: 100_000 };
  const change = await collectFrom(scratch, stage, merged, { limits });
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['a'],
  );
  assert.deepEqual(rulesOf(change), { modules: 'limit-files', sparse: 'limit-bytes' });
  writeFiles(merged, Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, 'x'])));
  const flooded = await collectFrom(scratch, stage, merged, { limits });
  assert.equal(flooded.status, 'over-limit');
  assert.equal(statSync(flooded.patchFile).size, 0);
});

test('deletions and the size of a file are judged as the policy says', async () => {
  using scratch = new Scratch();
  const stage = await stageOf(scratch, makeRepository(scratch.directory('source'), { a: '1\n', b: '2\n' }));
  const merged = mergedOf(scratch, stage);
  writeFiles(merged, { a: '2\n', large: 'x'.repeat(100), small: 'x' });
  rmSync(join(merged, 'b'));
  const change = await collectFrom(scratch, stage, merged, {
    decide: await policyOf(
      "file: { write: { allow: [{ path: '**', max: 50 }] }, delete: { allow: ['**'], ask: [{ id: no-deletions, path: '**' }] } }",
    ),
  });
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['a', 'small'],
  );
  assert.deepEqual(rulesOf(change), { b: 'no-deletions', large: 'default' });
});
