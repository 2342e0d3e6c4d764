import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import { findLedger, type LedgerReport, readRecords, verifyLedger } from '../../ledger/index.ts';
import type { ObservedRun } from './observed-run.ts';
import { RunTally } from './run-tally.ts';

/** Folders deeper than this, and more of them than this, are nobody's run directories. */
const DEPTH = 6;
const MOST_FOLDERS = 20_000;

/** Nothing is taken from a log that was changed, that contradicts what was kept of it, or that nobody here can check. */
const REFUSED: ReadonlySet<string> = new Set(['INVALID', 'DIVERGED', 'UNVERIFIABLE']);

/**
 * Every ledger of `sallyport run` in a folder or below it, verified and read, sorted by name. Links are not followed.
 * @throws SallyportError SP2201 when the folder cannot be read or holds no ledger.
 */
export async function readObservedRuns(folder: string): Promise<readonly ObservedRun[]> {
  const runs: ObservedRun[] = [];
  for (const { name, ledger } of findLedgers(folder)) runs.push(await readRun(name, ledger));
  if (runs.length === 0) throw new SallyportError('SP2201', `no ledger in ${folder} or below it`);
  return runs.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function findLedgers(root: string): readonly { readonly name: string; readonly ledger: string }[] {
  const found: { name: string; ledger: string }[] = [];
  let level = ['.'];
  let seen = 0;
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const name of level) {
      seen += 1;
      if (seen > MOST_FOLDERS) throw new SallyportError('SP2201', `${root} holds more than ${MOST_FOLDERS} folders`);
      const ledger = ledgerAt(join(root, name));
      if (ledger === undefined) below.push(...foldersIn(root, name));
      else found.push({ name, ledger });
    }
    level = below;
  }
  return found;
}

function ledgerAt(directory: string): string | undefined {
  try {
    return findLedger(directory);
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'SP1501') return undefined;
    throw error;
  }
}

function foldersIn(root: string, name: string): readonly string[] {
  try {
    return readdirSync(join(root, name), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(name, entry.name));
  } catch (cause) {
    if (name === '.') throw new SallyportError('SP2201', `cannot read ${root}`, { cause });
    return [];
  }
}

async function readRun(name: string, directory: string): Promise<ObservedRun> {
  const report: LedgerReport = await verifyLedger(directory);
  const used = !REFUSED.has(report.verdict);
  const tally = new RunTally();
  if (used) for (const { record } of readRecords(directory)) if (record !== undefined) tally.add(record);
  return {
    name,
    verdict: report.verdict,
    used,
    origin: report.origin ?? undefined,
    outcome: report.final?.outcome,
    ...tally.result(),
  };
}
