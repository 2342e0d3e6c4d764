/** What the first message of a TLS connection says in clear. */
export interface ClientHello {
  /** Server name as sent; undefined when the extension is absent. */
  readonly sni: string | undefined;
  readonly alpn: readonly string[];
  /** Encrypted ClientHello is present, real or GREASE: they cannot be told apart (RFC 9849 §6.2). */
  readonly ech: boolean;
}

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const MAX_RECORD = 16_384;
/** A hello with post-quantum key shares is about 2 KiB, in one record or two; more than this is no honest one. */
const MAX_HELLO = 16_384;
const MAX_RECORDS = 16;

const SERVER_NAME = 0x0000;
const ALPN = 0x0010;
const ENCRYPTED_CLIENT_HELLO = 0xfe0d;
const HOST_NAME = 0;

/**
 * Read a ClientHello (RFC 8446 §4.1.2), also when it is split over several records. Total: any input gives one of the
 * three answers. A hello that is not exactly as its lengths say, or names an extension twice, is `not-tls`.
 */
export function parseClientHello(bytes: Uint8Array): ClientHello | 'incomplete' | 'not-tls' {
  const message = joinRecords(bytes);
  if (typeof message === 'string') return message;
  try {
    return readHello(new Reader(message));
  } catch (error) {
    if (error instanceof Malformed) return 'not-tls';
    throw error;
  }
}

/** The handshake message from its records; a record beyond the message is left alone (early data). */
function joinRecords(bytes: Uint8Array): Uint8Array | 'incomplete' | 'not-tls' {
  const fragments: Uint8Array[] = [];
  let have = 0;
  let need = 4;
  for (let at = 0; have < need; ) {
    const header = bytes.subarray(at, at + 5);
    if (!isRecordStart(header)) return 'not-tls';
    if (header.length < 5) return 'incomplete';
    const length = ((header[3] ?? 0) << 8) | (header[4] ?? 0);
    if (length === 0 || length > MAX_RECORD || fragments.length === MAX_RECORDS) return 'not-tls';
    const fragment = bytes.subarray(at + 5, at + 5 + length);
    fragments.push(fragment);
    have += fragment.length;
    need = lengthOfMessage(fragments);
    if (need === -1 || need > MAX_HELLO) return 'not-tls';
    if (have < need && fragment.length < length) return 'incomplete';
    at += 5 + length;
  }
  const message = Buffer.concat(fragments);
  return message.length === need ? message : 'not-tls';
}

/** The header may itself be cut: judge what is there. */
function isRecordStart(header: Uint8Array): boolean {
  const [type = HANDSHAKE_RECORD, major = 3, minor = 1] = header;
  return type === HANDSHAKE_RECORD && major === 3 && minor <= 4;
}

/** Length of the message with its header of four bytes; 4 while the header is not whole; -1 when it is no hello. */
function lengthOfMessage(fragments: readonly Uint8Array[]): number {
  const head = Buffer.concat(fragments.map((fragment) => fragment.subarray(0, 4))).subarray(0, 4);
  if (head.length > 0 && head[0] !== CLIENT_HELLO) return -1;
  return head.length < 4 ? 4 : 4 + head.readUIntBE(1, 3);
}

function readHello(reader: Reader): ClientHello {
  reader.skip(4);
  reader.skip(2 + 32);
  reader.vector(1);
  reader.vector(2);
  reader.vector(1);
  const extensions = reader.vector(2);
  reader.finish();
  const seen = new Set<number>();
  let sni: string | undefined;
  let alpn: readonly string[] = [];
  while (!extensions.isAtEnd()) {
    const type = extensions.number(2);
    const body = extensions.vector(2);
    if (seen.has(type)) throw new Malformed();
    seen.add(type);
    if (type === SERVER_NAME) sni = readServerName(body);
    if (type === ALPN) alpn = readProtocols(body);
  }
  return { sni, alpn, ech: seen.has(ENCRYPTED_CLIENT_HELLO) };
}

/** RFC 6066 §3: a list in which only one name of type host_name makes sense; anything else could be read two ways. */
function readServerName(body: Reader): string {
  const list = body.vector(2);
  body.finish();
  if (list.number(1) !== HOST_NAME) throw new Malformed();
  const name = list.vector(2).rest();
  list.finish();
  const text = Buffer.from(name).toString('latin1');
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Malformed();
  return text;
}

function readProtocols(body: Reader): readonly string[] {
  const list = body.vector(2);
  body.finish();
  const protocols: string[] = [];
  while (!list.isAtEnd()) protocols.push(Buffer.from(list.vector(1).rest()).toString('latin1'));
  return protocols;
}

class Malformed extends Error {}

/** Reads TLS presentation language (RFC 8446 §3); every read beyond the end is `Malformed`. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  finish(): void {
    if (!this.isAtEnd()) throw new Malformed();
  }

  skip(length: number): void {
    this.#take(length);
  }

  number(size: 1 | 2): number {
    return this.#take(size).reduce((value, byte) => (value << 8) | byte, 0);
  }

  /** A vector whose length is written in `size` bytes. */
  vector(size: 1 | 2): Reader {
    return new Reader(this.#take(this.number(size)));
  }

  rest(): Uint8Array {
    return this.#take(this.#bytes.length - this.#at);
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Malformed();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
