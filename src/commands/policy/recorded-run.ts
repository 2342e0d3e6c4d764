import { ADAPTERS } from '../../agents/index.ts';
import { findLedger, readRecords, verifyLedger } from '../../ledger/index.ts';
import { compilePolicy, defaultPolicy, type Policy, type PolicyDocument } from '../../policy/index.ts';
import { objectOf, textOf } from '../../system/index.ts';
import type { ReadCall } from './recorded-actions.ts';
import { registriesHere } from './registries.ts';

/** Verdicts about a ledger in which nothing is missing. */
export const WHOLE: ReadonlySet<string> = new Set(['WITNESSED', 'ANCHORED', 'SIGNED-UNANCHORED']);

/** A past run, as its ledger tells it. */
export interface RecordedRun {
  readonly directory: string;
  /** What is to be thought of the ledger. */
  readonly verdict: string;
  readonly agent: string;
  /** Where its workspace stood. */
  readonly workspace: string;
  readonly readCall: ReadCall;
  records(): ReturnType<typeof readRecords>;
}

/** @param directory an out directory of `sallyport run`, or the ledger in it */
export async function openRun(directory: string): Promise<RecordedRun> {
  const log = findLedger(directory);
  const { verdict } = await verifyLedger(log);
  const { agent, workspace } = startOf(log);
  const adapter = ADAPTERS.find(({ id }) => id === agent) ?? ADAPTERS.at(-1);
  return {
    directory,
    verdict,
    agent: agent === '' ? 'claude-code' : agent,
    workspace,
    readCall: (name, input) => adapter?.actions({ id: '', name, input }, workspace) ?? [],
    records: () => readRecords(log),
  };
}

/** The policy as it would have been in force in that run; without a document the built-in default. */
export async function policyForRun(
  { agent, workspace }: RecordedRun,
  repository: PolicyDocument | undefined,
  organisation: PolicyDocument | undefined,
): Promise<Policy> {
  if (repository === undefined && organisation === undefined) return defaultPolicy(agent, { workspaceRoot: workspace });
  const now = Date.now();
  return await compilePolicy({
    repository,
    organisation,
    agent,
    workspaceRoot: workspace,
    registries: registriesHere,
    now,
  });
}

/** Which agent ran, and where its workspace stood. */
function startOf(log: string): { readonly agent: string; readonly workspace: string } {
  for (const { record } of readRecords(log)) {
    if (record?.['kind'] !== 'run.start') continue;
    const subject = objectOf(record['subject']);
    return { agent: textOf(objectOf(subject['agent'])['id']), workspace: textOf(subject['workspace']) || '/' };
  }
  return { agent: '', workspace: '/' };
}
