import { lstat } from 'node:fs/promises';
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

async function remove(path: string): Promise<string> {
  const result = await run('rm', ['-rf', '--one-file-system', '--', path], { timeout: 120_000 });
  return result.stderr.toString('latin1');
}
