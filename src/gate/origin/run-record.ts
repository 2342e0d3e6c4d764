import { findLedger, readRecords, verifyLedger } from '../../ledger/index.ts';
import { type JsonObject, objectOf, textOf } from '../../system/index.ts';
import type { RunEvidence } from '../model.ts';

/** What a run's ledger says, before it is compared with a change. */
export interface RunRecord extends RunEvidence {
  /** `claude-code`; the policy's default depends on it. */
  readonly agentId: string;
  readonly directory: string;
}

export interface LedgerTrust {
  /** A trust policy of the target (C2SP tlog-policy): whose logs and witnesses. */
  readonly trust?: string;
  readonly remembered?: string;
}

/** How logs of runs are called; what follows is the run. */
const ORIGIN = /^sallyport\/run\//;

/** Records that are looked at; a run has some thousands. */
const MOST_RECORDS = 5_000_000;

/**
 * Reads and verifies the ledger of one run. A ledger that does not hold is a value; nothing that it says is believed
 * beyond its verdict.
 * @param directory the out directory of the run, or the ledger in it.
 * @throws SallyportError SP1501 when there is no log, SP1505 or SP1506 when the trust cannot be used.
 */
export async function readRun(directory: string, trust: LedgerTrust = {}): Promise<RunRecord> {
  const log = findLedger(directory);
  const report = await verifyLedger(log, trust);
  const tally = new RunTally();
  let read = 0;
  for (const { record } of readRecords(log)) {
    if (record !== undefined) tally.add(record);
    read += 1;
    if (read >= MOST_RECORDS) break;
  }
  return { ...tally.result(), runId: (report.origin ?? '').replace(ORIGIN, ''), ledger: report.verdict, directory };
}

/** What matters here of the records, in one pass. */
class RunTally {
  #start: JsonObject = {};
  #final: JsonObject = {};
  readonly #models = new Set<string>();
  readonly #withheld: string[] = [];

  add(record: JsonObject): void {
    const subject = objectOf(record['subject']);
    switch (record['kind']) {
      case 'run.start':
        this.#start = subject;
        break;
      case 'run.final':
        this.#final = objectOf(objectOf(subject['summary'])['change']);
        break;
      case 'model.request':
        if (objectOf(record['decision'])['verdict'] === 'allow') this.#models.add(textOf(subject['model']));
        break;
      case 'file.change':
        if (subject['status'] === 'withheld') this.#withheld.push(textOf(subject['path']));
        break;
    }
  }

  result(): Omit<RunRecord, 'runId' | 'ledger' | 'directory'> {
    const agent = objectOf(this.#start['agent']);
    const version = textOf(agent['version']);
    const agentId = textOf(agent['id']);
    const models = [...this.#models].filter((model) => model !== '').sort();
    const counted = this.#final['withheld'];
    return {
      agentId,
      agent: version === '' ? agentId : `${agentId} ${version}`,
      model: models.length === 0 ? undefined : models.join(', '),
      requestedBy: textOf(objectOf(this.#start['pipeline'])['vcs.actor']) || undefined,
      policyDigest: textOf(objectOf(this.#start['policy'])['digest']),
      baseCommit: textOf(objectOf(this.#start['base'])['commit']) || undefined,
      resultTree: textOf(this.#final['tree']),
      patchSha256: textOf(this.#final['patchSha256']),
      // A record that counts more than it names does not tell all.
      withheld: counted === this.#withheld.length ? this.#withheld : undefined,
    };
  }
}
