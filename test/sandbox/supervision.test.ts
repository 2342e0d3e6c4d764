import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostMemory, watchMemory } from '../../src/sandbox/supervision.ts';

const GIB = 1024 * 1024;

/** Watches a Python program with a limit of 64 MiB until it is stopped, or for two seconds after it said that it is ready. */
async function isStopped(program: string, readHost?: () => HostMemory): Promise<boolean> {
  const child = spawn(
    '/usr/bin/python3',
    ['-c', `${program}\nprint("ready", flush=True)\nimport time; time.sleep(20)`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let stopped = false;
  const end = watchMemory({
    root: child.pid ?? -1,
    limitMiB: 64,
    onExceeded: () => {
      stopped = true;
    },
    ...(readHost ? { readHost } : {}),
  });
  try {
    await ready(child);
    for (let waited = 0; waited < 2_000 && !stopped; waited += 50) await sleep(50);
    return stopped;
  } finally {
    end();
    child.kill('SIGKILL');
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((done) => child.stdout?.once('data', () => done()));
}

test('memory that is touched counts', async () => {
  assert.equal(await isStopped('x = bytearray(100 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1'), true);
  assert.equal(await isStopped('x = bytearray(20 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1'), false);
});

test('the tables of a map that holds nothing count', async () => {
  const map = (gib: number) =>
    `import mmap; m = mmap.mmap(-1, ${gib} << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
m.madvise(mmap.MADV_NOHUGEPAGE)
for i in range(0, ${gib} << 30, 2 << 20): m[i]`;
  assert.equal(await isStopped(map(48)), true);
  assert.equal(await isStopped(map(1)), false);
});

test('a run that takes what no process shows ends before the host does', async () => {
  const host = (...readings: readonly number[]) => {
    const left = [...readings];
    return () => ({ total: 16 * GIB, available: (left.length > 1 ? left.shift() : left[0]) ?? 0 });
  };
  assert.equal(await isStopped('', host(8 * GIB, 4 * GIB, GIB / 2)), true);
  assert.equal(await isStopped('', host(8 * GIB, 2 * GIB)), false, 'somebody uses the host, and there is enough');
  assert.equal(await isStopped('', host(GIB / 2, GIB / 2)), false, 'there was not more before');
});
