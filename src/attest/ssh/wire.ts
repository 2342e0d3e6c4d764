/**
 * Bytes that are not what the format says. The message says why, never the content, and goes on after the name of what
 * was read: `the key is cut off`.
 */
export class SshFormatError extends RangeError {
  override readonly name = 'SshFormatError';
}

const LENGTH_BYTES = 4;

/** Reads the data types of RFC 4251 §5 from bytes of anybody's. Every read is checked against what is left. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @throws SshFormatError when so many bytes are not left */
  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new SshFormatError('is cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  uint32(): number {
    return this.take(LENGTH_BYTES).readUInt32BE();
  }

  string(): Buffer {
    return this.take(this.uint32());
  }

  /** A name: printable ASCII (RFC 4251 §6). */
  name(): string {
    const bytes = this.string();
    if (!bytes.every((byte) => byte > 0x20 && byte < 0x7f))
      throw new SshFormatError('holds a name with other characters');
    return bytes.toString('latin1');
  }

  /** A positive integer without its sign byte. Only the shortest form is one (RFC 4251 §5, `mpint`). */
  positive(): Buffer {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    if (bytes.length === 0 || first >= 0x80) throw new SshFormatError('holds a number that is not positive');
    if (first !== 0) return bytes;
    if (bytes.length === 1 || second < 0x80)
      throw new SshFormatError('holds a number that is not in its shortest form');
    return bytes.subarray(1);
  }

  /** @throws SshFormatError when something follows: two readers must not see two meanings */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new SshFormatError('has something behind its end');
  }
}

/** RFC 4251 §5 `string`. */
export function encodeString(value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([encodeUint32(bytes.length), bytes]);
}

export function encodeUint32(value: number): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** RFC 4251 §5 `mpint` of a number that is not negative, given big-endian. */
export function encodePositive(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const shortest = start < 0 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(start));
  const signed = (shortest[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), shortest]) : shortest;
  return encodeString(signed);
}
