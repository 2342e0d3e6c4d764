import { type Approval, type ChangeIdentity, carriesOver, changeIdentity } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { CarryOver } from '../../policy/index.ts';
import { listHistory, mergeBaseOf, type ObjectStore, ScratchRepository } from '../../workspace/index.ts';
import { type OpenedChange, openStore } from './change.ts';

/** Heads whose merge is made again; a branch is not rebased more often while somebody waits for it. */
const MOST_HEADS = 50;

/**
 * Approvals of the same change on a base that has moved since, as approvals of this one: where the policy lets them be
 * carried over, and where the merge of the approved head into the new base, made again here, is exactly what is to be
 * merged, commit by commit. What was shown is compared afterwards like for every approval. A rejection is carried over in any case.
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
  for (const { change, decision } of candidates.toSorted(byWeight)) {
    const key = keyOf(change, decision);
    if (!same.has(key) && same.size < MOST_HEADS)
      same.set(key, await isSameChange({ approved: change, now: identity, decision }, store, scratch));
  }
  return approvals.map((approval) =>
    candidates.includes(approval) && same.get(keyOf(approval.change, approval.decision)) === true
      ? { ...approval, change: identity, carriedFrom: approval.change.headCommit }
      : approval,
  );
}

/** The latest first and rejections before all: what is left out must not be what speaks against the change. */
function byWeight(one: Approval, other: Approval): number {
  const rank = ({ decision }: Approval): number => (decision === 'reject' ? 0 : 1);
  return rank(one) - rank(other) || Date.parse(other.decidedAt) - Date.parse(one.decidedAt);
}

function keyOf({ baseCommit, headCommit, headTree }: ChangeIdentity, decision: Approval['decision']): string {
  return `${decision} ${baseCommit} ${headCommit} ${headTree}`;
}

interface Moved {
  readonly approved: ChangeIdentity;
  readonly now: ChangeIdentity;
  readonly decision: Approval['decision'];
}

async function isSameChange(moved: Moved, store: ObjectStore, scratch: ScratchRepository): Promise<boolean> {
  const { approved, now, decision } = moved;
  const { baseCommit, headCommit, headTree } = approved;
  try {
    const found = await changeIdentity(store, { ...approved, base: baseCommit, head: headCommit });
    // The approved head must have left the target where the approval says, or more than was approved would come along.
    if (found.headTree !== headTree || (await mergeBaseOf(store, now.baseCommit, headCommit)) !== baseCommit)
      return false;
    if (!(await carriesOver(scratch, approved, { tree: now.headTree, onto: now.baseCommit }))) return false;
    // Nobody gets rid of a rejection by commits that come and go on the way to the same result.
    return decision === 'reject' || (await hasSameCommits(moved, store, scratch));
  } catch (error) {
    // Commits that are gone: nothing can be compared with them.
    if (error instanceof SallyportError) return false;
    throw error;
  }
}

/**
 * Does every commit repeat what one of the approved ones came to, in their order, or merge cleanly? Pipelines run for
 * each commit that is pushed: what one adds and the next takes back was seen by nobody.
 */
async function hasSameCommits(
  { approved, now }: Moved,
  store: ObjectStore,
  scratch: ScratchRepository,
): Promise<boolean> {
  const seen = await listHistory(store, [approved.baseCommit], approved.headCommit);
  const known = new Set(seen.map(({ id }) => id));
  let at = 0;
  for (const { id, tree, parents } of await listHistory(store, [now.baseCommit], now.headCommit)) {
    const [one = '', other] = parents;
    if (known.has(id)) continue;
    if (other !== undefined && parents.length === 2 && (await scratch.mergeOf(one, other)) === tree) continue;
    while ((await scratch.mergeOf(now.baseCommit, seen[at]?.id ?? '')) !== tree) {
      at += 1;
      if (at >= seen.length) return false;
    }
  }
  return true;
}
