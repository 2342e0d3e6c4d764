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
const ESCAPE =
  /%[0-9a-f]{2}|\\u(?:0000)?[0-9a-f]{4}|\\u\{[0-9a-f]{1,6}\}|\\x[0-9a-f]{2}|\\[0-3]?[0-7]{1,2}|&#[0-9]{1,7};|&#x[0-9a-f]{1,6};|&[a-z]{2,4};/iy;
/**
 * Letters and digits in another dress, as the bytes of UTF-8: wide ones, circled ones, those of mathematics, and tags
 * (U+E0020–E007E, which nobody sees).
 */
const DRESSED =
  /\xef(?:\xbc[\x90-\x99\xa1-\xba]|\xbd[\x81-\x9a])|\xe2(?:\x92[\xb6-\xbf]|\x93[\x80-\xa9])|\xf0\x9d[\x90-\x9f][\x80-\xbf]|\xf3\xa0[\x80\x81][\x80-\xbf]/y;
const TAGS = 0xe0000;
const LONGEST_ESCAPE = 10;
/** With what an escape begins, and what its second character is: most backslashes of a text begin none. */
const MARKS = [
  { mark: 0x25, second: /[0-9a-f]/i },
  { mark: 0x5c, second: /[ux0-7]/i },
  { mark: 0x26, second: /[#a-z]/i },
  { mark: 0xef, second: /[\xbc\xbd]/ },
  { mark: 0xe2, second: /[\x92\x93]/ },
  { mark: 0xf0, second: /\x9d/ },
  { mark: 0xf3, second: /\xa0/ },
].map(({ mark, second }) => ({
  mark,
  seconds: Array.from({ length: 256 }, (_, byte) => second.test(String.fromCharCode(byte))),
}));

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
  for (const { mark, seconds } of MARKS) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      if (seconds[bytes[at + 1] ?? 0] && escapeAt(bytes.toString('latin1', at, at + LONGEST_ESCAPE), 0))
        positions.push(at);
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
  if (first >= 0xe2) {
    DRESSED.lastIndex = index;
    return DRESSED.exec(text)?.[0];
  }
  if (first !== 0x25 && first !== 0x26 && first !== 0x5c) return undefined;
  ESCAPE.lastIndex = index;
  const found = ESCAPE.exec(text)?.[0];
  return found?.startsWith('&') && !found.startsWith('&#') && !NAMED.has(found.toLowerCase()) ? undefined : found;
}

/** Never longer than the escape itself. */
function bytesOf(sequence: string): Buffer {
  const named = NAMED.get(sequence.toLowerCase());
  if (named !== undefined) return Buffer.from(named);
  if (sequence.charCodeAt(0) >= 0x80) return undress(Buffer.from(sequence, 'latin1').toString('utf8'));
  const hex = /^(?:%|\\u\{?|\\x|&#x)([0-9a-f]+)/i.exec(sequence)?.[1];
  if (/^\\[0-7]/.test(sequence)) return Buffer.from([Number.parseInt(sequence.slice(1), 8)]);
  const code = hex === undefined ? Number.parseInt(sequence.slice(2), 10) : Number.parseInt(hex, 16);
  if (sequence.startsWith('%') || sequence.startsWith('\\x') || sequence.startsWith('\\X')) return Buffer.from([code]);
  return Buffer.from(code <= 0x10ffff ? String.fromCodePoint(code) : '\0');
}

function undress(character: string): Buffer {
  const code = character.codePointAt(0) ?? 0;
  return Buffer.from(code >= TAGS ? String.fromCharCode(code - TAGS) : character.normalize('NFKC'));
}
