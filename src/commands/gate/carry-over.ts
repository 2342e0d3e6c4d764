import { type Approval, type ChangeIdentity, carriesOver, changeIdentity } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { CarryOver } from '../../policy/index.ts';
import { mergeBaseOf, type ObjectStore, ScratchRepository } from '../../workspace/index.ts';
import { type OpenedChange, openStore } from './change.ts';

/** Heads whose merge is made again; a branch is not rebased more often while somebody waits for it. */
const MOST_HEADS = 50;

/**
 * Approvals of the same change on a base that has moved since, as approvals of this one: where the policy lets them be
 * carried over, and where the merge of the approved head into the new base, made again here, is exactly what is to be
 * merged. What was shown is compared afterwards like for every approval. A rejection is carried over in any case.
 */
export async function carryOver(
  approvals: readonly Approval[],
  { identity }: OpenedChange,
  root: string,
  rule: CarryOver,
): Promise<readonly Approval[]> {
  const candidates = approvals.filter(
    ({ change, decision }) =>
      (rule === 'clean-merge' || decision === 'reject') &&
      change.repository === identity.repository &&
      change.targetRef === identity.targetRef &&
      change.baseCommit !== identity.baseCommit,
  );
  if (candidates.length === 0) return approvals;
  const store = openStore(root);
  using scratch = ScratchRepository.open(store);
  const same = new Map<string, boolean>();
  for (const { change } of candidates) {
    const key = keyOf(change);
    if (!same.has(key) && same.size < MOST_HEADS) same.set(key, await isSameChange(change, identity, store, scratch));
  }
  return approvals.map((approval) =>
    candidates.includes(approval) && same.get(keyOf(approval.change)) === true
      ? { ...approval, change: identity, carriedFrom: approval.change.headCommit }
      : approval,
  );
}

function keyOf({ baseCommit, headCommit, headTree }: ChangeIdentity): string {
  return `${baseCommit} ${headCommit} ${headTree}`;
}

async function isSameChange(
  approved: ChangeIdentity,
  now: ChangeIdentity,
  store: ObjectStore,
  scratch: ScratchRepository,
): Promise<boolean> {
  const { baseCommit, headCommit, headTree } = approved;
  try {
    const found = await changeIdentity(store, { ...approved, base: baseCommit, head: headCommit });
    // The approved head must have left the target where the approval says, or more than was approved would come along.
    if (found.headTree !== headTree || (await mergeBaseOf(store, now.baseCommit, headCommit)) !== baseCommit)
      return false;
    return await carriesOver(scratch, approved, { tree: now.headTree, onto: now.baseCommit });
  } catch (error) {
    // Commits that are gone: nothing can be compared with them.
    if (error instanceof SallyportError) return false;
    throw error;
  }
}
