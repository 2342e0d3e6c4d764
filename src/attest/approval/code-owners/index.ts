/** CODEOWNERS of GitHub and GitLab: who must approve which path. */
export { findCodeOwners } from './find.ts';
export type { CodeOwners, CodeOwnersDialect, OwnerRule, OwnerSection } from './model.ts';
export { demandsOf, isOwner, judgeOwnership, type OwnerDemand, type OwnershipResult } from './ownership.ts';
export { readCodeOwners } from './read.ts';
