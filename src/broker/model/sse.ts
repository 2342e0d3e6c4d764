/** One server-sent event with the very bytes it arrived in. */
export interface SseEvent {
  /** Everything from the end of the event before to the end of this one, its blank line included. */
  readonly raw: Buffer;
  /** The `data` fields, joined as the specification says; undefined when there are none (a comment, a keep-alive). */
  readonly data: string | undefined;
  /** The last `event` field; undefined when there is none or an empty one. */
  readonly name: string | undefined;
  /** True for lines that are no field and no comment: one client skips them, another reads them as the answer itself. */
  readonly stray: boolean;
  /** True when something was taken out of it: then `raw` is not what arrived. */
  readonly redacted?: boolean;
}

const CR = 0x0d;
const LF = 0x0a;

/**
 * Cuts a byte stream into events at blank lines (WHATWG HTML §9.2.6: lines end in LF, CRLF or CR) without changing a
 * byte: the concatenation of all `raw` is the input. An event is given out as soon as it is complete.
 */
export class SseReader {
  readonly #maxBytes: number;
  /** What is not given out yet, at the start of room to spare: an event in many pieces is not copied at each of them. */
  #storage: Buffer = Buffer.alloc(0);
  #length = 0;
  /** Where the search for the blank line goes on. */
  #scanned = 0;
  #lineStart = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Throws a RangeError when one event grows beyond the limit. */
  push(chunk: Uint8Array): SseEvent[] {
    this.#append(chunk);
    const events: SseEvent[] = [];
    for (let end = this.#nextBoundary(); end !== undefined; end = this.#nextBoundary()) events.push(this.#cut(end));
    if (this.#length > this.#maxBytes) throw new RangeError('an event of the stream is too large');
    return events;
  }

  /** What is left when the stream ends without a blank line, read as if one had come: some clients do so too. */
  end(): SseEvent | undefined {
    return this.#length === 0 ? undefined : this.#cut(this.#length);
  }

  #append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#storage.length) {
      const roomier = Buffer.allocUnsafe(this.#length === 0 ? length : 2 * length);
      this.#storage.copy(roomier, 0, 0, this.#length);
      this.#storage = roomier;
    }
    this.#storage.set(chunk, this.#length);
    this.#length = length;
  }

  #cut(end: number): SseEvent {
    const raw = this.#storage.subarray(0, end);
    this.#storage = this.#storage.subarray(end);
    this.#length -= end;
    this.#scanned = 0;
    this.#lineStart = 0;
    return { raw, ...fieldsOf(raw) };
  }

  /** Index after the line end of a blank line, or undefined. A CR at the very end waits: an LF may belong to it. */
  #nextBoundary(): number | undefined {
    const buffer = this.#storage.subarray(0, this.#length);
    while (this.#scanned < buffer.length) {
      const at = this.#scanned;
      const byte = buffer[at];
      if (byte !== LF && byte !== CR) {
        this.#scanned = nextLineEnd(buffer, at);
        continue;
      }
      if (byte === CR && at + 1 === buffer.length) return undefined;
      const next = byte === CR && buffer[at + 1] === LF ? at + 2 : at + 1;
      const blank = at === this.#lineStart;
      this.#lineStart = next;
      this.#scanned = next;
      if (blank) return next;
    }
    return undefined;
  }
}

function nextLineEnd(buffer: Buffer, from: number): number {
  const lf = buffer.indexOf(LF, from);
  const end = lf === -1 ? buffer.length : lf;
  const cr = buffer.subarray(from, end).indexOf(CR);
  return cr === -1 ? end : from + cr;
}

const FIELDS: ReadonlySet<string> = new Set(['data', 'event', 'id', 'retry', '']);

function fieldsOf(raw: Buffer): Pick<SseEvent, 'data' | 'name' | 'stray'> {
  let data: string | undefined;
  let name: string | undefined;
  let stray = false;
  // A byte order mark is legal before the first line.
  for (const line of raw
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    stray ||= !FIELDS.has(field);
    if (field !== 'data' && field !== 'event') continue;
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') name = value === '' ? undefined : value;
    else data = data === undefined ? value : `${data}\n${value}`;
  }
  return { data, name, stray };
}

/** Writes one event as the Messages API does. */
export function formatSseEvent(type: string, data: object): Buffer {
  return Buffer.from(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`, 'utf8');
}
