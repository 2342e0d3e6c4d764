import { findNamedCommit } from './commit-name.ts';
import { tryGit } from './git-command.ts';
import { openRepository, refuseShallow } from './repository.ts';

/** Where two lines of history parted, as a commit id; undefined when they have nothing in common or one is not here. */
export async function findMergeBase(repository: string, one: string, other: string): Promise<string | undefined> {
  const [mine, theirs] = [await findCommit(repository, one), await findCommit(repository, other)];
  if (mine === undefined || theirs === undefined) return undefined;
  const { gitDir } = openRepository(repository);
  const { code, stdout } = await tryGit({ gitDir, args: ['merge-base', mine, theirs] });
  const id = stdout.toString('latin1').trim();
  return code === 0 && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}

/**
 * Where `head` parted from `base`; `base` itself where the two have nothing in common.
 * @param clone Where the history was fetched to, when `repository` only borrows its objects.
 * @throws SallyportError SP1311 in a shallow clone that does not reach back to that place: what happened to `base` since
 *   would look like the work of `head`, backwards.
 */
export async function findParting(
  repository: string,
  base: string,
  head: string,
  clone: string = repository,
): Promise<string> {
  const found = await findMergeBase(repository, base, head);
  if (found !== undefined) return found;
  const areHere = (await findCommit(repository, base)) && (await findCommit(repository, head));
  if (areHere !== undefined) refuseShallow(clone, `the place where ${head} left ${base}`);
  return base;
}

/**
 * The commit that a ref names; undefined when there is none of this name.
 * @throws SallyportError SP1312 for a name that means two commits.
 */
export async function findCommit(repository: string, ref: string): Promise<string | undefined> {
  const { gitDir } = openRepository(repository);
  return findNamedCommit((args) => tryGit({ gitDir, args }), ref);
}
