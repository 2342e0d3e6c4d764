import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import { hasCode } from '../../system/index.ts';
import { INSTALLED_FOLDERS } from './limits.ts';

/** What makes a folder a repository for an audit: its history, or the pipeline of an export without one. */
const MARKS: readonly string[] = [
  '.git',
  '.github/workflows',
  '.gitlab-ci.yml',
  'Jenkinsfile',
  'azure-pipelines.yml',
  'azure-pipelines.yaml',
];
/** Folders between the given one and a repository: `forge/organisation/repository`. */
const DEPTH = 3;
const MOST_FOLDERS = 20_000;
const UNREADABLE = ['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];

/**
 * The repositories under a folder, as paths below it, sorted; the folder itself (`.`) alone when it is one. Links are
 * not followed and repositories not searched for further ones.
 * @throws SallyportError SP1307 when the folder cannot be read.
 */
export async function listRepositories(folder: string): Promise<readonly string[]> {
  if (isRepository(folder)) return ['.'];
  const found: string[] = [];
  let level = foldersIn(folder, '');
  if (level === undefined) throw new SallyportError('SP1307', `cannot read ${folder}`);
  let seen = 0;
  for (let depth = 1; depth <= DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const path of level) {
      if (++seen > MOST_FOLDERS)
        throw new SallyportError('SP1307', `${folder} holds more than ${MOST_FOLDERS} folders`);
      if (isRepository(join(folder, path))) found.push(path);
      else for (const child of foldersIn(folder, path) ?? []) below.push(child);
    }
    level = below;
  }
  return found.sort();
}

function isRepository(path: string): boolean {
  return MARKS.some((mark) => stands(join(path, mark)));
}

function stands(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (hasCode(error, ...UNREADABLE)) return false;
    throw error;
  }
}

function foldersIn(root: string, path: string): readonly string[] | undefined {
  try {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !INSTALLED_FOLDERS.has(entry.name));
    return folders.map((entry) => join(path, entry.name));
  } catch (error) {
    if (hasCode(error, ...UNREADABLE)) return undefined;
    throw error;
  }
}
