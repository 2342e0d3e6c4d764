import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { message, request, text } from './support/messages.ts';
import { NONCE, PLACEHOLDER, type Rig, startRig } from './support/rig.ts';
import { answerJson, startUpstream } from './support/upstream.ts';

const HEAD = 'HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** Everything the broker says to these bytes until it closes. */
async function speak(rig: Rig, ...parts: readonly string[]): Promise<string> {
  const socket = connect(rig.socketPath);
  socket.on('error', () => undefined);
  let reply = '';
  socket.on('data', (chunk) => {
    reply += chunk;
  });
  for (const part of parts.filter((bytes) => bytes !== '')) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return reply;
}

test('the socket belongs to its owner alone', async () => {
  await using rig = await startRig('http://127.0.0.1:9');
  assert.equal(statSync(rig.socketPath).mode & 0o777, 0o600);
});

test('a connection with the nonce is served, however the bytes are cut', async () => {
  await using rig = await startRig('http://127.0.0.1:9');
  const all = `SALLYPORT/1 ${NONCE}\n${HEAD}`;
  for (const cut of [1, 12, 40, 76, 77, 78, 79, 90, all.length])
    assert.match(await speak(rig, all.slice(0, cut), all.slice(cut)), /^HTTP\/1\.1 200/, `cut at ${cut}`);
});

test('a connection without the nonce gets no answer, and a flood of them two records', async () => {
  await using rig = await startRig('http://127.0.0.1:9');
  const wrong = [
    HEAD.repeat(2),
    `SALLYPORT/1 ${'b'.repeat(64)}\n${HEAD}`,
    `SALLYPORT/2 ${NONCE}\n${HEAD}`,
    `\0${'x'.repeat(100)}`,
  ];
  for (const bytes of [...wrong, ...wrong]) assert.equal(await speak(rig, bytes), '');
  await rig.broker.close();
  const drops = rig.tape.of('network.request');
  assert.deepEqual(
    drops.map(({ subject }) => subject['connections']),
    [1, 7],
  );
  assert.equal(drops[0]?.decision?.rule, 'no-preface');
});

test('six hundred half-open connections do not keep an ordinary request out', async () => {
  await using upstream = await startUpstream((_request, response) => answerJson(response, message([text('MODEL-OK')])));
  await using rig = await startRig(upstream.url);
  const idle: Socket[] = [];
  for (let count = 0; count < 600; count++) {
    const socket = rig.dial();
    socket.write('GET');
    idle.push(socket);
  }
  const reply = await rig.post(request());
  assert.match(reply.body, /MODEL-OK/);
  for (const socket of idle) socket.destroy();
});

test('connections on which nothing was said make room too, and the flood is on record', async () => {
  await using upstream = await startUpstream((_request, response) => answerJson(response, message([text('MODEL-OK')])));
  await using rig = await startRig(upstream.url, { connections: 8 });
  const silent = Array.from({ length: 40 }, () => connect(rig.socketPath).on('error', () => undefined));
  const reply = await rig.post(request());
  assert.match(reply.body, /MODEL-OK/);
  assert.equal(rig.tape.of('limit')[0]?.subject['limit'], 'connections');
  for (const socket of silent) socket.destroy();
});

test('a request that is being served is not dropped for a flood', async () => {
  const release = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  await using upstream = await startUpstream(async (_request, response) => {
    arrived.resolve();
    await release.promise;
    answerJson(response, message([text('MODEL-OK')]));
  });
  await using rig = await startRig(upstream.url, { connections: 8 });
  const reply = rig.post(request());
  await arrived.promise;
  const flood = Array.from({ length: 60 }, () => rig.dial());
  await Promise.all(flood.slice(-4).map((socket) => once(socket, 'connect')));
  release.resolve();
  assert.match((await reply).body, /MODEL-OK/);
  for (const socket of flood) socket.destroy();
});

test('closing ends every connection and removes the socket', async () => {
  const rig = await startRig('http://127.0.0.1:9');
  const open = rig.dial();
  await once(open, 'connect');
  const closed = new Promise((resolve) => open.once('close', resolve));
  await rig.broker.close();
  await closed;
  assert.throws(() => statSync(rig.socketPath));
  await rig[Symbol.asyncDispose]();
});

test('connections whose request was answered make room', async () => {
  await using upstream = await startUpstream((_request, response) => answerJson(response, message([text('MODEL-OK')])));
  await using rig = await startRig(upstream.url, { connections: 4 });
  const rested = Array.from({ length: 4 }, () => rig.dial());
  for (const socket of rested) {
    socket.write('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
  }
  const reply = await rig.post(request());
  assert.match(reply.body, /MODEL-OK/);
  for (const socket of rested) socket.destroy();
});

test('a request that does not come whole in time is dropped, and that is on record', async () => {
  await using rig = await startRig('http://127.0.0.1:9', { requestMilliseconds: 50 });
  const body = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${PLACEHOLDER}\r\nContent-Length: 9\r\n\r\n{`;
  for (const part of ['GET / HT', body]) assert.equal(await speak(rig, `SALLYPORT/1 ${NONCE}\n${part}`), '');
  await rig.broker.close();
  const rules = rig.tape.of('network.request').map(({ decision }) => decision?.rule);
  assert.deepEqual(rules, ['request-timeout', 'request-timeout']);
});

test('a request that is served has all the time of its answer', async () => {
  await using upstream = await startUpstream(async (_request, response) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    answerJson(response, message([text('MODEL-OK')]));
  });
  await using rig = await startRig(upstream.url, { requestMilliseconds: 50 });
  assert.match((await rig.post(request())).body, /MODEL-OK/);
});
