import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCanaries } from '../../src/sandbox/canaries.ts';
import { systemRandom } from '../../src/system/index.ts';

/** What listens now; handles that are closed go with the next turns. */
async function listeners(): Promise<number> {
  await sleep(20);
  return process.getActiveResourcesInfo().filter((name) => /Server/.test(name)).length;
}

test('canaries that cannot all be opened leave none that would keep the process alive', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-canaries-'));
  try {
    const before = await listeners();
    // No socket has a path of that length.
    const tooDeep = join(root, 'd'.repeat(120));
    mkdirSync(tooDeep);
    await assert.rejects(openCanaries(tooDeep, systemRandom), /EINVAL/);
    assert.equal(await listeners(), before);
    const sound = await openCanaries(root, systemRandom);
    assert.ok((await listeners()) > before);
    await sound[Symbol.asyncDispose]();
    assert.equal(await listeners(), before);
  } finally {
    rmSync(root, { recursive: true });
  }
});
