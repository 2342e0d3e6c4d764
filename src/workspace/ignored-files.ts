import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BytePath, joinPath, parentOf, toNative } from './byte-path.ts';
import { tryGit } from './git-command.ts';
import { closeSource, openSource, stageCopy } from './staged-file.ts';

const MAX_IGNORE_FILE = 1024 * 1024;
const MAX_IGNORE_FILES = 10_000;

/**
 * Which of these paths `.gitignore` keeps out. git sees a tree of ours that holds nothing but copies of the ignore
 * files: in the agent's tree it could be made to wait on a pipe or to take a planted repository for its own.
 */
export async function findIgnored(
  root: string,
  ignoreFiles: readonly BytePath[],
  paths: readonly BytePath[],
  scratch: { readonly gitDir: string; readonly directory: string },
): Promise<ReadonlySet<BytePath>> {
  if (ignoreFiles.length === 0 || paths.length === 0) return new Set();
  const workTree = join(scratch.directory, 'ignore');
  mkdirSync(workTree);
  for (const path of ignoreFiles.slice(0, MAX_IGNORE_FILES)) copyIgnoreFile(root, workTree, path);
  // With `./` a name like `:(glob)x` is a name, not a pattern.
  const input = Buffer.from(paths.map((path) => `./${path}\0`).join(''), 'latin1');
  const args = ['check-ignore', '-z', '--stdin', '--no-index'];
  const result = await tryGit({ gitDir: scratch.gitDir, workTree, args, input });
  // When git fails, nothing counts as ignored: the change then shows more than it should, never less.
  if (result.code > 1) return new Set();
  const answers = result.stdout.toString('latin1').split('\0');
  return new Set(answers.map((path) => path.slice('./'.length)));
}

function copyIgnoreFile(root: string, workTree: string, path: BytePath): void {
  const file = openSource(toNative(joinPath(Buffer.from(root).toString('latin1'), path)));
  if (file === undefined) return;
  try {
    if (file.size > MAX_IGNORE_FILE) return;
    const target = joinPath(Buffer.from(workTree).toString('latin1'), path);
    mkdirSync(toNative(parentOf(target)), { recursive: true });
    stageCopy(file, toNative(target), { objectFormat: 'sha1', owner: undefined });
  } finally {
    closeSource(file);
  }
}
