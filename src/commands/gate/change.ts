import { type ChangeIdentity, repositoryName } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import {
  type CommitList,
  findMergeBase,
  findParting,
  listCommits,
  type MergeResult,
  noCommit,
  type ObjectStore,
  openObjectStore,
  readCommitTree,
  readRefNames,
  refuseShallow,
  resolveCommit,
  ScratchRepository,
} from '../../workspace/index.ts';
import { refuseBare } from '../repository.ts';
import { TRUNKS } from '../trunk.ts';
import { readNamedFile, sha256Hex } from './input.ts';
import { trustOf } from './trust.ts';

/** What a person asked to be judged. */
export interface AskedChange {
  readonly base: string | undefined;
  /** Where policy, trust and owners come from, if not from `base`: the commit that the change landed on. */
  readonly rules?: string;
  readonly head: string | undefined;
  readonly patch: string | undefined;
  readonly workingTree: boolean;
  readonly targetRef: string | undefined;
  readonly branch: string | undefined;
}

/** A change with everything that git says of it. */
export interface OpenedChange {
  readonly identity: ChangeIdentity;
  readonly merge: MergeResult;
  readonly commits: CommitList;
  readonly branches: readonly string[];
  /** SHA-256 of the patch that was handed in. */
  readonly patchSha256: string | undefined;
  /** The target as it is now, or was when the change landed: where policy, trust and owners come from. */
  readonly target: SourceTree;
  /** The two sides that are compared: the target and the merge result, or what the branch left and its head. */
  readonly before: SourceTree;
  readonly after: SourceTree;
}

/** A commit may hold what a package manager would install; then it is part of the change. */
const EVERYTHING = { skipped: new Set<string>() };

/**
 * Reads a change from git alone; the repository stays as it is.
 * @throws SallyportError SP1304, SP1308, SP1310, SP1311, SP1312, SP2701 without a base or a difference, SP2702, SP2703
 */
export async function openChange(root: string, asked: AskedChange): Promise<OpenedChange> {
  const store = openStore(root);
  using scratch = ScratchRepository.open(store);
  const base =
    asked.base ?? (isMade(asked) ? 'HEAD' : await impliedBase({ scratch, store, root }, asked.head ?? 'HEAD'));
  const target = await commitOf(store, base);
  const { head, patchSha256 } = await findHead({ scratch, store, root }, target, asked);
  const parted = await findParting(scratch.directory, target, head, root);
  if (head === parted) throw new SallyportError('SP2701', `${asked.head ?? 'HEAD'} adds nothing to ${base}`);
  const names = await readRefNames(store, base, head);
  const merge = await scratch.merge(target, head);
  const made = isMade(asked);
  const read = (commit: string): Promise<SourceTree> => readCommitTree(scratch.directory, commit, EVERYTHING);
  const targetTree = await read(target);
  const rules = asked.rules === undefined ? targetTree : await read(asked.rules);
  return {
    identity: {
      // By the name that the trust store gives it statements speak of it.
      repository: (await trustOf(rules))?.repository ?? repositoryName(names.remote ?? ''),
      targetRef: asked.targetRef ?? names.fullName ?? `refs/commits/${target}`,
      baseCommit: parted,
      headCommit: head,
      headTree: await scratch.treeOf(head),
    },
    merge,
    commits: made ? { commits: [], gaps: [] } : await listCommits(scratch.directory, target, head),
    branches: asked.branch === undefined ? (made ? [] : names.branches) : [asked.branch],
    patchSha256,
    target: rules,
    before: merge.kind === 'clean' ? targetTree : await read(parted),
    after: await read(merge.kind === 'clean' ? merge.commit : head),
  };
}

/** A commit of ours says nothing about who made the change. */
function isMade({ patch, workingTree }: AskedChange): boolean {
  return patch !== undefined || workingTree;
}

interface Place {
  readonly scratch: ScratchRepository;
  readonly store: ObjectStore;
  readonly root: string;
}

async function findHead(
  { scratch, store, root }: Place,
  target: string,
  { head, patch, workingTree }: AskedChange,
): Promise<{ readonly head: string; readonly patchSha256: string | undefined }> {
  if ([head, patch, workingTree ? '' : undefined].filter((one) => one !== undefined).length > 1)
    throw new SallyportError('SP1001', 'HEAD, --patch and --working-tree name three different changes');
  if (patch !== undefined) {
    const bytes = await readNamedFile(patch);
    const made = await scratch.applyPatch(target, bytes);
    if (made === undefined) throw new SallyportError('SP2702', `${patch} does not apply`);
    return { head: made, patchSha256: sha256Hex(bytes) };
  }
  if (!workingTree) return { head: await commitOf(store, head ?? 'HEAD'), patchSha256: undefined };
  refuseBare(root);
  return { head: await scratch.addWorkTree(await commitOf(store, 'HEAD'), root), patchSha256: undefined };
}

async function commitOf(store: ObjectStore, ref: string): Promise<string> {
  const commit = await resolveCommit(store, ref);
  if (commit === undefined) throw noCommit(ref);
  return commit;
}

/** The trunk that the change left. */
async function impliedBase({ scratch, store, root }: Place, head: string): Promise<string> {
  const commit = await commitOf(store, head);
  let own: string | undefined;
  for (const name of TRUNKS) {
    const trunk = await resolveCommit(store, name);
    const parted = trunk && (await findMergeBase(scratch.directory, trunk, commit));
    if (parted !== undefined && parted !== commit) return name;
    if (parted !== undefined && (own === undefined || own.endsWith('/HEAD'))) own = name;
  }
  refuseShallow(root, `the place where ${head} left its trunk`);
  throw noTarget(head, own);
}

/** A gate guesses no target: on the trunk itself nothing says how many of its commits are the change. */
function noTarget(head: string, trunk: string | undefined): SallyportError {
  const named = trunk?.replace(/^refs\/(?:heads|remotes)\//, '');
  return new SallyportError(
    'SP2701',
    named === undefined
      ? `there is no trunk that ${head} could have left`
      : `${head} is on ${named} itself, and nothing says where it is to be merged`,
    { advice: 'Name the target with --base, for example --base HEAD~1 for the last commit alone.' },
  );
}

/** The repository; in a `pre-receive` hook also the objects that were pushed and wait (git-receive-pack, quarantine). */
export function openStore(root: string): ObjectStore {
  const objectDirectory = process.env['GIT_QUARANTINE_PATH'];
  if (objectDirectory === undefined) return openObjectStore(root);
  const alternates = (process.env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] ?? '').split(':').filter((path) => path !== '');
  return openObjectStore(root, { objectDirectory, alternates });
}
