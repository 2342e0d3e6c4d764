import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import {
  findCommit,
  findMergeBase,
  mergeBaseOf,
  openObjectStore,
  readBaseFile,
  readCommitTree,
  readRefNames,
  resolveCommit,
} from '../../src/workspace/index.ts';
import { openRepository, type Repository } from '../commands/support/repository.ts';

/** A protected `main`, as branch and as remote branch, and a commit of somebody else's on `topic`. */
function openGround(): { readonly repository: Repository; readonly main: string; readonly other: string } {
  const repository = openRepository();
  const main = repository.commit({ 'sallyport.yaml': 'version: 1\n' });
  git(repository, 'update-ref', 'refs/remotes/origin/main', main);
  git(repository, 'checkout', '-q', '-b', 'topic');
  return { repository, main, other: repository.commit({ 'sallyport.yaml': 'version: 2\n' }) };
}

function git({ root }: Repository, ...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

const SHADOWED = ['main', 'origin/main', 'main~0', 'origin/main^{commit}'];

test('a tag that is called like a branch is not taken for it, wherever a commit is named', async () => {
  const { repository, main, other } = openGround();
  using _ = repository;
  const store = openObjectStore(repository.root);
  const ask = (name: string): readonly (() => Promise<unknown>)[] => [
    () => resolveCommit(store, name),
    () => findCommit(repository.root, name),
    () => findMergeBase(repository.root, name, 'topic'),
    () => mergeBaseOf(store, 'topic', name),
    () => readCommitTree(repository.root, name).then(({ revision }) => revision),
  ];
  for (const name of SHADOWED) for (const one of ask(name)) assert.equal(await one(), main, name);
  for (const name of ['main', 'origin/main']) git(repository, 'tag', name, other);
  for (const name of SHADOWED) for (const one of ask(name)) await assert.rejects(one, { code: 'SP1312' }, name);
  for (const full of ['refs/heads/main', 'refs/remotes/origin/main', 'refs/heads/main~0'])
    for (const one of ask(full)) assert.equal(await one(), main, full);
  assert.equal(await resolveCommit(store, 'refs/tags/main'), other);
});

test('the policy of a run is not read from a tag', async () => {
  const { repository, main, other } = openGround();
  using _ = repository;
  const read = (ref: string) => readBaseFile(repository.root, [ref], 'sallyport.yaml');
  assert.deepEqual(await read('main'), { ref: 'main', commit: main, text: 'version: 1\n', isLink: false });
  git(repository, 'tag', 'main', other);
  await assert.rejects(read('main'), { code: 'SP1312' });
  assert.equal((await read('refs/heads/main'))?.text, 'version: 1\n');
});

test('a full name is that ref or nothing, and a tag at the same commit is no other meaning', async () => {
  const { repository, main, other } = openGround();
  using _ = repository;
  const store = openObjectStore(repository.root);
  git(repository, 'tag', 'refs/heads/release', other);
  assert.equal(await resolveCommit(store, 'refs/heads/release'), undefined);
  git(repository, 'tag', '-a', '-m', 'a tag', 'main', main);
  assert.equal(await resolveCommit(store, 'main'), main);
  assert.equal((await readRefNames(store, 'main', main)).fullName, 'refs/heads/main');
});

test('an abbreviated object name that is a tag as well means two commits', async () => {
  const { repository, main, other } = openGround();
  using _ = repository;
  const store = openObjectStore(repository.root);
  const short = main.slice(0, 10);
  assert.equal(await resolveCommit(store, short), main);
  git(repository, 'tag', short, other);
  await assert.rejects(resolveCommit(store, short), { code: 'SP1312' });
  assert.equal(await resolveCommit(store, main), main);
});
