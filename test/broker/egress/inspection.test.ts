import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createRunAuthority } from '../../../src/broker/egress/index.ts';
import {
  clock,
  grantFor,
  openTunnel,
  random,
  readAll,
  refusalsIn,
  startProxy,
  startRawUpstream,
  until,
  wrapTls,
} from './fixture.ts';
import { withInspection } from './inspected-scene.ts';

const SECRET = { name: 'REAL_TOKEN', value: 'tok-Qm4XyZ81LpRvW7sKd0Tn' };
/** The body of a chunked answer, joined. */
function dechunk(answer: string): string {
  return answer.replace(/\r\n[0-9a-f]+\r\n/g, '');
}

test('an inspected request reaches the host and its answer the client', () =>
  withInspection({}, async ({ ask, upstream, proxy }) => {
    const answer = await ask('POST /path?q=1 HTTP/1.1\r\nX-Own: kept', 'hello');
    assert.match(answer, /^HTTP\/1\.1 200 OK/);
    assert.match(answer, /hello from upstream/);
    const [seen] = upstream.requests;
    assert.equal(seen?.url, '/path?q=1');
    assert.equal(seen?.body, 'hello');
    assert.equal(seen?.headers['x-own'], 'kept');
    assert.equal(seen?.headers['accept-encoding'], 'identity');
    await until(() => proxy.events.length === 2);
    assert.deepEqual(
      proxy.events.map(({ kind }) => kind),
      ['network.request', 'network.close'],
    );
    assert.equal(proxy.events[0]?.subject['path'], '/path?q=1');
  }));

test('the certificate of the run is good for the asked host only, and its authority for servers only', async () => {
  const authority = await createRunAuthority(random, clock);
  const root = new X509Certificate(authority.pem);
  for (const [host, check] of [
    ['allowed.test', 'checkHost'],
    ['192.0.2.7', 'checkIP'],
    ['2001:db8::1', 'checkIP'],
  ] as const) {
    const leaf = new X509Certificate((await authority.leafFor(host)).cert);
    assert.ok(leaf.verify(root.publicKey) && leaf.checkIssued(root));
    assert.ok(leaf[check](host), host);
    assert.equal(leaf[check](check === 'checkHost' ? 'other.test' : '192.0.2.8'), undefined);
    assert.equal(leaf.ca, false);
  }
  assert.ok(root.ca);
  const { default: x509 } = await import('@peculiar/x509');
  const constraints = new x509.X509Certificate(authority.pem).getExtension(x509.BasicConstraintsExtension);
  assert.equal(constraints?.pathLength, 0, 'it could sign another authority');
  assert.equal(await authority.leafFor('allowed.test'), await authority.leafFor('allowed.test'));
});

test('names that an agent makes up do not fill the memory with certificates', async () => {
  const authority = await createRunAuthority(random, clock);
  const first = authority.leafFor('host.test');
  for (let count = 0; count < 300; count++) void authority.leafFor(`${count}.host.test`);
  assert.notEqual(authority.leafFor('host.test'), first);
});

test('only HTTP/1.1 is offered inside', () =>
  withInspection({}, async ({ proxy, upstream }) => {
    const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
    const secure = await wrapTls(socket, {
      servername: 'allowed.test',
      ca: proxy.authority.pem,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    assert.equal(secure.alpnProtocol, 'http/1.1');
    secure.destroy();
  }));

test('another Host inside the tunnel (domain fronting) is refused', () =>
  withInspection({}, async ({ ask, upstream, proxy }) => {
    assert.match(await ask('GET / HTTP/1.1\r\nHost: evil.test'), /^HTTP\/1\.1 421 host-mismatch/);
    assert.equal(upstream.requests.length, 0);
    assert.deepEqual(refusalsIn(proxy), ['host-mismatch']);
  }));

test('a second request on the same connection is judged like the first', () =>
  withInspection({}, async ({ proxy, upstream }) => {
    const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
    const secure = await wrapTls(socket, { servername: 'allowed.test', ca: proxy.authority.pem });
    const host = `allowed.test:${upstream.port}`;
    secure.write(
      `GET /1 HTTP/1.1\r\nHost: ${host}\r\n\r\nGET /2 HTTP/1.1\r\nHost: ${host}\r\n\r\nGET /3 HTTP/1.1\r\nHost: evil.test\r\n\r\n`,
    );
    const answer = await readAll(secure);
    assert.equal(answer.match(/hello from upstream/g)?.length, 2);
    assert.match(answer, /421 host-mismatch/);
    assert.deepEqual(
      upstream.requests.map(({ url }) => url),
      ['/1', '/2'],
    );
  }));

for (const [what, head, body] of [
  [
    'CL and TE together',
    'POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked',
    '0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n',
  ],
  ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 30', 'abcd'],
  ['two equal lengths', 'POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4', 'abcd'],
  ['a list of lengths', 'POST / HTTP/1.1\r\nContent-Length: 4, 4', 'abcd'],
  ['a signed length', 'POST / HTTP/1.1\r\nContent-Length: +4', 'abcd'],
  ['an obscured transfer coding', 'POST / HTTP/1.1\r\nTransfer-Encoding: xchunked', '0\r\n\r\n'],
  ['two transfer codings', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity', '0\r\n\r\n'],
  ['a blank before the colon', 'POST / HTTP/1.1\r\nTransfer-Encoding : chunked', '0\r\n\r\n'],
  ['a folded header', 'GET / HTTP/1.1\r\nX-A: b\r\n c: d', ''],
  ['a bare line feed', 'GET / HTTP/1.1\r\nX-A: b\nX-B: c', ''],
  ['a bare carriage return', 'GET / HTTP/1.1\r\nX-A: b\rX-B: c', ''],
  ['a NUL in a header', 'GET / HTTP/1.1\r\nX-A: b\0c', ''],
  ['two Host headers', 'GET / HTTP/1.1\r\nHost: allowed.test\r\nHost: evil.test', ''],
  ['an absolute target', 'GET http://evil.test/ HTTP/1.1', ''],
  ['an asterisk target', 'OPTIONS * HTTP/1.1', ''],
  ['the method CONNECT', 'CONNECT evil.test:443 HTTP/1.1', ''],
  ['the method TRACE', 'TRACE / HTTP/1.1', ''],
  ['HTTP/2 without negotiation', 'PRI * HTTP/2.0', ''],
  [
    'a WebSocket upgrade',
    'GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13',
    '',
  ],
] as const) {
  test(`${what} never reaches the host`, () =>
    withInspection({}, async ({ ask, upstream }) => {
      const answer = await ask(head, body);
      assert.match(answer, /^(HTTP\/1\.1 4\d\d |$)/);
      assert.equal(upstream.requests.length, 0);
    }));
}

test('a chunked body arrives with its true length', () =>
  withInspection({}, async ({ ask, upstream }) => {
    assert.match(await ask('POST / HTTP/1.1\r\nTransfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n'), / 200 OK/);
    assert.equal(upstream.requests[0]?.body, 'hello');
    assert.equal(upstream.requests[0]?.headers['content-length'], '5');
  }));

test('hop-by-hop headers, those that Connection names, and claims about the client are dropped', () =>
  withInspection({}, async ({ ask, upstream }) => {
    await ask(
      'GET / HTTP/1.1\r\nX-Forwarded-For: 10.0.0.1\r\nX-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\nX-Method-Override: PUT\r\nTE: trailers\r\nX-Hop: 1\r\nConnection: X-Hop\r\nProxy-Authorization: Basic eA==\r\nX-HTTP-Method-Override: DELETE',
    );
    const names = Object.keys(upstream.requests[0]?.headers ?? {});
    assert.deepEqual(names.toSorted(), ['accept-encoding', 'connection', 'host']);
  }));

test('no header of an answer leads the client around the gate', () =>
  withInspection(
    {
      answer: (_request, response) =>
        response.writeHead(200, { 'alt-svc': 'h3=":9"', 'x-kept': 'yes', 'keep-alive': 'timeout=9' }).end('x'),
    },
    async ({ ask }) => {
      const answer = await ask('GET / HTTP/1.1');
      assert.match(answer, /x-kept: yes/i);
      assert.doesNotMatch(answer, /alt-svc|keep-alive/i);
    },
  ));

test('a length that is named twice, by one name or by two, could be read in two ways', () =>
  withInspection({}, async ({ ask, upstream }) => {
    for (const [more, body] of [
      ['Content-Length: 1', 'x'],
      ['Content-Length: 2', 'xy'],
      ['Content-Length: 1, 1', 'x'],
      ['Transfer-Encoding: chunked', '1\r\nx\r\n0\r\n\r\n'],
    ] as const)
      assert.match(await ask(`POST / HTTP/1.1\r\nContent-Length: 1\r\n${more}`, body), /^HTTP\/1\.1 400 /, more);
    assert.equal(upstream.requests.length, 0);
    // The twin.
    await ask('POST / HTTP/1.1\r\nContent-Length: 1', 'x');
    assert.equal(upstream.requests.length, 1);
  }));

test('a coding that is named twice could be read in two ways', () =>
  withInspection({}, async ({ ask, upstream }) => {
    const twice = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked';
    assert.match(await ask(twice, '1\r\nx\r\n0\r\n\r\n'), /^HTTP\/1\.1 400 malformed-request/);
    assert.equal(upstream.requests.length, 0);
  }));

test('method and path rules hold for every request', async () => {
  const grant = { methods: ['GET'], paths: ['/repo/*'] };
  await withInspection({ grant }, async ({ ask, upstream }) => {
    assert.match(await ask('GET /repo/file HTTP/1.1'), / 200 OK/);
    assert.match(await ask('GET /repo/file?x=//../ HTTP/1.1'), / 200 OK/);
    for (const target of [
      '/other',
      '/repo',
      '/repo/../admin',
      '/repo/%2e%2e/admin',
      '/repo//x',
      '/repo/x\\y',
      '/repo/%2fx',
      '/repo/%252e',
      '/repo/..;/x',
      '/REPO/x',
    ]) {
      assert.match(await ask(`GET ${target} HTTP/1.1`), /^HTTP\/1\.1 40[03] /, target);
    }
    assert.match(await ask('POST /repo/file HTTP/1.1'), /403 method-or-path-not-allowed/);
    assert.equal(upstream.requests.length, 2);
  });
});

test('what the policy denies is refused with its reason', () =>
  withInspection({ denies: ({ method }) => method === 'DELETE' }, async ({ ask, upstream }) => {
    assert.match(await ask('DELETE / HTTP/1.1'), /403 policy-denied[\s\S]*no rule allows/);
    assert.match(await ask('GET / HTTP/1.1'), / 200 OK/);
    assert.equal(upstream.requests.length, 1);
  }));

for (const [where, head, body] of [
  ['the path', `GET /${SECRET.value} HTTP/1.1`, ''],
  ['the query, base64', `GET /?q=${Buffer.from(`x${SECRET.value}`).toString('base64')} HTTP/1.1`, ''],
  ['a header, hexadecimal', `GET / HTTP/1.1\r\nX-Data: ${Buffer.from(SECRET.value).toString('hex')}`, ''],
  ['a header that is dropped anyway', `GET / HTTP/1.1\r\nTE: ${SECRET.value}`, ''],
  ['the body, reversed', 'POST / HTTP/1.1', [...SECRET.value].reverse().join('')],
  [
    'the body, partly URL-encoded',
    'POST / HTTP/1.1',
    `a=${SECRET.value.replace(/[aeX4]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`,
  ],
  ['a gzip body', 'POST / HTTP/1.1\r\nContent-Encoding: gzip', gzipSync(`{"k":"${SECRET.value}"}`)],
] as const) {
  test(`a secret in ${where} stops the request`, () =>
    withInspection({ secrets: [SECRET] }, async ({ ask, upstream, proxy }) => {
      assert.match(await ask(head, body), /^HTTP\/1\.1 403 secret-in-request[\s\S]*REAL_TOKEN/);
      assert.equal(upstream.requests.length, 0);
      assert.equal(JSON.stringify(proxy.events).includes(SECRET.value), false);
    }));
}

test('a gzip body without secret passes as it came', () =>
  withInspection({ secrets: [SECRET] }, async ({ ask, upstream }) => {
    const body = gzipSync('want 0123456789');
    assert.match(await ask('POST / HTTP/1.1\r\nContent-Encoding: gzip', body), / 200 OK/);
    assert.equal(upstream.requests[0]?.body, body.toString('latin1'));
  }));

for (const [what, coding, body] of [
  ['an unknown content coding', 'x-rot', 'abc'],
  ['two content codings', 'gzip, gzip', 'abc'],
  ['a broken gzip body', 'gzip', 'abc'],
  ['a gzip bomb', 'gzip', gzipSync(Buffer.alloc(200_000))],
] as const) {
  test(`${what} is refused`, () =>
    withInspection({ limits: { requestBytes: 100_000 } }, async ({ ask, upstream }) => {
      assert.match(await ask(`POST / HTTP/1.1\r\nContent-Encoding: ${coding}`, body), / 415 request-encoding/);
      assert.equal(upstream.requests.length, 0);
    }));
}

test('a credential that the host reflects, in head or body and however split, is redacted', async () => {
  const { value } = SECRET;
  for (const split of Array.from({ length: value.length }, (_, index) => index)) {
    await withInspection(
      {
        secrets: [SECRET],
        answer: (_request, response) => {
          response.writeHead(200, { 'x-echo': `got ${value}` });
          response.write(`you sent ${value.slice(0, split)}`);
          setTimeout(() => response.end(`${value.slice(split)} thanks`), 2);
        },
      },
      async ({ ask, proxy }) => {
        const answer = await ask('GET / HTTP/1.1');
        assert.equal(answer.includes(value), false);
        assert.match(answer, /x-echo: got \[redacted:REAL_TOKEN\]/);
        assert.match(dechunk(answer), /you sent \[redacted:REAL_TOKEN\] thanks/);
        await until(() => proxy.events.length === 2);
        assert.equal(proxy.events[1]?.observed?.['redactions'], 2);
      },
    );
  }
});

test('a response that is compressed although nobody asked is refused', () =>
  withInspection(
    { answer: (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x')) },
    async ({ ask }) => {
      assert.match(await ask('GET / HTTP/1.1\r\nAccept-Encoding: gzip'), /^HTTP\/1\.1 502 compressed-response/);
    },
  ));

test('a redirect is passed on and not followed', () =>
  withInspection(
    { answer: (_request, response) => response.writeHead(302, { location: 'http://denied.test/' }).end() },
    async ({ ask, proxy }) => {
      assert.match(await ask('GET / HTTP/1.1'), /^HTTP\/1\.1 302 Found[\s\S]*location: http:\/\/denied\.test\//i);
      assert.deepEqual(proxy.asked, []);
    },
  ));

test('a body over the limit is refused, one within it passes', () =>
  withInspection({ limits: { requestBytes: 1000 } }, async ({ ask, upstream }) => {
    assert.match(await ask('POST / HTTP/1.1', 'x'.repeat(1001)), / 413 request-too-large/);
    assert.match(await ask('POST / HTTP/1.1', 'x'.repeat(1000)), / 200 OK/);
    assert.equal(upstream.requests.length, 1);
  }));

test('a rule sends no more bytes than it may in the whole run', () =>
  withInspection({ grant: { maxBytesOut: 1500 } }, async ({ ask, upstream }) => {
    assert.match(await ask('POST / HTTP/1.1', 'x'.repeat(1000)), / 200 OK/);
    assert.match(await ask('POST / HTTP/1.1', 'x'.repeat(1000)), / 403 bytes-out-budget/);
    assert.equal(upstream.requests.length, 1);
  }));

test('a request that drips is cut off and an upstream that hangs is reported', async () => {
  await withInspection({ limits: { requestMs: 150 } }, async ({ ask, upstream }) => {
    assert.match(await ask('POST / HTTP/1.1\r\nContent-Length: 10', 'x'), / 408 request-timeout/);
    assert.equal(upstream.requests.length, 0);
  });
  await withInspection({ limits: { responseMs: 100 }, answer: () => undefined }, async ({ ask }) => {
    assert.match(await ask('GET / HTTP/1.1'), / 504 upstream-timeout/);
  });
});

test('a connection on which no head comes is closed', () =>
  withInspection({ limits: { requestMs: 100 } }, async ({ proxy, upstream }) => {
    const { socket } = await openTunnel(proxy.port, `allowed.test:${upstream.port}`);
    const secure = await wrapTls(socket, { servername: 'allowed.test', ca: proxy.authority.pem });
    secure.write('GET / HT');
    assert.equal(await readAll(secure, 5000), '');
    assert.ok(secure.destroyed);
  }));

test('an upstream with a certificate of somebody else is not spoken to', () =>
  withInspection({ grant: { caFile: import.meta.filename } }, async ({ ask, upstream }) => {
    assert.match(await ask('GET / HTTP/1.1'), / 502 upstream-unreachable/);
    assert.equal(upstream.requests.length, 0);
  }));

test('an upstream that switches protocols is cut off', async () => {
  await using upstream = await startRawUpstream((socket) => {
    socket.on('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nraw'),
    );
  });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port, { protocol: 'http' })] });
  const host = `allowed.test:${upstream.port}`;
  const { socket } = await openTunnel(proxy.port, host, 'X-Sallyport-Captured: http\r\n');
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  assert.match(await readAll(socket), /502 upstream-protocol-switch/);
});

test('a rule that needs inspection refuses when there is no authority', () =>
  withInspection({ inspects: false }, async ({ ask, upstream }) => {
    assert.match(await ask('GET / HTTP/1.1'), /500 inspection-unavailable/);
    assert.equal(upstream.connections(), 0);
  }));

test('nothing leaves when the log cannot take the record', () =>
  withInspection({ brokenLog: true }, async ({ ask, upstream }) => {
    assert.match(await ask('GET / HTTP/1.1'), /503 not-recorded/);
    assert.equal(upstream.connections(), 0);
  }));

test('a transfer coding besides chunked is refused, for it would hide what comes', async () => {
  await using upstream = await startRawUpstream((socket) => {
    socket.on('data', () =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n'),
    );
  });
  await using proxy = await startProxy({ grants: [grantFor(upstream.port, { protocol: 'http' })] });
  const host = `allowed.test:${upstream.port}`;
  const { socket } = await openTunnel(proxy.port, host, 'X-Sallyport-Captured: http\r\n');
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  assert.match(await readAll(socket), /502 compressed-response/);
});
