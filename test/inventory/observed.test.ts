import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readObservedRuns, renderInventory } from '../../src/inventory/index.ts';
import { temporaryDirectory } from '../ledger/support/sample.ts';
import { observedSample, writeRunLedger } from './observed-sample.ts';
import { inventoryOf, onlyRepository, SAMPLE } from './sample.ts';

async function ledgersIn(directory: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(directory, name), { recursive: true });
    await writeRunLedger(join(directory, name, 'ledger'), name);
  }
}

test('a ledger is verified, and read for names and counts only', async (t) => {
  const directory = temporaryDirectory(t);
  await ledgersIn(directory, 'one');
  const [run] = await readObservedRuns(directory);
  assert.deepEqual(run, {
    name: 'one',
    verdict: 'SIGNED-UNANCHORED',
    used: true,
    origin: run?.origin,
    outcome: 'closed',
    agent: 'claude-code',
    repository: 'acme/app',
    pipeline: 'review',
    job: 'review',
    hosts: ['api.anthropic.com', 'packages.example.test', 'paste.example.test'],
    refusedHosts: ['evil.example.test'],
    models: ['claude-sonnet-4-5-20250929'],
    tools: [{ name: 'Bash', calls: 2, denied: 1 }],
    credentials: ['NPM_TOKEN'],
    files: ['src/a.ts'],
  });
});

test('what was used and not declared is listed, and what was granted and not used', async (t) => {
  const directory = temporaryDirectory(t);
  await ledgersIn(directory, 'one', 'two');
  const [agent] = onlyRepository(inventoryOf(SAMPLE, await readObservedRuns(directory))).agents;
  assert.equal(agent?.observed?.runs, 2);
  assert.equal(agent?.observed?.complete, true);
  assert.deepEqual(agent?.observed?.undeclared, ['host packages.example.test', 'host paste.example.test']);
  assert.deepEqual(agent?.observed?.unused, [
    'host hooks.example.test',
    'mcp server tickets',
    'mcp server remote',
    'tool mcp__tickets__search',
    'tool Edit',
    'credential ANTHROPIC_API_KEY',
    'credential GITHUB_TOKEN',
    'credential id-token',
  ]);
});

test('a model, a tool and a credential that no file names are undeclared; a denied call is no use', () => {
  const [agent] = onlyRepository(inventoryOf(SAMPLE, [observedSample()])).agents;
  assert.deepEqual(agent?.observed?.undeclared, [
    'host paste.example.test',
    'model claude-haiku-4-5',
    'tool WebFetch',
    'credential OTHER_TOKEN',
  ]);
});

test('a ledger that was changed proves nothing: it is named and not used', async (t) => {
  const directory = temporaryDirectory(t);
  await ledgersIn(directory, 'one');
  const events = join(directory, 'one/ledger/events.ndjson');
  writeFileSync(events, readFileSync(events, 'utf8').replace('paste.example.test', 'fine.example.test!'));
  const runs = await readObservedRuns(directory);
  assert.deepEqual(
    runs.map(({ verdict, used, hosts }) => [verdict, used, hosts]),
    [['INVALID', false, []]],
  );
  const inventory = inventoryOf(SAMPLE, runs);
  assert.equal(onlyRepository(inventory).agents[0]?.observed, undefined);
  assert.match(renderInventory(inventory, 'text'), /ledger one: INVALID, nothing was taken from it/);
});

test('a run of another job or product belongs to nobody and is named', () => {
  const other = { ...observedSample(), job: 'elsewhere' };
  const inventory = inventoryOf(SAMPLE, [other]);
  assert.deepEqual(inventory.unmatchedRuns, ['run-1']);
  assert.deepEqual(inventoryOf(SAMPLE, [{ ...observedSample(), agent: 'codex' }]).unmatchedRuns, ['run-1']);
});

test('an incomplete ledger makes what was seen a lower bound', () => {
  const [agent] = onlyRepository(inventoryOf(SAMPLE, [{ ...observedSample(), verdict: 'INCOMPLETE' }])).agents;
  assert.equal(agent?.observed?.complete, false);
});

test('a folder without a ledger is an error that says so', async (t) => {
  await assert.rejects(readObservedRuns(temporaryDirectory(t)), { code: 'SP2201' });
  await assert.rejects(readObservedRuns('/nonexistent/folder'), { code: 'SP2201' });
});
