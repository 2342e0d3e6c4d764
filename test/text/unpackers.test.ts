/** Readers of archives, given archives that nobody wrote. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { brotliCompressSync, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { unpackBzip2 } from '../../src/text/bzip2.ts';
import { createSentinel } from '../../src/text/index.ts';
import { unpackLzma, unpackSevenZip, unpackXz } from '../../src/text/lzma.ts';
import { mutationsOf } from '../support/mutations.ts';

/** An input is an archive, and costs accordingly. */
const RUNS = Math.min(100_000, Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 400));
const MOST = 100_000;
/** Far above what the largest of these inputs takes on a busy machine. */
const LONGEST_MILLISECONDS = 5000;
const TEXT = 'the quick brown fox and a lazy dog, line after line\n'.repeat(40);
const SECRET = 'ghp_Zk4vTq81LxWmR7sBd0HnYc52AbCdEfGh1234';
const sentinel = createSentinel([{ name: 'TOKEN', value: SECRET }]);

function byPython(expression: string): Buffer {
  const program = `import sys, io, bz2, lzma, tarfile, zipfile\ndata = sys.stdin.buffer.read()\nsys.stdout.buffer.write(${expression})`;
  return execFileSync('/usr/bin/python3', ['-c', program], { input: TEXT });
}

/** What a `.7z` begins with before its packed stream: mark, version, and a header that is not read. */
const SEVEN_ZIP = Buffer.from('377abcaf271c0004', 'hex');

const OUR_OWN = {
  bzip2: { unpack: unpackBzip2, samples: [byPython('bz2.compress(data)'), byPython('bz2.compress(data[:9], 1)')] },
  xz: {
    unpack: unpackXz,
    samples: [
      byPython('lzma.compress(data)'),
      byPython('lzma.compress(data, check=lzma.CHECK_NONE)'),
      byPython('lzma.compress(data, filters=[{"id": lzma.FILTER_LZMA2, "lc": 1, "lp": 2, "pb": 3}])'),
    ],
  },
  lzma: { unpack: unpackLzma, samples: [byPython('lzma.compress(data, format=lzma.FORMAT_ALONE)')] },
  '7z': {
    unpack: unpackSevenZip,
    samples: [
      Buffer.concat([
        SEVEN_ZIP,
        Buffer.alloc(24),
        byPython('lzma.compress(data, format=lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2}])'),
      ]),
      Buffer.concat([
        SEVEN_ZIP,
        Buffer.alloc(24),
        byPython('lzma.compress(data, format=lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1}])'),
      ]),
    ],
  },
} as const;

for (const [name, { unpack, samples }] of Object.entries(OUR_OWN)) {
  test(`a sound ${name} is read to its end`, () => {
    for (const sample of samples)
      assert.ok(TEXT.startsWith(unpack(sample, MOST).toString()) && unpack(sample, MOST).length > 0);
  });

  test(`${name} that was tampered with is read in part or not at all: no exception, no more than asked for, in time`, () => {
    fc.assert(
      fc.property(mutationsOf(samples), fc.constantFrom(0, 1, 100, MOST), (packed, most) => {
        const began = performance.now();
        assert.ok(unpack(packed, most).length <= most);
        assert.ok(performance.now() - began < LONGEST_MILLISECONDS);
      }),
      { numRuns: RUNS },
    );
  });
}

test('the search in archives that were tampered with always comes to an end, and finds the secret in those that were not', () => {
  const zip =
    '(lambda b: (lambda z: (z.writestr("a", data), z.close()))(zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED)) and b.getvalue())(io.BytesIO())';
  const tar =
    '(lambda b: (lambda t, i: (setattr(i, "size", len(data)), t.addfile(i, io.BytesIO(data)), t.close()))(tarfile.open(fileobj=b, mode="w:gz"), tarfile.TarInfo("a")) and b.getvalue())(io.BytesIO())';
  const samples = [
    ...[byPython(zip), byPython(tar), gzipSync(TEXT), deflateRawSync(TEXT), brotliCompressSync(TEXT)],
    ...[zstdCompressSync(TEXT), gzipSync(gzipSync(TEXT)), ...Object.values(OUR_OWN).flatMap((one) => one.samples)],
  ];
  fc.assert(
    fc.property(mutationsOf(samples), (packed) => {
      const began = performance.now();
      sentinel.find(packed);
      assert.ok(performance.now() - began < LONGEST_MILLISECONDS);
      // What came before does not hide what comes after.
      assert.ok(sentinel.find(Buffer.concat([packed, Buffer.from(` ${SECRET}`)])).length > 0);
    }),
    { numRuns: Math.ceil(RUNS / 4) },
  );
});

const LARGE = 70 * 1024 * 1024;
const PACKERS = { gzip: gzipSync, deflate: deflateRawSync, brotli: brotliCompressSync, zstd: zstdCompressSync };

for (const [name, pack] of Object.entries(PACKERS)) {
  test(`a secret at the beginning of a ${name} that holds more than is ever searched is found, and one behind it`, () => {
    const bomb = pack(Buffer.concat([Buffer.from(TEXT + SECRET), Buffer.alloc(LARGE)]));
    assert.ok(sentinel.find(bomb).length > 0);
    const empty = pack(Buffer.alloc(LARGE));
    assert.equal(sentinel.find(empty).length, 0);
    assert.ok(sentinel.find(Buffer.concat([empty, gzipSync(TEXT + SECRET)])).length > 0);
  });
}
