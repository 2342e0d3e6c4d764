/** Human approvals: what a person signs, how it is checked, and which of them count. */
export {
  APPROVAL_MEDIA_TYPE,
  APPROVAL_NAMESPACE,
  type ApprovalBundle,
  type ApprovalSignature,
  formatBundle,
  isApprovalBundle,
  MAX_BUNDLE,
  type PasskeyAssertion,
  readBundle,
} from './bundle.ts';
export * from './code-owners/index.ts';
export { type ApprovalCount, type CountInput, countApprovals, type RefusedApproval } from './count.ts';
export {
  type AssertedReview,
  type AssertedReviews,
  approvalsOfReviews,
  type ReadReviews,
} from './forge-review.ts';
export { type PasskeyVerification, verifyPasskey } from './passkey.ts';
export { isKnownAs, namesOf } from './person.ts';
export {
  type ApprovalPredicate,
  LONGEST_APPROVAL,
  LONGEST_BREAK_GLASS,
  MAX_REASON,
  type Presented,
} from './predicate.ts';
export {
  digestPresentation,
  digestPresented,
  type Presentation,
  type PresentedControl,
  type PresentedDigests,
  type PresentedFile,
  type PresentedFinding,
} from './presented.ts';
export { REFUSALS, type RefusalCode, renderRefusals } from './refusal.ts';
export {
  type ApprovalRequest,
  digestStatement,
  makeApprovalStatement,
  readApprovalStatement,
} from './statement.ts';
export { type ApprovalVerification, groupsOf, namesOfSigner, verifyApproval } from './verify.ts';
