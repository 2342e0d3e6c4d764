/** Files by which changes are judged stand where they are named, and not behind a link. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  findLinks,
  openObjectStore,
  readBaseFile,
  readCommitTree,
  readDirectoryTree,
  readOwnFile,
} from '../../../src/workspace/index.ts';
import { openRepository, type Repository } from '../../commands/support/repository.ts';

const TEXT = 'version: 1\n';

/** Files and links in a commit of their own. */
function openGround(links: { readonly [path: string]: string }): Repository {
  const repository = openRepository();
  repository.write({ 'elsewhere/judge.yaml': TEXT, 'plain.yaml': TEXT, 'sub/plain.yaml': TEXT });
  mkdirSync(join(repository.root, 'bin'));
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(repository.root, path));
  repository.commit({});
  return repository;
}

const LINKS = { 'judge.yaml': 'elsewhere/judge.yaml', 'nowhere.yaml': 'not-there.yaml', folder: 'elsewhere' };

test('a link is a gap in the place of a judge’s file, one that leads nowhere and one on the way there as well', async () => {
  using repository = openGround(LINKS);
  for (const tree of [await readCommitTree(repository.root, 'HEAD'), await readDirectoryTree(repository.root)]) {
    for (const path of ['judge.yaml', 'nowhere.yaml', 'folder/judge.yaml']) {
      const found = readOwnFile(tree, path);
      assert.ok(found !== undefined && !('text' in found), path);
      assert.deepEqual([found.kind, found.place.file], ['link', path]);
    }
    assert.deepEqual(readOwnFile(tree, 'plain.yaml'), { path: 'plain.yaml', text: TEXT });
    assert.deepEqual(readOwnFile(tree, 'sub/plain.yaml'), { path: 'sub/plain.yaml', text: TEXT });
    // Behind a link to a folder that does not hold it there is no such file, and nothing to warn of.
    for (const path of ['not-there.yaml', 'folder/CODEOWNERS']) assert.equal(readOwnFile(tree, path), undefined, path);
  }
});

test('git says which paths of a commit are links, without a tree', async () => {
  using repository = openGround(LINKS);
  const store = openObjectStore(repository.root);
  const names = ['plain.yaml', 'judge.yaml', 'nowhere.yaml', 'sub/plain.yaml', 'not-there.yaml'];
  assert.deepEqual(await findLinks(store, 'HEAD', names), ['judge.yaml', 'nowhere.yaml']);
  assert.deepEqual(await findLinks(store, 'HEAD', ['plain.yaml']), []);
});

test('the policy of a run says whether it is a link, whatever stands before it in its folder', async () => {
  using repository = openGround({ ...LINKS, 'sub/judge.yaml': '../elsewhere/judge.yaml' });
  const isLink = async (path: string): Promise<boolean | undefined> =>
    (await readBaseFile(repository.root, ['HEAD'], path))?.isLink;
  for (const path of ['judge.yaml', 'nowhere.yaml', 'sub/judge.yaml']) assert.equal(await isLink(path), true, path);
  for (const path of ['plain.yaml', 'sub/plain.yaml', 'elsewhere/judge.yaml', 'not-there.yaml'])
    assert.equal(await isLink(path), false, path);
});
