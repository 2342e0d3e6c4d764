import { archivesIn, type UnpackingRoom } from './archive.ts';

/** What a packed stretch of bytes holds, and where the stretch lies. */
export interface PackedRegion {
  readonly bytes: Buffer;
  /** `base64`, `hex`, or the name of an archive's format; from the outside to the inside. */
  readonly packing: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Packings within packings; bytes that one text may unpack to, beyond which a bomb is left alone; guesses at a format. */
const LIMITS = { depth: 3, text: 64 << 20, guesses: 256 } as const;

/** Of a shorter run too little of a secret can be read. */
const SHORTEST_RUN = 32;
/** The characters of hex and of both alphabets of base64 (RFC 4648). */
const PACKED: readonly boolean[] = Array.from({ length: 256 }, (_, byte) => /[\w+/-]/.test(String.fromCharCode(byte)));
const HEX = /^[0-9a-f]+$/i;
/** A run may begin with characters that are not of it (`name/`); longer ones are only read from their start. */
const LONGEST_SHIFTED = 4096;

/**
 * What stands in base64, hex and archives within a text, also one in the other. A secret that was packed twice, or
 * together with other text, is plain in one of them. Text without long runs costs one pass of a pattern.
 */
export function unpackRegions(bytes: Buffer): Generator<PackedRegion> {
  return unpackWithin(bytes, undefined, { bytes: LIMITS.text, guesses: LIMITS.guesses });
}

function* unpackWithin(
  bytes: Buffer,
  outer: Omit<PackedRegion, 'bytes'> | undefined,
  room: UnpackingRoom,
): Generator<PackedRegion> {
  if ((outer?.packing.length ?? 0) >= LIMITS.depth) return;
  for (const { bytes: content, packing, start, end } of regionsIn(
    bytes,
    room,
    outer === undefined ? 'outside' : 'inside',
  )) {
    room.bytes -= content.length;
    if (room.bytes < 0) return;
    const place = {
      packing: [...(outer?.packing ?? []), ...packing],
      start: outer?.start ?? start,
      end: outer?.end ?? end,
    };
    yield { ...place, bytes: content };
    yield* unpackWithin(content, place, room);
  }
}

/** One after the other, so that nothing is unpacked that the budget leaves alone. */
function* regionsIn(bytes: Buffer, room: UnpackingRoom, where: 'outside' | 'inside'): Generator<PackedRegion> {
  for (const { packing, ...content } of archivesIn(bytes, room, where))
    yield { ...content, packing: [packing], end: bytes.length };
  yield* runsIn(bytes);
}

function* runsIn(bytes: Buffer): Generator<PackedRegion> {
  for (const place of findRuns(bytes)) {
    const text = bytes.toString('latin1', place.start, place.end).replace(/\r?\n|\\n/g, '');
    // Names and paths are in small letters; packed text of this length never is.
    if (!/[A-Z0-9]/.test(text)) continue;
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
