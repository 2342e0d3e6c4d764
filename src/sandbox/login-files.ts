import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../system/index.ts';

/** Below `/usr`, which is shown as it is: where programs that came without the distribution look for their settings. */
const DIRECTORIES = ['/usr/etc', '/usr/local/etc'];

/** Names under which such programs keep logins for everybody on the machine, such as the token of a package registry. */
const NAMES =
  /^(?:[._]?netrc|\.?npmrc|\.?yarnrc(?:\.yml)?|\.?pypirc|pip\.conf|\.?gitconfig|\.?git-credentials|credentials(?:\.\w+)?|auth\.json|\.env|.*\.key)$/i;

/** What one of them looks like. A file that only names an authority or a mirror is what its program needs. */
const LOGIN =
  /_auth|auth["']?\s*[:=]|passw|token|secret|machine\s+\S+\s+login|-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^\s/@]{1,200}@/i;

const DEPTH = 2;
/** A longer file is no such settings, and is hidden unread. */
const MOST_BYTES = 256 * 1024;

/** Settings of the host with logins in them, which are shown empty. @param root what stands before; nothing on a host */
export function findLoginFiles(root = ''): readonly string[] {
  return DIRECTORIES.flatMap((directory) => filesBelow(root, directory, DEPTH)).sort();
}

function filesBelow(root: string, directory: string, depth: number): readonly string[] {
  return entriesOf(join('/', root, directory)).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return depth > 1 ? filesBelow(root, path, depth - 1) : [];
    return entry.isFile() && NAMES.test(entry.name) && holdsLogin(join('/', root, path)) ? [path] : [];
  });
}

function holdsLogin(path: string): boolean {
  try {
    return statSync(path).size > MOST_BYTES || LOGIN.test(readFileSync(path, 'latin1'));
  } catch (error) {
    // Closed to us, and so to the agent, who is nobody more.
    if (hasCode(error, 'EACCES', 'EPERM', 'ENOENT')) return false;
    throw error;
  }
}

/** A folder that is not there, or closed to us and so to the agent, has none. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return [];
    throw error;
  }
}
