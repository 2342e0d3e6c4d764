import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import fc from 'fast-check';
import { parseClientHello } from '../../../src/broker/egress/client-hello.ts';

const numRuns = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 5000);

/** The first bytes that Node's own TLS client would send. */
function helloOf(options: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        resolve(chunk);
        done();
      },
    });
    connect({ socket: wire, ...options }).on('error', () => undefined);
  });
}

interface Parts {
  readonly extensions?: readonly (readonly [type: number, body: Buffer])[];
}

/** A ClientHello by hand: the handshake message without records. */
function buildMessage({ extensions = [] }: Parts): Buffer {
  const list = Buffer.concat(extensions.map(([type, body]) => Buffer.concat([two(type), two(body.length), body])));
  const body = Buffer.concat([
    two(0x0303),
    Buffer.alloc(32),
    Buffer.from([0]),
    two(2),
    two(0x1301),
    Buffer.from([1, 0]),
    two(list.length),
    list,
  ]);
  return Buffer.concat([Buffer.from([1, body.length >> 16, (body.length >> 8) & 255, body.length & 255]), body]);
}

function buildRecords(message: Buffer, size = message.length): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const fragment = message.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1]), two(fragment.length), fragment);
  }
  return Buffer.concat(records);
}

function two(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

function serverName(name: string): readonly [number, Buffer] {
  const host = Buffer.from(name, 'latin1');
  return [0, Buffer.concat([two(host.length + 3), Buffer.from([0]), two(host.length), host])];
}

test('the hello of a real client is read', async () => {
  const bytes = await helloOf({ servername: 'allowed.test', ALPNProtocols: ['h2', 'http/1.1'] });
  assert.deepEqual(parseClientHello(bytes), { sni: 'allowed.test', alpn: ['h2', 'http/1.1'], ech: false });
  assert.deepEqual(parseClientHello(await helloOf({})), { sni: undefined, alpn: [], ech: false });
});

test('every cut of a hello is incomplete, never something else', async () => {
  const bytes = await helloOf({ servername: 'allowed.test' });
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(parseClientHello(bytes.subarray(0, length)), 'incomplete');
  }
});

test('a hello that is split over records reads the same', () => {
  const message = buildMessage({ extensions: [serverName('allowed.test')] });
  for (let size = 8; size <= message.length; size++) {
    assert.deepEqual(parseClientHello(buildRecords(message, size)), { sni: 'allowed.test', alpn: [], ech: false });
  }
});

test('a hello in very many records is refused before it costs anything', () => {
  const message = buildMessage({ extensions: [serverName('allowed.test')] });
  assert.equal(parseClientHello(buildRecords(message, 1)), 'not-tls');
});

test('Encrypted ClientHello is noticed, real or GREASE', () => {
  const message = buildMessage({ extensions: [serverName('allowed.test'), [0xfe0d, Buffer.alloc(40)]] });
  assert.deepEqual(parseClientHello(buildRecords(message)), { sni: 'allowed.test', alpn: [], ech: true });
});

for (const [what, extensions] of [
  ['two server name extensions', [serverName('allowed.test'), serverName('evil.test')]],
  [
    'two names in one extension',
    [
      [
        0,
        Buffer.concat([
          two(16),
          Buffer.from([0]),
          two(5),
          Buffer.from('a.tst'),
          Buffer.from([0]),
          two(5),
          Buffer.from('b.tst'),
        ]),
      ],
    ],
  ],
  ['a server name that is cut', [[0, Buffer.from([0, 9, 0, 0, 20, 97])]]],
  ['a NUL in the server name', [serverName('allowed.test\0.evil')]],
  ['an empty server name', [serverName('')]],
  ['a name of an unknown type', [[0, Buffer.concat([two(4), Buffer.from([1]), two(1), Buffer.from('a')])]]],
] as const) {
  test(`${what} is no TLS for us`, () => {
    assert.equal(parseClientHello(buildRecords(buildMessage({ extensions }))), 'not-tls');
  });
}

test('bytes behind the message in its record, wrong lengths and other types are no TLS', () => {
  const message = buildMessage({ extensions: [serverName('allowed.test')] });
  assert.equal(parseClientHello(buildRecords(Buffer.concat([message, Buffer.from([0])]))), 'not-tls');
  assert.equal(parseClientHello(Buffer.from('GET / HTTP/1.1\r\n')), 'not-tls');
  assert.equal(parseClientHello(Buffer.from([23, 3, 3, 0, 1, 0])), 'not-tls');
  assert.equal(parseClientHello(Buffer.from([22, 3, 1, 0, 0])), 'not-tls');
  assert.equal(parseClientHello(Buffer.from([22, 3, 1, 0xff, 0xff])), 'not-tls');
  assert.equal(parseClientHello(Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0])), 'not-tls');
  assert.equal(parseClientHello(Buffer.from([22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff])), 'not-tls');
});

test('any bytes, and any mutation of a hello, give one of the three answers', async () => {
  const real = await helloOf({ servername: 'allowed.test', ALPNProtocols: ['h2'] });
  const mutated = fc
    .array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    .map((changes) => changes.reduce((bytes, [at, value]) => bytes.fill(value, at, at + 1), Buffer.from(real)));
  const input = fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated);
  fc.assert(
    fc.property(input, (bytes) => {
      const answer = parseClientHello(bytes);
      if (typeof answer === 'string') assert.ok(answer === 'incomplete' || answer === 'not-tls');
      else assert.ok(answer.sni === undefined || /^[\x21-\x7e]+$/.test(answer.sni));
    }),
    { numRuns },
  );
});

test('an answer does not change when more bytes follow', () => {
  const message = buildMessage({ extensions: [serverName('allowed.test')] });
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 80 }), fc.uint8Array({ maxLength: 50 }), (size, more) => {
      const records = buildRecords(message, size);
      assert.deepEqual(parseClientHello(Buffer.concat([records, more])), parseClientHello(records));
    }),
    { numRuns: Math.min(numRuns, 2000) },
  );
});
