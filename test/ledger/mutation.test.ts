import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { temporaryDirectory, verifyTwice, writeSample } from './support/sample.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200);

test('whatever bytes of a log are changed, no verifier crashes, both agree, and none calls it anchored', async (t) => {
  const root = temporaryDirectory(t);
  const honest = join(root, 'honest');
  // Few records: each input is verified whole, twice.
  const { checkpoint } = await writeSample(honest, { records: 3, checkpointEvery: 2 });
  const directory = join(root, 'mutated');
  cpSync(honest, directory, { recursive: true });
  const files = readdirSync(honest, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(honest, name)).isFile() && name !== 'salts.ndjson')
    .sort();
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.constantFrom('\n', '\n\n', '"', '\\ud800', '{}', '\u2014 ').map((text) => Buffer.from(text)),
  );
  const mutation = fc.record({ file: fc.constantFrom(...files), at: fc.nat(), cut: fc.nat(60), put: piece });
  await fc.assert(
    fc.asyncProperty(mutation, async ({ file, at, cut, put }) => {
      const original = readFileSync(join(honest, file));
      const place = at % (original.length + 1);
      const changed = Buffer.concat([original.subarray(0, place), put, original.subarray(place + cut)]);
      try {
        writeFileSync(join(directory, file), changed);
        const report = await verifyTwice(directory, { remembered: checkpoint });
        if (changed.equals(original)) return;
        if (file === 'events.ndjson') assert.notEqual(report.verdict, 'ANCHORED', 'a changed record went unnoticed');
        assert.notEqual(report.verdict, 'WITNESSED');
      } finally {
        writeFileSync(join(directory, file), original);
      }
    }),
    { numRuns: RUNS },
  );
});
