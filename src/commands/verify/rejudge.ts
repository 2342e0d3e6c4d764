import {
  type Approval,
  approvalsOfReviews,
  type ChangeIdentity,
  type ForgeReviewRecord,
  namesOfPredicates,
  PREDICATES,
  type PresentedDigests,
  type Rederived,
  readForgeReview,
  type VerifiedStatement,
  verdictMoment,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { judge } from '../../gate/index.ts';
import { gather } from '../gate/gather.ts';
import type { Judge } from './branch.ts';

/**
 * Judges changes again, from the commits, the stored run and the statements that were proven: the signed pass is not
 * asked. Policy and code owners are those of what the change landed on, like the trust store. Approvals are looked at for the moment of the verdict, so that an old merge does not fail when they expire.
 * @param now Milliseconds since the epoch, for a change whose verdict tells no moment.
 */
export function createJudge(root: string, now: number): Judge {
  return async ({ content, statements, approvals: signed, runStated }, { runDirectory }, { trust, commit }) => {
    const { baseCommit, headCommit, targetRef } = content.identity;
    const forge = forgeReviewsOf(statements);
    const asserted = forge === undefined ? [] : approvalsOfReviews(forge, content.identity, trust.store).approvals;
    const approvals = [...signed, ...asserted];
    try {
      const { evidence, policy, presented } = await gather(
        root,
        {
          base: baseCommit,
          rules: commit,
          head: headCommit,
          targetRef,
          patch: undefined,
          workingTree: false,
          branch: undefined,
          runs: runStated && runDirectory !== undefined ? [runDirectory] : [],
          trust: undefined,
          findings: [],
          approvals: undefined,
          trustStore: trust.store,
          requestedBy: requesterOf(statements),
          lastPusher: undefined,
          forge,
          agents: [],
          organisation: undefined,
          secrets: [],
        },
        verdictMoment(statements) ?? now,
      );
      const result = judge(
        {
          ...evidence,
          // As it was verified: the gate names a repository by its remote, a bare one has none.
          change: content.identity,
          approvals: [...approvals, ...carriedTo(content.identity, evidence.approvals)].map((approval) =>
            withoutScans(approval, presented, evidence.presented),
          ),
          attestations: namesOf(statements, signed.length > 0),
          knownStatements: approvals.map(({ approver, nonce, statement }) => ({ approver, nonce, statement })),
        },
        policy,
      );
      const reasons = result.reasons.map(({ code, message, liftedBy }) => `${code} ${message} (${liftedBy})`);
      return { verdict: result.verdict, reasons };
    } catch (error) {
      // What cannot be judged is not passed; why it cannot is told.
      if (!(error instanceof SallyportError)) throw error;
      return { verdict: 'incomplete', reasons: [`${error.code} ${error.message}`] } satisfies Rederived;
    }
  };
}

function requesterOf(statements: readonly VerifiedStatement[]): string | undefined {
  const stated = statements.find(({ statement }) => statement.predicateType === PREDICATES.aiChange);
  const dispatch = stated?.statement.predicate['dispatch'];
  if (typeof dispatch !== 'object' || dispatch === null || Array.isArray(dispatch)) return undefined;
  const requester = Object.entries(dispatch).find(([field]) => field === 'requestedBy')?.[1];
  return typeof requester === 'string' ? requester : undefined;
}

function namesOf(statements: readonly VerifiedStatement[], approved: boolean): readonly string[] {
  const types = statements.map(({ statement }) => statement.predicateType);
  return namesOfPredicates(approved ? [...types, PREDICATES.approval] : types);
}

/** What the gate signed that the forge had said; of several the last. */
function forgeReviewsOf(statements: readonly VerifiedStatement[]): ForgeReviewRecord | undefined {
  const records = statements.flatMap(({ statement: { predicateType, predicate } }) =>
    predicateType === PREDICATES.forgeReview ? (readForgeReview(predicate) ?? []) : [],
  );
  return records.toSorted((one, other) => (one.readAt < other.readAt ? -1 : 1)).at(-1);
}

/**
 * Results of other scanners that the gate was handed are not stored: their part of what was shown was compared when the
 * pass was signed, and without it the approval would be for something else. The rest is compared again.
 */
function withoutScans(approval: Approval, now: PresentedDigests, digest: string | undefined): Approval {
  const shown = approval.presentedParts;
  const isSame = shown && (['files', 'controls', 'policy'] as const).every((part) => shown[part] === now[part]);
  return isSame ? { ...approval, presented: digest } : approval;
}

/** Approvals that were given for the same change on another base lie beside that one. */
function carriedTo(change: ChangeIdentity, approvals: readonly Approval[]): readonly Approval[] {
  return approvals.flatMap((approval) => (approval.carriedFrom === undefined ? [] : [{ ...approval, change }]));
}
