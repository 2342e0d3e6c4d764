import { hashPrefixedLeaf } from './merkle.ts';

const NEWLINE = 0x0a;
const FIRST_CAPACITY = 256 * 1024;
/** UTF-8 needs at most three bytes for each UTF-16 code unit. */
const BYTES_PER_UNIT = 3;

/** Whoever waits for a record to have its place. */
export interface Waiter {
  readonly sequence: number;
  readonly durable: boolean;
  readonly resolve: (place: { readonly sequence: number }) => void;
  readonly reject: (error: Error) => void;
}

/** A file to be written before the records that speak of it. */
export interface SideFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** Tiles can be made again from the records; blobs cannot, and are on disk before a record speaks of them. */
  readonly derived: boolean;
}

/** Records that go to disk in one write, and who waits for them. Used again after {@link clear}. */
export class Batch {
  readonly waiters: Waiter[] = [];
  readonly files: SideFile[] = [];
  salts = '';
  count = 0;
  durable = false;
  #buffer = Buffer.allocUnsafe(FIRST_CAPACITY);
  /** The byte in front of the first line is not written: it lends the place for a leaf's prefix. */
  #end = 1;

  /** Add a record's line; returns the hash of its leaf. */
  append(line: string): string {
    const start = this.#end;
    const needed = start + line.length * BYTES_PER_UNIT + 1;
    if (needed > this.#buffer.length) this.#grow(needed);
    const bytes = this.#buffer.write(line, start);
    const leafHash = hashPrefixedLeaf(this.#buffer.subarray(start - 1, start + bytes));
    // Gives the byte back that the leaf's prefix stood on: the newline of the line before.
    this.#buffer[start - 1] = NEWLINE;
    this.#buffer[start + bytes] = NEWLINE;
    this.#end = start + bytes + 1;
    this.count += 1;
    return leafHash;
  }

  /** The lines, ready to be written. Valid until {@link clear}. */
  get bytes(): Buffer {
    return this.#buffer.subarray(1, this.#end);
  }

  clear(): void {
    this.waiters.length = 0;
    this.files.length = 0;
    this.salts = '';
    this.count = 0;
    this.durable = false;
    this.#end = 1;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }
}
