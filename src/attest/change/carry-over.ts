import type { ScratchRepository } from '../../workspace/index.ts';
import type { ChangeIdentity } from '../model.ts';

/** What stands on the target now: a commit's tree, and the commit that it was put on. */
export interface LandedCommit {
  readonly tree: string;
  /** Its first parent. */
  readonly onto: string;
}

/**
 * Is what landed the approved change and nothing else? The merge of the approved head into the new base is made again
 * here, and must be clean and give the very tree. No digest of hunks can tell that: with `patch-id`, verbatim or not,
 * and with hunks byte for byte, the removal of a check in one function equals its removal in a twin (gate reference,
 * 2.3). A merge with conflicts never carries over: its resolution was seen by nobody.
 */
export async function carriesOver(
  scratch: ScratchRepository,
  approved: Pick<ChangeIdentity, 'baseCommit' | 'headCommit' | 'headTree'>,
  landed: LandedCommit,
): Promise<boolean> {
  if (landed.onto === approved.baseCommit) return landed.tree === approved.headTree;
  return (await scratch.mergeOf(landed.onto, approved.headCommit)) === landed.tree;
}
