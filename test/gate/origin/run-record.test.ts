import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRun } from '../../../src/gate/index.ts';
import { type SampleRun, writeRun } from './ledger-sample.ts';

async function withRun(run: SampleRun, check: (out: string) => Promise<void>): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'gate-run-'));
  try {
    await writeRun(join(out, 'ledger'), run);
    await check(out);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

test('a ledger tells who ran what, on which base, under which policy, and what came of it', async () => {
  const model = {
    kind: 'model.request' as const,
    subject: { model: 'claude-sonnet-5', endpoint: '/v1/messages' },
    decision: { verdict: 'allow' as const, rule: 'default/model', reason: '', policy: '' },
  };
  const refused = { ...model, subject: { model: 'other' }, decision: { ...model.decision, verdict: 'deny' as const } };
  await withRun({ actor: 'alice', withheld: ['.github/workflows/x.yml'], events: [model, refused] }, async (out) => {
    const run = await readRun(out);
    assert.deepEqual(
      { ...run, directory: '' },
      {
        runId: 'sample',
        ledger: 'SIGNED-UNANCHORED',
        agentId: 'claude-code',
        agent: 'claude-code 2.1.400',
        model: 'claude-sonnet-5',
        requestedBy: 'alice',
        policyDigest: 'd'.repeat(64),
        baseCommit: 'a'.repeat(40),
        resultTree: 'c'.repeat(40),
        patchSha256: 'e'.repeat(64),
        withheld: ['.github/workflows/x.yml'],
        directory: '',
      },
    );
  });
});

test('a ledger that was changed says so, whatever it says besides', async () => {
  await withRun({ actor: 'alice' }, async (out) => {
    const file = join(out, 'ledger', 'events.ndjson');
    writeFileSync(file, readFileSync(file, 'utf8').replace('alice', 'mallo'));
    assert.equal((await readRun(out)).ledger, 'INVALID');
  });
});

test('a ledger whose end was cut off is incomplete and names no result', async () => {
  await withRun({}, async (out) => {
    const file = join(out, 'ledger', 'events.ndjson');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, -2).join('\n')}\n`);
    const run = await readRun(out);
    assert.notEqual(run.ledger, 'SIGNED-UNANCHORED');
    assert.equal(run.resultTree, '');
    assert.equal(run.withheld, undefined);
  });
});

test('a second start of a run that is recorded later changes nothing of what the run was held to', async () => {
  const again = {
    kind: 'run.start' as const,
    subject: { agent: { id: 'other' }, policy: { digest: 'f'.repeat(64) }, base: { commit: 'f'.repeat(40) } },
  };
  await withRun({ actor: 'alice', events: [again] }, async (out) => {
    const { agentId, policyDigest, baseCommit, requestedBy } = await readRun(out);
    const first = ['claude-code', 'd'.repeat(64), 'a'.repeat(40), 'alice'];
    assert.deepEqual([agentId, policyDigest, baseCommit, requestedBy], first);
  });
});

test('a folder without a ledger is an error', async () => {
  await assert.rejects(readRun('/nonexistent'), { code: 'SP1501' });
});
