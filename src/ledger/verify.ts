import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { Findings } from './findings.ts';
import { HeadAudit, type KeptHead } from './head-audit.ts';
import { FILES } from './journal.ts';
import { MAX_LEAF_BYTES } from './leaf.ts';
import { readLines, readStart } from './lines.ts';
import { hashPrefixedLeaf, MerkleTree } from './merkle.ts';
import { checkSignature, NoteError, parseVerifierKey, type VerifierKey } from './note.ts';
import { RecordAudit } from './record-audit.ts';
import { type Tile, TileBuilder } from './tile.ts';
import { parseTrustPolicy, type TrustPolicy } from './trust.ts';
import { type LedgerReport, VERDICT_EXIT, VERDICT_MEANING, type Verdict } from './verdict.ts';

/** No key and no checkpoint is as long as this. */
const MAX_SMALL_FILE = 256 * 1024;

export interface VerifyOptions {
  /** A trust policy (C2SP tlog-policy): whose log, whose witnesses, which quorum. */
  readonly trust?: string;
  /** A checkpoint of this log that was kept somewhere else. */
  readonly remembered?: string;
}

/**
 * Check a log: every record, every link, every checkpoint, every tile that is there, and what outside the log confirms
 * it. Needs no network and, whatever the size of the log, the same memory.
 *
 * A log that fails is a report, not an exception.
 *
 * @throws SallyportError SP1501 when there is no log, SP1505 or SP1506 when the options cannot be used.
 */
export async function verifyLedger(directory: string, options: VerifyOptions = {}): Promise<LedgerReport> {
  if (!existsSync(join(directory, FILES.events)) && !existsSync(join(directory, FILES.key)))
    throw new SallyportError('SP1501', `no ledger in ${directory}`);
  const trust = options.trust === undefined ? undefined : parseTrustPolicy(options.trust);
  const remembered = options.remembered === undefined ? undefined : parseRemembered(options.remembered);
  return new Verification(directory, trust, remembered).run();
}

class Verification {
  readonly #directory: string;
  readonly #trust: TrustPolicy | undefined;
  readonly #remembered: Checkpoint | undefined;
  readonly #findings = new Findings();
  readonly #tiles = new TileBuilder();
  readonly #tree = new MerkleTree((level, hash) => this.#tiles.add(level, hash));
  #missingTiles = 0;

  constructor(directory: string, trust: TrustPolicy | undefined, remembered: Checkpoint | undefined) {
    this.#directory = directory;
    this.#trust = trust;
    this.#remembered = remembered;
  }

  run(): LedgerReport {
    const key = this.#readKey();
    const latest = this.#readLatest();
    const kept: KeptHead[] = [];
    if (latest !== undefined) kept.push({ checkpoint: latest, outside: false });
    if (this.#remembered !== undefined) kept.push({ checkpoint: this.#remembered, outside: true });
    const heads = new HeadAudit(this.#findings, this.#logKeys(key), join(this.#directory, FILES.checkpoints), kept);
    const records = new RecordAudit(this.#findings, key?.name ?? null);
    const torn = this.#readRecords(records, heads);
    heads.finish(this.#tree);
    return this.#report(key, latest, records, heads, torn);
  }

  /** The pass over the log. Returns whether the last line is torn. */
  #readRecords(records: RecordAudit, heads: HeadAudit): boolean {
    const checkTiles = existsSync(join(this.#directory, 'tile'));
    heads.compare(this.#tree);
    for (const line of readLines(join(this.#directory, FILES.events), MAX_LEAF_BYTES)) {
      if (!line.whole) {
        if (records.final !== null)
          this.#findings.fail('trailing', 'bytes stand behind the final record', this.#tree.size);
        return true;
      }
      const leafHash = hashPrefixedLeaf(line.prefixed);
      records.check(line.bytes, leafHash, this.#tree.size);
      this.#tree.append(leafHash);
      heads.compare(this.#tree);
      if (checkTiles) this.#compareTiles(this.#tiles.takeFull());
    }
    if (checkTiles && records.final !== null) this.#compareTiles(this.#tiles.partial());
    return false;
  }

  /** Tiles are derived: one that is missing can be made again, one that differs was tampered with. */
  #compareTiles(tiles: readonly Tile[]): void {
    for (const tile of tiles) {
      const stored = readStart(join(this.#directory, tile.path), tile.bytes.length + 1);
      if (stored === undefined) this.#missingTiles += 1;
      else if (!stored.equals(tile.bytes)) this.#findings.fail('tile', `${tile.path} does not fit the records`);
    }
  }

  #readKey(): VerifierKey | undefined {
    const text = readStart(join(this.#directory, FILES.key), MAX_SMALL_FILE)?.toString();
    try {
      if (text !== undefined) return parseVerifierKey(text.replace(/\n$/, ''));
      this.#findings.fail('key', `${FILES.key} is missing`);
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      this.#findings.fail('key', error.message);
    }
    return undefined;
  }

  /** Keys that may sign: those of the trust policy when it names logs, else the one beside the log. */
  #logKeys(key: VerifierKey | undefined): readonly VerifierKey[] {
    const logs = this.#trust?.logs ?? [];
    if (key !== undefined && key.key === undefined)
      this.#findings.defer('key', `the log's key is of type ${key.type}, which this verifier does not know`);
    if (logs.length === 0 || key === undefined) return key === undefined ? [] : [key];
    if (logs.some((log) => log.name === key.name && log.id === key.id && log.material === key.material)) return [key];
    this.#findings.fail('key', 'the key of this log is not among the logs of the trust policy');
    return [];
  }

  #readLatest(): Checkpoint | undefined {
    const text = readStart(join(this.#directory, FILES.checkpoint), MAX_SMALL_FILE)?.toString();
    if (text === undefined) return undefined;
    try {
      return parseCheckpoint(text);
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      this.#findings.fail('checkpoint.form', `the latest checkpoint: ${error.message}`);
      return undefined;
    }
  }

  /** Names of the witnesses whose cosignature on the latest checkpoint is good. A bad one spoils the note. */
  #cosigners(latest: Checkpoint | undefined): ReadonlySet<string> {
    const cosigned = new Set<string>();
    if (latest === undefined || this.#trust === undefined) return cosigned;
    for (const { name, key } of this.#trust.witnesses) {
      const result = checkSignature(latest.note, key);
      if (result === 'valid') cosigned.add(name);
      else if (result === 'invalid' && key.key === undefined)
        this.#findings.note(`the cosignature of '${name}' is of a type that this verifier does not know`);
      else if (result === 'invalid') this.#findings.fail('cosignature', `the cosignature of '${name}' does not fit`);
    }
    return cosigned;
  }

  #report(
    key: VerifierKey | undefined,
    latest: Checkpoint | undefined,
    records: RecordAudit,
    heads: HeadAudit,
    torn: boolean,
  ): LedgerReport {
    const findings = this.#findings;
    const size = this.#tree.size;
    const witnesses = this.#cosigners(latest);
    const missing = this.#noteMissing(records, heads, torn);
    const quorum = latest?.size === size && this.#trust?.wantsQuorum === true && this.#trust.hasQuorum(witnesses);
    const remembered = this.#remembered?.size ?? null;
    const decide = (): Verdict => {
      if (findings.unverifiable) return 'UNVERIFIABLE';
      if (findings.invalid) return 'INVALID';
      if (findings.diverged) return 'DIVERGED';
      if (missing) return 'INCOMPLETE';
      if (quorum) return 'WITNESSED';
      return remembered === size ? 'ANCHORED' : 'SIGNED-UNANCHORED';
    };
    const verdict = decide();
    return {
      verdict,
      meaning: VERDICT_MEANING[verdict],
      exitCode: VERDICT_EXIT[verdict],
      directory: this.#directory,
      origin: key?.name ?? null,
      records: size,
      root: this.#tree.root(),
      checkpoints: { count: heads.count, coveredRecords: heads.coveredRecords },
      final: records.final,
      gaps: findings.gaps,
      gapCount: findings.gapCount,
      anchors: { rememberedRecords: remembered, witnesses: [...witnesses], quorum },
      failures: findings.failures,
      failureCount: findings.failureCount,
      notes: findings.notes,
    };
  }

  /** Whether something is missing; each reason becomes a note. */
  #noteMissing(records: RecordAudit, heads: HeadAudit, torn: boolean): boolean {
    const size = this.#tree.size;
    const reasons: string[] = [];
    if (records.final === null) reasons.push('there is no final record: the writer was stopped, or the tail was cut');
    if (torn) reasons.push('the last line is torn: a record was being written when the writer was stopped');
    if (heads.torn) reasons.push('the last checkpoint is torn');
    if (heads.coveredRecords < size)
      reasons.push(`no signature covers the last ${size - heads.coveredRecords} of ${size} records`);
    if (this.#findings.gapCount > 0) reasons.push(`the run itself recorded ${this.#findings.gapCount} gaps`);
    for (const reason of reasons) this.#findings.note(reason);
    if (this.#missingTiles > 0) this.#findings.note(`${this.#missingTiles} tiles are missing; they can be made again`);
    if (this.#remembered !== undefined && this.#remembered.size < size)
      this.#findings.note(`the remembered checkpoint covers the first ${this.#remembered.size} records only`);
    return reasons.length > 0;
  }
}

function parseRemembered(text: string): Checkpoint {
  try {
    return parseCheckpoint(text);
  } catch (cause) {
    if (cause instanceof NoteError) throw new SallyportError('SP1506', cause.message, { cause });
    throw cause;
  }
}
