import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { applyChange } from '../../src/workspace/index.ts';
import { collectFrom, git, makeRepository, mergedOf, Scratch, stageOf, writeFiles } from './checkout.ts';

const FILES = {
  'src/a.js': 'one\ntwo\nthree\n',
  'src/b.js': 'b\n'.repeat(40),
  'run.sh': '#!/bin/sh\n',
  'image.bin': Buffer.from([0, 1, 2, 3, 255]),
  'swap/inner': 'i\n',
  leaf: 'l\n',
};

/** Every path of a tree with kind, permission and content, git's own directory left out. */
function snapshot(root: string, directory = ''): readonly string[] {
  return readdirSync(join(root, directory))
    .filter((name) => name !== '.git')
    .flatMap((name) => {
      const path = join(directory, name);
      const status = lstatSync(join(root, path));
      if (status.isDirectory()) return [`${path}/`, ...snapshot(root, path)];
      if (status.isSymbolicLink()) return [`${path} -> ${readlinkSync(join(root, path))}`];
      return [`${path} ${(status.mode & 0o777).toString(8)} ${readFileSync(join(root, path)).toString('base64')}`];
    });
}

/** The patch of a change that an agent makes to a checkout. */
async function patchOf(scratch: Scratch, source: string, work: (merged: string) => void): Promise<Buffer> {
  const stage = await stageOf(scratch, source);
  const merged = mergedOf(scratch, stage);
  work(merged);
  return readFileSync((await collectFrom(scratch, stage, merged)).patchFile);
}

test('everything a change can hold arrives, and nothing else is touched', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), FILES);
  writeFiles(source, { 'untracked.txt': 'mine\n' });
  let expected: readonly string[] = [];
  const patch = await patchOf(scratch, source, (merged) => {
    writeFiles(merged, {
      'src/a.js': 'one\n2\nthree\n',
      'new/deep/näme with space': 'n\n',
      'image.bin': Buffer.from([255, 0, 7]),
      'no-newline': 'x',
    });
    renameSync(join(merged, 'src/b.js'), join(merged, 'src/c.js'));
    chmodSync(join(merged, 'run.sh'), 0o755);
    symlinkSync('src/a.js', join(merged, 'link'));
    rmSync(join(merged, 'swap'), { recursive: true });
    writeFiles(merged, { swap: 'now a file\n' });
    rmSync(join(merged, 'leaf'));
    writeFiles(merged, { 'leaf/below': 'now a directory\n' });
    expected = snapshot(merged);
  });
  const index = readFileSync(join(source, '.git/index'));
  assert.deepEqual(await applyChange({ workspace: source, patch }), { kind: 'applied', files: 12 });
  assert.deepEqual(snapshot(source), expected);
  assert.deepEqual(readFileSync(join(source, '.git/index')), index);
});

test('a workspace that changed elsewhere meanwhile takes it; one that changed there stays as it is', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), FILES);
  const patch = await patchOf(scratch, source, (merged) => {
    writeFiles(merged, { 'src/a.js': 'one\n2\nthree\n', 'z.txt': 'z\n' });
  });
  writeFiles(source, { 'run.sh': '#!/bin/bash\n', 'src/a.js': 'somebody else\n' });
  const before = snapshot(source);
  const refused = await applyChange({ workspace: source, patch });
  assert.match(refused.kind === 'refused' ? refused.reason : '', /does not fit the workspace.*src\/a\.js/);
  assert.deepEqual(snapshot(source), before);
  writeFiles(source, { 'src/a.js': String(FILES['src/a.js']) });
  assert.deepEqual(await applyChange({ workspace: source, patch }), { kind: 'applied', files: 2 });
  const again = await applyChange({ workspace: source, patch });
  assert.equal(again.kind, 'refused');
});

test('nothing of the repository runs, whatever it configures', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'a.txt': 'a\n' });
  const patch = await patchOf(scratch, source, (merged) => writeFiles(merged, { 'a.txt': 'b\n', 'c.txt': 'c\r\n' }));
  const marker = join(scratch.path, 'marker');
  for (const key of ['core.fsmonitor', 'filter.x.clean', 'filter.x.smudge', 'diff.x.textconv', 'merge.x.driver'])
    git(source, 'config', key, `sh -c 'touch ${marker}; cat'`);
  mkdirSync(join(source, '.git/hooks'), { recursive: true });
  for (const hook of ['post-applypatch', 'post-index-change'])
    writeFileSync(join(source, '.git/hooks', hook), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
  writeFiles(source, { '.gitattributes': '* filter=x diff=x merge=x text eol=crlf ident\n' });
  assert.equal((await applyChange({ workspace: source, patch })).kind, 'applied');
  assert.equal(existsSync(marker), false);
  assert.equal(readFileSync(join(source, 'a.txt'), 'utf8'), 'b\n');
  assert.equal(readFileSync(join(source, 'c.txt'), 'utf8'), 'c\r\n');
});

const ADDITION = (path: string): string =>
  `diff --git a/${path} b/${path}\nnew file mode 100644\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+evil\n`;

for (const path of ['../outside', '/etc/evil', 'a/../../outside', '.git/hooks/pre-commit', 'sub/.GIT/config', 'a//b'])
  test(`a patch that names ${path} is refused`, async () => {
    using scratch = new Scratch();
    const source = join(scratch.directory('room'), 'source');
    mkdirSync(source);
    makeRepository(source, { 'a.txt': 'a\n' });
    const before = snapshot(join(source, '..'));
    assert.equal((await applyChange({ workspace: source, patch: Buffer.from(ADDITION(path)) })).kind, 'refused');
    assert.deepEqual(snapshot(join(source, '..')), before);
  });

test('a patch does not pass through a link, be it there before or in the patch itself', async () => {
  using scratch = new Scratch();
  const outside = scratch.directory('outside');
  const source = makeRepository(scratch.directory('source'), { 'a.txt': 'a\n' });
  symlinkSync(outside, join(source, 'door'));
  const before = snapshot(source);
  const there = await applyChange({ workspace: source, patch: Buffer.from(ADDITION('door/evil')) });
  assert.match(there.kind === 'refused' ? there.reason : '', /"door" is no directory/);
  const link = `diff --git a/made b/made\nnew file mode 120000\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\n--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n+${outside}\n\\ No newline at end of file\n`;
  const both = await applyChange({ workspace: source, patch: Buffer.from(link + ADDITION('made/evil')) });
  assert.equal(both.kind, 'refused');
  assert.deepEqual(snapshot(source), before);
  assert.deepEqual(readdirSync(outside), []);
});

test('what is not a patch is refused, and an empty one changes nothing', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'a.txt': 'a\n' });
  const text = await applyChange({ workspace: source, patch: Buffer.from('hello\n') });
  assert.match(text.kind === 'refused' ? text.reason : '', /^line 1 of the patch/);
  assert.deepEqual(await applyChange({ workspace: source, patch: Buffer.alloc(0) }), { kind: 'applied', files: 0 });
});

test('a step that fails half-way is taken back', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'a.txt': 'a\n', 'd/x': 'x\n' });
  const patch = await patchOf(scratch, source, (merged) => {
    writeFiles(merged, { 'a.txt': 'b\n' });
    rmSync(join(merged, 'd'), { recursive: true });
    writeFiles(merged, { d: 'a file now\n' });
  });
  // An empty directory is nothing to git, but it stands where the file has to go.
  mkdirSync(join(source, 'd/empty'));
  const before = snapshot(source);
  const outcome = await applyChange({ workspace: source, patch });
  assert.match(outcome.kind === 'refused' ? outcome.reason : '', /cannot be written/);
  assert.deepEqual(snapshot(source), before);
});

test('under sha256 too', async () => {
  using scratch = new Scratch();
  const source = scratch.directory('source');
  execFileSync('git', ['-C', source, 'init', '-q', '-b', 'main', '--object-format=sha256'], { stdio: 'ignore' });
  writeFiles(source, { 'a.bin': Buffer.from([0, 1, 2]) });
  git(source, 'add', '-A');
  git(source, 'commit', '-q', '-m', 'one');
  const patch = await patchOf(scratch, source, (merged) => writeFiles(merged, { 'a.bin': Buffer.from([0, 9, 9, 9]) }));
  assert.deepEqual(await applyChange({ workspace: source, patch }), { kind: 'applied', files: 1 });
  assert.deepEqual(readFileSync(join(source, 'a.bin')), Buffer.from([0, 9, 9, 9]));
});
