import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  askThrough,
  grantFor,
  openTunnel,
  readAll,
  refusalsIn,
  sendRaw,
  startProxy,
  startRawUpstream,
  startUpstream,
  until,
  wrapTls,
} from './fixture.ts';

test('TLS to a named host passes through a tunnel unchanged and is metered', async () => {
  await using upstream = await startUpstream({ tls: true });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port)] });
  const ca = readFileSync(upstream.caFile, 'utf8');
  const answer = await askThrough(
    proxy,
    upstream.port,
    'GET /x HTTP/1.1\r\nHost: allowed.test\r\nConnection: close\r\n\r\n',
    ca,
  );
  assert.match(answer, /hello from upstream/);
  assert.equal(upstream.requests[0]?.url, '/x');
  await until(() => proxy.events.length === 2);
  const kinds = proxy.events.map(({ kind }) => kind);
  assert.deepEqual(kinds, ['network.request', 'network.close']);
  assert.equal(proxy.events[0]?.observed?.['sni'], 'allowed.test');
  const flow = proxy.flows.get(`allowed.test:${upstream.port}`);
  assert.equal(flow?.requests, 1);
  assert.ok((flow?.bytesOut ?? 0) > 200 && (flow?.bytesIn ?? 0) > 200);
});

for (const [what, authority] of [
  ['another host', 'denied.test:PORT'],
  ['another port of the host', 'allowed.test:22'],
  ['a raw address', '127.0.0.1:PORT'],
  ['the metadata service', '169.254.169.254:80'],
  ['a private address', '10.0.0.1:443'],
  ['IPv6 loopback', '[::1]:PORT'],
  ['the unspecified IPv6 address', '[::]:PORT'],
  ['loopback by name', 'localhost:PORT'],
  ['a DNS-over-HTTPS host that nobody named', 'dns.google:443'],
  ['a subdomain of an exact rule', 'a.allowed.test:PORT'],
  ['a parent of the host', 'test:PORT'],
] as const) {
  test(`CONNECT to ${what} is refused without a connection or look-up`, async () => {
    await using upstream = await startRawUpstream((socket) => socket.end('DENIED'));
    await using proxy = await startProxy({ grants: [grantFor(upstream.port)] });
    const { status, answer } = await openTunnel(proxy.port, authority.replace('PORT', String(upstream.port)));
    assert.equal(status, 'HTTP/1.1 403 host-not-allowed');
    assert.match(answer, /x-sallyport-reason: host-not-allowed/);
    assert.equal(upstream.connections(), 0);
    assert.deepEqual(proxy.asked, []);
    assert.deepEqual(refusalsIn(proxy), ['host-not-allowed']);
  });
}

for (const authority of [
  'allowed.test@127.0.0.1:PORT',
  'allowed.test:PORT@127.0.0.1:1',
  '127.0.0.1:PORT#allowed.test',
  'allowed.test:PORT/x',
  'allowed.test\\:PORT',
  'allowed.test%00:PORT',
  'allowed.test.:PORT',
  'allowed.test:0PORT',
  'allowed.test:+PORT',
  'allowed.test',
  '2130706433:PORT',
  '0x7f000001:PORT',
  '0177.0.0.1:PORT',
  '127.1:PORT',
  '[::ffff:127.0.0.1]:PORT',
  '[0:0:0:0:0:0:0:1]:PORT',
  '[fe80::1%lo]:PORT',
]) {
  test(`the authority ${authority} is refused by grammar`, async () => {
    await using upstream = await startRawUpstream((socket) => socket.end('DENIED'));
    await using proxy = await startProxy({
      grants: [grantFor(upstream.port), grantFor(upstream.port, { host: '127.0.0.1' })],
    });
    const answer = await sendRaw(
      proxy.port,
      `CONNECT ${authority.replace('PORT', String(upstream.port))} HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    assert.match(answer, /^(HTTP\/1\.1 400 |$)/);
    assert.equal(upstream.connections(), 0);
  });
}

for (const bytes of [
  'localhost\0.allowed.test:PORT',
  'allowed.test:PORT\0',
  'allowed.test:PORT\t:1',
  'allowed.test\x0b:PORT',
]) {
  test(`control bytes in the authority ${JSON.stringify(bytes)} never reach the resolver`, async () => {
    await using proxy = await startProxy({ grants: [grantFor(443)] });
    const answer = await sendRaw(proxy.port, `CONNECT ${bytes.replace('PORT', '443')} HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.doesNotMatch(answer, / 200 /);
    assert.deepEqual(proxy.asked, []);
  });
}

test('an address that the policy names is reached without SNI', async () => {
  await using upstream = await startUpstream({ tls: true, name: '127.0.0.1' });
  const { address: _unpinned, ...grant } = grantFor(upstream.port, { host: '127.0.0.1' });
  await using proxy = await startProxy({ grants: [grant] });
  const { socket, status } = await openTunnel(proxy.port, `127.0.0.1:${upstream.port}`);
  assert.match(status, / 200 /);
  const secure = await wrapTls(socket, { host: '127.0.0.1', ca: readFileSync(upstream.caFile, 'utf8') });
  secure.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
  assert.match(await readAll(secure), /hello from upstream/);
});

test('an address that the policy names is not reached under another server name', async () => {
  await using upstream = await startUpstream({ tls: true, name: '127.0.0.1' });
  const { address: _unpinned, ...grant } = grantFor(upstream.port, { host: '127.0.0.1' });
  await using proxy = await startProxy({ grants: [grant] });
  const { socket } = await openTunnel(proxy.port, `127.0.0.1:${upstream.port}`);
  await assert.rejects(wrapTls(socket, { servername: 'other.test', rejectUnauthorized: false }));
  assert.equal(upstream.connections(), 0);
  assert.deepEqual(refusalsIn(proxy), ['sni-mismatch']);
});

test('a server name other than the CONNECT host is refused', async () => {
  await using upstream = await startUpstream({ tls: true });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port)] });
  const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
  await assert.rejects(
    wrapTls(socket, { servername: 'evil.test', rejectUnauthorized: false }),
    /alert|access denied|closed/i,
  );
  assert.equal(upstream.connections(), 0);
  assert.deepEqual(refusalsIn(proxy), ['sni-mismatch']);
});

test('a ClientHello without server name is refused', async () => {
  await using upstream = await startUpstream({ tls: true });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port)] });
  const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
  await assert.rejects(wrapTls(socket, { rejectUnauthorized: false }));
  assert.equal(upstream.connections(), 0);
  assert.deepEqual(refusalsIn(proxy), ['sni-missing']);
});

test('the server name is compared without regard to letter case', async () => {
  await using upstream = await startUpstream({ tls: true });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port)] });
  const { socket } = await openTunnel(proxy.port, `ALLOWED.test:${upstream.port}`);
  const ca = readFileSync(upstream.caFile, 'utf8');
  const secure = await wrapTls(socket, { servername: 'Allowed.Test', ca, checkServerIdentity: () => undefined });
  secure.destroy();
  assert.deepEqual(refusalsIn(proxy), []);
});

for (const [what, bytes] of [
  ['plain HTTP', 'GET / HTTP/1.1\r\nHost: allowed.test\r\n\r\n'],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['an SSLv2 hello', Buffer.from('802e0100020015000000100100800200800300800400800500800600400700c0', 'hex')],
] as const) {
  test(`${what} in a tunnel never reaches the upstream`, async () => {
    await using upstream = await startRawUpstream((socket) => socket.end('REACHED'));
    await using proxy = await startProxy({ grants: [grantFor(upstream.port)] });
    const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
    socket.write(bytes);
    assert.match(await readAll(socket), /^HTTP\/1\.1 403 not-tls/);
    assert.equal(upstream.connections(), 0);
    assert.deepEqual(refusalsIn(proxy), ['not-tls']);
  });
}

test('CONNECT to a port that is allowed for plain HTTP only is refused', async () => {
  await using upstream = await startUpstream();
  await using proxy = await startProxy({ grants: [grantFor(upstream.port, { protocol: 'http' })] });
  const { status } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
  assert.equal(status, 'HTTP/1.1 403 host-not-allowed');
  assert.equal(upstream.connections(), 0);
});

test('a client that drips its ClientHello is cut off', async () => {
  await using upstream = await startRawUpstream((socket) => socket.end());
  await using proxy = await startProxy({ grants: [grantFor(upstream.port)], limits: { helloMs: 100 } });
  const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
  socket.write(Buffer.from([22, 3]));
  await readAll(socket);
  assert.deepEqual(refusalsIn(proxy), ['hello-timeout']);
  assert.equal(upstream.connections(), 0);
});

test('a name that resolves to a private address is refused', async () => {
  for (const address of [
    '10.0.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '168.63.129.16',
  ]) {
    const { address: _unpinned, ...grant } = grantFor(443);
    await using proxy = await startProxy({
      grants: [grant],
      resolve: async () => [{ address, family: address.includes(':') ? 6 : 4 }],
    });
    const { status } = await openTunnel(proxy.port, 'allowed.test:443');
    assert.equal(status, 'HTTP/1.1 403 reserved-address', address);
  }
});

test('one private address among public ones refuses the name', async () => {
  const { address: _unpinned, ...grant } = grantFor(443);
  const answer = [
    { address: '93.184.215.14', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ];
  await using proxy = await startProxy({ grants: [grant], resolve: async () => answer });
  assert.equal((await openTunnel(proxy.port, 'allowed.test:443')).status, 'HTTP/1.1 403 reserved-address');
});

test('a name is resolved once a connection, so that a second answer has no say', async () => {
  await using upstream = await startRawUpstream((socket) => socket.end('REACHED'));
  const { address: _unpinned, ...grant } = grantFor(upstream.port);
  const answers = ['198.18.0.1', '127.0.0.1'];
  await using proxy = await startProxy({
    grants: [grant],
    resolve: async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }],
  });
  assert.equal((await openTunnel(proxy.port, `allowed.test:${upstream.port}`)).status, 'HTTP/1.1 403 reserved-address');
  assert.equal(proxy.asked.length, 1);
  assert.equal((await openTunnel(proxy.port, `allowed.test:${upstream.port}`)).status, 'HTTP/1.1 403 reserved-address');
  assert.equal(upstream.connections(), 0);
});

test('a resolver that hangs is a bounded, explained refusal', async () => {
  const { address: _unpinned, ...grant } = grantFor(443);
  await using proxy = await startProxy({
    grants: [grant],
    resolve: () => new Promise(() => undefined),
    limits: { resolveMs: 50 },
  });
  assert.equal((await openTunnel(proxy.port, 'allowed.test:443')).status, 'HTTP/1.1 502 unresolvable-host');
});

test('a tunnel is cut when its rule has sent all it may', async () => {
  await using upstream = await startUpstream({ tls: true });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port, { maxBytesOut: 4000 })] });
  const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
  const secure = await wrapTls(socket, { servername: 'allowed.test', ca: readFileSync(upstream.caFile, 'utf8') });
  secure.write(`POST / HTTP/1.1\r\nHost: allowed.test\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`);
  await readAll(secure);
  assert.equal(upstream.requests.length, 0);
  assert.equal(proxy.events.at(-1)?.observed?.['ended'], 'bytes-out-budget');
});

test('more connections than the limit are refused and room is made again', async () => {
  await using upstream = await startUpstream({ tls: true });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port)], limits: { connections: 2 } });
  const authority = `allowed.test:${upstream.port}`;
  const first = await openTunnel(proxy.port, authority);
  const second = await openTunnel(proxy.port, authority);
  assert.equal((await openTunnel(proxy.port, authority)).status, 'HTTP/1.1 503 too-many-connections');
  first.socket.destroy();
  second.socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const again = await openTunnel(proxy.port, authority);
  assert.match(again.status, / 200 /);
  again.socket.destroy();
});

test('nothing passes when the log cannot take the record', async () => {
  await using upstream = await startUpstream({ tls: true });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port)], brokenLog: true });
  const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
  await assert.rejects(wrapTls(socket, { servername: 'allowed.test', rejectUnauthorized: false }));
  assert.equal(upstream.connections(), 0);
});

test('equal refusals are recorded one by one only at first, the rest as a count', async () => {
  await using proxy = await startProxy({ grants: [] });
  for (let index = 0; index < 30; index++) await openTunnel(proxy.port, 'denied.test:443');
  assert.equal(refusalsIn(proxy).length, 20);
  assert.equal(proxy.flows.get('denied.test:443')?.refused, 30);
  await proxy.gate.close();
  assert.deepEqual(proxy.events.at(-1)?.subject, { limit: 'egress refusals', count: 10 });
});

test('a host under a wildcard that spells a secret is refused', async () => {
  const secrets = [{ name: 'TOKEN', value: 'a1b2c3d4e5f6a7b8c9d0' }];
  await using proxy = await startProxy({ grants: [grantFor(443, { host: '*.allowed.test' })], secrets });
  const { status } = await openTunnel(proxy.port, 'a1b2c3d4e5.f6a7b8c9d0.allowed.test:443');
  assert.equal(status, 'HTTP/1.1 403 secret-in-request');
});
