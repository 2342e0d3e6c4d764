/** The working tree as data: a private copy before the run, the change after it. Nothing of a repository is ever run. */

export { type Application, type ApplyRequest, applyChange } from './apply.ts';
export { listAuthors } from './authors.ts';
export { type BaseFile, readBaseFile } from './base-file.ts';
export type { Change, ChangedFile, WithheldFile } from './change.ts';
export { type CollectRequest, collectChange } from './collect.ts';
export { commitFiles, type FilesCommit } from './commit-files.ts';
export {
  COMMIT_LIMITS,
  type CommitFile,
  type CommitLimits,
  type CommitList,
  type CommitRecord,
  listCommits,
  type Signature,
} from './commit-list.ts';
export type { Decoy } from './decoys.ts';
export { dateLines, type NamedLine } from './line-dates.ts';
export { listIgnored } from './list-ignored.ts';
export { findCommit, findMergeBase } from './merge-base.ts';
export {
  addToRef,
  type BlobEntry,
  type CommitEntry,
  isAncestor,
  listBlobs,
  listHistory,
  listRawChanges,
  mergeBaseOf,
  nameBlobs,
  type ObjectStore,
  openObjectStore,
  type Quarantine,
  type RawChange,
  type RefFile,
  readBlobs,
  readHeadRef,
  readRemote,
  resolveCommit,
  resolveCommits,
} from './object-store/index.ts';
export { type PatchReading, parsePatchPaths } from './patch-paths.ts';
export { type RefNames, readRefNames } from './ref-names.ts';
export { type MergeResult, ScratchRepository } from './scratch-repository.ts';
export type { Write, WriteDecider } from './sifting.ts';
export {
  compareTrees,
  INSTALLED_FOLDERS,
  listRepositories,
  readCommitTree,
  readDirectoryTree,
  TREE_LIMITS,
  type TreeChange,
  type TreeLimits,
} from './source-tree/index.ts';
export { stageWorkspace } from './stage.ts';
export type { ParkedFile, Stage, StagedCounts, StagedRepository, StageLimits, StageRequest } from './stage-types.ts';
export type { Owner } from './staged-file.ts';
