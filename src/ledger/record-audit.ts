import { isObject, type JsonObject, type JsonValue } from '../system/index.ts';
import { CanonicalError, readCanonical } from './canonical.ts';
import type { Findings } from './findings.ts';
import { MAX_LEAF_BYTES, NO_PREVIOUS, RECORD_VERSION } from './leaf.ts';
import type { LedgerReport } from './verdict.ts';

const TIME = /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$/;

/** Checks each record by itself and against the one before. */
export class RecordAudit {
  readonly #findings: Findings;
  readonly #origin: string | null;
  #previous = NO_PREVIOUS;
  #elapsed = 0;
  #final: LedgerReport['final'] = null;

  constructor(findings: Findings, origin: string | null) {
    this.#findings = findings;
    this.#origin = origin;
  }

  /** What the final record says, once it was seen. */
  get final(): LedgerReport['final'] {
    return this.#final;
  }

  /** Check the record that stands at `sequence`. `leafHash` is the hash of these bytes. */
  check(bytes: Buffer, leafHash: string, sequence: number): void {
    if (this.#final !== null) this.#findings.fail('final', 'stands behind the final record', sequence);
    const record = this.#read(bytes, sequence);
    if (record !== undefined) this.#checkFields(record, sequence);
    this.#previous = leafHash;
  }

  #read(bytes: Buffer, sequence: number): JsonObject | undefined {
    try {
      if (bytes.length >= MAX_LEAF_BYTES) throw new CanonicalError('is too long for a record');
      return readCanonical(bytes);
    } catch (error) {
      if (!(error instanceof CanonicalError)) throw error;
      this.#findings.fail('canonical', error.message, sequence);
      return undefined;
    }
  }

  #checkFields(record: JsonObject, sequence: number): void {
    const { v: version, kind, subject, mono, time } = record;
    if (version !== RECORD_VERSION) {
      if (typeof version === 'number' && version > RECORD_VERSION)
        this.#findings.defer('version', `is of version ${version}; this verifier knows ${RECORD_VERSION}`, sequence);
      else this.#findings.fail('version', 'has no version that exists', sequence);
      return;
    }
    if (record['seq'] !== sequence) this.#findings.fail('sequence', 'has another number than its place', sequence);
    if (record['prev'] !== this.#previous)
      this.#findings.fail('chain', 'does not follow from the record before', sequence);
    if (this.#origin !== null && record['log'] !== this.#origin)
      this.#findings.fail('log', 'belongs to another log', sequence);
    if (typeof kind !== 'string' || !isObject(subject)) this.#findings.fail('field', 'lacks kind or subject', sequence);
    if (typeof time !== 'string' || !TIME.test(time)) this.#findings.fail('field', 'has no time', sequence);
    if (typeof mono !== 'number' || !Number.isInteger(mono) || mono < this.#elapsed)
      this.#findings.fail('clock', 'stands before its predecessor on the monotonic clock', sequence);
    else this.#elapsed = mono;
    if (isObject(subject)) this.#noteKind(kind, subject, sequence);
  }

  #noteKind(kind: JsonValue | undefined, subject: JsonObject, sequence: number): void {
    const { kind: gap, outcome, exit } = subject;
    if (kind === 'capture.gap') this.#findings.gap(sequence, typeof gap === 'string' ? gap : 'unnamed');
    if (kind === 'run.final')
      this.#final = {
        outcome: typeof outcome === 'string' ? outcome : 'unnamed',
        exit: typeof exit === 'number' ? exit : null,
      };
  }
}
