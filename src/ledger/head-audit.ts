import { CanonicalError, readCanonical } from './canonical.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import type { Findings } from './findings.ts';
import { readLines } from './lines.ts';
import type { MerkleTree } from './merkle.ts';
import { checkSignature, NoteError, type VerifierKey } from './note.ts';
import type { Check } from './verdict.ts';

/** A head besides those of `checkpoints.ndjson`: the latest, or the one somebody kept. */
export interface KeptHead {
  readonly checkpoint: Checkpoint;
  /** Whether it was kept outside the log: contradicting it is divergence, not damage. */
  readonly outside: boolean;
}

/** Compares the growing tree with every signed head, in the order of their sizes and in constant memory. */
export class HeadAudit {
  readonly #findings: Findings;
  readonly #keys: readonly VerifierKey[];
  readonly #stored: Iterator<Checkpoint>;
  readonly #kept: readonly KeptHead[];
  #next: Checkpoint | undefined;
  #count = 0;
  #coveredRecords = 0;
  #torn = false;

  constructor(findings: Findings, keys: readonly VerifierKey[], storedPath: string, kept: readonly KeptHead[]) {
    this.#findings = findings;
    this.#keys = keys;
    this.#kept = kept;
    this.#stored = this.#readStored(storedPath);
    this.#advance(0);
  }

  /** How many stored checkpoints were read. */
  get count(): number {
    return this.#count;
  }

  /** Records covered by the greatest head that is signed and fits. */
  get coveredRecords(): number {
    return this.#coveredRecords;
  }

  /** Whether the last stored checkpoint was cut off while it was written. */
  get torn(): boolean {
    return this.#torn;
  }

  /** Compare the tree, as it stands now, with every head of its size. */
  compare(tree: MerkleTree): void {
    while (this.#next?.size === tree.size) {
      this.#checkHead(this.#next, tree, 'checkpoint.root', false);
      this.#advance(tree.size);
    }
    for (const { checkpoint, outside } of this.#kept) {
      if (checkpoint.size !== tree.size) continue;
      this.#checkHead(checkpoint, tree, outside ? 'remembered' : 'checkpoint.root', outside);
    }
  }

  /** After the last record: heads that cover more than there is contradict the log. */
  finish(tree: MerkleTree): void {
    for (let head = this.#next; head !== undefined; head = this.#advance(head.size)) this.#tooLarge(head, tree.size);
    for (const { checkpoint, outside } of this.#kept)
      if (checkpoint.size > tree.size) this.#tooLarge(checkpoint, tree.size, outside);
  }

  #tooLarge(head: Checkpoint, size: number, outside = false): void {
    if (!this.#isSigned(head, outside)) return;
    const which = outside ? 'the remembered checkpoint' : 'a signed checkpoint';
    this.#findings.diverge(
      outside ? 'remembered' : 'checkpoint.size',
      `${which} covers ${head.size} records, the log holds ${size}`,
    );
  }

  #checkHead(head: Checkpoint, tree: MerkleTree, check: Check, outside: boolean): void {
    const signed = this.#isSigned(head, outside);
    const fits = head.root === tree.root();
    if (signed && fits && !outside) this.#coveredRecords = Math.max(this.#coveredRecords, head.size);
    if (fits) return;
    const message = `the checkpoint over ${head.size} records has another root`;
    if (outside) this.#findings.diverge(check, `${message} than the log`);
    else this.#findings.fail(check, message, Math.max(0, head.size - 1));
  }

  /** Whether a key of the log signed this head; anything else becomes a finding. */
  #isSigned(head: Checkpoint, outside: boolean): boolean {
    const signers = this.#keys.filter((key) => key.name === head.origin);
    const results = signers.map((key) => checkSignature(head.note, key));
    if (results.includes('valid') && !results.includes('invalid')) return true;
    const message = `the checkpoint over ${head.size} records is not signed by the key of this log`;
    if (outside) this.#findings.diverge('remembered', message);
    else this.#findings.fail('checkpoint.signature', message, Math.max(0, head.size - 1));
    return false;
  }

  #advance(previousSize: number): Checkpoint | undefined {
    for (;;) {
      const next = this.#stored.next();
      this.#next = next.done ? undefined : next.value;
      if (this.#next === undefined || this.#next.size > previousSize) return this.#next;
      this.#findings.fail('checkpoint.order', `checkpoint ${this.#count} is not greater than the one before`);
    }
  }

  *#readStored(path: string): Generator<Checkpoint, undefined, undefined> {
    for (const line of readLines(path)) {
      if (!line.whole) {
        this.#torn = true;
        return;
      }
      this.#count += 1;
      const checkpoint = this.#parse(line.bytes);
      if (checkpoint !== undefined) yield checkpoint;
    }
  }

  #parse(line: Buffer): Checkpoint | undefined {
    try {
      const { note } = readCanonical(line);
      if (typeof note === 'string') return parseCheckpoint(note);
      this.#findings.fail('checkpoint.form', `checkpoint ${this.#count} has no note`);
    } catch (error) {
      if (!(error instanceof CanonicalError || error instanceof NoteError)) throw error;
      this.#findings.fail('checkpoint.form', `checkpoint ${this.#count}: ${error.message}`);
    }
    return undefined;
  }
}
