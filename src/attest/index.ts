/** Statements about changes: written, signed, stored, and verified without trusting whoever stored them. */
export * from './approval/index.ts';
export { carriesOver, type LandedCommit } from './change/carry-over.ts';
export {
  type ChangeContent,
  type ChangeRequest,
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
  SignerRole,
  Statement,
  StatementFault,
  Subject,
  VerifiedStatement,
} from './model.ts';
export { PAYLOAD_TYPE, STATEMENT_TYPE } from './model.ts';
export { namesOfPredicates, PREDICATE_ROLES, PREDICATES } from './predicate-roles.ts';
export { type RunRecord, readRunRecord } from './run-record/run-record.ts';
export { type AgentSignerOptions, agentSigner } from './signing/agent-signer.ts';
export { type CommandSignerOptions, commandSigner } from './signing/command-signer.ts';
export { keySigner, readSigningKey } from './signing/key-signer.ts';
export { type KeylessOptions, sealKeyless } from './signing/keyless.ts';
export { sealWithKey } from './signing/seal.ts';
export type { Seal, Signer } from './signing/signer.ts';
export * from './ssh/index.ts';
export { type AiChangeContext, aiChangeStatement, type LineRange } from './statement/ai-change.ts';
export { aiChangeJsonSchema } from './statement/ai-change-json-schema.ts';
export { type ForgeReviewRecord, forgeReviewStatement, readForgeReview } from './statement/forge-review.ts';
export { inventoryStatement, isInventory, type ReferredFile, referenceStatement } from './statement/reference.ts';
export { runtimeTraceStatement } from './statement/runtime-trace.ts';
export { type ScanSummary, testResultStatement, vulnerabilityStatement } from './statement/scan.ts';
export { encodeStatement, statementOf } from './statement/subject.ts';
export { GATE_ID, type GateSummary, summaryStatement, verdictStatement } from './statement/verdict.ts';
export * from './trust-store/index.ts';
export { faultAt, isFault, STEPS, type StepName } from './verify/fault.ts';
export { type ExpectedChange, matchChange, type PatchResult, policyDigestOf } from './verify/match-change.ts';
export { type OpenedStatement, openBundle, type Trust } from './verify/open-bundle.ts';
export { readTrustedRoot, TRUSTED_ROOT_FILE } from './verify/trusted-root.ts';
export { verifyArtifactBundle, verifyImageBundle } from './verify/verify-artifact.ts';
export {
  type ChangeEvidence,
  type ChangeVerification,
  type FaultyBundle,
  type ProvenChange,
  type Rederive,
  type Rederived,
  verdictMoment,
  verifyChange,
} from './verify/verify-change.ts';
export { type CommitVerdict, type HistoryRequest, type Landing, verifyHistory } from './verify/verify-history.ts';
