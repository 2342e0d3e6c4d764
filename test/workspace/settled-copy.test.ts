import assert from 'node:assert/strict';
import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { settle } from '../../src/sandbox/airlock/settled-tree.ts';
import { collectFrom, makeRepository, mergedOf, Scratch, stageOf } from './checkout.ts';

/** Files of one size and one time: only where they are, and what is in them, tells them apart. */
const FILES = { 'a/in/f': '1\n', 'b/in/f': '2\n', 'c/f': '3\n', 'c/g': '4\n', top: '5\n' };

async function changeOf(edit: (tree: string) => void, files = 100) {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), FILES);
  for (const path of Object.keys(FILES)) utimesSync(join(source, path), 1_700_000_000, 1_700_000_000);
  const stage = await stageOf(scratch, source);
  const workspace = mergedOf(scratch, stage);
  const settled = settle(workspace, scratch.directory('beside'));
  edit(workspace);
  const change = await collectFrom(scratch, stage, workspace, { settled, limits: { files, bytes: 1_000_000 } });
  return { status: change.status, files: change.files.map(({ path, status }) => `${status} ${path}`) };
}

test('of a copy that nobody touched no file is looked into', async () => {
  // With a limit of no file: each that had to be opened would go beyond it.
  assert.deepEqual(await changeOf(() => undefined, 0), { status: 'complete', files: [] });
});

test('one changed file is one', async () => {
  const edit = (tree: string) => writeFileSync(join(tree, 'top'), '6\n');
  assert.deepEqual(await changeOf(edit, 1), { status: 'complete', files: ['modified top'] });
});

test('a file that was only touched is no change', async () => {
  const edit = (tree: string) => utimesSync(join(tree, 'top'), 1, 1);
  assert.deepEqual(await changeOf(edit), { status: 'complete', files: [] });
});

test('a file changed in place whose size and time are set back is noticed', async () => {
  const edit = (tree: string) => {
    writeFileSync(join(tree, 'top'), '6\n');
    utimesSync(join(tree, 'top'), 1_700_000_000, 1_700_000_000);
  };
  assert.deepEqual((await changeOf(edit)).files, ['modified top']);
});

test('two files of one size and time that changed places are noticed', async () => {
  const edit = (tree: string) => swap(tree, 'c/f', 'c/g');
  assert.deepEqual((await changeOf(edit)).files, ['modified c/f', 'modified c/g']);
});

test('two directories that changed places are noticed by the files deep in them, which nobody touched', async () => {
  const edit = (tree: string) => swap(tree, 'a', 'b');
  assert.deepEqual((await changeOf(edit)).files, ['modified a/in/f', 'modified b/in/f']);
});

test('a directory taken away and one put in its place is noticed', async () => {
  const edit = (tree: string) => {
    rmSync(join(tree, 'a/in'), { recursive: true });
    renameSync(join(tree, 'b/in'), join(tree, 'a/in'));
  };
  assert.deepEqual((await changeOf(edit)).files, ['modified a/in/f', 'deleted b/in/f']);
});

function swap(tree: string, left: string, right: string): void {
  renameSync(join(tree, left), join(tree, 'between'));
  renameSync(join(tree, right), join(tree, left));
  renameSync(join(tree, 'between'), join(tree, right));
}

test('how large a copy would be counts every file, directory and object of the repository', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'a/f': '12345', g: '678' });
  const { counts, extent } = await stageOf(scratch, source);
  // Two blobs, two trees, a commit.
  assert.equal(extent.entries, counts.files + counts.links + counts.directories + 1 + 5);
  assert.ok(extent.bytes > counts.bytes + 200 && extent.bytes < counts.bytes + 1000, String(extent.bytes));
  const plain = scratch.directory('plain');
  writeFileSync(join(plain, 'f'), '12345');
  assert.deepEqual((await stageOf(scratch, plain)).extent, { entries: 2, bytes: 5 });
});
