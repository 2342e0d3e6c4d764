import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './child.ts';
import { hasCode } from './error-code.ts';

/**
 * Removes a file or directory tree and proves that it is gone. Links are removed, never followed; nothing on another
 * file system is touched. Survives directories of mode 000, thousands of levels and any name.
 *
 * Node's own `rm` fails on paths longer than PATH_MAX; the system's walks by descriptor.
 * @throws Error when something is still there, with the system's reason.
 */
export async function removeTree(path: string): Promise<void> {
  if (!(await exists(path))) return;
  const first = await remove(path);
  if (!(await exists(path))) return;
  // Directories without permission bits: opened one by one, before find descends into them.
  await run('find', [path, '-xdev', '-type', 'd', '!', '-perm', '-0700', '-exec', 'chmod', 'u+rwx', '{}', ';']);
  const second = await remove(path);
  if (await exists(path)) throw new Error(`cannot remove ${path}: ${(second || first).trim().split('\n')[0]}`);
}

/** The same for what stands in a directory, but for one name. What cannot be removed yet is still there. */
export async function clearDirectory(path: string, kept: string): Promise<void> {
  const names = (await readdir(path)).filter((name) => name !== kept);
  if (names.length > 0) await remove(...names.map((name) => join(path, name)));
}

/** Does anything stand at this path, a broken link included? */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

async function remove(...paths: readonly string[]): Promise<string> {
  const result = await run('rm', ['-rf', '--one-file-system', '--', ...paths], { timeout: 120_000 });
  return result.stderr.toString('latin1');
}
