import type { RedactingStream } from '../../text/index.ts';

/**
 * So many bytes of what might become a secret may be on their way to the client. Fewer than the sentinel can do without
 * at the head of a secret, so the rest is still recognised; more than chance makes of ordinary text.
 */
const LOOSE_BYTES = 8;

/**
 * Looks for a secret that comes in pieces over the text deltas of one block. Deltas pass at once; only when what was
 * read could be the greater part of a secret's beginning are they held until it turned out to be none.
 */
export class TextWatch {
  readonly #scan: RedactingStream;
  readonly #held: Buffer[] = [];
  /** Text of which the scan has not said yet what it is. */
  #undecided = Buffer.alloc(0);

  constructor(scan: RedactingStream) {
    this.#scan = scan;
  }

  /** What may be passed on now; undefined when the text holds a secret. */
  push(raw: Buffer, text: string): readonly Buffer[] | undefined {
    const read = Buffer.concat([this.#undecided, Buffer.from(text, 'utf8')]);
    this.#held.push(raw);
    const { bytes } = this.#scan.push(read.subarray(this.#undecided.length));
    // The scan gives back what it was given, except where it put a redaction.
    if (!read.subarray(0, bytes.length).equals(bytes)) return undefined;
    this.#undecided = read.subarray(bytes.length);
    return this.#undecided.length < LOOSE_BYTES ? this.#held.splice(0) : [];
  }

  /** The block is over: what was held, or undefined when it is a secret. */
  end(): readonly Buffer[] | undefined {
    return this.#scan.end().bytes.equals(this.#undecided) ? this.#held.splice(0) : undefined;
  }
}
