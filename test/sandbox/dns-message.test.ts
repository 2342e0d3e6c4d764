import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerQuery, readQuery } from '../../src/sandbox/airlock/dns-message.ts';
import { NameTable } from '../../src/sandbox/airlock/names.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 5_000);
const TYPE_A = 1;
const TYPE_AAAA = 28;

function query(name: string, type = TYPE_A): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

test('an ordinary question is read', () => {
  assert.deepEqual(readQuery(query('API.Example.org')), { name: 'api.example.org', type: TYPE_A, questionEnd: 33 });
});

test('an allowed name has one address, and the same one each time', () => {
  const names = new NameTable(['api.example.org', '*.cdn.example.org']);
  const address = names.addressOf('api.example.org');
  assert.match(address ?? '', /^127\.9\.\d+\.\d+$/);
  assert.equal(names.addressOf('api.example.org'), address);
  assert.equal(names.nameAt(`::ffff:${address}`), 'api.example.org');
  assert.ok(names.addressOf('a.cdn.example.org'));
});

test('a name that is not allowed has no address', () => {
  const names = new NameTable(['api.example.org', '*.cdn.example.org']);
  for (const name of [
    'example.org',
    'cdn.example.org',
    'x.api.example.org',
    'evilapi.example.org',
    'xcdn.example.org',
    '',
  ]) {
    assert.equal(names.addressOf(name), undefined, name);
  }
});

test('an address that is allowed itself stands for itself, no other does', () => {
  const names = new NameTable(['127.0.0.2', '*.example.org']);
  assert.equal(names.nameAt('127.0.0.2'), '127.0.0.2');
  assert.equal(names.nameAt('::ffff:127.0.0.2'), '127.0.0.2');
  for (const address of ['127.0.0.1', '127.0.0.3', '127.9.0.1', '']) assert.equal(names.nameAt(address), undefined);
});

test('a wildcard cannot be asked for names without end', () => {
  const names = new NameTable(['*.example.org']);
  for (let index = 0; index < 70_000; index += 1) names.addressOf(`n${index}.example.org`);
  assert.equal(names.addressOf('one-more.example.org'), undefined);
});

test('answers carry the address, no record for another type, or NXDOMAIN', () => {
  const message = query('api.example.org');
  const question = readQuery(message);
  assert.ok(question);
  const found = answerQuery(message, question, '127.9.0.1');
  assert.equal(found.readUInt16BE(6), 1);
  assert.deepEqual([...found.subarray(-4)], [127, 9, 0, 1]);
  const missing = answerQuery(message, question, undefined);
  assert.equal(missing.readUInt8(3) & 0xf, 3);
  const v6 = query('api.example.org', TYPE_AAAA);
  const v6Question = readQuery(v6);
  assert.ok(v6Question);
  assert.equal(answerQuery(v6, v6Question, '127.9.0.1').readUInt16BE(6), 0);
});

test('responses, two questions, compression, foreign classes and odd labels get no answer', () => {
  const good = query('api.example.org');
  const edits: readonly ((bytes: Buffer) => void)[] = [
    (bytes) => bytes.writeUInt8(0x80, 2),
    (bytes) => bytes.writeUInt16BE(2, 4),
    (bytes) => bytes.writeUInt16BE(1, 6),
    (bytes) => bytes.writeUInt8(0xc0, 12),
    (bytes) => bytes.writeUInt16BE(3, bytes.length - 2),
    (bytes) => bytes.writeUInt8(0, 13),
    (bytes) => bytes.writeUInt8(0x2f, 13),
  ];
  for (const edit of edits) {
    const bytes = Buffer.from(good);
    edit(bytes);
    assert.equal(readQuery(bytes), undefined);
  }
});

test('no message, however broken, throws or yields a name with other characters', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(40)).map(([noise, at]) => {
      const bytes = query('api.example.org');
      bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
      return new Uint8Array(bytes);
    }),
  );
  const property = fc.property(anything, (bytes) => {
    const message = Buffer.from(bytes);
    const question = readQuery(message);
    if (question === undefined) return;
    assert.match(question.name, /^[a-z0-9_.-]*$/);
    assert.ok(question.questionEnd <= message.length);
    answerQuery(message, question, '127.9.0.1');
  });
  fc.assert(property, { numRuns: RUNS });
});
