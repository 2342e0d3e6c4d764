/** A stretch of bytes with its escapes decoded, and where each decoded byte came from. */
export interface DecodedRegion {
  readonly bytes: Buffer;
  /** Offset in the original of each decoded byte, and of the end. */
  readonly offsets: Uint32Array;
}

/** How far around an escape its region reaches: a core of a secret lies well within. */
const REACH = 512;
/** Escapes of escapes (`%2573`) are decoded this often. */
const ROUNDS = 3;

const NAMED: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);
const ESCAPE = /%[0-9a-f]{2}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|&#[0-9]{1,7};|&#x[0-9a-f]{1,6};|&[a-z]{2,4};/iy;
const LONGEST_ESCAPE = 10;
const MARKS = ['%', '\\u', '\\x', '\\U', '\\X', '&'];

/**
 * The neighbourhoods of URL, JSON, C and HTML escapes, decoded. A secret of which only some characters are escaped is
 * plain text there. Text without escapes costs a few native searches and yields nothing.
 */
export function decodeEscapes(bytes: Buffer): readonly DecodedRegion[] {
  const regions: DecodedRegion[] = [];
  for (const [start, end] of regionsOf(bytes)) {
    let region = decode(bytes.subarray(start, end), (index) => start + index);
    regions.push(region);
    for (let round = 1; round < ROUNDS; round++) {
      const { offsets } = region;
      const again = decode(region.bytes, (index) => offsets[index] ?? end);
      if (again.bytes.length === region.bytes.length) break;
      regions.push(again);
      region = again;
    }
  }
  return regions;
}

function regionsOf(bytes: Buffer): readonly (readonly [number, number])[] {
  const positions: number[] = [];
  for (const mark of MARKS) {
    for (let at = bytes.indexOf(mark, 0, 'latin1'); at >= 0; at = bytes.indexOf(mark, at + 1, 'latin1')) {
      if (escapeAt(bytes.toString('latin1', at, at + LONGEST_ESCAPE), 0)) positions.push(at);
    }
  }
  const regions: [number, number][] = [];
  for (const position of positions.sort((one, other) => one - other)) {
    const last = regions.at(-1);
    const start = Math.max(0, position - REACH);
    const end = Math.min(bytes.length, position + REACH);
    if (last && start <= last[1]) last[1] = end;
    else regions.push([start, end]);
  }
  return regions;
}

function decode(bytes: Buffer, originOf: (index: number) => number): DecodedRegion {
  const text = bytes.toString('latin1');
  const decoded = Buffer.alloc(bytes.length);
  const offsets = new Uint32Array(bytes.length + 1);
  let length = 0;
  for (let index = 0; index < text.length; ) {
    const found = escapeAt(text, index);
    const written = found ? bytesOf(found) : bytes.subarray(index, index + 1);
    for (const byte of written) {
      offsets[length] = originOf(index);
      decoded[length++] = byte;
    }
    index += found?.length ?? 1;
  }
  offsets[length] = originOf(text.length);
  return { bytes: decoded.subarray(0, length), offsets: offsets.subarray(0, length + 1) };
}

function escapeAt(text: string, index: number): string | undefined {
  const first = text.charCodeAt(index);
  if (first !== 0x25 && first !== 0x26 && first !== 0x5c) return undefined;
  ESCAPE.lastIndex = index;
  const found = ESCAPE.exec(text)?.[0];
  return found?.startsWith('&') && !found.startsWith('&#') && !NAMED.has(found.toLowerCase()) ? undefined : found;
}

/** Never longer than the escape itself. */
function bytesOf(sequence: string): Buffer {
  const named = NAMED.get(sequence.toLowerCase());
  if (named !== undefined) return Buffer.from(named);
  const hex = /^(?:%|\\[ux]|&#x)([0-9a-f]+)/i.exec(sequence)?.[1];
  const code = hex === undefined ? Number.parseInt(sequence.slice(2), 10) : Number.parseInt(hex, 16);
  if (sequence.startsWith('%') || sequence.startsWith('\\x') || sequence.startsWith('\\X')) return Buffer.from([code]);
  return Buffer.from(code <= 0x10ffff ? String.fromCodePoint(code) : '\0');
}
