import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunNamespaces } from '../../src/sandbox/namespaces.ts';
import { type ProcessEntry, processTree } from '../../src/system/index.ts';

/** `unshare`, the first process of a namespace of its own, and two more in it. */
async function grow(root: number): Promise<readonly ProcessEntry[]> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    const tree = processTree(root);
    if (tree.filter(({ name }) => name === 'sleep').length === 2) return tree;
    await sleep(20);
  }
  throw new Error('the namespace did not fill');
}

test('a process of a namespace is found though it was never seen, and nobody else is', async () => {
  const script = 'sleep 300 & sleep 300 & wait';
  const own = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child'];
  const child = spawn('unshare', [...own, 'sh', '-c', script], { stdio: 'ignore' });
  const namespaces = new RunNamespaces();
  try {
    const [, first, ...unseen] = await grow(child.pid ?? -1);
    assert.ok(first);
    assert.deepEqual(namespaces.members('pid'), []);
    namespaces.observe([first]);
    const pids = namespaces.members('pid').map(({ pid }) => pid);
    assert.deepEqual(new Set(pids), new Set([first.pid, ...unseen.map(({ pid }) => pid)]));
    process.kill(first.pid, 'SIGKILL');
    for (let waited = 0; namespaces.members('pid').length > 0 && waited < 10_000; waited += 20) await sleep(20);
    assert.deepEqual(namespaces.members('pid'), []);
  } finally {
    namespaces.close();
    child.kill('SIGKILL');
  }
});
