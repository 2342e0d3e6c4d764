import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockRunDirectory, sweepStale } from '../../src/sandbox/run-lock.ts';
import { isAlive, processTree, removeTree } from '../../src/system/index.ts';

const PREFIX = 'run-';
const MINUTES = 60_000;

async function withRoot(use: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-sweep-'));
  try {
    await use(root);
  } finally {
    await removeTree(root);
  }
}

test('a live run is left alone, and so is what is not a run', () =>
  withRoot(async (root) => {
    for (const name of ['run-live', 'other']) mkdirSync(join(root, name));
    await lockRunDirectory(join(root, 'run-live'), 'live');
    const report = await sweepStale(root, PREFIX, Date.now() + 60 * MINUTES);
    assert.deepEqual(report, { removed: [], errors: [] });
  }));

test('a run whose process is gone is removed, and so is one of an earlier boot', () =>
  withRoot(async (root) => {
    const locks = {
      dead: { pid: process.pid, startTime: '1', runId: 'dead', boot: '' },
      old: { pid: process.pid, startTime: '1', runId: 'old', boot: 'x' },
    };
    for (const [name, lock] of Object.entries(locks)) {
      mkdirSync(join(root, `run-${name}`));
      writeFileSync(join(root, `run-${name}`, 'lock'), JSON.stringify(lock));
    }
    const report = await sweepStale(root, PREFIX, Date.now());
    assert.equal(report.removed.length, 2);
    assert.deepEqual(readdirSync(root), []);
  }));

test('a directory without a lock is only removed when it is no longer being made', () =>
  withRoot(async (root) => {
    mkdirSync(join(root, 'run-new'));
    assert.deepEqual((await sweepStale(root, PREFIX, Date.now())).removed, []);
    utimesSync(join(root, 'run-new'), new Date(0), new Date(0));
    assert.equal((await sweepStale(root, PREFIX, Date.now())).removed.length, 1);
  }));

test('after SIGKILL of the supervisor everything is dead, and the next sweep removes the rest', () =>
  withRoot(async (root) => {
    const entry = resolve(import.meta.dirname, 'killed-supervisor.ts');
    const supervisor = spawn(process.execPath, [entry, root], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(supervisor.stdout, 'data');
    const tree = processTree(supervisor.pid ?? -1);
    assert.ok(tree.length > 6, `only ${tree.length} processes`);
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    for (let tries = 0; tree.some(isAlive) && tries < 500; tries += 1) await sleep(10);
    assert.deepEqual(tree.filter(isAlive), []);
    assert.equal(readdirSync(root).length, 1);
    const report = await sweepStale(root, 'sallyport-run-', Date.now());
    assert.equal(report.removed.length, 1, report.errors.join());
    assert.ok(!existsSync(report.removed[0] ?? ''));
  }));
