import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { NameTable } from '../../src/sandbox/airlock/names.ts';
import { startResolver } from '../../src/sandbox/airlock/resolver.ts';

/** `A allowed.example`, with the length that a stream wants before it. */
const MESSAGE = Buffer.from('\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x07allowed\x07example\0\0\x01\0\x01', 'latin1');
const QUESTION = Buffer.concat([Buffer.from([0, MESSAGE.length]), MESSAGE]);
const FLOOD = Buffer.concat(Array.from({ length: 1000 }, () => QUESTION));

/** A port that was free a moment ago, for streams; the resolver takes it for datagrams too. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** Whether the other side takes no more: in so many rounds of the event loop nothing of what waits is taken. */
async function stalls(client: Socket): Promise<boolean> {
  let isTaken = false;
  client.once('drain', () => {
    isTaken = true;
  });
  for (let round = 0; round < 5000 && !isTaken; round++) await nextRound();
  return !isTaken;
}

test('who asks without end and reads no answer is not listened to until he reads', async (t) => {
  const port = await freePort();
  const resolver = await startResolver(new NameTable(['allowed.example']), port);
  const client = connect(port, '127.0.0.1');
  t.after(() => {
    client.destroy();
    resolver.close();
  });
  await once(client, 'connect');
  client.pause();
  let sent = 0;
  let isStalled = false;
  while (!isStalled && sent < 32 << 20) {
    sent += FLOOD.length;
    if (!client.write(FLOOD)) isStalled = await stalls(client);
  }
  assert.ok(isStalled, `${sent} bytes of questions were taken`);
  let answered = 0;
  client.on('data', (chunk: Buffer) => {
    answered += chunk.length;
  });
  client.resume();
  await once(client, 'drain');
  assert.ok(answered > FLOOD.length);
});
