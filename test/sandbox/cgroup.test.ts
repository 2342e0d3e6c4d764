import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createControlGroups } from '../../src/sandbox/cgroup.ts';

const LIMITS = {
  seconds: 60,
  memoryMiB: 256,
  processes: 64,
  diskMiB: 64,
  inodes: 1000,
  openFiles: 128,
  outputMiB: 1,
  patchFiles: 100,
  patchMiB: 1,
} as const;

const MEMBERSHIP = '/proc/self/cgroup';

/** Where this process is, of the hierarchy that limits memory. */
function ownGroup(): string {
  const lines = readFileSync(MEMBERSHIP, 'latin1').split('\n');
  return lines.find((line) => line.split(':')[1]?.split(',').includes('memory'))?.split(':')[2] ?? '/';
}

test('to prepare the groups moves this process nowhere', async () => {
  const before = readFileSync(MEMBERSHIP, 'latin1');
  const groups = createControlGroups(`sallyport-test-${process.pid}`, LIMITS);
  try {
    await groups.prepare();
    assert.equal(readFileSync(MEMBERSHIP, 'latin1'), before);
  } finally {
    assert.deepEqual(groups.remove(), []);
  }
});

test('to prepare the groups writes to our own group and to no other', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-cgroup-'));
  try {
    const top = join(root, 'memory');
    const own = join(top, ownGroup());
    const other = join(top, 'other');
    for (const group of [own, other]) {
      mkdirSync(group, { recursive: true });
      writeFileSync(join(group, 'cgroup.procs'), '');
    }
    await createControlGroups('sallyport-none', LIMITS, root).prepare();
    assert.equal(readFileSync(join(own, 'cgroup.procs'), 'latin1'), String(process.pid));
    assert.equal(readFileSync(join(other, 'cgroup.procs'), 'latin1'), '');
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('where the host does not show our own group, to prepare makes nothing', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-cgroup-'));
  try {
    await createControlGroups('sallyport-none', LIMITS, root).prepare();
    assert.deepEqual(readdirSync(root), []);
  } finally {
    rmSync(root, { recursive: true });
  }
});
