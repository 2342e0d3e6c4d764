/** What is too much, or cannot be said by a patch, is withheld as a value: no part of it slips through. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { lutimesSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { collectFrom, makeRepository, mergedOf, rulesOf, Scratch, stageOf, writeFiles } from './checkout.ts';

async function prepare(scratch: Scratch) {
  const source = makeRepository(scratch.directory('source'), { a: '1\n', 'src/b': '2\n' });
  const stage = await stageOf(scratch, source);
  return { source, stage, merged: mergedOf(scratch, stage) };
}

const withinBytes = (bytes: number) => ({ limits: { files: 100, bytes } });

test('files that each fit and together do not: the first ones come along, the rest is named', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  for (const name of ['m', 'n', 'o']) writeFileSync(join(merged, name), `${name.repeat(999)}\n`);
  const change = await collectFrom(scratch, stage, merged, withinBytes(2800));
  assert.deepEqual([change.status, rulesOf(change)], ['partial', { o: 'limit-bytes' }]);
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['m', 'n'],
  );
  const roomy = await collectFrom(scratch, stage, merged, withinBytes(4000));
  assert.deepEqual([roomy.status, roomy.files.length], ['complete', 3]);
});

test('a patch that is larger than its files is held against the limit, and nothing of it is handed out', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  writeFileSync(join(merged, 'data'), randomBytes(1000));
  const change = await collectFrom(scratch, stage, merged, withinBytes(1000));
  assert.deepEqual([change.status, change.files, rulesOf(change)], ['over-limit', [], { '.': 'limit-bytes' }]);
  assert.deepEqual([statSync(change.patchFile).size, change.patchBytes, change.bundleFile], [0, 0, undefined]);
  assert.equal((await collectFrom(scratch, stage, merged, withinBytes(4000))).status, 'complete');
});

test('a tree with more entries than are looked through is no change, not a part of one', async () => {
  using scratch = new Scratch();
  const { stage, merged } = await prepare(scratch);
  writeFiles(merged, Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`new/${at}`, 'x\n'])));
  const limits = { files: 1000, bytes: 1_000_000 };
  const few = { entries: 20, depth: 100, pathBytes: 3500 };
  const change = await collectFrom(scratch, stage, merged, { limits: { ...limits, survey: few } });
  assert.deepEqual([change.status, change.files], ['over-limit', []]);
  assert.equal(rulesOf(change)['.'], 'limit-entries');
  assert.equal(readFileSync(change.patchFile, 'utf8'), '');
  const whole = await collectFrom(scratch, stage, merged, { limits: { ...limits, survey: { ...few, entries: 200 } } });
  assert.deepEqual([whole.status, whole.files.length], ['complete', 40]);
});

test('a link by an absolute path is withheld also where it leads to a file of the tree', async () => {
  using scratch = new Scratch();
  const { source, stage, merged } = await prepare(scratch);
  symlinkSync(join(source, 'src/b'), join(merged, 'absolute'));
  symlinkSync('src/b', join(merged, 'relative'));
  const change = await collectFrom(scratch, stage, merged);
  assert.deepEqual(rulesOf(change), { absolute: 'link' });
  assert.deepEqual(
    change.files.map(({ path }) => path),
    ['relative'],
  );
});

test('a link of which only the time changed did not change, and one that leads elsewhere did', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { a: '1\n', b: '2\n' });
  symlinkSync('a', join(source, 'link'));
  const stage = await stageOf(scratch, makeRepository(source, {}));
  const merged = mergedOf(scratch, stage);
  lutimesSync(join(merged, 'link'), 1, 1);
  assert.deepEqual((await collectFrom(scratch, stage, merged)).files, []);
});
