import { atFile, type Occurrence, occurrence, type ReasonRow, type View } from '../reason.ts';

/** What the merge itself comes to, and what people said. */
export const MERGE_REASONS: readonly ReasonRow[] = [
  {
    code: 'GATE060',
    name: 'no-clean-merge',
    title: 'The result of the merge is not known',
    what: 'The change does not merge into the target as it is now without a conflict, or the merge could not be tried.',
    why: 'What will be merged is what is judged. Whoever resolves the conflict writes lines that nobody has seen.',
    lifted: 'a branch that merges cleanly',
    sources: ['gate reference D8, 2.3', 'SLSA Source track v1.2'],
    attack: 'A branch whose conflict is to be resolved in the forge’s editor.',
    benign: 'A branch that merges cleanly.',
    find: ({ evidence: { merge } }) => {
      if (merge.kind === 'clean') return [];
      if (merge.kind === 'failed')
        return [occurrence('incomplete', 'evidence', `the merge was not tried: ${merge.reason}`)];
      return merge.paths.map((path) =>
        occurrence('incomplete', 'evidence', `${path}: conflict with the target`, { place: atFile(path) }),
      );
    },
  },
  {
    code: 'GATE061',
    name: 'rejected',
    title: 'Somebody rejected the change',
    what: 'A signed rejection of exactly this change stands.',
    why: 'A no is evidence like a yes.',
    lifted: 'a later approval by the same person',
    sources: ['gate reference 2.6'],
    attack: 'A code owner rejects, another person approves.',
    benign: 'The person who rejected approves after all.',
    find: ({ approvals }) =>
      approvals.rejections.map(({ approver, reason }) =>
        occurrence(
          'blocked',
          'nobody',
          reason === '' ? `${approver} rejects the change` : `${approver} rejects the change: ${reason}`,
        ),
      ),
  },
  {
    code: 'GATE062',
    name: 'approval-does-not-count',
    title: 'An approval does not count',
    what: 'An approval is for another change, has expired, is from the requester, an author, a pusher or an agent, or was shown something else.',
    why: 'Whoever made the change cannot be the second pair of eyes, and a new commit is a new change.',
    lifted: 'an approval of this very change by somebody else',
    sources: ['gate reference 2.6 (rules)', 'SLSA Source v1.2'],
    attack: 'The requester approves through a second account.',
    benign: 'A colleague approves the last commit.',
    find: () => [],
  },
];

/** Reasons of the policy plane; found by `judge`, which alone asks the policy. */
export const POLICY_REASONS: readonly ReasonRow[] = [
  {
    code: 'GATE070',
    name: 'policy-denies',
    title: 'The policy refuses the change',
    what: 'A rule of the plane `merge` denies, or a requirement other than approvals is not met.',
    why: 'The organisation or the repository decided so at the protected branch.',
    lifted: 'what the rule asks for',
    sources: ['docs/policy.md'],
    attack: '`deny: [{ paths: [infra/**] }]` and a change to `infra/main.tf`.',
    benign: 'No rule is against the change.',
    find: () => [],
  },
  {
    code: 'GATE071',
    name: 'policy-wants-approvals',
    title: 'The policy wants more approvals',
    what: 'A rule of the plane `merge` asks, or fewer people approved than a requirement wants. Without a policy file: two for a change that an agent made or may have made.',
    why: 'SLSA Source v1.2 wants two trusted persons; an agent that reads untrusted text is none.',
    lifted: 'people who have no part in the change',
    sources: ['gate reference D9', 'SLSA Source v1.2, level 4'],
    attack: 'A change of an agent with one approval.',
    benign: 'The same with two.',
    find: () => [],
  },
];

/** The occurrence for what the policy said; none when it allows. */
export function policyOccurrence(decision: {
  readonly verdict: string;
  readonly rule: string;
  readonly reason: string;
}): readonly Occurrence[] {
  const text = `${decision.reason} (${decision.rule})`;
  if (decision.verdict === 'allow') return [];
  return [
    decision.verdict === 'ask' ? occurrence('needs-approval', 'approval', text) : occurrence('blocked', 'nobody', text),
  ];
}

/**
 * Only for the report: an approval that does not count lifts nothing, and that is all it does. Each person is named once
 * for each reason: the store keeps what was ever approved.
 */
export function refusedApprovals({
  approvals,
}: View): readonly { readonly approver: string; readonly reason: string }[] {
  const rows = approvals.refused.map(({ approval, reason }) => ({ approver: approval.approver, reason }));
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
