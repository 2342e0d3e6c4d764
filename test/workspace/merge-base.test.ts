import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findCommit, findMergeBase, readCommitTree } from '../../src/workspace/index.ts';
import { openRepository } from '../commands/support/repository.ts';

describe('the place where two lines of history parted', () => {
  it('is the last commit that both have, and nothing where they have none', async () => {
    using repository = openRepository();
    const start = repository.commit({ 'a.txt': '1\n' });
    repository.commit({ 'a.txt': '2\n' });
    execFileSync('git', ['checkout', '-q', '-b', 'topic', start], { cwd: repository.root });
    repository.commit({ 'b.txt': '1\n' });
    assert.equal(await findMergeBase(repository.root, 'main', 'topic'), start);
    assert.equal(await findMergeBase(repository.root, 'main', 'nowhere'), undefined);
    assert.equal(await findCommit(repository.root, 'topic~1'), start);
    assert.equal(await findCommit(repository.root, '--all'), undefined);
  });
});

describe('a link of a commit', () => {
  it('leaves the tree when it is absolute: a commit lies nowhere', async () => {
    using repository = openRepository();
    symlinkSync('/etc/passwd', join(repository.root, 'out'));
    symlinkSync('a.txt', join(repository.root, 'in'));
    const commit = repository.commit({ 'a.txt': '1\n' });
    const { entries } = await readCommitTree(repository.root, commit);
    const leaving = entries.flatMap((entry) => (entry.kind === 'link' && entry.leaves ? [entry.path] : []));
    assert.deepEqual(leaving, ['out']);
  });
});
