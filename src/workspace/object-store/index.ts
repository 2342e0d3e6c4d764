export { type BlobEntry, findLinks, listBlobs, nameBlobs, readBlobs } from './blobs.ts';
export {
  type CommitEntry,
  isAncestor,
  listHistory,
  mergeBaseOf,
  readHeadRef,
  readRemote,
  readSymbolicRef,
  resolveCommit,
  resolveCommits,
  sortByDate,
} from './history.ts';
export { type ObjectStore, openObjectStore, type Quarantine } from './object-store.ts';
export { listRawChanges, type RawChange } from './raw-change.ts';
export { addToRef, type RefFile } from './ref-tree.ts';
