import { brotliDecompressSync, constants, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { BZIP2_MARK, unpackBzip2 } from './bzip2.ts';
import { LZMA_MARK, SEVEN_ZIP_MARK, unpackLzma, unpackSevenZip, unpackXz, XZ_MARK } from './lzma.ts';

/** What an archive in a text holds, and where it stands. */
export interface ArchiveContent {
  readonly bytes: Buffer;
  readonly packing: string;
  readonly start: number;
}

/** What may still be done for one text; every archive takes of it, also one that only looks like one. */
export interface UnpackingRoom {
  /** Bytes that may still come out. */
  bytes: number;
  /** Bytes that may still be tried as a format without a mark. */
  guesses: number;
}

/** Gives nothing for what only begins like an archive. Must not throw anything but what the unpackers of Node do. */
type Unpack = (packed: Buffer, most: number) => Buffer | undefined;

interface Format {
  readonly packing: string;
  readonly mark: Buffer;
  readonly unpack: Unpack;
  /** How much longer a byte of it takes than one of gzip. */
  readonly weight: number;
}

/** What an attempt costs that comes to nothing, in bytes that could have come out. */
const ATTEMPT = 2048;
/** Our own unpackers are that much slower. */
const SLOW = 16;
// What follows an archive, or is missing at its end, does not matter.
const inflate: Unpack = (packed, most) =>
  inflateRawSync(packed, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH });
const unzstd: Unpack = (packed, most) =>
  zstdDecompressSync(packed, { maxOutputLength: most, finishFlush: constants.ZSTD_e_flush });
const unbrotli: Unpack = (packed, most) =>
  brotliDecompressSync(packed, { maxOutputLength: most, finishFlush: constants.BROTLI_OPERATION_FLUSH });

/** RFC 1952, RFC 1950 §2.2 with the window size that all compressors use, RFC 8878, APPNOTE §4.3.7 and the others' own. */
const FORMATS: readonly Format[] = [
  {
    packing: 'gzip',
    mark: Buffer.from('1f8b08', 'hex'),
    unpack: (packed, most) => inflate(packed.subarray(gzipHeader(packed)), most),
    weight: 1,
  },
  { packing: 'zip', mark: Buffer.from('504b0304', 'hex'), unpack: zipMember, weight: 1 },
  { packing: 'zstd', mark: Buffer.from('28b52ffd', 'hex'), unpack: unzstd, weight: 1 },
  ...['7801', '785e', '789c', '78da'].map((mark) => ({
    packing: 'zlib',
    mark: Buffer.from(mark, 'hex'),
    unpack: (packed: Buffer, most: number) => inflate(packed.subarray(2), most),
    weight: 1,
  })),
  { packing: 'bzip2', mark: BZIP2_MARK, unpack: unpackBzip2, weight: SLOW },
  { packing: 'xz', mark: XZ_MARK, unpack: unpackXz, weight: SLOW },
  { packing: '7z', mark: SEVEN_ZIP_MARK, unpack: unpackSevenZip, weight: SLOW },
];

/** Of these nothing tells where one begins: only the start of bytes that are no text is tried. */
const WITHOUT_MARK: readonly Omit<Format, 'mark'>[] = [
  { packing: 'brotli', unpack: unbrotli, weight: 1 },
  {
    packing: 'deflate',
    unpack: (packed, most) => (mayBeDeflate(packed) ? inflate(packed, most) : undefined),
    weight: 1,
  },
  {
    packing: 'lzma',
    unpack: (packed, most) => (packed.indexOf(LZMA_MARK) === 0 ? unpackLzma(packed, most) : undefined),
    weight: SLOW,
  },
];
/** Of a shorter one too little of a secret can be read; what was text before, a name or a hash, is mostly no archive. */
const SHORTEST_GUESS = { outside: 12, inside: 32 } as const;
/** Where a part of a form begins (RFC 2046 §5.1). */
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const MOST_PARTS = 32;

/**
 * Every archive in the bytes, one after the other, as long as there is room.
 * @param where whether the bytes are a text themselves, or were packed in one
 */
export function* archivesIn(
  bytes: Buffer,
  room: UnpackingRoom,
  where: keyof typeof SHORTEST_GUESS,
): Generator<ArchiveContent> {
  for (const format of FORMATS)
    for (let start = bytes.indexOf(format.mark); start >= 0; start = bytes.indexOf(format.mark, start + 1)) {
      if (room.bytes <= 0) return;
      yield* contentOf(format, bytes, start, room);
    }
  for (const start of [0, ...partsOf(bytes)]) {
    if (bytes.length - start < SHORTEST_GUESS[where] || !isBinary(bytes.subarray(start, start + 256))) continue;
    if (room.guesses <= 0) return;
    room.guesses -= 1;
    for (const format of WITHOUT_MARK) yield* contentOf(format, bytes, start, room);
  }
}

function* contentOf(
  { packing, unpack, weight }: Omit<Format, 'mark'>,
  bytes: Buffer,
  start: number,
  room: UnpackingRoom,
): Generator<ArchiveContent> {
  room.bytes -= ATTEMPT;
  const most = Math.floor(room.bytes / weight);
  if (most <= 0) return;
  const packed = bytes.subarray(start);
  const whole = attempt(unpack, packed, most);
  // A half of what is left: a bomb must not hide its own beginning, nor end the search in what follows it.
  const content = whole === 'too much' ? beginningOf(unpack, packed, Math.floor(most / 2)) : whole;
  if (content === undefined || content.length === 0) return;
  room.bytes -= content.length * (weight - 1);
  yield { bytes: content, packing, start };
}

/** Most attempts fail, and the stack of each error would cost more than the attempt. */
function attempt(unpack: Unpack, packed: Buffer, most: number): Buffer | 'too much' | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return unpack(packed, most);
  } catch (error) {
    return error instanceof RangeError ? 'too much' : undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * What comes out first of an archive that holds more than `most` bytes. Node's unpackers give all or nothing: the longest
 * beginning of the packed bytes is looked for that holds no more.
 */
function beginningOf(unpack: Unpack, packed: Buffer, most: number): Buffer | undefined {
  let content: Buffer | undefined;
  let fitting = 0;
  let tooLong = packed.length;
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    const some = attempt(unpack, packed.subarray(0, middle), most);
    if (some === 'too much') tooLong = middle;
    else {
      fitting = middle;
      content = some ?? content;
    }
  }
  return content;
}

/**
 * Whether bytes can begin a deflated block (RFC 1951 §3.2.3 to §3.2.7): there is no fourth kind, a stored one says its
 * length twice, and the lengths of codes must use up their room. Of random bytes three of four fall here.
 */
function mayBeDeflate(packed: Buffer): boolean {
  const head = packed.length < 17 ? 0 : Number(packed.readBigUInt64LE(0) & 0xffffffffffffn);
  const kind = ((packed[0] ?? 0) >> 1) & 3;
  if (kind === 1) return true;
  if (kind === 0) return packed.length > 4 && packed.readUInt16LE(1) === (packed.readUInt16LE(3) ^ 0xffff);
  if (kind === 3 || head === 0) return false;
  return (packed[0] ?? 0) >> 3 <= 29 && ((packed[1] ?? 0) & 31) <= 29 && isWholeCode(packed);
}

/** The three bits each of up to nineteen lengths, from bit 17 on. */
function isWholeCode(packed: Buffer): boolean {
  const lengths = 4 + (((packed[1] ?? 0) >> 5) | (((packed[2] ?? 0) & 1) << 3));
  let room = 0;
  for (let index = 0; index < lengths; index++) {
    const bit = 17 + 3 * index;
    const length = (packed.readUInt16LE(bit >> 3) >> (bit & 7)) & 7;
    if (length > 0) room += 128 >> length;
  }
  return room === 128;
}

function partsOf(bytes: Buffer): readonly number[] {
  const parts: number[] = [];
  for (
    let at = bytes.indexOf(END_OF_HEAD);
    at >= 0 && parts.length < MOST_PARTS;
    at = bytes.indexOf(END_OF_HEAD, at + 1)
  )
    parts.push(at + END_OF_HEAD.length);
  return parts;
}

/** Packed bytes hold, sooner or later, controls that no text has. */
function isBinary(head: Buffer): boolean {
  for (let index = 0; index < head.length; index++) {
    const byte = head[index] ?? 0;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f) return true;
    if (byte >= 0x80 && isLoneHigh(byte, index, head)) return true;
  }
  return false;
}

/** A byte of no UTF-8 character. */
function isLoneHigh(byte: number, index: number, head: Buffer): boolean {
  const follows = (head[index + 1] ?? 0x80) >> 6 === 0b10;
  const before = head[index - 1] ?? 0x80;
  return byte >= 0xf8 || (byte >= 0xc0 && !follows) || (byte < 0xc0 && before < 0x80);
}

/** A file of a ZIP archive, by its method (APPNOTE §4.4.5); stored ones are plain. */
function zipMember(packed: Buffer, most: number): Buffer | undefined {
  if (packed.length < 30) return undefined;
  const content = packed.subarray(30 + packed.readUInt16LE(26) + packed.readUInt16LE(28));
  switch (packed.readUInt16LE(8)) {
    case 8:
      return inflate(content, most);
    case 12:
      return unpackBzip2(content, Math.floor(most / SLOW));
    case 14:
      // Version and length of the properties stand before them, and the size behind them does not (§5.8.8).
      return unpackLzma(
        Buffer.concat([content.subarray(4, 9), Buffer.alloc(8), content.subarray(9)]),
        Math.floor(most / SLOW),
      );
    case 93:
      return unzstd(content, most);
    case 95:
      return unpackXz(content, Math.floor(most / SLOW));
    default:
      return undefined;
  }
}

/** Length of the header of a gzip archive (RFC 1952 §2.3): ten bytes, and the fields that its flags announce. */
function gzipHeader(packed: Buffer): number {
  const flags = packed[3] ?? 0;
  let end = 10;
  if (flags & 0x04) end += 2 + (packed[end] ?? 0) + ((packed[end + 1] ?? 0) << 8);
  for (const text of [0x08, 0x10]) {
    const zero = flags & text ? packed.indexOf(0, end) : -1;
    if (zero >= 0) end = zero + 1;
  }
  return end + (flags & 0x02 ? 2 : 0);
}
