import { resolve } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import type { SourceTree } from '../syntax/index.ts';
import { findRepositoryRoot, isBareRepository, readCommitTree, readDirectoryTree } from '../workspace/index.ts';

/** What a help text says where no repository is named. */
export const OWN_REPOSITORY = 'the repository (default: the one you are in)';

/**
 * The repository that is meant, as an absolute path. A folder that is named is taken as it is; where none is named it
 * is the repository that the current folder belongs to, so that a command says the same in every folder of it.
 */
export function repositoryMeant(named: string | undefined): string {
  return named === undefined ? (findRepositoryRoot('.') ?? resolve('.')) : resolve(named);
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
