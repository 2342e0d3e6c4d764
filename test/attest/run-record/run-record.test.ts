/** A run as its ledger tells it, for statements about it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRunRecord } from '../../../src/attest/index.ts';
import { writeRun } from '../run-fixture.ts';

async function withRun(base: string, check: (out: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'run-record-'));
  const out = join(folder, 'out');
  try {
    await writeRun(out, { base, tree: 'c'.repeat(40), patch: 'patch\n', policyDigest: 'd'.repeat(64) });
    await check(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a run began with its first record and on its base, and ended with its last record', async () => {
  await withRun('a'.repeat(40), async (out) => {
    const { run } = await readRunRecord(out);
    const lines = readFileSync(join(out, 'ledger/events.ndjson'), 'utf8').trim().split('\n');
    const times = lines.flatMap((line) => /"time":"([^"]+)"/.exec(line)?.[1] ?? []);
    assert.deepEqual([run?.startedAt, run?.endedAt], [times[0], times.at(-1)]);
    assert.ok(times.length > 1 && times[0] !== times.at(-1));
    assert.equal(run?.baseCommit, 'a'.repeat(40));
  });
});

test('a run whose record names no base has none: no commit is called by an empty name', async () => {
  await withRun('', async (out) => assert.equal((await readRunRecord(out)).run?.baseCommit, undefined));
});

test('nothing is stated of a run whose last record is not there', async () => {
  await withRun('a'.repeat(40), async (out) => {
    const file = join(out, 'ledger/events.ndjson');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    assert.match(lines.at(-1) ?? '', /run\.final/);
    writeFileSync(file, `${lines.slice(0, -1).join('\n')}\n`);
    const { report, run } = await readRunRecord(out);
    assert.equal(run, undefined);
    assert.notEqual(report.verdict, 'SIGNED-UNANCHORED');
  });
});
