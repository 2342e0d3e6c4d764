import assert from 'node:assert/strict';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Extent, layoutFor } from '../../src/sandbox/airlock/workspace-mount.ts';
import { Sandbox } from '../../src/sandbox/index.ts';
import { failures, identity, openBench } from './harness.ts';

const MIB = 1024 * 1024;
const limits = { diskMiB: 2048, inodes: 120_000 };

for (const [what, extent, layout] of [
  ['a checkout of the usual size is copied', { entries: 3000, bytes: 40 * MIB }, 'copied'],
  ['one with very many files is layered', { entries: 20_001, bytes: MIB }, 'layered'],
  ['one with very large files is layered', { entries: 10, bytes: 256 * MIB + 1 }, 'layered'],
  ['one that nobody has measured is layered', undefined, 'layered'],
] as const) {
  test(what, () => assert.equal(layoutFor(extent, limits), layout));
}

test('a copy leaves the agent three quarters of what it may write, in bytes and in files', () => {
  const tight = { diskMiB: 64, inodes: 400 };
  assert.equal(layoutFor({ entries: 100, bytes: 16 * MIB }, tight), 'copied');
  assert.equal(layoutFor({ entries: 101, bytes: 1 }, tight), 'layered');
  assert.equal(layoutFor({ entries: 1, bytes: 16 * MIB + 1 }, tight), 'layered');
});

/** Renames directories of the staged tree with and without content, and writes through another name of a staged file. */
const RENAMES = `
python3 -c 'import os; os.rename("src", "lib")' 2>&1 | tail -1
ls lib
python3 -c 'import os; os.rename("lib/inner", "moved")' 2>&1 | tail -1
cat moved/deep 2>&1
ln README other && echo more >> other && cat README
stat -c %a run.sh; ls -A; id -u >/dev/null`;

async function renameIn(extent: Extent | undefined): Promise<string> {
  await using bench = await openBench({ command: ['/bin/sh', '-c', RENAMES] });
  const { lower } = bench.plan;
  mkdirSync(join(lower, 'src/inner'), { recursive: true });
  writeFileSync(join(lower, 'src/inner/deep'), 'deep\n');
  writeFileSync(join(lower, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  for (const path of ['src', 'src/inner', 'src/inner/deep', 'run.sh'])
    if (identity) chownSync(join(lower, path), identity.uid, identity.gid);
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  await sandbox.mountWorkspace(extent);
  assert.deepEqual(failures(await sandbox.prove()), []);
  let text = '';
  await sandbox.execute((_, chunk) => {
    text += chunk.toString();
  });
  return text;
}

test('in a copied workspace directories can be renamed, as git mv and programs do it', async () => {
  const text = await renameIn({ entries: 5, bytes: 100 });
  assert.equal(text, 'inner\ndeep\nstaged\nmore\n755\nREADME\nlib\nmoved\nother\nrun.sh\n');
});

test('a layered workspace refuses that, which is why the other one is there', async () => {
  assert.match(await renameIn(undefined), /Invalid cross-device link: 'src' -> 'lib'/);
});

test('what the reader of the change is told of a copied workspace is how it was before the agent', async () => {
  await using bench = await openBench({ command: ['/bin/sh', '-c', 'mkdir made; mv src lib'] });
  mkdirSync(join(bench.plan.lower, 'src'));
  mkdirSync(join(bench.plan.lower, '.git/objects'), { recursive: true });
  const before = BigInt(Date.now()) * 1_000_000n;
  for (const path of ['src', '.git', '.git/objects'])
    if (identity) chownSync(join(bench.plan.lower, path), identity.uid, identity.gid);
  await using sandbox = await Sandbox.start(bench.plan, bench.host);
  await sandbox.mountWorkspace({ entries: 2, bytes: 7 });
  await sandbox.prove();
  await sandbox.execute(() => undefined);
  const { request, files } = await sandbox.collect({ question: 'what' });
  assert.deepEqual(files, ['.git', 'README', 'lib', 'made']);
  const { settled, question } = request as { settled: { changeTime: string; directories: object }; question: string };
  assert.equal(question, 'what');
  assert.deepEqual(Object.keys(settled.directories), ['', 'src']);
  assert.ok(BigInt(settled.changeTime) > before - 1_000_000_000n, settled.changeTime);
  const { clean, mounts } = await sandbox.stop();
  assert.deepEqual({ clean, mounts }, { clean: true, mounts: { made: 3, left: [] } });
});
