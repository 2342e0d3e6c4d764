import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SallyportError } from '../errors/index.ts';
import { hasCode } from '../system/index.ts';
import { describeGitDirectory, type GitSource, openGitSource, readControlFile } from './git-source.ts';
import { noRepository } from './no-repository.ts';

/**
 * Where the history of a checkout or of a bare repository lies; undefined where there is neither.
 * @throws SallyportError SP1304 for a repository that we cannot read.
 */
export function findRepository(path: string): GitSource | undefined {
  const checkout = openGitSource(path);
  if (checkout !== undefined) return checkout;
  const directory = resolve(path);
  return isBareRepository(directory) ? describeGitDirectory(directory, directory) : undefined;
}

/** As `findRepository`. @throws SallyportError SP1304 also where there is none. */
export function openRepository(path: string): GitSource {
  const source = findRepository(path);
  if (source === undefined) throw noRepository(path, findRepositoryRoot(path));
  return source;
}

/**
 * For what could not be found in the history: a clone with only the newest commits, as CI systems like to make it, has
 * to be completed first.
 * @throws SallyportError SP1311 when this is one.
 */
export function refuseShallow(path: string, missing: string): void {
  const source = findRepository(path);
  if (source === undefined || (readControlFile(join(source.commonDir, 'shallow'))?.length ?? 0) === 0) return;
  throw new SallyportError('SP1311', `this clone is shallow: ${missing} is not in it`);
}

/** Whether a folder is a git directory itself, with no files beside it that somebody could work on. */
export function isBareRepository(directory: string): boolean {
  const looksLikeOne =
    statusOf(join(directory, 'objects'))?.isDirectory() === true &&
    statusOf(join(directory, 'refs'))?.isDirectory() === true &&
    statusOf(join(directory, 'HEAD'))?.isFile() === true;
  return looksLikeOne && (readControlFile(join(directory, 'HEAD'))?.length ?? 0) > 0;
}

/**
 * The repository that a folder belongs to: the folder itself or the nearest one above it that holds a `.git`, or is
 * bare. Undefined when there is none.
 *
 * One that somebody else planted above us (`/tmp/.git`) is not believed: it must belong to us or to the owner of the
 * folder (CVE-2022-24765). A home folder is never taken for the repository of what lies in it, and the search stays
 * on the folder's file system, as git's does.
 */
export function findRepositoryRoot(folder: string): string | undefined {
  const start = realFolder(folder);
  const status = start && statusOf(start);
  if (!start || !status) return undefined;
  const owners = new Set([status.uid, process.geteuid?.() ?? status.uid]);
  const home = realFolder(homedir());
  for (let at = start; ; at = dirname(at)) {
    const marker = statusOf(join(at, '.git')) ?? (isBareRepository(at) ? statusOf(at) : undefined);
    if (marker !== undefined) return at === start || (owners.has(marker.uid) && at !== home) ? at : undefined;
    if (at === dirname(at) || statusOf(dirname(at))?.dev !== status.dev) return undefined;
  }
}

/** Undefined for what is not there and for what we may not see. */
function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'ENOTDIR', 'ENAMETOOLONG')) return undefined;
    throw error;
  }
}

function realFolder(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG')) return undefined;
    throw error;
  }
}
