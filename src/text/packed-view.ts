import { constants, inflateRawSync } from 'node:zlib';

/** What a packed stretch of bytes holds, and where the stretch lies. */
export interface PackedRegion {
  readonly bytes: Buffer;
  /** `base64`, `hex`, `gzip`, `zip`, `zlib`; from the outside to the inside. */
  readonly packing: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Packings within packings; bytes that one stretch and one text may unpack to, beyond which a bomb is left alone. */
const LIMITS = { depth: 3, stretch: 4 << 20, text: 64 << 20 } as const;

/** Of a shorter run too little of a secret can be read. */
const SHORTEST_RUN = 32;
/** The characters of hex and of both alphabets of base64 (RFC 4648). */
const PACKED: readonly boolean[] = Array.from({ length: 256 }, (_, byte) => /[\w+/-]/.test(String.fromCharCode(byte)));
const HEX = /^[0-9a-f]+$/i;
/** A run may begin with characters that are not of it (`name/`); longer ones are only read from their start. */
const LONGEST_SHIFTED = 4096;

/** RFC 1952 §2.3.1, and RFC 1950 §2.2 with the window size that all compressors use. */
const GZIP = Buffer.from('1f8b08', 'hex');
const ZLIB: ReadonlySet<number> = new Set([0x7801, 0x785e, 0x789c, 0x78da]);
/** Header of a file in a ZIP archive (APPNOTE §4.3.7), and its method when it is deflated; stored ones are plain. */
const ZIP = Buffer.from('504b0304', 'hex');
const DEFLATED = 8;
const MOST_ARCHIVES = 4;
const MOST_MEMBERS = 4096;

/**
 * What stands in base64, hex, gzip, zip and zlib within a text, also one in the other. A secret that was packed twice, or
 * together with other text, is plain in one of them. Text without long runs costs one pass of a pattern.
 */
export function unpackRegions(bytes: Buffer): Generator<PackedRegion> {
  return unpackWithin(bytes, undefined, { left: LIMITS.text });
}

interface Budget {
  left: number;
}

function* unpackWithin(
  bytes: Buffer,
  outer: Omit<PackedRegion, 'bytes'> | undefined,
  budget: Budget,
): Generator<PackedRegion> {
  if ((outer?.packing.length ?? 0) >= LIMITS.depth) return;
  for (const { bytes: content, packing, start, end } of regionsIn(bytes)) {
    budget.left -= content.length;
    if (budget.left < 0) return;
    const place = {
      packing: [...(outer?.packing ?? []), ...packing],
      start: outer?.start ?? start,
      end: outer?.end ?? end,
    };
    yield { ...place, bytes: content };
    yield* unpackWithin(content, place, budget);
  }
}

/** One after the other, so that nothing is unpacked that the budget leaves alone. */
function* regionsIn(bytes: Buffer): Generator<PackedRegion> {
  yield* archivesIn(bytes);
  yield* runsIn(bytes);
}

function* runsIn(bytes: Buffer): Generator<PackedRegion> {
  for (const place of findRuns(bytes)) {
    const text = bytes.toString('latin1', place.start, place.end).replace(/\r?\n|\\n/g, '');
    // Names and paths are in small letters; packed text of this length never is.
    if (text.length > LIMITS.stretch || !/[A-Z0-9]/.test(text)) continue;
    if (HEX.test(text)) yield { ...place, packing: ['hex'], bytes: Buffer.from(text, 'hex') };
    const shifts = text.length > LONGEST_SHIFTED ? 1 : 4;
    for (let shift = 0; shift < shifts; shift++)
      yield { ...place, packing: ['base64'], bytes: Buffer.from(text.slice(shift), 'base64') };
  }
}

/**
 * Runs of packed characters. Looks at every 32nd byte, and at those before it only while they may belong to a run: most
 * bytes of a text are never touched.
 */
function* findRuns(bytes: Buffer): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0;
  for (let probe = SHORTEST_RUN - 1; probe < bytes.length; probe = start + SHORTEST_RUN - 1) {
    let at = probe;
    while (at >= start && PACKED[bytes[at] ?? 0]) at--;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    const end = endOfRun(bytes, probe + 1);
    yield { start, end };
    start = end;
  }
}

/** Runs go on over line breaks, also as JSON writes them, when a line of them follows. */
function endOfRun(bytes: Buffer, from: number): number {
  for (let end = from; ; end++) {
    while (PACKED[bytes[end] ?? 0]) end++;
    const lineBreak = /^(?:\r?\n|\\n)(?=[\w+/-]{4})/.exec(bytes.toString('latin1', end, end + 8))?.[0];
    if (lineBreak === undefined) return end;
    end += lineBreak.length;
  }
}

/** Gzip and ZIP archives anywhere; those of zlib, whose mark is short, only where the bytes begin with one. */
function* archivesIn(bytes: Buffer): Generator<PackedRegion> {
  const end = bytes.length;
  if (end > 2 && ZLIB.has(bytes.readUInt16BE(0)))
    yield* inflated(bytes.subarray(2), { packing: ['zlib'], start: 0, end });
  let start = bytes.indexOf(GZIP);
  for (let count = 0; start >= 0 && count < MOST_ARCHIVES; count++) {
    yield* inflated(bytes.subarray(start + gzipHeader(bytes, start)), { packing: ['gzip'], start, end });
    start = bytes.indexOf(GZIP, start + 1);
  }
  yield* zipMembers(bytes);
}

function* zipMembers(bytes: Buffer): Generator<PackedRegion> {
  const end = bytes.length;
  let start = bytes.indexOf(ZIP);
  for (let count = 0; start >= 0 && start + 30 <= end && count < MOST_MEMBERS; count++) {
    const content = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    if (bytes.readUInt16LE(start + 8) === DEFLATED)
      yield* inflated(bytes.subarray(content), { packing: ['zip'], start, end });
    start = bytes.indexOf(ZIP, start + 4);
  }
}

/** Length of the header of an archive (RFC 1952 §2.3): ten bytes, and the fields that its flags announce. */
function gzipHeader(bytes: Buffer, start: number): number {
  const flags = bytes[start + 3] ?? 0;
  let end = start + 10;
  if (flags & 0x04) end += 2 + (bytes[end] ?? 0) + ((bytes[end + 1] ?? 0) << 8);
  for (const text of [0x08, 0x10]) {
    const zero = flags & text ? bytes.indexOf(0, end) : -1;
    if (zero >= 0) end = zero + 1;
  }
  return end + (flags & 0x02 ? 2 : 0) - start;
}

/** What follows an archive, or is missing at its end, does not matter. */
const PARTIAL = { maxOutputLength: LIMITS.stretch, finishFlush: constants.Z_SYNC_FLUSH } as const;

/** Nothing for what only begins like an archive, and for one that grows beyond the limit. */
function* inflated(deflated: Buffer, place: Omit<PackedRegion, 'bytes'>): Generator<PackedRegion> {
  let bytes: Buffer;
  try {
    bytes = inflateRawSync(deflated, PARTIAL);
  } catch {
    return;
  }
  yield { ...place, bytes };
}
