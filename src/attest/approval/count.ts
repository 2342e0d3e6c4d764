import type { Approval, ChangeIdentity } from '../model.ts';
import { isKnownAs } from './person.ts';
import { LONGEST_APPROVAL, LONGEST_BREAK_GLASS } from './predicate.ts';
import { REFUSALS, type RefusalCode } from './refusal.ts';

export interface CountInput {
  /** Each was verified against the trust store of the base ref, or is asserted by a forge and says so. */
  readonly approvals: readonly Approval[];
  /** Whether the policy takes what a forge asserts for an approval. Default: no. */
  readonly forgeReviews?: 'support' | 'count';
  /** What is to be merged, as it was found here. */
  readonly change: ChangeIdentity;
  /** Accounts, addresses or author lines. */
  readonly people: {
    readonly requester: string | undefined;
    readonly author: string | undefined;
    readonly lastPusher: string | undefined;
    /** Everybody who is known to have pushed a part of the change. */
    readonly pushers?: readonly string[];
    /** Further authors of commits in the change. */
    readonly authors?: readonly string[];
    /** Accounts that agents act under. */
    readonly agents?: readonly string[];
  };
  /** `digestPresented` of what is to be merged; `undefined` where nothing was recomputed, and then it is not compared. */
  readonly presented?: string | undefined;
  /** RFC 3339. */
  readonly now: string;
  /** Every approval that the repository ever kept, for whatever change: a person's nonce is good for one statement. */
  readonly known?: readonly Pick<Approval, 'approver' | 'nonce' | 'statement'>[];
}

export interface RefusedApproval {
  readonly approval: Approval;
  readonly code: RefusalCode;
  readonly reason: string;
}

export interface ApprovalCount {
  /** One for each person, the latest. */
  readonly counted: readonly Approval[];
  readonly refused: readonly RefusedApproval[];
  /** Standing rejections of this change: a person's later approval lifts his own, nobody else's does. */
  readonly rejections: readonly Approval[];
  /** The glass was broken: two people did so, each with a reason. They are among those counted, and this is an incident. */
  readonly breakGlass: boolean;
}

/** Clocks differ. */
const SKEW = 5 * 60_000;

/**
 * Which approvals count for a change, and why the others do not. Pure: the same answer on every machine.
 *
 * The approver is never the requester, an author, a pusher or an agent, under whatever name (gate reference 2.6).
 * An approval is bound to target, base, head and tree; nothing but the very same change is approved by it.
 */
export function countApprovals(input: CountInput): ApprovalCount {
  const refused: RefusedApproval[] = [];
  const refuse = (approval: Approval, code: RefusalCode): void => {
    refused.push({ approval, code, reason: REFUSALS[code] });
  };
  const bound = inOrder(input.approvals).filter((approval) => {
    const code = faultOf(approval, input);
    if (code !== undefined) refuse(approval, code);
    return code === undefined;
  });
  const rejections = standingRejections(bound);
  const given = bound.filter((approval, at) => {
    if (approval.decision === 'reject') return false;
    const withdrawn = bound.slice(at).some((later) => later.decision === 'reject' && isBySame(later, approval));
    if (withdrawn) refuse(approval, 'withdrawn');
    return !withdrawn;
  });
  const breakers = new Set(given.filter(({ breakGlass }) => breakGlass).map(({ approver }) => approver));
  const breakGlass = breakers.size > 1;
  const usable = given.filter((approval) => {
    const alone = approval.breakGlass && !breakGlass;
    if (alone) refuse(approval, 'alone');
    return !alone;
  });
  const counted = usable.filter((approval, at) => {
    const repeated = usable.some(
      (other, place) => isBySame(other, approval) && outranks([other, place], [approval, at]),
    );
    if (repeated) refuse(approval, 'twice');
    return !repeated;
  });
  return { counted, refused, rejections, breakGlass };
}

/** Each person's last word; what was signed is taken back by a signature only, never by what a forge asserts. */
function standingRejections(bound: readonly Approval[]): readonly Approval[] {
  const words = [bound.filter(isSigned), bound].map((list) => new Map(list.map((one) => [one.approver, one])));
  const standing = words.flatMap((byPerson) => [...byPerson.values()].filter(({ decision }) => decision === 'reject'));
  return [...new Map(standing.map((rejection) => [rejection.statement, rejection])).values()];
}

function isSigned({ method }: Approval): boolean {
  return method !== 'forge-review';
}

/** Of two approvals by one person: the signed one, which may accept something; of two of a kind the later. */
function outranks([one, at]: readonly [Approval, number], [other, place]: readonly [Approval, number]): boolean {
  return isSigned(one) === isSigned(other) ? at > place : isSigned(one);
}

function isBySame(one: Approval, other: Approval): boolean {
  return one.approver === other.approver;
}

/** By time of decision; of the same moment the rejection is the later one. */
function inOrder(approvals: readonly Approval[]): readonly Approval[] {
  const rank = ({ decision }: Approval): number => (decision === 'reject' ? 1 : 0);
  const unique = [...new Map(approvals.map((approval) => [approval.statement, approval])).values()];
  return unique.sort(
    (one, other) =>
      Date.parse(one.decidedAt) - Date.parse(other.decidedAt) ||
      rank(one) - rank(other) ||
      (one.statement < other.statement ? -1 : 1),
  );
}

/** What stands against an approval by itself. */
function faultOf(approval: Approval, input: CountInput): RefusalCode | undefined {
  if (!isSigned(approval) && input.forgeReviews !== 'count') return 'forge-review';
  if (!isSameChange(approval.change, input.change)) return 'other-change';
  // Bound to the very change, a rejection stands until the same person approves: if it expired, an approval that was
  // given before it would count again. It needs to have seen no more than that he does not want it.
  if (approval.decision === 'reject') return undefined;
  const used = [...(input.known ?? []), ...input.approvals].some(
    ({ approver, nonce, statement }) =>
      approver === approval.approver && nonce === approval.nonce && statement !== approval.statement,
  );
  if (used) return 'nonce-used';
  const time = timeFault(approval, Date.parse(input.now));
  if (time !== undefined) return time;
  if (isSigned(approval) && input.presented !== undefined && input.presented !== approval.presented)
    return 'other-presentation';
  if (approval.breakGlass && approval.reason.trim() === '') return 'no-reason';
  if (!isSigned(approval) && input.people.lastPusher === undefined) return 'unknown-pusher';
  return personFault(approval.names, input.people);
}

function timeFault({ decidedAt, expiresAt, breakGlass }: Approval, now: number): RefusalCode | undefined {
  const [decided, expires] = [Date.parse(decidedAt), Date.parse(expiresAt)];
  // Written so that a moment that is none is refused, too.
  if (!(decided <= now + SKEW)) return 'from-the-future';
  if (!(now < expires)) return 'expired';
  return expires - decided <= (breakGlass ? LONGEST_BREAK_GLASS : LONGEST_APPROVAL) ? undefined : 'too-long';
}

function personFault(names: readonly string[], people: CountInput['people']): RefusalCode | undefined {
  if (isKnownAs(names, people.requester)) return 'requester';
  if ([people.author, ...(people.authors ?? [])].some((author) => isKnownAs(names, author))) return 'author';
  if (isKnownAs(names, people.lastPusher)) return 'last-pusher';
  if (people.pushers?.some((pusher) => isKnownAs(names, pusher))) return 'pusher';
  return people.agents?.some((agent) => isKnownAs(names, agent)) ? 'agent' : undefined;
}

function isSameChange(one: ChangeIdentity, other: ChangeIdentity): boolean {
  return (
    one.repository === other.repository &&
    one.targetRef === other.targetRef &&
    one.baseCommit === other.baseCommit &&
    one.headCommit === other.headCommit &&
    one.headTree === other.headTree
  );
}
