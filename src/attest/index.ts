/** Statements about changes: written, signed, stored, and verified without trusting whoever stored them. */
export {
  APPROVAL_NAMESPACE,
  type ApprovalCount,
  type ApprovalPredicate,
  type ApprovalSignature,
  type AssertedReview,
  approvalsOfReviews,
  type CodeOwners,
  type CodeOwnersDialect,
  type CountInput,
  countApprovals,
  demandsOf,
  digestPresentation,
  digestPresented,
  digestStatement,
  findCodeOwners,
  formatBundle,
  groupsOf,
  isApprovalBundle,
  isKnownAs,
  isOwner,
  judgeOwnership,
  LONGEST_APPROVAL,
  LONGEST_BREAK_GLASS,
  MAX_BUNDLE,
  makeApprovalStatement,
  namesOf,
  namesOfSigner,
  type OwnerDemand,
  type PasskeyAssertion,
  type Presentation,
  type PresentedControl,
  type PresentedFinding,
  REFUSALS,
  type ReadReviews,
  type RefusalCode,
  readBundle,
  readCodeOwners,
  renderRefusals,
  verifyApproval,
} from './approval/index.ts';
export { BUNDLE_LIMITS } from './bundle/limits.ts';
export { carriesOver } from './change/carry-over.ts';
export {
  type ChangeContent,
  changeContent,
  changeIdentity,
  readChangeContent,
  repositoryName,
} from './change/change-identity.ts';
export { HistoryGraph } from './change/history-graph.ts';
export {
  type AttestedChange,
  BUNDLE_ENDING,
  bundleFile,
  EVIDENCE_REF,
  evidenceFolder,
  LEDGER_FILES,
  readEvidenceIndex,
} from './evidence/evidence-store.ts';
export type {
  Approval,
  ChangeIdentity,
  PresentedDigests,
  SignerRole,
  Statement,
  StatementFault,
  VerifiedStatement,
} from './model.ts';
export { PAYLOAD_TYPE } from './model.ts';
export { namesOfPredicates, PREDICATE_ROLES, PREDICATES } from './predicate-roles.ts';
export { type RunRecord, readRunRecord } from './run-record/run-record.ts';
export { RunTally } from './run-record/run-tally.ts';
export { agentSigner } from './signing/agent-signer.ts';
export { commandSigner } from './signing/command-signer.ts';
export { keySigner, readSigningKey } from './signing/key-signer.ts';
export { sealKeyless } from './signing/keyless.ts';
export { sealWithKey } from './signing/seal.ts';
export type { Seal, Signer } from './signing/signer.ts';
export {
  formatPublicKey,
  readPublicKey,
  readPublicKeyLine,
  SshFormatError,
  signSsh,
  toSshPublicKey,
  verifySshSignature,
} from './ssh/index.ts';
export { type AiChangeContext, aiChangeStatement, type LineRange } from './statement/ai-change.ts';
export { aiChangeJsonSchema } from './statement/ai-change-json-schema.ts';
export { type ForgeReviewRecord, forgeReviewStatement, readForgeReview } from './statement/forge-review.ts';
export { inventoryStatement, isInventory, type ReferredFile, referenceStatement } from './statement/reference.ts';
export { runtimeTraceStatement } from './statement/runtime-trace.ts';
export { type ScanSummary, testResultStatement, vulnerabilityStatement } from './statement/scan.ts';
export { encodeStatement } from './statement/subject.ts';
export { type GateSummary, summaryStatement, verdictStatement } from './statement/verdict.ts';
export {
  isValidAt,
  type Passkey,
  readTrustStore,
  type SshKey,
  TRUST_STORE_FILE,
  type TrustedKey,
  type TrustedSigner,
  type TrustStore,
} from './trust-store/index.ts';
export { isFault } from './verify/fault.ts';
export { type ExpectedChange, matchChange, type PatchResult, policyDigestOf } from './verify/match-change.ts';
export { openBundle, type Trust } from './verify/open-bundle.ts';
export { readTrustedRoot, TRUSTED_ROOT_FILE } from './verify/trusted-root.ts';
export { verifyArtifactBundle, verifyImageBundle } from './verify/verify-artifact.ts';
export {
  type ChangeVerification,
  type ProvenChange,
  type Rederive,
  type Rederived,
  verdictMoment,
  verifyChange,
} from './verify/verify-change.ts';
export { type CommitVerdict, verifyHistory } from './verify/verify-history.ts';
