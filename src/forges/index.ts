/** What a forge is told and asked: clients of GitHub, GitLab and Gitea, the bundle between two jobs, the CI context. */
export { bundleReport } from './bundle/from-report.ts';
export type { PostingBundle, PostingFinding } from './bundle/model.ts';
export { readBundle, writeBundle } from './bundle/read.ts';
export { renderReviewRemarks } from './bundle/remarks.ts';
export { renderSummary } from './bundle/summary.ts';
export { detectContext, findToken, tokenNames } from './context/detect.ts';
export type { Environment, PipelineContext } from './context/model.ts';
export type { ChangeReference, CheckPost, Forge, ForgeName, LineRemark } from './model.ts';
export { type ForgeAccess, openForge, proposeChange } from './open.ts';
export {
  POSTING_PARTS,
  type PostingOutcome,
  type PostingPart,
  type PostingRequest,
  postBundle,
  previewBundle,
} from './post.ts';
export type { OpenedRequest, Proposal } from './proposal/model.ts';
export { renderProposal } from './proposal/text.ts';
