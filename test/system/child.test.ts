import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProcess, run } from '../../src/system/index.ts';

test('a program that is not there rejects', async () => {
  await assert.rejects(run('/nonexistent/program', []), { code: 'ENOENT' });
});

for (const [what, ending] of [
  ['a child that takes too long', 'wait'],
  ['a child that is over, but left a process behind that holds its output', 'exit 0'],
] as const) {
  test(`${what} is waited for no longer than the time limit, and did not succeed`, async () => {
    const result = await run('/bin/sh', ['-c', `sleep 30 & echo $!; ${ending}`], { timeout: 500 });
    const holder = Number(result.stdout.toString());
    // Over and only not yet reaped, it would be `Z`: then it was waited for.
    assert.equal(readProcess(holder)?.state, 'S');
    process.kill(holder, 'SIGKILL');
    assert.deepEqual([result.killed, result.code], ['timeout', 137]);
  });
}

test('a child reads what it is given and nothing else, and output up to the limit is whole', async () => {
  assert.equal((await run('cat', [], { input: 'given' })).stdout.toString(), 'given');
  const none = await run('cat', [], { timeout: 20_000 });
  assert.deepEqual([none.code, none.stdout.length, none.killed], [0, 0, undefined]);
  const whole = await run('head', ['-c', '1000', '/dev/zero'], { maxOutput: 1000 });
  assert.deepEqual([whole.stdout.length, whole.killed], [1000, undefined]);
  const more = await run('head', ['-c', '1001', '/dev/zero'], { maxOutput: 1000 });
  assert.equal(more.killed, 'output');
});
