import type { ControlDiff } from '../../controls/index.ts';
import type { FileChange, Finding } from '../../findings/index.ts';
import type { SourceTree } from '../../syntax/index.ts';

/**
 * What a patch is worth. `verified`: every check that was asked for passed. `rejected`: one failed. `unverified`: none
 * failed, and one could not tell. No state applies a patch.
 */
export type PatchState = 'verified' | 'unverified' | 'rejected';

export type PatchCheckName = 'scope' | 'parse' | 'target' | 'means' | 'findings' | 'controls' | 'tests' | 'second-look';

export interface PatchCheck {
  readonly check: PatchCheckName;
  /** `open`: it could not tell. `not-asked`: nobody gave what it needs. */
  readonly outcome: 'passed' | 'failed' | 'open' | 'not-asked';
  /** A sentence without an end mark. */
  readonly reason: string;
}

export interface PatchJudgement {
  readonly state: PatchState;
  /** In the order in which they were made; those behind a failed one are missing. */
  readonly checks: readonly PatchCheck[];
}

/** Security controls of two trees compared; what `controls` gives, set up by the caller. */
export type CompareControls = (base: SourceTree, head: SourceTree) => ControlDiff | Promise<ControlDiff>;

/** Runs the tests of the project with these files, contained; the caller knows how. */
export type RunTests = (files: readonly FileChange[]) => Promise<{
  readonly outcome: 'passed' | 'failed' | 'open';
  readonly reason: string;
}>;

/** Somebody who did not make the patch and says whether it mends the finding. */
export type SecondLook = (
  target: Finding,
  files: readonly FileChange[],
) => Promise<{
  readonly outcome: 'passed' | 'failed' | 'open';
  readonly reason: string;
}>;

export function stateOfPatch(checks: readonly PatchCheck[]): PatchState {
  if (checks.some(({ outcome }) => outcome === 'failed')) return 'rejected';
  return checks.some(({ outcome }) => outcome === 'open') ? 'unverified' : 'verified';
}
