import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { isNativeBinary, isSystemPath, realFile } from './program.ts';

/** Files that mark a directory as a whole package or tool environment, small enough to be shown inside. */
const ROOT_MARKS: readonly string[] = ['package.json', 'pyvenv.cfg'];

/** Names that a home directory has and an installation has not: a directory with one of them is never shown whole. */
const HOME_MARKS: readonly string[] = [
  '.ssh',
  '.aws',
  '.gnupg',
  '.config',
  '.docker',
  '.kube',
  '.netrc',
  '.bashrc',
  '.profile',
  '.bash_history',
  '.git',
  '.env',
];

/** Directories that many share, and those whose every child is a home: never shown whole, whatever lies in them. */
const SHARED: readonly string[] = [
  '/',
  '/home',
  '/root',
  '/tmp',
  '/var',
  '/var/tmp',
  '/opt',
  '/srv',
  '/mnt',
  '/etc',
  '/run',
];
const HOMES: readonly string[] = ['/home', '/Users', '/export/home'];

/**
 * What must be visible inside so that this program file can run: nothing for system programs; the package of a binary
 * and, for a script, the `node_modules` its dependencies are in; its project or virtual environment; else the file
 * alone. Never a directory that looks like a home or a checkout, or that holds the workspace.
 */
export function mountsFor(file: string, workspace: string): readonly string[] {
  if (isSystemPath(file) || isWithin(file, workspace)) return [];
  const root = packageRoot(file);
  return [root === undefined || isTooWide(root, workspace) ? file : root];
}

/** True when `path` is `directory` or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

/** Throws SP1601 when there is no such file. */
function packageRoot(file: string): string | undefined {
  const real = realFile(file);
  const modules = /^(.*?\/node_modules)\/(?:@[^/]+\/)?[^/]+\//.exec(file);
  if (modules?.[1] !== undefined) return isNativeBinary(real) ? modules[0].slice(0, -1) : modules[1];
  for (let directory = dirname(file); directory !== dirname(directory); directory = dirname(directory))
    if (ROOT_MARKS.some((mark) => existsSync(join(directory, mark)))) return directory;
  return undefined;
}

function isTooWide(directory: string, workspace: string): boolean {
  if (isWithin(workspace, directory) || SHARED.includes(directory) || HOMES.includes(dirname(directory))) return true;
  return HOME_MARKS.some((mark) => existsSync(join(directory, mark)));
}
