import { tryGit } from './git-command.ts';
import { openGitSource } from './git-source.ts';
import { noRepository } from './no-repository.ts';

/** Where two lines of history parted, as a commit id; undefined when they have nothing in common or one is not here. */
export async function findMergeBase(repository: string, one: string, other: string): Promise<string | undefined> {
  return askForCommit(repository, ['merge-base', '--end-of-options', one, other]);
}

/** The commit that a ref names; undefined when there is none of this name. */
export async function findCommit(repository: string, ref: string): Promise<string | undefined> {
  return askForCommit(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}

async function askForCommit(repository: string, args: readonly string[]): Promise<string | undefined> {
  const gitDir = openGitSource(repository)?.gitDir;
  if (gitDir === undefined) throw noRepository(repository);
  const { code, stdout } = await tryGit({ gitDir, args });
  const id = stdout.toString('latin1').trim();
  return code === 0 && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}
