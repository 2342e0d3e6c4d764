import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import type { SourceTree } from '../syntax/index.ts';
import { describeFileError } from '../system/index.ts';
import { findRepositoryRoot, isBareRepository, readCommitTree, readDirectoryTree } from '../workspace/index.ts';

/** What a help text says where no repository is named. */
export const OWN_REPOSITORY = 'the repository (default: the one you are in)';

/**
 * The repository that is meant, as an absolute path. A folder that is named is taken as it is; where none is named it
 * is the repository that the current folder belongs to, so that a command says the same in every folder of it.
 * @param advice What to do when what is named is no folder, where this says more than the error's own.
 * @throws SallyportError SP1307 when it is none
 */
export function repositoryMeant(named: string | undefined, advice?: string): string {
  return named === undefined ? (findRepositoryRoot('.') ?? resolve('.')) : namedFolder(named, advice);
}

/** The absolute path of a folder. @throws SallyportError SP1307 when it is none */
export function namedFolder(named: string, advice?: string): string {
  const path = resolve(named);
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (cause) {
    throw new SallyportError('SP1307', `${path}: ${describeFileError(cause)}`, { cause, advice });
  }
  if (!isFolder) throw new SallyportError('SP1307', `${path} is not a directory`, { advice });
  return path;
}

/** The files of a checkout as they stand; of a bare repository, which has none, those of its HEAD. */
export async function readFilesOf(
  root: string,
  limits: Parameters<typeof readDirectoryTree>[1] = {},
): Promise<SourceTree> {
  return isBareRepository(root) ? readCommitTree(root, 'HEAD', limits) : readDirectoryTree(root, limits);
}

/** For what writes files. @throws SallyportError SP1310 in a bare repository, which has none. */
export function refuseBare(root: string): void {
  if (isBareRepository(root)) throw new SallyportError('SP1310', `${root} is a bare repository`);
}
