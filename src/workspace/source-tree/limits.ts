/** Caps for a tree of somebody else's files. Each one that is reached is a gap of kind `cap`. */
export interface TreeLimits {
  /** Files, links and folders. */
  readonly entries: number;
  /** Folders below one another. */
  readonly depth: number;
  /** Of one file that is read. */
  readonly fileBytes: number;
  /** Of all files of a commit, which are held in memory. */
  readonly totalBytes: number;
  /** Gaps listed for one tree. */
  readonly gaps: number;
  /** Names of folders that are not entered. */
  readonly skipped: ReadonlySet<string>;
}

/**
 * Folders that package managers and build tools fill. What lies in them belongs to other projects, is rarely in the
 * repository, and would drown what is; a pipeline that runs a program from there is judged by how it was installed.
 */
export const INSTALLED_FOLDERS: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.pnpm-store',
  '.venv',
  'venv',
  'site-packages',
  '__pycache__',
  '.tox',
  '.nox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.gradle',
  '.terraform',
  '.bundle',
  '.hg',
  '.svn',
]);

export const TREE_LIMITS: TreeLimits = {
  entries: 200_000,
  depth: 64,
  fileBytes: 4 * 1024 * 1024,
  totalBytes: 512 * 1024 * 1024,
  gaps: 200,
  skipped: INSTALLED_FOLDERS,
};
