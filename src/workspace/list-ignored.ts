import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { removeOnSignal } from '../system/index.ts';
import { fromText, toText } from './byte-path.ts';
import { findIgnored } from './ignored-files.ts';
import { createPrivateRepository } from './tracked-files.ts';

/** Which of these paths of a directory its `.gitignore` files keep out of git, tracked or not. */
export async function listIgnored(root: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const scratch = mkdtempSync(join(tmpdir(), 'sallyport-ignored-'));
  using _guard = removeOnSignal(scratch);
  try {
    const gitDir = join(scratch, 'git');
    createPrivateRepository(gitDir, 'sha1', []);
    const all = paths.map(fromText);
    const files = all.filter((path) => path === '.gitignore' || path.endsWith('/.gitignore'));
    const ignored = await findIgnored(resolve(root), files, all, { gitDir, directory: scratch });
    return new Set([...ignored].map(toText));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
