/** What a forge is told and asked: clients of GitHub, GitLab and Gitea, the bundle between two jobs, the CI context. */
export { type BundleDetails, bundleReport, describeFindings } from './bundle/from-report.ts';
export {
  POSTING_COMMANDS,
  POSTING_VERDICTS,
  type PostingBundle,
  type PostingCommand,
  type PostingFinding,
  type PostingReason,
  type PostingStep,
  type PostingSuggestion,
  type PostingVerdict,
} from './bundle/model.ts';
export { readBundle, writeBundle } from './bundle/read.ts';
export { renderReviewRemarks } from './bundle/remarks.ts';
export { type GateSummaryInput, renderGateSummary, renderReasons, renderSummary } from './bundle/summary.ts';
export { detectContext, type FoundToken, findToken, tokenNames } from './context/detect.ts';
export type { Environment, PipelineContext, PipelineSystem } from './context/model.ts';
export type { HttpTime } from './http/client.ts';
export type * from './model.ts';
export { type ForgeAccess, openForge, proposeChange } from './open.ts';
export {
  POSTING_PARTS,
  type PostingOutcome,
  type PostingPart,
  type PostingRequest,
  postBundle,
  previewBundle,
} from './post.ts';
export type { OpenedRequest, Proposal, ProposedFile } from './proposal/model.ts';
export { type HealedChange, renderProposal } from './proposal/text.ts';
