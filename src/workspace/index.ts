/** The working tree as data: a private copy before the run, the change after it. Nothing of a repository is ever run. */

export { applyChange } from './apply.ts';
export { listAuthors } from './authors.ts';
export { type BaseFile, readBaseFile } from './base-file.ts';
export type { Change, ChangedFile } from './change.ts';
export { type CollectRequest, collectChange } from './collect.ts';
export { commitFiles } from './commit-files.ts';
export { type CommitFile, type CommitList, type CommitRecord, listCommits, type Signature } from './commit-list.ts';
export { dateLines } from './line-dates.ts';
export { listIgnored } from './list-ignored.ts';
export { findCommit, findMergeBase, findParting } from './merge-base.ts';
export { noCommit } from './no-commit.ts';
export {
  addToRef,
  type BlobEntry,
  type CommitEntry,
  findLinks,
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
  readSymbolicRef,
  resolveCommit,
  resolveCommits,
  sortByDate,
} from './object-store/index.ts';
export { parsePatchPaths } from './patch-paths.ts';
export { readRefNames } from './ref-names.ts';
export { findRepositoryRoot, isBareRepository, refuseShallow } from './repository.ts';
export { type MergeResult, ScratchRepository } from './scratch-repository.ts';
export type { Write, WriteDecider } from './sifting.ts';
export {
  compareTrees,
  INSTALLED_FOLDERS,
  IS_A_LINK,
  listRepositories,
  readCommitTree,
  readDirectoryTree,
  readOwnFile,
  type TreeChange,
} from './source-tree/index.ts';
export { stageWorkspace } from './stage.ts';
export type { Stage, StageRequest } from './stage-types.ts';
