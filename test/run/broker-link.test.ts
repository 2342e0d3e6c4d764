import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BrokerLink } from '../../src/run/broker-link.ts';

const root = mkdtempSync(join(tmpdir(), 'broker-link-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A program in the broker's place that answers the request to finish so. */
function program(answer: string): string {
  const file = join(root, `${answer.length}.cjs`);
  writeFileSync(file, `process.on('message', ({ type }) => { if (type === 'finish') ${answer}; });\n`);
  return file;
}

test('what left is what the broker told', async () => {
  await using link = BrokerLink.spawn(program("process.send({ type: 'finished', flows: [] })"), undefined);
  assert.deepEqual(await link.finish(), []);
});

for (const [how, answer] of [
  ['ends', 'process.exit(0)'],
  ['fails', "process.send({ type: 'failed', message: 'no' })"],
] as const) {
  test(`of a broker that ${how} before it told, nobody knows what left`, async () => {
    await using link = BrokerLink.spawn(program(answer), undefined);
    assert.equal(await link.finish(), undefined);
  });
}

test('a broker that could not even be started is lost, and taking it down does not wait for it', async () => {
  const { execPath } = process;
  process.execPath = join(root, 'no-such-program');
  const link = BrokerLink.spawn(program('0'), undefined);
  process.execPath = execPath;
  assert.match(await link.lost, /ENOENT/);
  await link[Symbol.asyncDispose]();
});
