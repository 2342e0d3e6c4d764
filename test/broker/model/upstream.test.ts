import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import type { Recorder } from '../../../src/ledger/index.ts';
import { request } from '../support/messages.ts';
import { startRig } from '../support/rig.ts';

const ANSWER = '{"type":"message","role":"assistant","model":"m","content":[]}';

/** A provider that tells when somebody connects and what the first bytes are. */
async function listen() {
  const connected = Promise.withResolvers<Socket>();
  const server = createServer((socket) => connected.resolve(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // `address()` is an object for every TCP server that listens.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connected: connected.promise,
    [Symbol.asyncDispose]: async () => {
      (await connected.promise).destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A log that has taken a request's record and says nothing yet. */
function holdRecord() {
  const held = Promise.withResolvers<{ readonly sequence: number }>();
  const recorder: Recorder = {
    record: ({ kind }) => (kind === 'model.request' ? held.promise : Promise.resolve({ sequence: 2 })),
  };
  return { ...held, recorder };
}

/** Everything that arrived until now, after as many turns as a byte on loopback could take. */
async function bytesOn(socket: Socket): Promise<number> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  return socket.bytesRead;
}

test('the provider is connected to while the request is recorded, and gets no byte before it is', async () => {
  await using provider = await listen();
  const log = holdRecord();
  await using rig = await startRig(provider.url, { recorder: log.recorder });
  const reply = rig.post(request());
  const socket = await provider.connected;
  socket.resume();
  assert.equal(await bytesOn(socket), 0);
  log.resolve({ sequence: 1 });
  socket.once('data', () =>
    socket.end(
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${ANSWER.length}\r\n\r\n${ANSWER}`,
    ),
  );
  assert.equal((await reply).body, ANSWER);
});

test('a request whose record is refused closes that connection without a byte', async () => {
  await using provider = await listen();
  const log = holdRecord();
  await using rig = await startRig(provider.url, { recorder: log.recorder });
  const reply = rig.post(request());
  const socket = await provider.connected;
  socket.resume();
  const ended = new Promise((resolve) => socket.once('close', resolve));
  log.reject(new Error('disk full'));
  const { status, body } = await reply;
  assert.equal(status, 502);
  assert.match(body, /cannot be recorded/);
  await ended;
  assert.equal(socket.bytesRead, 0);
});

/** A provider that answers one request a connection, the first two together, and resets a connection used again. */
async function listenOncePerConnection() {
  const sockets: Socket[] = [];
  const answer = (socket: Socket): unknown =>
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${ANSWER.length}\r\n\r\n${ANSWER}`,
    );
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      sockets.push(socket);
      if (sockets.length === 2) sockets.forEach(answer);
      if (sockets.length > 2) answer(socket);
      socket.once('data', () => socket.resetAndDestroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // `address()` is an object for every TCP server that listens.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

test('idle connections that the provider closes in the moment of their reuse cost no request', async () => {
  await using provider = await listenOncePerConnection();
  await using rig = await startRig(provider.url);
  const first = await Promise.all([rig.post(request()), rig.post(request())]);
  const third = await rig.post(request());
  assert.deepEqual(
    [...first, third].map(({ status, body }) => [status, body]),
    Array.from({ length: 3 }, () => [200, ANSWER]),
  );
  assert.equal(provider.sockets.length, 3);
});

/** A provider that answers the first request of a connection, reads the second, and breaks off while it works on it. */
async function listenAndBreak() {
  const bodies: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      bodies.push(bytes.toString());
      if (bodies.length === 1)
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${ANSWER.length}\r\n\r\n${ANSWER}`,
        );
      else setTimeout(() => socket.resetAndDestroy(), 700);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // `address()` is an object for every TCP server that listens.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

test('a request that the provider had time to read is not sent twice when the connection breaks', async () => {
  await using provider = await listenAndBreak();
  await using rig = await startRig(provider.url);
  assert.equal((await rig.post(request())).status, 200);
  const { status, body } = await rig.post(request());
  assert.equal(status, 502);
  assert.match(body, /cannot be reached/);
  assert.equal(provider.sockets.length, 1);
  assert.equal(provider.bodies.filter((text) => text.startsWith('POST ')).length, 2);
});
