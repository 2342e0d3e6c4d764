import assert from 'node:assert/strict';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ClosedLedger } from '../../src/ledger/index.ts';
import { ATTACKS, CHECKPOINT_EVERY } from './support/attacks.ts';
import { temporaryDirectory, verifyTwice, writeSample } from './support/sample.ts';

const RECORDS = 120;
/** Random positions for each attack; `make check-full` asks for a hundred. */
const TRIALS = Math.min(100, Math.max(3, Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 0) / 1000));

describe('the tamper matrix, by both verifiers', () => {
  const root = temporaryDirectory({ after });
  let closed: ClosedLedger;
  before(async () => {
    closed = await writeSample(join(root, 'honest'), { records: RECORDS, checkpointEvery: CHECKPOINT_EVERY });
    await writeSample(join(root, 'other'), { records: RECORDS, checkpointEvery: CHECKPOINT_EVERY, runId: 'another' });
  });

  test('an honest log is SIGNED-UNANCHORED by itself and ANCHORED by a checkpoint that was kept', async () => {
    const directory = join(root, 'honest');
    assert.equal((await verifyTwice(directory)).verdict, 'SIGNED-UNANCHORED');
    assert.equal((await verifyTwice(directory, { remembered: closed.checkpoint })).verdict, 'ANCHORED');
  });

  for (const [number, attack] of ATTACKS.entries()) {
    const { name, alone, remembered = alone } = attack;
    test(`${name}: ${alone}, and ${remembered} against a kept checkpoint`, async () => {
      for (let trial = 0; trial < TRIALS; trial++) {
        // Positions spread over the log, other ones for each attack.
        const at = CHECKPOINT_EVERY + ((number * 37 + trial * 53) % (RECORDS - CHECKPOINT_EVERY - 3));
        const directory = join(root, `attack-${number}-${trial}`);
        cpSync(join(root, 'honest'), directory, { recursive: true });
        attack.apply({ directory, other: join(root, 'other'), runId: 'sample', at });
        const first = await verifyTwice(directory);
        assert.equal(first.verdict, alone, `record ${at}: ${JSON.stringify(first.failures.slice(0, 3))}`);
        const second = await verifyTwice(directory, { remembered: closed.checkpoint });
        assert.equal(second.verdict, remembered, `record ${at}: ${JSON.stringify(second.failures.slice(0, 3))}`);
        rmSync(directory, { recursive: true });
      }
    });
  }

  test('erasing salts or derived tiles is not tampering', async () => {
    const directory = join(root, 'erased');
    cpSync(join(root, 'honest'), directory, { recursive: true });
    rmSync(join(directory, 'salts.ndjson'));
    rmSync(join(directory, 'tile'), { recursive: true });
    assert.ok(!readdirSync(directory).includes('salts.ndjson'));
    assert.equal((await verifyTwice(directory)).verdict, 'SIGNED-UNANCHORED');
  });
});
