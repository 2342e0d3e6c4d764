import {
  type CodeOwners,
  demandsOf,
  digestPresentation,
  findCodeOwners,
  type OwnerDemand,
  type Presentation,
  type PresentedDigests,
  policyDigestOf,
} from '../../attest/index.ts';
import { parsePolicy } from '../../policy/index.ts';
import type { Gap, SourceTree } from '../../syntax/index.ts';
import { compareTrees } from '../../workspace/index.ts';
import type { OpenedChange } from '../gate/change.ts';
import { compareSides } from '../gate/controls.ts';
import { readPolicyFile } from '../gate/policy.ts';
import { reviewChange } from '../gate/reviewing.ts';
import { touchedPaths } from './touched-paths.ts';

/** What there is to see of a change. */
export interface ShownEvidence {
  readonly presentation: Presentation;
  readonly demands: readonly OwnerDemand[];
  /** What could not be looked at. */
  readonly gaps: readonly string[];
}

const MAX_GAPS = 50;

/**
 * The evidence as the gate makes it: what the change does to controls, what is found in it, whom CODEOWNERS asks for.
 * Policy and owners are those of the target.
 * @param scans files that are handed to the gate with `--findings`
 * @param today as YYYY-MM-DD: decisions about findings have a last day
 */
export async function readShownEvidence(
  { before, after, target, identity, merge }: OpenedChange,
  scans: readonly string[],
  today: string,
): Promise<ShownEvidence> {
  const policy = readPolicyFile(target);
  const document = policy && (await parsePolicy(policy.text, policy.path));
  const files = compareTrees(before, after);
  const controls = await compareSides(before, after);
  const sides = { before, after, target, document, headCommit: identity.headCommit };
  const { findings, review } = await reviewChange(sides, scans, today);
  const owners = findCodeOwners(target);
  return {
    presentation: { files, controls: controls.changes, findings, policyDigest: policyDigestOf(policy?.text) },
    demands: owners !== undefined && 'sections' in owners ? demandsOf(owners, touchedPaths(files)) : [],
    gaps: [
      ...(merge.kind === 'clean' ? [] : ['it does not merge cleanly: what is shown is the branch without the target']),
      ...(review === undefined || review.state === 'reviewed' ? [] : [`${review.state}: ${review.reason}`]),
      ...describeGaps([...controls.gaps, ...gapsOf(owners)]),
    ],
  };
}

/** Digests of what an approver would be shown of this evidence: the gate compares them with what was signed. */
export function presentedDigests(evidence: Omit<Presentation, 'policyDigest'>, target: SourceTree): PresentedDigests {
  return digestPresentation({ ...evidence, policyDigest: policyDigestOf(readPolicyFile(target)?.text) });
}

function gapsOf(owners: CodeOwners | Gap | undefined): readonly Gap[] {
  if (owners === undefined) return [];
  return 'sections' in owners ? owners.gaps : [owners];
}

function describeGaps(gaps: readonly Gap[]): readonly string[] {
  const lines = [...new Set(gaps.map(({ message, place }) => `${place.file}: ${message}`))];
  return lines.length <= MAX_GAPS ? lines : [...lines.slice(0, MAX_GAPS), `and ${lines.length - MAX_GAPS} more`];
}
