/** CODEOWNERS of GitHub and GitLab: who must approve which path. */
export { findCodeOwners } from './find.ts';
export type { CodeOwners, CodeOwnersDialect } from './model.ts';
export { demandsOf, isOwner, judgeOwnership, type OwnerDemand } from './ownership.ts';
export { readCodeOwners } from './read.ts';
