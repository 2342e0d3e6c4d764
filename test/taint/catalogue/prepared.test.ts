import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadReaders } from '../../../src/syntax/index.ts';
import { loadCatalogue } from '../../../src/taint/index.ts';

test('the catalogue survives being written as JSON, which is how the bundle carries it', async () => {
  const catalogue = await loadCatalogue(await loadReaders());
  assert.deepEqual(JSON.parse(JSON.stringify(catalogue)), catalogue);
  assert.ok(catalogue.sinks.length > 100);
});
