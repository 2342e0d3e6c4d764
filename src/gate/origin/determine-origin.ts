import type { ChangeIdentity } from '../../attest/index.ts';
import type { CommitRecord } from '../../workspace/index.ts';
import type { Origin } from '../model.ts';
import { findAgentSigns } from './find-signs.ts';
import type { RunRecord } from './run-record.ts';

export interface OriginInput {
  readonly change: ChangeIdentity;
  readonly runs: readonly RunRecord[];
  readonly commits: readonly CommitRecord[];
  readonly branches: readonly string[];
  /** Digest of the patch that was handed in; undefined where the change is a commit. */
  readonly patchSha256: string | undefined;
}

/**
 * Where a change comes from. A record is matched by what it made: the tree, or the patch. A record that was handed in
 * and fits nothing still makes the change an agent's: `judge` then says what differs.
 */
export function determineOrigin({ change, runs, commits, branches, patchSha256 }: OriginInput): Origin {
  const sorted = [...runs].sort((one, other) => (one.runId < other.runId ? -1 : 1));
  const run =
    sorted.find(({ resultTree }) => resultTree === change.headTree) ??
    sorted.find((one) => one.patchSha256 === patchSha256) ??
    sorted.find(({ baseCommit }) => baseCommit === change.baseCommit) ??
    sorted[0];
  if (run !== undefined) {
    const { agentId: _, directory: __, ...evidence } = run;
    return { kind: 'agent-run', run: evidence };
  }
  const signs = findAgentSigns(commits, branches);
  return signs.length > 0 ? { kind: 'unknown-origin', signs } : { kind: 'human' };
}
