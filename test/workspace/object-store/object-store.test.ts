import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SallyportError } from '../../../src/errors/index.ts';
import {
  listHistory,
  listRawChanges,
  nameBlobs,
  openObjectStore,
  readBlobs,
  readHeadRef,
  resolveCommit,
  ScratchRepository,
} from '../../../src/workspace/index.ts';
import { Repository } from '../../attest/repository.ts';

test('pairs of commits are compared in their order, an empty difference and a repeated head included', async () => {
  using repository = new Repository();
  const one = repository.commit({ 'a.txt': 'a\n' });
  const same = repository.commit({});
  const two = repository.commit({ 'b.txt': 'b\n' });
  const store = openObjectStore(repository.path);
  const lists = await listRawChanges(store, [
    { base: one, head: same },
    { base: one, head: two },
    { base: same, head: two },
    { base: two, head: one },
  ]);
  assert.deepEqual(
    lists.map((list) => list.map(({ path, status }) => `${status} ${path}`)),
    [[], ['added b.txt'], ['added b.txt'], ['removed b.txt']],
  );
});

test('history has every commit that was merged in, parents first', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'a\n' });
  repository.branch('side', base);
  const side = repository.commit({ 'b.txt': 'b\n' });
  repository.branch('main', base);
  const main = repository.commit({ 'c.txt': 'c\n' });
  repository.git('merge', '-q', '--no-ff', '-m', 'merge', side);
  const history = await listHistory(openObjectStore(repository.path), [base], 'main');
  assert.deepEqual(new Set(history.map(({ id }) => id)), new Set([side, main, repository.git('rev-parse', 'main')]));
  assert.deepEqual(history.at(-1)?.parents, [main, side]);
});

test('a bare repository is opened like a checkout, and what is none is refused', async () => {
  using repository = new Repository();
  const head = repository.commit({ 'a.txt': 'a\n' });
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bare-'));
  try {
    repository.git('clone', '-q', '--bare', repository.path, join(folder, 'bare'));
    const store = openObjectStore(join(folder, 'bare'));
    assert.equal(await resolveCommit(store, 'HEAD'), head);
    assert.equal(await readHeadRef(store), 'refs/heads/main');
    assert.throws(() => openObjectStore(folder), SallyportError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('contents come in the order of their names, and what is missing is missing', async () => {
  using repository = new Repository();
  repository.commit({ 'a.txt': 'a\n', 'sub/b.txt': '' });
  const store = openObjectStore(repository.path);
  const names = ['HEAD:a.txt', 'HEAD:none', 'HEAD:sub', 'HEAD:sub/b.txt'];
  assert.deepEqual(
    (await readBlobs(store, names)).map((content) => content?.toString()),
    ['a\n', undefined, undefined, ''],
  );
  const [a, none, folder] = await nameBlobs(store, names);
  assert.match(a ?? '', /^[0-9a-f]{40}$/);
  assert.deepEqual([none, folder], [undefined, undefined]);
});

test('a merge is computed without writing into the repository', async () => {
  using repository = new Repository();
  const base = repository.commit({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  repository.branch('side', base);
  const side = repository.commit({ 'a.txt': 'side\n' });
  repository.branch('main', base);
  const main = repository.commit({ 'b.txt': 'main\n' });
  const count = (): string => repository.git('count-objects');
  const before = count();
  using scratch = ScratchRepository.open(openObjectStore(repository.path));
  const tree = await scratch.mergeOf(main, side);
  assert.match(tree ?? '', /^[0-9a-f]{40}$/);
  assert.equal(await scratch.treeOfPatch(main, Buffer.from('rubbish')), undefined);
  assert.equal(await scratch.mergeOf(main, '0'.repeat(40)), undefined);
  assert.equal(count(), before);
});
