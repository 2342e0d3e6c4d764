import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFault, matchChange, openBundle, PREDICATE_ROLES, readTrustStore } from '../../../src/attest/index.ts';
import type { Vector } from '../generate-vectors.ts';
import { EXPECTED, NOW } from '../scene.ts';

const FOLDER = join(import.meta.dirname, '../../vectors/attest');
const read = (name: string): Buffer => readFileSync(join(FOLDER, name));
const TYPES = [...PREDICATE_ROLES.keys()];

async function outcome(bundle: Buffer): Promise<{ readonly step: number; readonly code: string }> {
  const store = await readTrustStore({ path: 'trust.yaml', text: read('trust.yaml').toString() });
  const opened = await openBundle(bundle, { store, root: undefined }, TYPES, NOW);
  const fault = isFault(opened) ? opened : matchChange(opened, EXPECTED);
  return fault === undefined ? { step: 0, code: '' } : { step: fault.step, code: fault.code };
}

// Sound: the file is written by the script beside it.
const VECTORS = JSON.parse(read('vectors.json').toString()) as readonly Vector[];

for (const { name, step, code, what } of VECTORS)
  test(step === 0 ? `${name} is accepted` : `${name} falls at step ${step}: ${what}`, async () => {
    assert.deepEqual(await outcome(read(`bundles/${name}.json`)), { step, code });
  });

test('there is a vector for every step that a bundle by itself can fail at', () => {
  assert.deepEqual(
    [...new Set(VECTORS.map(({ step }) => step))].sort((one, other) => one - other),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  );
});
