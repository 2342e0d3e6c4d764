import { RunTally } from '../../attest/index.ts';
import { findLedger, readRecords, verifyLedger } from '../../ledger/index.ts';
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
  const { agent, models, pipeline, policyDigest, baseCommit, resultTree, patchSha256, withheld } = tally.facts();
  return {
    runId: (report.origin ?? '').replace(ORIGIN, ''),
    ledger: report.verdict,
    agentId: agent.name,
    agent: agent.version === null ? agent.name : `${agent.name} ${agent.version}`,
    model: models.length === 0 ? undefined : models.join(', '),
    requestedBy: pipeline['vcs.actor'] || undefined,
    directory,
    ...{ policyDigest, baseCommit, resultTree, patchSha256, withheld },
  };
}
