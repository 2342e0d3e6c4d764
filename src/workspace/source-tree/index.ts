/** The files of a repository at one moment, as the readers of pipelines and configurations see them. */
export { readCommitTree } from './commit-tree.ts';
export { readDirectoryTree } from './directory-tree.ts';
export { INSTALLED_FOLDERS } from './limits.ts';
export { IS_A_LINK, readOwnFile } from './own-file.ts';
export { listRepositories } from './repositories.ts';
export { compareTrees, type TreeChange } from './tree-change.ts';
