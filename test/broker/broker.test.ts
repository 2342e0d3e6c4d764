import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createRunAuthority } from '../../src/broker/index.ts';
import { message, request, text } from './support/messages.ts';
import { PLACEHOLDER, REAL_KEY, startRig } from './support/rig.ts';
import { answerJson, startUpstream } from './support/upstream.ts';

const CLOCK = { now: () => Date.now(), monotonic: () => process.hrtime.bigint() };

/** A gateway with a certificate of its own authority, for `localhost`. */
async function startGateway(): Promise<
  AsyncDisposable & { readonly url: string; readonly ca: string; readonly seen: string[] }
> {
  const authority = await createRunAuthority(randomBytes, CLOCK);
  const seen: string[] = [];
  const server = createServer(await authority.leafFor('localhost'), (incoming, response) => {
    seen.push(`${incoming.headers.host} ${incoming.headers['x-api-key']}`);
    incoming.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message([text('over TLS')])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `address()` is an object for every TCP server that listens.
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    ca: authority.pem,
    seen,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

test('a gateway with an authority of its own is reached when the policy names that authority', async () => {
  await using gateway = await startGateway();
  await using rig = await startRig(gateway.url, { ca: gateway.ca });
  assert.match((await rig.post(request())).body, /over TLS/);
  assert.deepEqual(gateway.seen, [`${new URL(gateway.url).host} ${REAL_KEY}`]);
});

test('a gateway with an authority nobody named gets neither request nor key', async () => {
  await using gateway = await startGateway();
  await using rig = await startRig(gateway.url);
  assert.equal((await rig.post(request())).status, 502);
  assert.deepEqual(gateway.seen, []);
});

for (const upstream of [
  '',
  'api.example.org',
  'ftp://example.org',
  'https://user:pass@example.org',
  'https://example.org/?x=1',
]) {
  test(`the upstream '${upstream}' is a configuration error`, async () => {
    await assert.rejects(startRig(upstream), { code: 'SP1401' });
  });
}

test('a socket that cannot be bound is one clear error', async () => {
  await assert.rejects(startRig('http://127.0.0.1:9', { socketPath: '/nonexistent/directory/broker.sock' }), {
    code: 'SP1402',
  });
});

test('the model route is no open proxy: other targets go to the egress gate and are refused there', async () => {
  await using thief = await startUpstream((_request, response) => answerJson(response, { stolen: true }));
  await using rig = await startRig('http://127.0.0.1:9');
  const { host } = new URL(thief.url);
  for (const head of [
    `GET ${thief.url}/ HTTP/1.1\r\nHost: ${host}\r\n`,
    `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n`,
  ]) {
    const socket = rig.dial();
    socket.write(`${head}x-api-key: ${PLACEHOLDER}\r\n\r\n`);
    const [reply] = await once(socket, 'data');
    assert.match(String(reply), /^HTTP\/1\.1 40[03]/);
    socket.destroy();
  }
  assert.equal(thief.requests.length, 0);
});

test('a flood of refused requests is recorded in full at first and as a sum in the end', async () => {
  const rig = await startRig('http://127.0.0.1:9');
  for (let count = 0; count < 520; count++) await rig.post('', { path: '/v1/files' });
  await rig.broker.close();
  const records = rig.tape.of('model.request');
  assert.equal(records.length, 501);
  assert.equal(records.at(-1)?.subject['requests'], 20);
  assert.equal(rig.broker.dataFlow().destinations[0]?.refused, 520);
  await rig[Symbol.asyncDispose]();
});
