import { SallyportError } from '../../errors/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import {
  findCommit,
  findMergeBase,
  findParting,
  INSTALLED_FOLDERS,
  listIgnored,
  noCommit,
  readCommitTree,
  readDirectoryTree,
  refuseShallow,
} from '../../workspace/index.ts';
import type { Trusted } from '../audit/policy-files.ts';
import { readFilesOf, refuseBare } from '../repository.ts';
import { TRUNKS } from '../trunk.ts';

/** What a person asked to be reviewed. */
export interface Asked {
  readonly base: string | undefined;
  readonly head: string | undefined;
  readonly workingTree: boolean;
  readonly all: boolean;
}

/** What is compared, and where policy and decisions come from. */
export interface Sides {
  /** `undefined`: the whole of `head`. */
  readonly base: SourceTree | undefined;
  readonly head: SourceTree;
  readonly trusted: Trusted;
}

/** A commit may hold what a package manager would install; then it is part of the change. */
const EVERYTHING = { skipped: new Set<string>() };
/** In a working tree such folders hold other people's files. They are compared on neither side. */
const OWN_FILES = { skipped: INSTALLED_FOLDERS };

/**
 * Reads both sides. A base that is a branch counts from where head left it: what happened there since is not of this
 * change. Policy and decisions are those of the base itself.
 * @throws SallyportError SP1304 without a repository, SP1308 for a commit that is not here, SP1310 for the
 *   working tree of a bare repository, SP1311 in a clone that is too short, SP2302 without a base
 */
export async function readSides(root: string, asked: Asked): Promise<Sides> {
  if (asked.all) return wholeRepository(root, asked);
  const head = asked.head ?? 'HEAD';
  const ref = asked.base ?? (asked.workingTree ? head : await impliedBase(root, head));
  const from = await findParting(root, ref, head);
  const trusted = { tree: await readCommitTree(root, ref), ref };
  if (!asked.workingTree)
    return {
      base: await readCommitTree(root, from, EVERYTHING),
      head: await readCommitTree(root, head, EVERYTHING),
      trusted,
    };
  refuseBare(root);
  const base = await readCommitTree(root, from, OWN_FILES);
  return { base, head: await ownFiles(root, base), trusted };
}

/** The files as they are, without those that git ignores and the base does not have: nobody would commit them. */
async function ownFiles(root: string, base: SourceTree): Promise<SourceTree> {
  const tree = await readDirectoryTree(root, OWN_FILES);
  const known = new Set(base.entries.map(({ path }) => path));
  const ignored = await listIgnored(
    root,
    tree.entries.flatMap(({ kind, path }) => (kind === 'submodule' ? [] : [path])),
  );
  return {
    ...tree,
    entries: tree.entries.filter(({ path }) => known.has(path) || !ignored.has(path)),
    read: (path) => tree.read(path),
  };
}

/** The policy of what is reviewed: there is no base that could know better. */
async function wholeRepository(root: string, { head, base, workingTree }: Asked): Promise<Sides> {
  if (base !== undefined)
    throw new SallyportError('SP1001', '--all reviews everything and compares with no base', {
      advice: 'Leave out --base or --all.',
    });
  const tree =
    workingTree || head === undefined ? await readFilesOf(root) : await readCommitTree(root, head, EVERYTHING);
  return { base: undefined, head: tree, trusted: { tree, ref: undefined } };
}

/** Where head left the trunk; on the trunk itself the commit before, so that a push to it is reviewed and not waved through. */
async function impliedBase(root: string, head: string): Promise<string> {
  const commit = await findCommit(root, head);
  if (commit === undefined) throw noCommit(head);
  for (const trunk of TRUNKS) {
    const parted = await findMergeBase(root, trunk, head);
    if (parted !== undefined && parted !== commit) return trunk;
  }
  if ((await findCommit(root, `${head}^`)) !== undefined) return `${head}^`;
  refuseShallow(root, `the commit before ${head}`);
  throw new SallyportError('SP2302', `${head} has no commit before it, and there is no trunk that it left`, {
    advice: 'Name a base; `sallyport review --all` looks at everything without one.',
  });
}
