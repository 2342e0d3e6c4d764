import { SallyportError } from '../errors/index.ts';
import { findNamedCommit } from './commit-name.ts';
import { runGit, tryGit } from './git-command.ts';
import { openGitSource } from './git-source.ts';

export interface BaseFile {
  /** The ref that answered, of those that were tried. */
  readonly ref: string;
  readonly commit: string;
  /** Content of the file at that commit; undefined when the commit has none. */
  readonly text: string | undefined;
}

/** A ref as a person or a CI system names it; no option, no range, no path. */
const REF = /^[A-Za-z0-9_][A-Za-z0-9_./+@{}-]*$/;

/**
 * Reads one file at the first of the given refs that exists, straight from the object store: the working tree, which
 * belongs to the change under test, is not looked at. Undefined when the checkout has no git, or no ref exists.
 *
 * @throws SP1305 when git cannot run, SP1312 for a name that means two commits, SP1705 for a ref that is none.
 */
export async function readBaseFile(
  checkout: string,
  refs: readonly string[],
  path: string,
): Promise<BaseFile | undefined> {
  const source = openGitSource(checkout);
  if (source === undefined) return undefined;
  for (const ref of refs) {
    if (!REF.test(ref) || ref.includes('..'))
      throw new SallyportError('SP1705', `${JSON.stringify(ref)} is not the name of a ref`);
  }
  const { gitDir } = source;
  for (const ref of refs) {
    const commit = await findNamedCommit((args) => tryGit({ gitDir, args }), ref);
    if (commit !== undefined) return { ref, commit, text: await readText(gitDir, `${commit}:${path}`) };
  }
  return undefined;
}

async function readText(gitDir: string, name: string): Promise<string | undefined> {
  const output = await runGit({ gitDir, args: ['cat-file', '--batch'], input: Buffer.from(`${name}\n`) });
  const end = output.indexOf(0x0a);
  const [, size] = /^[0-9a-f]{40,64} blob (\d+)$/.exec(output.toString('latin1', 0, Math.max(end, 0))) ?? [];
  return size === undefined ? undefined : output.toString('utf8', end + 1, end + 1 + Number(size));
}
