import { createHash } from 'node:crypto';
import { canonicalize, toCarriable } from '../../ledger/index.ts';
import type { Approval, ChangeIdentity } from '../model.ts';
import type { TrustedSigner, TrustStore } from '../trust-store/index.ts';
import { LONGEST_APPROVAL } from './predicate.ts';
import { groupsOf, namesOfSigner } from './verify.ts';

/** What a forge says of one review: an administrator can change it, and nobody knows what was shown. */
export interface AssertedReview {
  readonly login: string;
  /** Number or id of the account, as text; `null` or absent where it was not told. */
  readonly accountId?: string | null | undefined;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  /** The commit that was looked at; `null` where the forge does not tell, and then it is bound to nothing. */
  readonly commit: string | null;
  /** RFC 3339. */
  readonly at: string;
  readonly bot: boolean;
}

export interface AssertedReviews {
  /** As in `logins` of the trust store: `github`. */
  readonly forge: string;
  readonly reviews: readonly AssertedReview[];
}

export interface ReadReviews {
  readonly approvals: readonly Approval[];
  /** Reviews by nobody whom the trust store knows, one sentence each. */
  readonly left: readonly string[];
}

/**
 * The last word of each approver of the trust store in a forge, as approvals that are no signature. An approval is for
 * the commit that the forge says was looked at; a wish for changes stands whatever came after it. Whether they count
 * is what `countApprovals` says.
 *
 * @param trust of the base ref: without one a forge names nobody, since whoever can read may often review
 */
export function approvalsOfReviews(
  { forge, reviews }: AssertedReviews,
  change: ChangeIdentity,
  trust: TrustStore | undefined,
): ReadReviews {
  const approvals: Approval[] = [];
  const left = new Set<string>();
  for (const review of lastWords(reviews)) {
    const { login, state, bot } = review;
    const signer = signerOf(review, forge, trust);
    if (bot) left.add(`${login} of ${forge} is no person`);
    else if (trust === undefined || signer === undefined)
      left.add(`${login} of ${forge} is nobody in ${trust?.file ?? 'a trust store of the target'}`);
    else if (!signer.roles.includes('approver')) left.add(`${login} of ${forge} is no approver in ${trust.file}`);
    else if (state === 'approved' || state === 'changes-requested')
      approvals.push(approvalOf({ forge, review, change, signer, trust }));
  }
  return { approvals, left: [...left].sort() };
}

/** By the id of the account where the trust store knows one, else by its login: who has the login now may be another. */
function signerOf(
  { login, accountId }: AssertedReview,
  forge: string,
  trust: TrustStore | undefined,
): TrustedSigner | undefined {
  return trust?.signers.find(({ logins, accountIds }) => {
    const known = accountIds.get(forge);
    return known === undefined ? logins.get(forge)?.toLowerCase() === login.toLowerCase() : known === accountId;
  });
}

/** A remark changes nothing of what a person said before; a dismissal does. */
function lastWords(reviews: readonly AssertedReview[]): readonly AssertedReview[] {
  const words = new Map<string, AssertedReview>();
  const inOrder = reviews
    .filter(({ state }) => state !== 'commented')
    .toSorted((one, other) => momentOf(one) - momentOf(other));
  for (const review of inOrder) words.set(review.login.toLowerCase(), review);
  return [...words.values()];
}

/** A moment that is none comes first, so that it lifts nothing that was said at a known one. */
function momentOf({ at }: AssertedReview): number {
  const moment = Date.parse(at);
  return Number.isFinite(moment) ? moment : 0;
}

function approvalOf({
  forge,
  review,
  change,
  signer,
  trust,
}: {
  readonly forge: string;
  readonly review: AssertedReview;
  readonly change: ChangeIdentity;
  readonly signer: TrustedSigner;
  readonly trust: TrustStore;
}): Approval {
  const { login, state, commit, at } = review;
  const decision = state === 'approved' ? 'approve' : 'reject';
  const headCommit = decision === 'approve' ? (commit ?? '') : change.headCommit;
  const statement = createHash('sha256')
    .update(canonicalize(toCarriable({ forge, login, state, commit, at, change: { ...change } })))
    .digest('hex');
  return {
    decision,
    approver: signer.id,
    // Renamed since the trust store was written: whoever pushed under the new name is the same person.
    names: [...new Set([...namesOfSigner(signer), login.toLowerCase()])],
    roles: groupsOf(signer, trust),
    method: 'forge-review',
    userVerified: false,
    change: { ...change, headCommit },
    scope: [],
    reason: `${login} in ${forge}`,
    decidedAt: at,
    expiresAt: endOf(at),
    nonce: statement,
    presented: undefined,
    breakGlass: false,
    statement,
  };
}

/** Thirty days later; nothing where no such moment can be written, and then it has ended. */
function endOf(at: string): string {
  const end = new Date(Date.parse(at) + LONGEST_APPROVAL);
  return Number.isFinite(end.getTime()) ? end.toISOString() : '';
}
