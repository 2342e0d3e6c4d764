import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findParting, findRepositoryRoot, isBareRepository, readCommitTree } from '../../src/workspace/index.ts';
import { git, Scratch, writeFiles } from './checkout.ts';

/** A repository with two commits; its path has a space and a letter beyond ASCII. */
function makeRepository(scratch: Scratch): string {
  const root = join(realpathSync(scratch.path), 'ein Häuschen');
  mkdirSync(root);
  git(root, 'init', '-q', '-b', 'main');
  for (const text of ['1\n', '2\n']) {
    writeFiles(root, { 'src/deep/a.txt': text });
    git(root, 'add', '-A');
    git(root, 'commit', '-q', '-m', text);
  }
  return root;
}

/** As `git clone` makes it, with its own place. */
function clone(scratch: Scratch, root: string, ...flags: readonly string[]): string {
  const at = join(realpathSync(scratch.path), 'copy');
  git(root, 'clone', '-q', ...flags, `file://${root}`, at);
  return at;
}

describe('the repository that a folder belongs to', () => {
  it('is found from every folder of it, and through a link to one', () => {
    using scratch = new Scratch();
    const root = makeRepository(scratch);
    symlinkSync(join(root, 'src'), join(scratch.path, 'link'));
    for (const folder of [root, join(root, 'src/deep'), join(scratch.path, 'link')])
      assert.equal(findRepositoryRoot(folder), root);
  });

  it('is the innermost one: a linked worktree, a repository inside another', () => {
    using scratch = new Scratch();
    const root = makeRepository(scratch);
    const tree = join(realpathSync(scratch.path), 'tree');
    git(root, 'worktree', 'add', '-q', '--detach', tree);
    const inner = join(root, 'vendor/inner');
    mkdirSync(inner, { recursive: true });
    git(inner, 'init', '-q');
    assert.equal(findRepositoryRoot(join(tree, 'src')), tree);
    assert.equal(findRepositoryRoot(inner), inner);
  });

  it('is a bare one as well, also from a folder of its own', () => {
    using scratch = new Scratch();
    const bare = clone(scratch, makeRepository(scratch), '--bare');
    assert.equal(findRepositoryRoot(join(bare, 'hooks')), bare);
    assert.ok(isBareRepository(bare));
  });

  it('is none where no folder above has one, and where the folder is not there', () => {
    using scratch = new Scratch();
    assert.equal(findRepositoryRoot(scratch.directory('plain')), undefined);
    assert.equal(findRepositoryRoot(join(scratch.path, 'nowhere')), undefined);
  });

  it('is not the home folder for what lies in it', (context) => {
    using scratch = new Scratch();
    const home = makeRepository(scratch);
    const before = process.env['HOME'];
    context.after(() => {
      process.env['HOME'] = before;
    });
    process.env['HOME'] = home;
    assert.equal(findRepositoryRoot(join(home, 'src')), undefined);
    assert.equal(findRepositoryRoot(home), home);
  });
});

describe('a bare repository', () => {
  it('is read as a checkout is', async () => {
    using scratch = new Scratch();
    const bare = clone(scratch, makeRepository(scratch), '--bare');
    const { entries } = await readCommitTree(bare, 'HEAD');
    assert.deepEqual(
      entries.map(({ path }) => path),
      ['src/deep/a.txt'],
    );
  });
});

describe('the place where a change parted from its base', () => {
  it('is asked for in a clone that does not reach back so far, and never made up', async () => {
    using scratch = new Scratch();
    const root = makeRepository(scratch);
    git(root, 'checkout', '-q', '-b', 'topic', 'main~1');
    writeFiles(root, { 'b.txt': '1\n' });
    git(root, 'add', '-A');
    git(root, 'commit', '-q', '-m', 'topic');
    const copy = clone(scratch, root, '--depth', '1', '--no-single-branch');
    await assert.rejects(findParting(copy, 'origin/main', 'HEAD'), { code: 'SP1311' });
    git(copy, 'fetch', '-q', '--unshallow');
    assert.equal(await findParting(copy, 'origin/main', 'HEAD'), git(root, 'rev-parse', 'main~1'));
  });

  it('is the base where two histories have nothing in common', async () => {
    using scratch = new Scratch();
    const root = makeRepository(scratch);
    git(root, 'checkout', '-q', '--orphan', 'other');
    git(root, 'commit', '-q', '-m', 'other');
    assert.equal(await findParting(root, 'main', 'other'), 'main');
  });
});
