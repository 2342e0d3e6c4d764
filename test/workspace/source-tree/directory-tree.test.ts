import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { SourceTree } from '../../../src/syntax/index.ts';
import { listRepositories, readCommitTree, readDirectoryTree } from '../../../src/workspace/index.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(files: { readonly [path: string]: string | Buffer } = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'tree-'));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

function git(root: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.test', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8' }).trim();
}

function commit(root: string): string {
  git(root, 'init', '-q');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'x');
  return git(root, 'rev-parse', 'HEAD');
}

const paths = (tree: SourceTree) => tree.entries.map(({ path }) => path);

function textOf(tree: SourceTree, path: string): string | undefined {
  const found = tree.read(path);
  return found !== undefined && 'text' in found ? found.text : undefined;
}

test('a directory and its commit give the same entries, sorted, with sizes and modes', async () => {
  const root = folder({ 'b/run.sh': 'echo', 'a.yml': 'a: 1\n', '.github/workflows/x.yml': 'on: push\n' });
  chmodSync(join(root, 'b/run.sh'), 0o755);
  symlinkSync('a.yml', join(root, 'link'));
  const id = commit(root);
  const [worktree, committed] = [await readDirectoryTree(root), await readCommitTree(root, 'HEAD')];
  // Only a commit knows the names of its objects.
  const withoutIds = committed.entries.map((entry) => {
    const { id: _, ...rest } = { id: undefined, ...entry };
    return rest;
  });
  assert.deepEqual(worktree.entries, withoutIds);
  assert.deepEqual(paths(worktree), ['.github/workflows/x.yml', 'a.yml', 'b/run.sh', 'link']);
  assert.deepEqual(worktree.entries[2], { kind: 'file', path: 'b/run.sh', size: 4, executable: true });
  assert.deepEqual([worktree.revision, committed.revision], ['worktree', id]);
  for (const tree of [worktree, committed]) {
    assert.equal(textOf(tree, 'a.yml'), 'a: 1\n');
    assert.equal(tree.read('absent'), undefined);
    assert.deepEqual(tree.gaps, []);
  }
});

test('untracked and ignored files belong to the directory, and the commit stays as it was', async () => {
  const root = folder({ '.gitignore': 'x.txt\n' });
  commit(root);
  writeFileSync(join(root, 'x.txt'), 'ignored');
  writeFileSync(join(root, '.gitignore'), 'changed');
  assert.deepEqual(paths(await readDirectoryTree(root)), ['.gitignore', 'x.txt']);
  assert.equal(textOf(await readCommitTree(root, 'HEAD'), '.gitignore'), 'x.txt\n');
});

test('links inside are followed on reading, those that leave are not', async () => {
  const outside = folder({ secret: 'secret' });
  const root = folder({ 'AGENTS.md': 'rules', 'skills/a/SKILL.md': 'skill' });
  symlinkSync('AGENTS.md', join(root, 'CLAUDE.md'));
  mkdirSync(join(root, '.claude'));
  symlinkSync('../skills', join(root, '.claude/skills'));
  symlinkSync(join(outside, 'secret'), join(root, 'absolute'));
  symlinkSync('../../../etc/passwd', join(root, 'up'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync(outside, join(root, 'folder'));
  const tree = await readDirectoryTree(root);
  assert.deepEqual(tree.read('CLAUDE.md'), { path: 'AGENTS.md', text: 'rules' });
  assert.deepEqual(tree.read('.claude/skills/a/SKILL.md'), { path: 'skills/a/SKILL.md', text: 'skill' });
  const leaving = tree.entries.flatMap((entry) => (entry.kind === 'link' && entry.leaves ? [entry.path] : []));
  assert.deepEqual(leaving, ['absolute', 'folder', 'up']);
  for (const path of ['absolute', 'up', 'loop']) {
    const found = tree.read(path);
    assert.ok(found !== undefined && 'kind' in found && found.kind === 'link', path);
  }
  for (const path of ['folder/secret', '../secret', '/etc/passwd', '.git/config', 'AGENTS.md/../../x', '']) {
    assert.equal(textOf(tree, path), undefined, path);
  }
});

test('pipes are gaps and never block', async () => {
  const root = folder({ a: 'x' });
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const tree = await readDirectoryTree(root);
  assert.deepEqual(
    tree.gaps.map(({ kind, place }) => [kind, place.file]),
    [['unreadable', 'pipe']],
  );
});

test('a file that becomes a link or a pipe after the listing is not read', async () => {
  const outside = folder({ secret: 'secret' });
  const root = folder({ 'a/secret': 'mine', b: 'mine', c: 'mine' });
  const tree = await readDirectoryTree(root);
  for (const path of ['a', 'b', 'c']) rmSync(join(root, path), { recursive: true });
  symlinkSync(outside, join(root, 'a'));
  symlinkSync(join(outside, 'secret'), join(root, 'b'));
  execFileSync('mkfifo', [join(root, 'c')]);
  for (const path of ['a/secret', 'b', 'c']) {
    const found = tree.read(path);
    assert.ok(found !== undefined && 'kind' in found && found.kind === 'unreadable', path);
  }
});

test('names with line breaks, escapes and bytes that are no UTF-8 survive', async () => {
  const root = folder({ 'a\nb.yml': '1', 'c\x1b[31m.yml': '2' });
  writeFileSync(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xff]), Buffer.from('.yml')]), '3');
  commit(root);
  for (const tree of [await readDirectoryTree(root), await readCommitTree(root, 'HEAD')]) {
    assert.deepEqual(paths(tree), ['a\nb.yml', 'c\x1b[31m.yml', 'd\ufffd.yml']);
    assert.deepEqual(
      paths(tree).map((path) => textOf(tree, path)),
      ['1', '2', '3'],
    );
    assert.deepEqual(
      tree.gaps.map(({ kind, place }) => [kind, place.file]),
      [['encoding', 'd\ufffd.yml']],
    );
  }
});

test('a text with a few bad bytes is read and told once, a binary file is a gap, UTF-16 is text', async () => {
  const root = folder({
    'a.md': Buffer.concat([Buffer.from('rules '.repeat(50)), Buffer.from([0xff, 0xc3])]),
    'b.bin': Buffer.from(Array.from({ length: 400 }, (_, index) => (index * 7) % 256)),
    'c.ps1': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('hé', 'utf16le')]),
    'd.txt': 'a written \ufffd stays',
  });
  const tree = await readDirectoryTree(root);
  for (let time = 0; time < 2; time++) assert.match(textOf(tree, 'a.md') ?? '', /^rules .*\ufffd/);
  const binary = tree.read('b.bin');
  assert.ok(binary !== undefined && 'kind' in binary && binary.kind === 'encoding');
  assert.equal(textOf(tree, 'c.ps1'), '\ufeffhé');
  assert.equal(textOf(tree, 'd.txt'), 'a written \ufffd stays');
  assert.deepEqual(
    tree.gaps.map(({ kind, place }) => [kind, place.file]),
    [['encoding', 'a.md']],
  );
});

test('caps on number, depth and size are gaps', async () => {
  const root = folder({ 'a/b/c/d': '1', big: 'x'.repeat(100), e: '1', f: '1' });
  const deep = await readDirectoryTree(root, { depth: 2 });
  assert.deepEqual(
    deep.gaps.map(({ kind, place }) => [kind, place.file]),
    [['cap', 'a/b/c']],
  );
  const few = await readDirectoryTree(root, { entries: 2 });
  assert.equal(few.gaps[0]?.kind, 'cap');
  commit(root);
  for (const tree of [
    await readDirectoryTree(root, { fileBytes: 50 }),
    await readCommitTree(root, 'HEAD', { fileBytes: 50 }),
  ]) {
    const found = tree.read('big');
    assert.ok(found !== undefined && 'kind' in found && found.kind === 'cap');
  }
  const full = (await readCommitTree(root, 'HEAD', { totalBytes: 50 })).read('big');
  assert.ok(full !== undefined && 'kind' in full && full.kind === 'cap');
});

test('installed packages, git directories and nested repositories are not entered', async () => {
  const root = folder({
    'node_modules/a/b.js': '1',
    'x/.git/config': '1',
    'x/y': '1',
    '.git/hooks/pre-commit': '1',
    z: '1',
  });
  const tree = await readDirectoryTree(root);
  assert.deepEqual(
    tree.entries.map(({ kind, path }) => [kind, path]),
    [
      ['submodule', 'x'],
      ['file', 'z'],
    ],
  );
});

test('settings of a hostile repository run nothing', async () => {
  const root = folder({ '.gitattributes': '* filter=evil diff=evil\n', a: 'x' });
  commit(root);
  const mark = join(root, 'ran');
  for (const name of [
    'core.fsmonitor',
    'core.pager',
    'filter.evil.smudge',
    'filter.evil.clean',
    'diff.evil.textconv',
  ]) {
    git(root, 'config', name, `touch ${mark}`);
  }
  assert.equal(textOf(await readCommitTree(root, 'HEAD'), 'a'), 'x');
  assert.ok(!paths(await readDirectoryTree(root)).includes('ran'));
});

test('what is no repository, commit or directory is an error with a code', async () => {
  const root = folder({ a: 'x' });
  await assert.rejects(readDirectoryTree(join(root, 'a')), { code: 'SP1307' });
  await assert.rejects(readDirectoryTree(join(root, 'absent')), { code: 'SP1307' });
  await assert.rejects(readCommitTree(root, 'HEAD'), { code: 'SP1304' });
  commit(root);
  for (const name of ['absent', '--all', '']) await assert.rejects(readCommitTree(root, name), { code: 'SP1308' });
});

test('the repositories of a folder are found, also below organisations and without history', async () => {
  const root = folder({
    'acme/app/.git/HEAD': 'x',
    'acme/lib/.gitlab-ci.yml': 'x',
    'one/.github/workflows/a.yml': 'x',
    'none/a': 'x',
    'node_modules/p/.git/HEAD': 'x',
  });
  symlinkSync(join(root, 'one'), join(root, 'linked'));
  assert.deepEqual(await listRepositories(root), ['acme/app', 'acme/lib', 'one']);
  assert.deepEqual(await listRepositories(join(root, 'one')), ['.']);
  await assert.rejects(listRepositories(join(root, 'absent')), { code: 'SP1307' });
});
