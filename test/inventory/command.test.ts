import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../ledger/support/sample.ts';
import { writeRunLedger } from './observed-sample.ts';
import { OPEN, SAMPLE } from './sample.ts';

const CLI = join(import.meta.dirname, '../../src/cli.ts');

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'inventory', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function write(root: string, files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

test('a repository is listed, a folder of them with --all-below, and --output takes the list', (t) => {
  const root = temporaryDirectory(t);
  write(join(root, 'one'), SAMPLE);
  write(join(root, 'two'), { '.github/workflows/triage.yml': OPEN });
  const single = run(join(root, 'one'));
  assert.equal(single.status, 0, single.stderr);
  assert.match(single.stdout, /^1 repository, 1 agent in 1 job/);
  const file = join(root, 'bom.json');
  const all = run(root, '--all-below', '--format', 'cyclonedx', '--output', file);
  assert.deepEqual([all.status, all.stdout], [0, '']);
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  assert.ok(typeof document === 'object' && document !== null && 'specVersion' in document);
  assert.equal(document.specVersion, '1.7');
});

test('--fail-on trifecta exits with 1 only where all three legs meet', (t) => {
  const root = temporaryDirectory(t);
  write(join(root, 'open'), { '.github/workflows/triage.yml': OPEN });
  write(join(root, 'closed'), { 'README.md': '# nothing\n' });
  assert.equal(run(join(root, 'open'), '--fail-on', 'trifecta').status, 1);
  assert.equal(run(join(root, 'open')).status, 0);
  assert.equal(run(join(root, 'closed'), '--fail-on', 'trifecta').status, 0);
});

test('a ledger that was changed exits with 3, a folder without one with 2', async (t) => {
  const root = temporaryDirectory(t);
  write(join(root, 'app'), SAMPLE);
  mkdirSync(join(root, 'runs'));
  assert.equal(run(join(root, 'app'), '--runs', join(root, 'runs')).status, 2);
  await writeRunLedger(join(root, 'runs/one'), 'one');
  const good = run(join(root, 'app'), '--runs', join(root, 'runs'));
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.stdout, /undeclared {2}host paste\.example\.test/);
  writeFileSync(join(root, 'runs/one/log.vkey'), 'nonsense\n');
  assert.equal(run(join(root, 'app'), '--runs', join(root, 'runs')).status, 3);
});

test('a folder that is not there, one without repositories and a wrong format are usage errors', (t) => {
  const root = temporaryDirectory(t);
  assert.equal(run(join(root, 'nowhere')).status, 2);
  assert.equal(run(root, '--all-below').status, 2);
  assert.equal(run(root, '--format', 'xml').status, 2);
});
