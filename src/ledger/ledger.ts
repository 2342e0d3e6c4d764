import { SallyportError } from '../errors/index.ts';
import type { Clock, JsonObject, RandomBytes } from '../system/index.ts';
import { Batch, type Waiter } from './batch.ts';
import type { TreeHead } from './checkpoint.ts';
import { commitContent } from './content.ts';
import { Journal } from './journal.ts';
import { MAX_LEAF_BYTES, NO_PREVIOUS, writeEvent, writeLeaf } from './leaf.ts';
import { MerkleTree } from './merkle.ts';
import type { LedgerEvent, Recorder } from './record.ts';
import { RunKey } from './run-key.ts';
import { TileBuilder } from './tile.ts';

/** Records that may be written but not yet synced, and for how long, in milliseconds. */
const GROUP_RECORDS = 64;
const GROUP_MILLISECONDS = 50;
/** A checkpoint is signed after so many records, or after so long, whichever is first. */
const CHECKPOINT_RECORDS = 100;
const CHECKPOINT_MILLISECONDS = 5_000;
/** A wall clock that goes back by more than this between two records becomes a `capture.gap` record. */
const CLOCK_SKEW_MILLISECONDS = 1_000;

const NO_COMMITMENTS = new Map<string, never>();
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export interface LedgerOptions {
  /** Where the log goes; made when absent, refused when it already holds a log. Outside the sandbox. */
  readonly directory: string;
  /** Letters, digits, `.`, `_` and `-`. The log's origin is `sallyport/run/<runId>`. */
  readonly runId: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** How the run ended, as the final record says it. */
export interface RunEnd {
  /** Exit code of the run; null when there is none. */
  readonly exit: number | null;
  /** Whatever else belongs to the account of the run. */
  readonly summary?: JsonObject;
}

interface CheckpointDuty {
  /** Absent when every record is signed already. */
  readonly head: TreeHead | undefined;
  /** Asked for, by time or by name: then it also becomes the latest, which costs more than all the rest. */
  readonly asked: boolean;
}

export interface ClosedLedger {
  readonly directory: string;
  readonly origin: string;
  /** Public key of the run as signed-note writes it. Keep it, or better the checkpoint, outside the host. */
  readonly verifierKey: string;
  /** Number of records. */
  readonly size: number;
  /** Root of the tree, hexadecimal. */
  readonly root: string;
  /** The final signed checkpoint. */
  readonly checkpoint: string;
}

/**
 * The run's log: an append-only file of canonical records in a Merkle tree, with checkpoints signed by a key that lives
 * only in this object. Format: `docs/formats/ledger.md`.
 *
 * ```ts
 * await using ledger = await Ledger.create({ directory, runId, clock, random });
 * await ledger.record({ kind: 'tool.call', subject: { tool: 'Bash' } }, { durable: true });
 * const closed = await ledger.close({ exit: 0 });
 * ```
 */
export class Ledger implements Recorder, AsyncDisposable {
  readonly directory: string;
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #key: RunKey;
  readonly #journal: Journal;
  readonly #tiles = new TileBuilder();
  readonly #tree = new MerkleTree((level, hash) => this.#tiles.add(level, hash));
  readonly #start: bigint;

  /** Takes new records while the other batch is on its way to the disk. */
  #filling = new Batch();
  #idle = new Batch();
  #draining: Promise<void> | undefined;
  #publishing: Promise<void> | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #failure: SallyportError | undefined;

  #previous = NO_PREVIOUS;
  #lastWall: number;
  #written = 0;
  #synced = 0;
  #signed = 0;
  #latest = '';
  #syncTimer: NodeJS.Timeout | undefined;
  #checkpointTimer: NodeJS.Timeout | undefined;
  #syncDue = false;
  #checkpointDue = false;

  private constructor(options: LedgerOptions, key: RunKey, journal: Journal) {
    this.directory = options.directory;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#key = key;
    this.#journal = journal;
    this.#start = options.clock.monotonic();
    this.#lastWall = options.clock.now();
  }

  /**
   * Open a new log with a new key.
   *
   * @throws SallyportError SP1507 when there is a log already, SP1502 when the place cannot be written, SP1503 when the
   *   run id cannot stand in an origin.
   */
  static async create(options: LedgerOptions): Promise<Ledger> {
    if (!RUN_ID.test(options.runId))
      throw new SallyportError('SP1503', 'the run id holds other characters than letters, digits, `.`, `_` and `-`');
    const key = RunKey.create(`sallyport/run/${options.runId}`, options.random);
    return new Ledger(options, key, await Journal.create(options.directory, key.verifierKey));
  }

  /** Name of the log: first line of its checkpoints, name of its key, `log` of its records. */
  get origin(): string {
    return this.#key.origin;
  }

  get verifierKey(): string {
    return this.#key.verifierKey;
  }

  /**
   * Add a record. Resolves when it is written (it outlives this process); with `durable`, when it is on disk (it outlives
   * the machine). Records keep the order of the calls. A field too long for a record is kept encrypted under `blobs/` and
   * the record says so.
   *
   * @throws SallyportError SP1502 when the log could not be written, then and ever after; SP1503 when the record has no
   *   place even so; SP1504 after {@link close}.
   */
  async record(
    event: LedgerEvent,
    options: { readonly durable?: boolean } = {},
  ): Promise<{ readonly sequence: number }> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state !== 'open') throw new SallyportError('SP1504', `cannot add '${event.kind}'`);
    if (event.kind === 'run.final') throw new SallyportError('SP1503', 'only `close` writes the final record');
    this.#noteClockSkew();
    return this.#append(event, options.durable ?? false);
  }

  /** Put everything recorded so far on disk and under a signed checkpoint. */
  async checkpoint(): Promise<void> {
    this.#checkpointDue = true;
    await this.#settle();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Write `run.final`, sign the last checkpoint, write the tiles, put everything on disk and destroy the key.
   *
   * @throws SallyportError SP1502 when the log could not be written, SP1504 when it is closed already.
   */
  async close(end: RunEnd): Promise<ClosedLedger> {
    return this.#finish({ outcome: 'closed', exit: end.exit, summary: end.summary ?? {} });
  }

  /** Closes a log that nobody closed, with a final record that says `aborted`. After {@link close} does nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state !== 'open') return;
    if (this.#failure === undefined) await this.#finish({ outcome: 'aborted', exit: null, summary: {} });
    else await this.#release();
  }

  async #finish(final: JsonObject): Promise<ClosedLedger> {
    if (this.#state !== 'open') throw new SallyportError('SP1504', 'cannot close it again');
    this.#state = 'closing';
    try {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#append({ kind: 'run.final', subject: final }, true);
      await this.checkpoint();
      await this.#journal.seal([...this.#tiles.takeFull(), ...this.#tiles.partial()]);
      const { directory, origin, verifierKey } = this;
      const { size, root } = this.#head();
      return { directory, origin, verifierKey, size, root, checkpoint: this.#latest };
    } finally {
      await this.#release();
    }
  }

  async #release(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#syncTimer);
    clearTimeout(this.#checkpointTimer);
    this.#key.destroy();
    await this.#settle();
    await this.#journal.close();
  }

  /** Give the record its place in the chain and the tree, at once; the promise is about the disk. */
  #append(event: LedgerEvent, durable: boolean): Promise<{ readonly sequence: number }> {
    const sequence = this.#tree.size;
    const text = writeEvent(event);
    const content = commitContent(event, text, this.#random);
    const wall = this.#clock.now();
    const elapsed = Number(this.#clock.monotonic() - this.#start);
    const position = { origin: this.origin, sequence, previous: this.#previous, wall, elapsed };
    const line = writeLeaf(text, position, content?.commitments ?? NO_COMMITMENTS);
    if (Buffer.byteLength(line) >= MAX_LEAF_BYTES)
      throw new SallyportError('SP1503', `a '${event.kind}' record is too long even without its large fields`);
    if (content !== undefined) {
      this.#filling.files.push(...content.blobs);
      this.#filling.salts += `{"salt":"${content.salt.toString('hex')}","seq":${sequence}}\n`;
    }
    const leafHash = this.#filling.append(line);
    this.#tree.append(leafHash);
    this.#previous = leafHash;
    this.#lastWall = wall;
    return new Promise((resolve, reject) => {
      this.#filling.waiters.push({ sequence, durable, resolve, reject });
      this.#filling.durable ||= durable;
      this.#wake();
    });
  }

  #noteClockSkew(): void {
    const back = this.#lastWall - this.#clock.now();
    if (back <= CLOCK_SKEW_MILLISECONDS) return;
    const gap = this.#append({ kind: 'capture.gap', subject: { kind: 'clock_skew', milliseconds: back } }, false);
    // A failure shows in the record that follows in the same batch; this one has nobody of its own who waits.
    gap.catch(() => undefined);
  }

  #head(): TreeHead {
    return { origin: this.origin, size: this.#tree.size, root: this.#tree.root() };
  }

  #wake(): void {
    this.#draining ??= this.#drain();
  }

  /** Resolves when nothing is left to be written, synced or published. */
  async #settle(): Promise<void> {
    this.#syncDue = true;
    this.#wake();
    while (this.#draining !== undefined || this.#publishing !== undefined) {
      await this.#draining;
      await this.#publishing;
    }
  }

  /** The one place that writes: takes what has gathered, writes it, syncs when due, and again until nothing is left. */
  async #drain(): Promise<void> {
    // Lets every record of the present turn join the first batch.
    await Promise.resolve();
    while (this.#failure === undefined && this.#hasWork()) {
      const batch = this.#filling;
      this.#filling = this.#idle;
      this.#idle = batch;
      try {
        const duty = this.#takeDuty();
        await this.#write(batch, duty !== undefined);
        if (duty !== undefined) this.#publish(duty);
      } catch (cause) {
        this.#fail(cause, batch);
      }
      batch.clear();
    }
    // In the same turn as the last look for work: a record that comes right after must find nobody draining.
    this.#draining = undefined;
  }

  #hasWork(): boolean {
    if (this.#filling.count > 0) return true;
    const unsynced = this.#written > this.#synced;
    return (this.#syncDue && unsynced) || (this.#checkpointDue && this.#publishing === undefined);
  }

  async #write(batch: Batch, sync: boolean): Promise<void> {
    if (batch.count > 0) await this.#journal.write(batch);
    this.#written += batch.count;
    settleWaiters(batch.waiters, false);
    if (!sync && !batch.durable && !this.#syncDue && this.#written - this.#synced < GROUP_RECORDS) {
      this.#syncTimer ??= setTimeout(() => this.#syncAfterWait(), GROUP_MILLISECONDS);
      return;
    }
    this.#syncDue = false;
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    const covered = this.#written;
    await this.#journal.sync();
    this.#synced = covered;
    settleWaiters(batch.waiters, true);
  }

  #syncAfterWait(): void {
    this.#syncTimer = undefined;
    this.#syncDue = true;
    this.#wake();
  }

  /** What is to be signed and published over the batch just taken, if it is time for it and none is on its way. */
  #takeDuty(): CheckpointDuty | undefined {
    const unsigned = this.#tree.size - this.#signed;
    if (unsigned > 0)
      this.#checkpointTimer ??= setTimeout(() => this.#checkpointAfterWait(), CHECKPOINT_MILLISECONDS).unref();
    const asked = this.#checkpointDue;
    if (this.#publishing !== undefined || (unsigned < CHECKPOINT_RECORDS && !asked)) return undefined;
    this.#checkpointDue = false;
    return { head: unsigned > 0 ? this.#head() : undefined, asked };
  }

  #checkpointAfterWait(): void {
    this.#checkpointTimer = undefined;
    this.#checkpointDue = true;
    this.#wake();
  }

  /** Runs beside the next batch, one at a time. The records under the head are on disk. */
  #publish(duty: CheckpointDuty): void {
    this.#publishing = this.#keep(duty)
      .catch((cause) => this.#fail(cause, this.#filling))
      .finally(() => {
        this.#publishing = undefined;
        if (this.#checkpointDue) this.#wake();
      });
  }

  async #keep({ head, asked }: CheckpointDuty): Promise<void> {
    if (head !== undefined) {
      this.#latest = this.#key.sign(head);
      this.#signed = head.size;
      await this.#journal.publish(this.#latest, this.#tiles.takeFull());
    }
    if (asked && this.#latest !== '') await this.#journal.replaceLatest(this.#latest);
  }

  /** From now on nothing is taken: a log with a hole would be worse than a run that stops. */
  #fail(cause: unknown, batch: Batch): void {
    this.#failure ??=
      cause instanceof SallyportError ? cause : new SallyportError('SP1502', 'the ledger failed', { cause });
    for (const waiter of [...batch.waiters, ...this.#filling.waiters]) waiter.reject(this.#failure);
    batch.waiters.length = 0;
    this.#filling.clear();
  }
}

/** Tell those who waited for this much; a second call for the same waiter has no effect. */
function settleWaiters(waiters: readonly Waiter[], synced: boolean): void {
  for (const { sequence, durable, resolve } of waiters) if (synced || !durable) resolve({ sequence });
}
