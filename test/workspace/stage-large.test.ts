/** Files that are too large to be held in memory are read in pieces, and what is promised of the others holds for them. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSentinel } from '../../src/text/index.ts';
import { commit, git, makeRepository, Scratch, stageOf, writeFiles } from './checkout.ts';

const SECRET = 'sk-live-9f8e7d6c5b4a3f2e1d0c';
const sentinel = createSentinel([{ name: 'DEPLOY_KEY', value: SECRET }]);
const MIB = 1024 * 1024;

/** Nine mebibytes of lines, with this text at one place. */
function large(at: number, text: string): Buffer {
  const bytes = Buffer.alloc(9 * MIB, 'a line of ordinary text\n');
  bytes.write(text, at);
  return bytes;
}

test('a known secret is found wherever it stands in a large file, and a file without one is staged', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'dump.sql': large(5 * MIB, SECRET) });
  writeFiles(source, {
    'start.log': large(0, SECRET),
    'between.log': large(2 * MIB - 10, SECRET),
    'encoded.log': large(3 * MIB, Buffer.from(SECRET).toString('base64')),
    'end.log': large(9 * MIB - SECRET.length, SECRET),
    'benign.log': large(MIB, 'nothing to see'),
  });
  const stage = await stageOf(scratch, source, { sentinel });
  assert.deepEqual(
    stage.hidden.map(({ path, reason }) => `${path} ${reason}`).toSorted(),
    ['between.log', 'encoded.log', 'end.log', 'start.log'].map((path) => `${path} holds DEPLOY_KEY`),
  );
  assert.deepEqual(
    stage.secretsInTree.map(({ path, name }) => [path, name]),
    [['dump.sql', 'DEPLOY_KEY']],
  );
  assert.equal(statSync(join(stage.lower, 'start.log')).size, 0);
  assert.deepEqual(readFileSync(join(stage.lower, 'benign.log')), large(MIB, 'nothing to see'));
});

test('a large file is staged whole and under its name in git, so that git sees no change', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'data.txt': large(0, 'one') });
  const stage = await stageOf(scratch, source);
  assert.equal(git(stage.lower, 'status', '--porcelain'), '');
  assert.equal(git(stage.lower, 'hash-object', 'data.txt'), git(source, 'rev-parse', 'HEAD:data.txt'));
});

test('a large file of agent configuration that differs from the base is parked, and the base stands in its place', async () => {
  using scratch = new Scratch();
  const source = makeRepository(scratch.directory('source'), { 'AGENTS.md': 'be kind\n' });
  git(source, 'branch', 'protected');
  writeFiles(source, { 'AGENTS.md': large(0, 'be evil') });
  commit(source, 'two');
  const stage = await stageOf(scratch, source, { base: 'protected' });
  assert.deepEqual(
    stage.parked.map(({ path, staged }) => [path, staged]),
    [['AGENTS.md', 'base']],
  );
  assert.equal(readFileSync(join(stage.lower, 'AGENTS.md'), 'utf8'), 'be kind\n');
});
