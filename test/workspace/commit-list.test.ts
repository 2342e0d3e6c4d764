import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  listCommits,
  openObjectStore,
  readCommitTree,
  readRefNames,
  ScratchRepository,
} from '../../src/workspace/index.ts';

interface Ground extends Disposable {
  readonly root: string;
  git(...words: readonly string[]): string;
  commit(files: { readonly [path: string]: string | null }, message?: string): string;
}

function openGround(): Ground {
  const root = mkdtempSync(join(tmpdir(), 'commit-list-'));
  const git: Ground['git'] = (...words) =>
    execFileSync('git', ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.test', ...words], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  git('init', '-q', '-b', 'main');
  return {
    root,
    git,
    commit: (files, message = 'a commit') => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        if (text === null) rmSync(join(root, path));
        else writeFileSync(join(root, path), text);
      }
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

test('every commit comes with its people, its message and the lines that it adds', async () => {
  using ground = openGround();
  const base = ground.commit({ 'a.txt': 'one\ntwo\n' });
  ground.commit({ 'a.txt': 'one\nmiddle\ntwo\n', 'dir/b c.txt': 'new\n' }, 'first\n\nAssisted-by: x');
  ground.commit({ 'dir/b c.txt': null });
  const { commits, gaps } = await listCommits(ground.root, base, 'HEAD');
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    commits.map(({ author, message, files }) => [author.name, message.trim(), files]),
    [
      [
        'Dev',
        'first\n\nAssisted-by: x',
        [
          { path: 'a.txt', kind: 'modified', added: [{ line: 1, text: 'middle' }] },
          {
            path: 'dir/b c.txt',
            kind: 'added',
            added: [
              { line: 0, text: 'new' },
              { line: 1, text: '' },
            ],
          },
        ],
      ],
      ['Dev', 'a commit', [{ path: 'dir/b c.txt', kind: 'removed', added: [] }]],
    ],
  );
});

test('what a merge brings from the target is not of the change; what its author slips in is', async () => {
  using ground = openGround();
  ground.commit({ 'a.txt': 'a\n' });
  ground.git('checkout', '-q', '-b', 'topic');
  ground.commit({ 'b.txt': 'b\n' });
  ground.git('checkout', '-q', 'main');
  const target = ground.commit({ 'c.txt': 'from the target\n' });
  ground.git('checkout', '-q', 'topic');
  ground.git('merge', '-q', '--no-commit', 'main');
  writeFileSync(join(ground.root, 'a.txt'), 'a\nslipped in\n');
  ground.git('commit', '-q', '-a', '-m', 'merge');
  const { commits } = await listCommits(ground.root, target, 'HEAD');
  const added = commits.flatMap(({ files }) =>
    files.flatMap((file) => file.added.map(({ text }) => `${file.path}: ${text}`)),
  );
  assert.ok(added.includes('a.txt: slipped in'));
  assert.ok(!added.some((line) => line.startsWith('c.txt')));
});

test('more commits than are read, and contents that are too large, are gaps', async () => {
  using ground = openGround();
  const base = ground.commit({ 'a.txt': 'a\n' });
  for (let at = 0; at < 5; at += 1) ground.commit({ 'a.txt': `${at}\n` });
  const few = await listCommits(ground.root, base, 'HEAD', { commits: 3, totalBytes: 1024 });
  assert.equal(few.commits.length, 3);
  assert.match(few.gaps[0]?.message ?? '', /more than 3 commits/);
  const small = await listCommits(ground.root, base, 'HEAD', { commits: 10, totalBytes: 3 });
  assert.ok(small.gaps.length > 0);
});

test('a name or message that imitates the form of git changes nothing', async () => {
  using ground = openGround();
  const base = ground.commit({ 'a.txt': 'a\n' });
  const path = ':100644 100644 0123 4567 M';
  ground.git('config', 'user.name', 'x');
  ground.commit({ [path]: 'x\n' }, 'tree 0\nauthor Evil <e@example.test> 1 +0000\n\ncommitter x');
  const { commits } = await listCommits(ground.root, base, 'HEAD');
  assert.equal(commits.length, 1);
  assert.equal(commits[0]?.author.email, 'dev@example.test');
  assert.deepEqual(
    commits[0]?.files.map((file) => file.path),
    [path],
  );
});

test('a clean merge is made beside the repository and can be read; nothing of it is left in the repository', async () => {
  using ground = openGround();
  ground.commit({ 'a.txt': 'a\n' });
  ground.git('checkout', '-q', '-b', 'topic');
  const head = ground.commit({ 'b.txt': 'b\n' });
  ground.git('checkout', '-q', 'main');
  const target = ground.commit({ 'c.txt': 'c\n' });
  const before = ground.git('count-objects');
  using scratch = ScratchRepository.open(openObjectStore(ground.root));
  const result = await scratch.merge(target, head);
  assert.equal(result.kind, 'clean');
  const tree = await readCommitTree(scratch.directory, result.kind === 'clean' ? result.commit : '');
  assert.deepEqual(
    tree.entries.map(({ path }) => path),
    ['a.txt', 'b.txt', 'c.txt'],
  );
  assert.equal(ground.git('count-objects'), before);
});

test('a conflict names its files, and an attribute of the change cannot choose how it is merged', async () => {
  using ground = openGround();
  ground.commit({ 'a.txt': 'a\n' });
  ground.git('checkout', '-q', '-b', 'topic');
  const head = ground.commit({ 'a.txt': 'topic\n', '.gitattributes': '* merge=union\n' });
  ground.git('checkout', '-q', 'main');
  const target = ground.commit({ 'a.txt': 'main\n' });
  using scratch = ScratchRepository.open(openObjectStore(ground.root));
  assert.deepEqual(await scratch.merge(target, head), { kind: 'conflict', paths: ['a.txt'] });
  assert.equal((await scratch.merge(target, '0'.repeat(40))).kind, 'failed');
});

test('a patch and the files of a working tree become the commit that they would be', async () => {
  using ground = openGround();
  const base = ground.commit({ 'a.txt': 'a\n', '.gitignore': 'ignored\n' });
  writeFileSync(join(ground.root, 'a.txt'), 'changed\n');
  const patch = Buffer.from(`${ground.git('diff')}\n`);
  writeFileSync(join(ground.root, 'ignored'), 'x\n');
  symlinkSync('a.txt', join(ground.root, 'link'));
  using scratch = ScratchRepository.open(openObjectStore(ground.root));
  const made = await scratch.applyPatch(base, patch);
  ground.git('add', 'a.txt');
  assert.equal(await scratch.treeOf(made ?? ''), ground.git('write-tree'));
  assert.equal(await scratch.applyPatch(made ?? '', patch), undefined);
  assert.equal(await scratch.applyPatch(base, patch), made, 'the same content has the same name');
  const whole = await readCommitTree(scratch.directory, await scratch.addWorkTree(base, ground.root));
  assert.deepEqual(
    whole.entries.map(({ path }) => path),
    ['.gitignore', 'a.txt', 'link'],
  );
});

test('a filter that the repository configures is not run on a working tree', async () => {
  using ground = openGround();
  const base = ground.commit({ 'a.txt': 'a\n', '.gitattributes': '*.txt filter=evil\n' });
  ground.git('config', 'filter.evil.clean', `touch ${join(ground.root, 'ran')}`);
  writeFileSync(join(ground.root, 'a.txt'), 'changed\n');
  using scratch = ScratchRepository.open(openObjectStore(ground.root));
  const tree = await readCommitTree(scratch.directory, await scratch.addWorkTree(base, ground.root));
  assert.ok(!tree.entries.some(({ path }) => path === 'ran'));
  assert.ok(!existsSync(join(ground.root, 'ran')));
});

test('refs are told by full name, and branches by where they stand', async () => {
  using ground = openGround();
  const id = ground.commit({ 'a.txt': 'a\n' });
  ground.git('branch', 'topic/x');
  ground.git('update-ref', 'refs/remotes/origin/claude/fix', id);
  ground.git('remote', 'add', 'origin', 'https://forge.example.test/acme/app.git');
  assert.deepEqual(await readRefNames(openObjectStore(ground.root), 'main', id), {
    remote: 'https://forge.example.test/acme/app.git',
    fullName: 'refs/heads/main',
    branches: ['claude/fix', 'main', 'topic/x'],
  });
  assert.equal(
    (await readRefNames(openObjectStore(ground.root), 'origin/claude/fix', id)).fullName,
    'refs/heads/claude/fix',
  );
  assert.equal((await readRefNames(openObjectStore(ground.root), id, id)).fullName, undefined);
});
