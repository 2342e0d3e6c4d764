import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { Channel } from '../../src/sandbox/channel.ts';

const answerNothing = (): Promise<never> => new Promise(() => undefined);

test('requests go both ways over one stream, and what the other side throws comes back in its words', async () => {
  const [here, there] = duplexPair();
  const left = new Channel(here, async (method) => `left ${method}`);
  const right = new Channel(there, async (method, parameters) => {
    if (method === 'fail') throw new Error('no such thing');
    return { method, parameters };
  });
  assert.deepEqual(await left.request('ask', [1]), { method: 'ask', parameters: [1] });
  assert.equal(await right.request('back'), 'left back');
  await assert.rejects(left.request('fail'), { code: 'SP1204', message: 'no such thing' });
  left.close();
});

test('an answer that takes too long, and a stream that ends, fail what waits for them', async () => {
  const [here, there] = duplexPair();
  const left = new Channel(here, answerNothing);
  new Channel(there, answerNothing);
  await assert.rejects(left.request('slow', null, 20), { code: 'SP1204', message: /did not answer within 0\.02 s/ });
  const open = left.request('never');
  there.destroy();
  here.destroy();
  await assert.rejects(open, { code: 'SP1204', message: 'the airlock is gone' });
  await assert.rejects(left.request('late'), { code: 'SP1204', message: 'the airlock is gone' });
});

test('a line without an end does not fill the memory of whoever reads it', async () => {
  const [here, there] = duplexPair();
  const left = new Channel(here, answerNothing);
  const chunk = Buffer.alloc(1 << 20, 'x');
  there.on('error', () => undefined);
  for (let sent = 0; sent < 80 && !here.destroyed; sent++) {
    there.write(chunk);
    await nextRound();
  }
  await left.closed;
});
