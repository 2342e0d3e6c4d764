/**
 * Reads bzip2, as far as is needed to look for a secret in it: no checksum is compared, and what was read before a
 * fault or the limit counts. The format is that of the reference implementation, bzip2 1.0 (J. Seward).
 */

/** `BZh`, the size of a block in 100 kB, and the mark of the first block (the digits of π). */
export const BZIP2_MARK = Buffer.from('425a68', 'hex');
const BLOCK_MARK = 0x314159265359;
const GROUP_SYMBOLS = 50;
const LONGEST_CODE = 20;

/** The content; as much of it as `most` bytes. Empty for what is no bzip2. */
export function unpackBzip2(packed: Uint8Array, most: number): Buffer {
  const blocks: Buffer[] = [];
  let room = most;
  const level = (packed[3] ?? 0) - 0x30;
  if (level < 1 || level > 9) return Buffer.alloc(0);
  const bits = new BitReader(packed, 4);
  try {
    while (room > 0 && bits.read(24) * 0x1000000 + bits.read(24) === BLOCK_MARK) {
      bits.read(32);
      const block = readBlock(bits, level * 100_000, room);
      blocks.push(block);
      room -= block.length;
    }
  } catch (error) {
    // Cut off or broken: what came before was content all the same.
    if (!(error instanceof RangeError)) throw error;
  }
  return Buffer.concat(blocks);
}

class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** The lowest `#count` bits of it are still to be read. */
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  bit(): number {
    return this.read(1);
  }

  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; ) {
      const some = Math.min(left, PEEKED);
      value = value * 2 ** some + this.peek(some);
      this.skip(some);
      left -= some;
    }
    return value;
  }

  /** The next bits, at most `PEEKED`, without taking them; zeros stand for what is behind the end. */
  peek(count: number): number {
    while (this.#count < count) {
      this.#held = (this.#held << 8) | (this.#bytes[this.#at++] ?? 0);
      this.#count += 8;
    }
    return (this.#held >>> (this.#count - count)) & ((1 << count) - 1);
  }

  /** Takes bits that were looked at. */
  skip(count: number): void {
    this.#count -= count;
    if (this.#at * 8 - this.#count > this.#bytes.length * 8) throw new RangeError('the end');
  }
}

/** With a byte more they fit 32 bits. */
const PEEKED = 20;

function readBlock(bits: BitReader, size: number, most: number): Buffer {
  // An obsolete option that shuffles bytes; no writer has used it for decades.
  if (bits.bit() === 1) throw new RangeError('randomised');
  const origin = bits.read(24);
  const alphabet = readAlphabet(bits);
  const groups = bits.read(3);
  const selectors = readSelectors(bits, groups);
  const codes = Array.from({ length: groups }, () => readCode(bits, alphabet.length + 2));
  const { column, counts } = readColumn(bits, alphabet, { selectors, codes, size });
  return untransform(column, counts, origin, most);
}

/** The bytes that occur, from a map of maps. */
function readAlphabet(bits: BitReader): Uint8Array {
  const used = bits.read(16);
  const alphabet: number[] = [];
  for (let high = 0; high < 16; high++) {
    if (((used >> (15 - high)) & 1) === 0) continue;
    const map = bits.read(16);
    for (let low = 0; low < 16; low++) if (((map >> (15 - low)) & 1) === 1) alphabet.push(high * 16 + low);
  }
  return Uint8Array.from(alphabet);
}

/** Which code each group of symbols is written in: positions in a list whose used entry moves to the front. */
function readSelectors(bits: BitReader, groups: number): readonly number[] {
  const order = Uint8Array.from({ length: groups }, (_, index) => index);
  return Array.from({ length: bits.read(15) }, () => {
    let position = 0;
    while (bits.bit() === 1) position++;
    return toFront(order, position);
  });
}

function toFront(list: Uint8Array, position: number): number {
  const value = list[position];
  if (value === undefined) throw new RangeError('no such entry');
  list.copyWithin(1, 0, position);
  list[0] = value;
  return value;
}

/** A canonical Huffman code. */
interface Code {
  /** How many words there are of each length, and the symbols in their order. */
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
  /** For what the next `SHORT` bits may be, the symbol and the length of its word; 0 where the word is longer. */
  readonly short: Uint16Array;
}

const SHORT = 10;

function readCode(bits: BitReader, symbols: number): Code {
  let length = bits.read(5);
  const lengths = Array.from({ length: symbols }, () => {
    while (bits.bit() === 1) length += bits.bit() === 1 ? -1 : 1;
    if (length < 1 || length > LONGEST_CODE) throw new RangeError('a code word of that length');
    return length;
  });
  const counts = Array.from({ length: LONGEST_CODE + 1 }, (_, wanted) => lengths.filter((it) => it === wanted).length);
  const sorted = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  const code = { counts, symbols: sorted };
  const short = Uint16Array.from({ length: 1 << SHORT }, (_, next) => findWord(next, SHORT, code));
  return { ...code, short };
}

/** The symbol whose word some bits begin with, times 32, and the length of the word; 0 for none. */
function findWord(bits: number, count: number, { counts, symbols }: Pick<Code, 'counts' | 'symbols'>): number {
  let first = 0;
  let index = 0;
  for (let length = 1; length <= count; length++) {
    const word = bits >>> (count - length);
    const words = counts[length] ?? 0;
    if (word - first < words) return (symbols[index + word - first] ?? 0) * 32 + length;
    index += words;
    first = (first + words) * 2;
  }
  return 0;
}

function readSymbol(bits: BitReader, code: Code): number {
  const found = code.short[bits.peek(SHORT)] || findWord(bits.peek(LONGEST_CODE), LONGEST_CODE, code);
  if (found === 0) throw new RangeError('no such code word');
  bits.skip(found & 31);
  return found >>> 5;
}

interface ColumnForm {
  readonly selectors: readonly number[];
  readonly codes: readonly Code[];
  readonly size: number;
}

/** The last column of the sorted rotations, with the number of each byte. */
function readColumn(bits: BitReader, alphabet: Uint8Array, { selectors, codes, size }: ColumnForm) {
  const column = new Uint8Array(size);
  const counts = new Uint32Array(256);
  const end = alphabet.length + 1;
  let length = 0;
  let run = 0;
  let unit = 1;
  const put = (byte: number, times: number): void => {
    if (length + times > size) throw new RangeError('more than a block holds');
    column.fill(byte, length, length + times);
    length += times;
    counts[byte] = (counts[byte] ?? 0) + times;
  };
  for (let read = 0; ; read++) {
    const code = codes[selectors[Math.floor(read / GROUP_SYMBOLS)] ?? -1];
    if (code === undefined) throw new RangeError('no code for the group');
    const symbol = readSymbol(bits, code);
    if (symbol <= 1) {
      run += unit << symbol;
      unit <<= 1;
      if (unit > size * 2) throw new RangeError('a run longer than a block');
      continue;
    }
    if (run > 0) put(alphabet[0] ?? 0, run);
    run = 0;
    unit = 1;
    if (symbol === end) return { column: column.subarray(0, length), counts };
    put(toFront(alphabet, symbol - 1), 1);
  }
}

/** The inverse of the Burrows–Wheeler transform, then of the runs that were shortened before it. */
function untransform(column: Uint8Array, counts: Uint32Array, origin: number, most: number): Buffer {
  const starts = new Uint32Array(256);
  for (let byte = 1; byte < 256; byte++) starts[byte] = (starts[byte - 1] ?? 0) + (counts[byte - 1] ?? 0);
  // Each byte with the place of the next one above it: two tables would be two misses of the cache for each.
  const chain = Uint32Array.from(column);
  for (let index = 0; index < column.length; index++) {
    const byte = column[index] ?? 0;
    const place = starts[byte] ?? 0;
    chain[place] = (chain[place] ?? 0) | (index << 8);
    starts[byte] = place + 1;
  }
  const bytes: Buffer[] = [];
  let text = Buffer.alloc(Math.min(most, column.length * 2) + 256);
  let length = 0;
  let total = 0;
  let same = 0;
  let last = -1;
  let at = (chain[origin] ?? 0) >>> 8;
  for (let left = column.length; left > 0 && total < most; left--) {
    const entry = chain[at] ?? 0;
    const byte = entry & 0xff;
    at = entry >>> 8;
    const times = Math.min(same === 4 ? byte : 1, most - total);
    if (length + times > text.length) {
      bytes.push(text.subarray(0, length));
      text = Buffer.alloc(text.length);
      length = 0;
    }
    if (same === 4) text.fill(last, length, length + times);
    else text[length] = byte;
    length += times;
    total += times;
    same = same === 4 ? 0 : byte === last ? same + 1 : 1;
    last = same === 0 ? -1 : byte;
  }
  return Buffer.concat([...bytes, text.subarray(0, length)]);
}
