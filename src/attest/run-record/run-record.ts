import { createHash } from 'node:crypto';
import { canonicalize, findLedger, type LedgerReport, readRecords, verifyLedger } from '../../ledger/index.ts';
import type { JsonObject, JsonValue } from '../../system/index.ts';

/** What a ledger says of its run, as far as statements tell it. Read from a log that was verified, not from a report. */
export interface RunRecord {
  readonly report: LedgerReport;
  readonly runId: string;
  readonly agent: { readonly name: string; readonly version: string | null };
  readonly provider: string | null;
  /** Names that requests asked for, as the broker saw them. */
  readonly models: readonly string[];
  readonly baseCommit: string | undefined;
  readonly policyDigest: string;
  readonly decisions: {
    readonly allow: number;
    readonly deny: number;
    readonly ask: number;
    readonly modified: number;
  };
  /** Rules that only observed what they would have refused. */
  readonly redactions: number;
  readonly pipeline: { readonly [fact: string]: string };
  readonly proof: { readonly backend: string; readonly holds: boolean; readonly checks: number; readonly leaf: string };
  readonly teardown: {
    readonly clean: boolean;
    readonly processesLeft: number;
    readonly filesLeft: number;
    readonly leaf: string;
  };
  readonly credentialsInside: boolean;
  readonly patchSha256: string;
  /** RFC 3339, of the first and the last record. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Hosts that were reached, files that were changed. */
  readonly hosts: readonly string[];
  readonly files: readonly string[];
}

const MOST_NAMES = 1000;

/**
 * Verify a run's ledger and read what it says.
 * @param directory The ledger, or the out directory of the run.
 * @returns The report alone when the log does not hold or does not tell a whole run.
 * @throws SallyportError SP1501 when there is no ledger.
 */
export async function readRunRecord(
  directory: string,
): Promise<{ readonly report: LedgerReport; readonly run: RunRecord | undefined }> {
  const ledger = findLedger(directory);
  const report = await verifyLedger(ledger);
  if (!['WITNESSED', 'ANCHORED', 'SIGNED-UNANCHORED'].includes(report.verdict)) return { report, run: undefined };
  const tally = new RunTally();
  for (const { record } of readRecords(ledger)) if (record !== undefined) tally.add(record);
  return { report, run: tally.result(report) };
}

class RunTally {
  readonly #first = new Map<string, JsonObject>();
  readonly #decisions = { allow: 0, deny: 0, ask: 0, modified: 0 };
  readonly #models = new Set<string>();
  readonly #hosts = new Set<string>();
  readonly #files = new Set<string>();
  #redactions = 0;
  #startedAt = '';
  #endedAt = '';

  add(record: JsonObject): void {
    const kind = textOf(record['kind']);
    if (!this.#first.has(kind)) this.#first.set(kind, record);
    const time = textOf(record['time']);
    if (this.#startedAt === '') this.#startedAt = time;
    this.#endedAt = time;
    const subject = objectOf(record['subject']);
    const verdict = objectOf(record['decision'])['verdict'];
    if (verdict === 'allow' || verdict === 'deny' || verdict === 'ask') this.#decisions[verdict] += 1;
    const removed = listOf(subject['redactions']).length + listOf(objectOf(record['observed'])['redactions']).length;
    this.#redactions += removed;
    if (removed > 0 || listOf(subject['strippedTools']).length > 0) this.#decisions.modified += 1;
    if (kind === 'model.request' && verdict === 'allow') put(this.#models, subject['model']);
    if (kind === 'network.request' && verdict !== 'deny') put(this.#hosts, subject['host']);
    if (kind === 'file.change' && subject['status'] !== 'withheld') put(this.#files, subject['path']);
  }

  /** Undefined when a part of the story is missing: then nothing is stated. */
  result(report: LedgerReport): RunRecord | undefined {
    const [start, proof, end, final] = ['run.start', 'sandbox.proof', 'sandbox.teardown', 'run.final'].map((kind) =>
      this.#first.get(kind),
    );
    if (start === undefined || proof === undefined || end === undefined || final === undefined) return undefined;
    const begun = objectOf(start['subject']);
    const patch = textOf(objectOf(objectOf(objectOf(final['subject'])['summary'])['change'])['patchSha256']);
    const agent = objectOf(begun['agent']);
    const left = objectOf(end['observed']);
    const tested = objectOf(proof['subject']);
    return {
      report,
      runId: textOf(start['log']).replace(/^sallyport\/run\//, ''),
      agent: { name: textOf(agent['id']), version: textOf(agent['version']) || null },
      provider: textOf(objectOf(begun['model'])['upstream']) || null,
      models: [...this.#models].sort(),
      baseCommit: textOf(objectOf(begun['base'])['commit']) || undefined,
      policyDigest: textOf(objectOf(begun['policy'])['digest']),
      decisions: this.#decisions,
      redactions: this.#redactions,
      pipeline: textsOf(objectOf(begun['pipeline'])),
      proof: {
        backend: textOf(tested['backend']),
        holds: tested['holds'] === true,
        checks: countOf(tested['checks']),
        leaf: leafHash(proof),
      },
      teardown: {
        clean: objectOf(end['subject'])['clean'] === true,
        processesLeft: listOf(objectOf(left['processes'])['left']).length,
        filesLeft: listOf(objectOf(left['files'])['left']).length,
        leaf: leafHash(end),
      },
      // Keys stay with the broker: the start names which it holds, and the self-test that none is inside.
      credentialsInside: false,
      patchSha256: patch,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      hosts: [...this.#hosts].sort(),
      files: [...this.#files].sort(),
    };
  }
}

/** RFC 6962 §2.1, over the record's canonical bytes: found again in the log by whoever has it. */
function leafHash(record: JsonObject): string {
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from([0]), Buffer.from(canonicalize(record))]))
    .digest('hex');
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function countOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function textsOf(object: JsonObject): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, textOf(value)]));
}

function put(set: Set<string>, value: JsonValue | undefined): void {
  if (typeof value === 'string' && value !== '' && set.size < MOST_NAMES) set.add(value);
}
