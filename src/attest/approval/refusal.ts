/** Why an approval does not count. The table in docs/approvals.md is made from it. */
export const REFUSALS = {
  'forge-review': 'a forge asserts it and nobody signed; the policy does not count such reviews (`merge.forgeReviews`)',
  'other-change': 'it was given for another change: any new commit, base or target voids it',
  'other-presentation': 'what was shown is not what the gate sees now',
  'from-the-future': 'it was decided after now',
  expired: 'it has expired',
  'too-long': 'it is open for longer than an approval may be',
  requester: 'whoever asked for a change cannot approve it',
  author: 'whoever wrote a change cannot approve it',
  'last-pusher': 'whoever pushed last cannot approve what was pushed',
  pusher: 'whoever pushed a part of a change cannot approve it',
  'unknown-pusher': 'a review in a forge counts only where it is known who pushed last (`--last-pusher`)',
  agent: 'an agent cannot approve',
  withdrawn: 'the same person has rejected the change since',
  'nonce-used': 'the same person has used its nonce for another statement',
  twice: 'the same person has approved already: one person counts once',
  'no-reason': 'breaking the glass needs a reason',
  alone: 'breaking the glass needs two people',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** The table as Markdown. */
export function renderRefusals(): string {
  const rows = Object.entries(REFUSALS).map(([code, reason]) => `| \`${code}\` | ${reason} |`);
  return ['| code | why it does not count |', '|---|---|', ...rows].join('\n');
}
