import {
  canonicalize,
  findLedger,
  hashLeaf,
  type LedgerReport,
  readRecords,
  verifyLedger,
} from '../../ledger/index.ts';
import { type JsonObject, objectOf, textOf } from '../../system/index.ts';
import { countOf, listOf, type RunFacts, RunTally } from './run-tally.ts';

/** What a ledger says of its run, as far as statements tell it. Read from a log that was verified, not from a report. */
export interface RunRecord extends RunFacts {
  readonly report: LedgerReport;
  readonly runId: string;
  readonly proof: { readonly backend: string; readonly holds: boolean; readonly checks: number; readonly leaf: string };
  readonly teardown: {
    readonly clean: boolean;
    readonly processesLeft: number;
    readonly filesLeft: number;
    readonly leaf: string;
  };
  readonly credentialsInside: boolean;
}

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
  return { report, run: wholeRun(tally, report) };
}

/** Undefined when a part of the story is missing: then nothing is stated. */
function wholeRun(tally: RunTally, report: LedgerReport): RunRecord | undefined {
  const [start, proof, end] = [tally.part('run.start'), tally.part('sandbox.proof'), tally.part('sandbox.teardown')];
  if (start === undefined || proof === undefined || end === undefined || tally.part('run.final') === undefined)
    return undefined;
  const left = objectOf(end['observed']);
  const tested = objectOf(proof['subject']);
  return {
    ...tally.facts(),
    report,
    runId: textOf(start['log']).replace(/^sallyport\/run\//, ''),
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
  };
}

/** Hash of the record's leaf in the log, by which whoever has the log finds it again. */
function leafHash(record: JsonObject): string {
  return hashLeaf(Buffer.from(canonicalize(record)));
}
