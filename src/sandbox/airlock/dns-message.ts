const HEADER_BYTES = 12;
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;
/** RFC 1035 §4.2.1: a plain UDP message; an EDNS query is barely longer. */
const LONGEST_QUERY = 1232;
const TYPE_A = 1;
const CLASS_IN = 1;
const RESPONSE_FLAGS = 0x81;
const RECURSION_AVAILABLE = 0x80;
const NXDOMAIN = 3;
const TTL_SECONDS = 1;
/** RFC 1035 §4.1.4: points at the name in the question. */
const POINTER_TO_QUESTION = 0xc00c;

/** A DNS query as far as the stub understands it (RFC 1035 §4.1). */
export interface DnsQuery {
  /** Lower case, without the trailing dot. */
  readonly name: string;
  readonly type: number;
  /** Where the question ends. */
  readonly questionEnd: number;
}

/**
 * Reads a query strictly: exactly one question, a standard opcode, class IN, a host name of letters, digits, hyphens
 * and underscores without compression. Anything else is undefined and gets no answer.
 */
export function readQuery(message: Buffer): DnsQuery | undefined {
  if (message.length < HEADER_BYTES + 5 || message.length > LONGEST_QUERY) return undefined;
  const flags = message.readUInt8(2);
  const isStandardQuery = (flags & 0xf8) === 0;
  if (!isStandardQuery || message.readUInt16BE(4) !== 1 || message.readUInt16BE(6) !== 0) return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    if (at >= message.length) return undefined;
    const length = message.readUInt8(at);
    at += 1;
    if (length === 0) break;
    if (length > LONGEST_LABEL || at + length > message.length) return undefined;
    labels.push(message.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  const name = labels.join('.');
  if (at + 4 > message.length || name.length > LONGEST_NAME || !labels.every(isHostLabel)) return undefined;
  if (message.readUInt16BE(at + 2) !== CLASS_IN) return undefined;
  return { name, type: message.readUInt16BE(at), questionEnd: at + 4 };
}

/**
 * The answer: one address record for an A query of a known name, no records for its other types, NXDOMAIN otherwise.
 * @param address the address inside, or undefined for a name that is not allowed.
 */
export function answerQuery(message: Buffer, query: DnsQuery, address: string | undefined): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  message.copy(header, 0, 0, 2);
  header.writeUInt8(RESPONSE_FLAGS, 2);
  header.writeUInt8(RECURSION_AVAILABLE | (address === undefined ? NXDOMAIN : 0), 3);
  header.writeUInt16BE(1, 4);
  const question = message.subarray(HEADER_BYTES, query.questionEnd);
  if (address === undefined || query.type !== TYPE_A) return Buffer.concat([header, question]);
  header.writeUInt16BE(1, 6);
  const record = Buffer.alloc(16);
  record.writeUInt16BE(POINTER_TO_QUESTION, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  record.set(address.split('.').map(Number), 12);
  return Buffer.concat([header, question, record]);
}

function isHostLabel(label: string): boolean {
  return /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label);
}
