import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashLines } from '../../src/findings/index.ts';

const RUNS = { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200) };
const FILE = new URL('../vectors/findings/line-hash.json', import.meta.url);

interface Vectors {
  readonly vectors: readonly { readonly text: string; readonly hashes: readonly string[] }[];
}

test('line hashes are those of the vector file', () => {
  // Our own file; a wrong shape fails the comparison below.
  const { vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;
  assert.ok(vectors.length > 5);
  for (const { text, hashes } of vectors) assert.deepEqual(hashLines(text), hashes, JSON.stringify(text));
});

test('every line has one hash, and blanks within lines do not change any', () => {
  const lines = fc.array(fc.string(), { maxLength: 20 });
  fc.assert(
    fc.property(lines, (list) => {
      const bare = list.map((line) => line.replace(/[\s]/g, ''));
      const hashes = hashLines(bare.join('\n'));
      assert.equal(hashes.length, Math.max(1, bare.length));
      assert.deepEqual(hashLines(bare.map((line) => `\t ${[...line].join(' ')} `).join('\r\n')), hashes);
    }),
    RUNS,
  );
});

test('a line far below does not change the hash of a line', () => {
  const far = 'x'.repeat(120);
  assert.equal(hashLines(`top\n${far}\nold`)[0], hashLines(`top\n${far}\nnew\nnewer`)[0]);
});
