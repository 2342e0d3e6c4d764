import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { clearRunDirectory, lockRunDirectory, removeRunDirectory, sweepStale } from '../../src/sandbox/run-lock.ts';
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

test('what is left of another user is not touched', { skip: process.getuid?.() !== 0 }, () =>
  withRoot(async (root) => {
    mkdirSync(join(root, 'run-other'));
    utimesSync(join(root, 'run-other'), new Date(0), new Date(0));
    chownSync(join(root, 'run-other'), 65534, 65534);
    assert.deepEqual(await sweepStale(root, PREFIX, Date.now()), { removed: [], errors: [] });
  }),
);

/** A process that only waits, with a command line of our choice. */
async function startWaiting(program: string, ...options: readonly string[]): Promise<ChildProcess> {
  const script = "process.stdout.write('.'); setInterval(() => undefined, 1000)";
  const child = spawn(process.execPath, ['-e', script, '--', ...options], {
    argv0: program,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a bubblewrap that waits for its dead parent is ended with its run, and nothing else that names the run', () =>
  withRoot(async (root) => {
    const [stale, live] = ['stale', 'live'].map((name) => join(root, `run-${name}`)) as [string, string];
    for (const path of [stale, live]) mkdirSync(path);
    const dead = { pid: process.pid, startTime: '1', runId: 'stale', boot: '' };
    writeFileSync(join(stale, 'lock'), JSON.stringify(dead));
    await lockRunDirectory(live, 'live');
    const children = await Promise.all([
      startWaiting('/usr/bin/bwrap', '--unshare-user', '--chdir', stale, '--', 'node', 'airlock'),
      startWaiting('/usr/bin/bwrap', '--unshare-user', '--chdir', live, '--', 'node', 'airlock'),
      startWaiting('/usr/bin/bwrap', '--unshare-user', '--bind', stale, '/mnt', '--chdir', '/'),
      startWaiting('/usr/bin/editor', '--chdir', stale),
    ]);
    const ended = Promise.all(children.map((child) => once(child, 'exit')));
    const report = await sweepStale(root, PREFIX, Date.now());
    for (const child of children) child.kill('SIGTERM');
    assert.deepEqual(report, { removed: [stale], errors: [] });
    // Who was not ended by the sweep ends by this test.
    assert.deepEqual(
      (await ended).map(([, signal]) => signal),
      ['SIGKILL', 'SIGTERM', 'SIGTERM', 'SIGTERM'],
    );
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

test('while a run is taken down its lock stays until nothing else is left, and then all of it goes', () =>
  withRoot(async (root) => {
    const run = join(root, 'run-1');
    mkdirSync(join(run, 'airlock', 'deep'), { recursive: true });
    await lockRunDirectory(run, 'r1');
    await clearRunDirectory(run);
    assert.deepEqual(readdirSync(run), ['lock']);
    // Whatever came in between goes too.
    mkdirSync(join(run, 'late'));
    await removeRunDirectory(run);
    assert.ok(!existsSync(run));
    await removeRunDirectory(run);
  }));
