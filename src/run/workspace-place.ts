import { realpathSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { findRepositoryRoot, isBareRepository } from '../workspace/index.ts';

/**
 * Where the workspace really is: paths in the ledger and in the agent's calls are compared with it.
 * @throws SallyportError SP1706 for what is no readable folder, SP1310 for a bare repository
 */
export function realWorkspace(path: string): string {
  const real = realFolder(path);
  if (isBareRepository(real)) throw new SallyportError('SP1310', `${path} is a bare repository`);
  return real;
}

function realFolder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch (cause) {
    throw new SallyportError('SP1706', `${path} cannot be read`, { cause });
  }
  throw new SallyportError('SP1706', `${path} is not a directory`);
}

/** What somebody who typed the command elsewhere than at the top of a repository would not expect. */
export function placeNotes(workspace: string, current: string): readonly string[] {
  const root = findRepositoryRoot(workspace);
  if (root !== undefined && root !== workspace)
    return [
      `${workspace} is a folder of the repository ${root}: the policy and the history of that repository were not read.`,
    ];
  const below = relative(workspace, current);
  return below === '' || below.startsWith('..')
    ? []
    : [`The agent started in ${workspace}, the top of the repository, and not in ${below}.`];
}
