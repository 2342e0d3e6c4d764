import { Ledger, type LedgerEvent } from '../../../src/ledger/index.ts';
import { seededRandom, steadyClock } from '../../ledger/support/sample.ts';

export interface SampleRun {
  readonly agent?: string;
  readonly policyDigest?: string;
  readonly baseCommit?: string;
  readonly tree?: string;
  readonly patchSha256?: string;
  readonly withheld?: readonly string[];
  readonly actor?: string;
  readonly workspace?: string;
  readonly events?: readonly LedgerEvent[];
}

/** Writes the ledger that a run with this outcome leaves. */
export async function writeRun(directory: string, run: SampleRun): Promise<void> {
  const runId = 'sample';
  const ledger = await Ledger.create({ directory, runId, clock: steadyClock(), random: seededRandom(runId) });
  await ledger.record({
    kind: 'run.start',
    subject: {
      agent: { id: run.agent ?? 'claude-code', version: '2.1.400' },
      policy: { digest: run.policyDigest ?? 'd'.repeat(64), origins: ['sallyport.yaml'] },
      base: { ref: 'main', origin: '--base main', commit: run.baseCommit ?? 'a'.repeat(40) },
      workspace: run.workspace ?? '/build/app',
      pipeline: run.actor === undefined ? {} : { 'vcs.actor': run.actor },
    },
  });
  for (const event of run.events ?? []) await ledger.record(event);
  for (const path of run.withheld ?? [])
    await ledger.record({
      kind: 'file.change',
      subject: { path, status: 'withheld', rule: 'builtin/ci-files', reason: 'ci' },
    });
  await ledger.close({
    exit: 0,
    summary: {
      end: 'completed',
      change: {
        patchSha256: run.patchSha256 ?? 'e'.repeat(64),
        tree: run.tree ?? 'c'.repeat(40),
        baseTree: 'b'.repeat(40),
        files: 1,
        withheld: run.withheld?.length ?? 0,
      },
    },
  });
}
