import { createHash } from 'node:crypto';
import type { ChangeIdentity, Statement } from '../model.ts';
import { PREDICATES } from '../predicate-roles.ts';
import { statementOf } from '../statement/subject.ts';
import { type ApprovalPredicate, approvalPredicate } from './predicate.ts';

/** What a person decides, before it is signed. */
export interface ApprovalRequest {
  readonly change: ChangeIdentity;
  readonly predicate: Omit<ApprovalPredicate, 'targetRef' | 'fromID' | 'targetID'>;
  readonly breakGlass: boolean;
}

/**
 * The in-toto statement of one person's decision, gittuf-shaped: `targetRef`, `fromID` (the base commit) and `targetID`
 * (the tree that would result). docs/formats/approval.md is the specification.
 */
export function makeApprovalStatement({ change, predicate, breakGlass }: ApprovalRequest): Statement {
  return statementOf(change, breakGlass ? PREDICATES.breakGlass : PREDICATES.approval, {
    ...predicate,
    targetRef: change.targetRef,
    fromID: change.baseCommit,
    targetID: change.headTree,
  });
}

/** Hexadecimal SHA-256. With a passkey these very 32 bytes are the challenge. */
export function digestStatement(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface ReadApproval {
  readonly change: ChangeIdentity;
  readonly predicate: ApprovalPredicate;
  readonly breakGlass: boolean;
}

/** What a statement says, or what is wrong with it. The signature was checked before. */
export function readApprovalStatement(statement: Statement): ReadApproval | string {
  const breakGlass = statement.predicateType === PREDICATES.breakGlass;
  if (!breakGlass && statement.predicateType !== PREDICATES.approval) return 'it is no approval';
  const parsed = approvalPredicate.safeParse(statement.predicate);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `its predicate is not valid at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}`;
  }
  const { targetRef, fromID, targetID } = parsed.data;
  const [subject, ...others] = statement.subject;
  const { gitCommit, gitTree, ...digests } = subject?.digest ?? {};
  const { sourceRefs = [], baseCommit } = subject?.annotations ?? {};
  // One matching subject is enough for a reader of in-toto: a second one would approve something else.
  if (subject?.uri === undefined || others.length > 0 || gitCommit === undefined || Object.keys(digests).length > 0)
    return 'an approval has one subject, a commit with its tree';
  if (gitTree !== targetID || baseCommit !== fromID || sourceRefs.length !== 1 || sourceRefs[0] !== targetRef)
    return 'its subject is another change than its predicate';
  return {
    change: { repository: subject.uri, targetRef, baseCommit: fromID, headCommit: gitCommit, headTree: targetID },
    predicate: parsed.data,
    breakGlass,
  };
}
