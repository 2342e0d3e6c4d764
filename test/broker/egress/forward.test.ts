import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  grantFor,
  openTunnel,
  readAll,
  refusalsIn,
  sendRaw,
  startProxy,
  startRawUpstream,
  startUpstream,
} from './fixture.ts';

const plain = { protocol: 'http' } as const;

test('a plain request to a named host passes', async () => {
  await using upstream = await startUpstream();
  await using proxy = await startProxy({ grants: [grantFor(upstream.port, plain)] });
  const host = `allowed.test:${upstream.port}`;
  const answer = await sendRaw(
    proxy.port,
    `GET http://${host}/a?b HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  );
  assert.match(answer, /^HTTP\/1\.1 200 OK[\s\S]*hello from upstream/);
  assert.equal(upstream.requests[0]?.url, '/a?b');
});

test('a plain request to an address passes when the policy names the address', async () => {
  await using upstream = await startUpstream();
  const { address: _unpinned, ...grant } = grantFor(upstream.port, { ...plain, host: '127.0.0.1' });
  await using proxy = await startProxy({ grants: [grant] });
  const host = `127.0.0.1:${upstream.port}`;
  assert.match(
    await sendRaw(proxy.port, `GET http://${host} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
    / 200 OK/,
  );
});

test('plain requests to anything else never leave', async () => {
  await using upstream = await startRawUpstream((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nDENIED'));
  await using proxy = await startProxy({ grants: [grantFor(upstream.port, plain)] });
  const at = `127.0.0.1:${upstream.port}`;
  const allowed = `allowed.test:${upstream.port}`;
  for (const [target, host] of [
    [`http://${at}/`, at],
    [`http://${allowed}@${at}/`, allowed],
    [`http://${allowed}/`, at],
    [`http://${allowed}/`, 'allowed.test'],
    [`https://${allowed}/`, allowed],
    [`http://${at}#${allowed}`, allowed],
    [`http://${at}\\@${allowed}/`, allowed],
    [`http://allowed.test.:${upstream.port}/`, allowed],
    [`http://[::1]:${upstream.port}/`, allowed],
    ['http://169.254.169.254/latest/meta-data/', '169.254.169.254'],
    [`ftp://${allowed}/`, allowed],
    [`http:${allowed}/`, allowed],
  ] as const) {
    const answer = await sendRaw(proxy.port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^(HTTP\/1\.1 (4\d\d|501) |$)/, target);
    assert.doesNotMatch(answer, /DENIED/);
  }
  assert.equal(upstream.connections(), 0);
});

test('the second request on a kept-alive connection cannot go to another host', async () => {
  await using upstream = await startUpstream();
  await using denied = await startRawUpstream((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nDENIED'));
  await using proxy = await startProxy({ grants: [grantFor(upstream.port, plain)] });
  const host = `allowed.test:${upstream.port}`;
  const other = `127.0.0.1:${denied.port}`;
  const answer = await sendRaw(
    proxy.port,
    `GET http://${host}/1 HTTP/1.1\r\nHost: ${host}\r\n\r\nGET http://${other}/2 HTTP/1.1\r\nHost: ${other}\r\n\r\n`,
  );
  assert.match(answer, /hello from upstream[\s\S]*403 host-not-allowed/);
  assert.equal(denied.connections(), 0);
  assert.deepEqual(refusalsIn(proxy), ['host-not-allowed']);
});

test('a captured plain connection is read like a forwarded one', async () => {
  await using upstream = await startUpstream();
  await using proxy = await startProxy({ grants: [grantFor(upstream.port, plain)] });
  const host = `allowed.test:${upstream.port}`;
  const good = await openTunnel(proxy.port, host, 'X-Sallyport-Captured: http\r\n');
  good.socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  assert.match(await readAll(good.socket), /hello from upstream/);
  const bad = await openTunnel(proxy.port, host, 'X-Sallyport-Captured: http\r\n');
  bad.socket.write('SSH-2.0-x\r\n');
  assert.match(await readAll(bad.socket), /^HTTP\/1\.1 400 malformed-request/);
  assert.equal(upstream.requests.length, 1);
});

test('the captured header does not open a host that is allowed for TLS only', async () => {
  await using upstream = await startUpstream();
  await using proxy = await startProxy({ grants: [grantFor(upstream.port)] });
  const { status } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`, 'X-Sallyport-Captured: http\r\n');
  assert.match(status, / 403 /);
});
