import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { createSentinel } from '../../src/text/index.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const SECRET = 'ghp_Zk4vTq81LxWmR7sBd0HnYc52AbCdEfGh1234';
const OTHER = 'ghp_AAAAbbbbCCCCddddEEEEffffGGGGhhhhIIII';
const sentinel = createSentinel([{ name: 'TOKEN', value: SECRET }]);

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
const hex = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('hex');
const reverse = (text: string): string => [...text].reverse().join('');
const dress = (text: string, codeOf: (byte: number) => number): string =>
  text.replace(/[A-Za-z0-9]/g, (letter) => String.fromCodePoint(codeOf(letter.charCodeAt(0))));
const inLines = (text: string): string => text.replace(/(.{76})/g, '$1\n');

/** A file as it stands in a ZIP archive: local header, name, deflated content. */
function zipMember(name: string, text: string): Buffer {
  const content = deflateRawSync(text);
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(text.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), content]);
}

const archive = (expression: string, text: string): Buffer =>
  execFileSync(
    '/usr/bin/python3',
    [
      '-c',
      `import sys, io, bz2, lzma, zipfile\ndata = sys.stdin.buffer.read()\nout = ${expression}\nsys.stdout.buffer.write(out)`,
    ],
    { input: text },
  );
const zipBy = (method: string) =>
  `(lambda b: (lambda z: (z.writestr("a", data), z.close()))(zipfile.ZipFile(b, "w", zipfile.${method})) and b.getvalue())(io.BytesIO())`;
/** Long enough that no format keeps a stretch of it as it is. */
const prose = (text: string): string =>
  `${'the quick brown fox and a lazy dog '.repeat(30)}${text}${' and more of it'.repeat(30)}`;

/** Each packs a text; none of them is a form that the automaton itself looks for. */
const PACKINGS: { readonly [name: string]: (text: string) => Uint8Array | string } = {
  'base64 three times': (text) => base64(base64(base64(text))),
  'hex of hex': (text) => hex(hex(text)),
  'hex of base64': (text) => hex(base64(text)),
  'base64 of the reverse': (text) => base64(reverse(text)),
  'base64 of UTF-16': (text) => base64(Buffer.from(text, 'utf16le')),
  gzip: (text) => gzipSync(text),
  'gzip behind other bytes': (text) => Buffer.concat([Buffer.from('--boundary\r\n\r\n'), gzipSync(text)]),
  'base64 of gzip': (text) => base64(gzipSync(text)),
  'base64url of gzip': (text) => gzipSync(text).toString('base64url'),
  'base64 of gzip behind a path': (text) => `out/${base64(gzipSync(text))}`,
  'base64 of gzip in lines': (text) => inLines(base64(gzipSync(`${'some text '.repeat(40)}${text}`))),
  'base64 of gzip in lines within JSON': (text) =>
    JSON.stringify(inLines(base64(gzipSync(`${'x y '.repeat(90)}${text}`)))),
  'hex of gzip': (text) => hex(gzipSync(text)),
  'base64 of zlib': (text) => base64(deflateSync(text)),
  'gzip of base64 of gzip': (text) => gzipSync(base64(gzipSync(text))),
  'gzip with a name in its header': (text) => {
    const archive = gzipSync(text);
    const name = Buffer.from('notes.txt\0');
    return Buffer.concat([archive.subarray(0, 3), Buffer.of(8), archive.subarray(4, 10), name, archive.subarray(10)]);
  },
  'a file of a ZIP archive': (text) =>
    Buffer.concat([zipMember('other.txt', 'nothing here'), zipMember('a/notes.txt', text)]),
  'base64 of a ZIP archive': (text) => base64(zipMember('notes.txt', text)),
  bzip2: (text) => archive('bz2.compress(data)', text),
  'bzip2 of much text': (text) => archive('bz2.compress(data)', prose(text).repeat(400)),
  'base64 of bzip2': (text) => base64(archive('bz2.compress(data)', prose(text))),
  xz: (text) => archive('lzma.compress(data)', prose(text)),
  'base64 of xz': (text) => base64(archive('lzma.compress(data)', text)),
  'xz with other properties': (text) =>
    archive('lzma.compress(data, filters=[{"id": lzma.FILTER_LZMA2, "lc": 1, "lp": 2, "pb": 3}])', prose(text)),
  'base64 of lzma': (text) => base64(archive('lzma.compress(data, format=lzma.FORMAT_ALONE)', prose(text))),
  'a ZIP archive of bzip2': (text) => archive(zipBy('ZIP_BZIP2'), prose(text)),
  'a ZIP archive of lzma': (text) => archive(zipBy('ZIP_LZMA'), prose(text)),
  zstd: (text) => zstdCompressSync(prose(text)),
  'base64 of brotli': (text) => base64(brotliCompressSync(prose(text))),
  'base64 of a bare deflate stream': (text) => base64(deflateRawSync(prose(text))),
  'zlib behind other bytes': (text) => Buffer.concat([Buffer.from('\x89PNG IDAT'), deflateSync(prose(text))]),
  'gzip behind what only looks like gzip': (text) =>
    Buffer.concat([...Array.from({ length: 40 }, () => Buffer.from('1f8b08ff', 'hex')), gzipSync(text)]),
  'gzip of more than a few megabytes': (text) => gzipSync(`${prose('').repeat(6000)}${text}`),
  'wide letters': (text) => dress(text, (byte) => 0xfee0 + byte),
  'letters of mathematics': (text) =>
    dress(text, (byte) => byte + (byte >= 0x61 ? 0x1d41a - 0x61 : byte >= 0x41 ? 0x1d400 - 0x41 : 0x1d7ce - 0x30)),
  'tags that nobody sees': (text) => dress(text, (byte) => 0xe0000 + byte),
  'octal escapes without zeros': (text) => Array.from(Buffer.from(text), (byte) => `\\${byte.toString(8)}`).join(''),
  'escapes in braces': (text) => Array.from(Buffer.from(text), (byte) => `\\u{${byte.toString(16)}}`).join(''),
  'long unicode escapes': (text) =>
    Array.from(Buffer.from(text), (byte) => `\\U${byte.toString(16).padStart(8, '0')}`).join(''),
};

describe('a packed secret', () => {
  for (const [name, pack] of Object.entries(PACKINGS)) {
    test(`is found and cut out: ${name}`, () => {
      const text = Buffer.concat([Buffer.from('before "'), Buffer.from(pack(SECRET)), Buffer.from('" after')]);
      const { bytes, hits } = sentinel.redact(text);
      assert.ok(hits.length > 0);
      assert.equal(sentinel.find(bytes).length, 0);
      assert.match(bytes.toString('latin1'), /^before ".*\[redacted:TOKEN\]/s);
    });

    test(`is told from another value that is packed the same way: ${name}`, () => {
      assert.deepEqual(sentinel.find(Buffer.from(pack(OTHER))), []);
    });
  }

  test('is found behind many honest runs', () => {
    const hashes = Array.from({ length: 5000 }, (_, index) => `"sha512-${base64(hex(String(index).repeat(20)))}"`);
    assert.equal(sentinel.find(Buffer.from(hashes.join('\n'))).length, 0);
    hashes.push(base64(gzipSync(SECRET)));
    assert.equal(sentinel.find(Buffer.from(hashes.join('\n'))).length, 1);
  });

  test('deeper than anybody packs by chance is left alone, and so is an archive without end', () => {
    const deep = Array.from({ length: 6 }).reduce<string>((text) => base64(text), SECRET);
    assert.deepEqual(sentinel.find(Buffer.from(deep)), []);
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    assert.deepEqual(sentinel.find(Buffer.from(base64(gzipSync(bomb)))), []);
    const member = zipMember('x', 'a'.repeat(3 << 20));
    assert.deepEqual(sentinel.find(Buffer.concat(Array.from({ length: 500 }, () => member))), []);
  });
});

test('thousands of members that are all the same bomb cost no more than a few', () => {
  const count = 4000;
  const headers = Array.from({ length: count }, (_, index) => {
    const header = Buffer.alloc(30);
    header.write('504b0304', 0, 'hex');
    header.writeUInt16LE(8, 8);
    const rest = (count - 1 - index) * 30;
    header.writeUInt16LE(Math.min(rest, 0xffff), 26);
    header.writeUInt16LE(Math.max(0, rest - 0xffff), 28);
    return header;
  });
  const body = Buffer.concat([...headers, deflateRawSync(Buffer.alloc(65 << 20))]);
  const before = process.threadCpuUsage();
  assert.deepEqual(sentinel.find(body), []);
  const { user, system } = process.threadCpuUsage(before);
  assert.ok(user + system < 1_500_000, `${(user + system) / 1e6} s`);
});

test('whatever the bytes are, looking through them ends and nothing is found that is not there', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.stringMatching(/^[A-Za-z0-9+/_-]{0,80}[\r\n=\\n]{0,3}$/).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => gzipSync(bytes)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => deflateSync(bytes).subarray(0, -3)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      assert.deepEqual(sentinel.find(Buffer.concat(pieces)), []);
    }),
    { numRuns: RUNS },
  );
});
