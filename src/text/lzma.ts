/**
 * Reads LZMA, as far as is needed to look for a secret in it: no checksum is compared, and what was read before a fault
 * or the limit counts. After the LZMA specification (LZMA SDK, `lzma-specification.txt`) and the .xz file format 1.2.
 */

export const XZ_MARK = Buffer.from('fd377a585a00', 'hex');
/** Of the older `.lzma`: the usual properties, and a dictionary size that is a power of two. */
export const LZMA_MARK = Buffer.from('5d0000', 'hex');
const LZMA_HEADER = 13;
const XZ_HEADER = 12;
/** Bytes of the check after a block, by its id (xz-file-format §2.1.1.2). */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** The content of a `.lzma` file; as much of it as `most` bytes. */
export function unpackLzma(packed: Uint8Array, most: number): Buffer {
  const output = new Output(most);
  untilFault(() => {
    const decoder = new LzmaDecoder(output);
    decoder.setProperties(packed[0] ?? 0);
    decoder.resetState();
    decoder.decode(new RangeDecoder(packed, LZMA_HEADER), most);
  });
  return output.content();
}

export const SEVEN_ZIP_MARK = Buffer.from('377abcaf271c', 'hex');
const SEVEN_ZIP_HEADER = 32;

/** What stands first in a `.7z` archive, packed in either of the ways that its writers choose by themselves. */
export function unpackSevenZip(packed: Uint8Array, most: number): Buffer {
  const output = new Output(most);
  untilFault(() => void readChunks(packed, SEVEN_ZIP_HEADER, output));
  if (output.length > 0) return output.content();
  return unpackLzma(Buffer.concat([LZMA_MARK, Buffer.alloc(LZMA_HEADER - 3), packed.subarray(SEVEN_ZIP_HEADER)]), most);
}

/** The content of a `.xz` file, block after block; as much of it as `most` bytes. */
export function unpackXz(packed: Uint8Array, most: number): Buffer {
  const output = new Output(most);
  untilFault(() => {
    const check = CHECK_BYTES[(packed[7] ?? 0) & 0x0f] ?? 0;
    for (let at = XZ_HEADER; (packed[at] ?? 0) !== 0; ) {
      const content = at + ((packed[at] ?? 0) + 1) * 4;
      const end = readChunks(packed, content, output);
      at = content + Math.ceil((end - content) / 4) * 4 + check;
    }
  });
  return output.content();
}

/** The faults of hostile bytes are `RangeError`s; everything else is a fault of ours. */
function untilFault(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

/** LZMA2: chunks that are stored or packed; the state goes on from one to the next unless a chunk resets it. Returns where they end. */
function readChunks(packed: Uint8Array, start: number, output: Output): number {
  const decoder = new LzmaDecoder(output);
  for (let at = start; ; ) {
    const control = packed[at] ?? 0;
    if (control === 0) return at + 1;
    if (at + 6 > packed.length) throw new RangeError('the end');
    const size = ((packed[at + 1] ?? 0) << 8) + (packed[at + 2] ?? 0) + 1;
    if (control === 1 || control >= 0xe0) decoder.resetDictionary();
    if (control < 0x80) {
      for (const byte of packed.subarray(at + 3, at + 3 + size)) output.put(byte);
      at += 3 + size;
      continue;
    }
    const packedSize = ((packed[at + 3] ?? 0) << 8) + (packed[at + 4] ?? 0) + 1;
    const hasProperties = control >= 0xc0;
    if (hasProperties) decoder.setProperties(packed[at + 5] ?? 0);
    if (control >= 0xa0) decoder.resetState();
    const from = at + (hasProperties ? 6 : 5);
    decoder.decode(new RangeDecoder(packed, from), ((control & 0x1f) << 16) + size);
    at = from + packedSize;
  }
}

/** What was read so far, which is the dictionary as well. */
class Output {
  readonly #most: number;
  #bytes = Buffer.alloc(4096);
  length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  put(byte: number): void {
    if (this.length >= this.#most) throw new RangeError('the limit');
    if (this.length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.length)]);
    this.#bytes[this.length++] = byte;
  }

  back(distance: number): number {
    if (distance > this.length) throw new RangeError('before the beginning');
    return this.#bytes[this.length - distance] ?? 0;
  }

  content(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}

const PROBABILITY_BITS = 11;
const EVEN = 1 << (PROBABILITY_BITS - 1);

class RangeDecoder {
  readonly #bytes: Uint8Array;
  #at: number;
  #range = 0xffffffff;
  #code = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    // The first byte is always zero.
    this.#at = at + 1;
    for (let index = 0; index < 4; index++) this.#code = ((this.#code << 8) | this.#byte()) >>> 0;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('the end');
    return byte;
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index] ?? EVEN;
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    const isOne = this.#code >= bound;
    if (isOne) {
      this.#range -= bound;
      this.#code -= bound;
      probabilities[index] = probability - (probability >> 5);
    } else {
      this.#range = bound;
      probabilities[index] = probability + (((1 << PROBABILITY_BITS) - probability) >> 5);
    }
    this.#normalise();
    return isOne ? 1 : 0;
  }

  direct(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) {
      this.#range >>>= 1;
      const isOne = this.#code >= this.#range;
      if (isOne) this.#code -= this.#range;
      value = value * 2 + (isOne ? 1 : 0);
      this.#normalise();
    }
    return value;
  }

  tree(probabilities: Uint16Array, from: number, count: number): number {
    let node = 1;
    for (let left = count; left > 0; left--) node = node * 2 + this.bit(probabilities, from + node);
    return node - (1 << count);
  }

  reverseTree(probabilities: Uint16Array, from: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let index = 0; index < count; index++) {
      const bit = this.bit(probabilities, from + node);
      node = node * 2 + bit;
      value |= bit << index;
    }
    return value;
  }

  #normalise(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#byte()) >>> 0;
  }
}

const fresh = (count: number): Uint16Array => new Uint16Array(count).fill(EVEN);

/** Lengths of matches, in three ranges. */
class LengthCode {
  readonly #choice = fresh(2);
  readonly #low = fresh(16 * 8);
  readonly #middle = fresh(16 * 8);
  readonly #high = fresh(256);

  read(range: RangeDecoder, position: number): number {
    if (range.bit(this.#choice, 0) === 0) return range.tree(this.#low, position * 8, 3);
    if (range.bit(this.#choice, 1) === 0) return 8 + range.tree(this.#middle, position * 8, 3);
    return 16 + range.tree(this.#high, 0, 8);
  }
}

/** Everything that adapts, as it is at the start. */
class Model {
  readonly literal: Uint16Array;
  readonly isMatch = fresh(12 * 16);
  readonly isRepeat = fresh(12);
  readonly isRepeat0 = fresh(12);
  readonly isRepeat0Long = fresh(12 * 16);
  readonly isRepeat1 = fresh(12);
  readonly isRepeat2 = fresh(12);
  readonly slot = fresh(4 * 64);
  readonly position = fresh(1 + 128 - 14);
  readonly align = fresh(16);
  readonly matchLength = new LengthCode();
  readonly repeatLength = new LengthCode();
  readonly distances = [0, 0, 0, 0];
  state = 0;

  constructor(literalBits: number) {
    this.literal = fresh(0x300 << literalBits);
  }
}

/** State after a literal, by the state before it. */
const AFTER_LITERAL = [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 4, 5];
const END_MARKER = 0xffffffff;

class LzmaDecoder {
  readonly #output: Output;
  /** Where the dictionary began: what is before it is not looked back at, and places are counted from it. */
  #origin = 0;
  #literalContext = 3;
  #literalPosition = 0;
  #positionBits = 2;
  #model = new Model(3);

  constructor(output: Output) {
    this.#output = output;
  }

  setProperties(byte: number): void {
    if (byte >= 9 * 5 * 5) throw new RangeError('no such properties');
    this.#literalContext = byte % 9;
    this.#literalPosition = Math.floor(byte / 9) % 5;
    this.#positionBits = Math.floor(byte / 45);
  }

  resetDictionary(): void {
    this.#origin = this.#output.length;
  }

  resetState(): void {
    this.#model = new Model(this.#literalContext + this.#literalPosition);
  }

  /** Until `size` bytes more were put, or the end is marked. */
  decode(range: RangeDecoder, size: number): void {
    const output = this.#output;
    const model = this.#model;
    for (const end = output.length + size; output.length < end; ) {
      const position = (output.length - this.#origin) & ((1 << this.#positionBits) - 1);
      if (range.bit(model.isMatch, model.state * 16 + position) === 0) {
        output.put(this.#literal(range));
        model.state = AFTER_LITERAL[model.state] ?? 0;
        continue;
      }
      const length = this.#match(range, position);
      if (length === undefined) return;
      const distance = (model.distances[0] ?? 0) + 1;
      for (let left = Math.min(length, end - output.length); left > 0; left--) output.put(output.back(distance));
    }
  }

  #literal(range: RangeDecoder): number {
    const output = this.#output;
    const model = this.#model;
    const place = output.length - this.#origin;
    const before = place > 0 ? output.back(1) : 0;
    const low = place & ((1 << this.#literalPosition) - 1);
    const from = 0x300 * ((low << this.#literalContext) + (before >> (8 - this.#literalContext)));
    let symbol = 1;
    if (model.state >= 7) {
      let matched = output.back((model.distances[0] ?? 0) + 1);
      while (symbol < 0x100) {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = range.bit(model.literal, from + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (expected !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(model.literal, from + symbol);
    return symbol & 0xff;
  }

  /** The length of a match whose distance is then the first of the model's; undefined at the mark of the end. */
  #match(range: RangeDecoder, position: number): number | undefined {
    const model = this.#model;
    const { distances, state } = model;
    if (range.bit(model.isRepeat, state) === 0) {
      const length = model.matchLength.read(range, position);
      const distance = this.#distance(range, length);
      if (distance === END_MARKER) return undefined;
      distances.unshift(distance);
      distances.pop();
      model.state = state < 7 ? 7 : 10;
      return length + 2;
    }
    if (range.bit(model.isRepeat0, state) === 0) {
      if (range.bit(model.isRepeat0Long, state * 16 + position) === 0) {
        model.state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      const index = range.bit(model.isRepeat1, state) === 0 ? 1 : 2 + range.bit(model.isRepeat2, state);
      distances.unshift(...distances.splice(index, 1));
    }
    model.state = state < 7 ? 8 : 11;
    return model.repeatLength.read(range, position) + 2;
  }

  #distance(range: RangeDecoder, length: number): number {
    const model = this.#model;
    const slot = range.tree(model.slot, Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + range.reverseTree(model.position, base - slot, bits);
    return base + range.direct(bits - 4) * 16 + range.reverseTree(model.align, 0, 4);
  }
}
