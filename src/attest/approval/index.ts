/** Human approvals: what a person signs, how it is checked, and which of them count. */
export {
  APPROVAL_NAMESPACE,
  type ApprovalSignature,
  formatBundle,
  isApprovalBundle,
  MAX_BUNDLE,
  type PasskeyAssertion,
  readBundle,
} from './bundle.ts';
export * from './code-owners/index.ts';
export { type ApprovalCount, type CountInput, countApprovals } from './count.ts';
export { type AssertedReview, approvalsOfReviews, type ReadReviews } from './forge-review.ts';
export { isKnownAs, namesOf } from './person.ts';
export { type ApprovalPredicate, LONGEST_APPROVAL, LONGEST_BREAK_GLASS } from './predicate.ts';
export {
  digestPresentation,
  digestPresented,
  type Presentation,
  type PresentedControl,
  type PresentedFinding,
} from './presented.ts';
export { REFUSALS, type RefusalCode, renderRefusals } from './refusal.ts';
export { digestStatement, makeApprovalStatement } from './statement.ts';
export { groupsOf, namesOfSigner, verifyApproval } from './verify.ts';
