import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory, verifyTwice } from './support/sample.ts';
import { expectationOf, writeVectors } from './support/vectors.ts';

const ROOT = join(import.meta.dirname, '../vectors/ledger');

const filesIn = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile() && name !== 'README.md')
    .sort();

const readIfPresent = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

for (const folder of readdirSync(ROOT).filter((name) => statSync(join(ROOT, name)).isDirectory()))
  test(`both verifiers say of the vector '${folder}' what it expects`, async () => {
    const expected = JSON.parse(readFileSync(join(ROOT, folder, 'expect.json'), 'utf8'));
    const trust = readIfPresent(join(ROOT, folder, 'trust.policy'));
    const remembered = readIfPresent(join(ROOT, folder, 'remembered.checkpoint'));
    const options = { ...(trust === undefined ? {} : { trust }), ...(remembered === undefined ? {} : { remembered }) };
    const report = await verifyTwice(join(ROOT, folder, 'log'), options);
    assert.deepEqual(expectationOf(expected.name, report), expected);
  });

test('the writer still writes the corpus byte for byte', async (t) => {
  const fresh = temporaryDirectory(t);
  await writeVectors(fresh);
  assert.deepEqual(filesIn(fresh), filesIn(ROOT));
  for (const name of filesIn(ROOT)) {
    assert.deepEqual(readFileSync(join(fresh, name)), readFileSync(join(ROOT, name)), name);
  }
});
