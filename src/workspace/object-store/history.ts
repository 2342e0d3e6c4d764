import { findNamedCommit } from '../commit-name.ts';
import { noCommit } from '../no-commit.ts';
import { askStore, type ObjectStore, tryStore } from './object-store.ts';

/** A commit without what its author says of it. */
export interface CommitEntry {
  readonly id: string;
  readonly tree: string;
  /** The first is the line that was merged into. */
  readonly parents: readonly string[];
}

const LOG_BYTES = 256 * 1024 * 1024;
const OBJECT_NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Every commit that can be reached from `to` and from none of `from`, parents before children. Not only the first
 * parents: what came in through a merge is there as well (SLSA Source asks for every reachable revision).
 *
 * @throws SallyportError SP1308 when one of the names is no commit here, SP1305 when git fails.
 */
export async function listHistory(
  store: ObjectStore,
  from: readonly string[],
  to: string,
): Promise<readonly CommitEntry[]> {
  const [head, ...others] = await resolveCommits(store, [to, ...from]);
  const output = await askStore(store, {
    args: ['log', '-z', '--topo-order', '--reverse', '--format=%H %T %P', '--stdin'],
    input: Buffer.from([head ?? '', ...others.map((id) => `^${id}`), ''].join('\n')),
    maxOutput: LOG_BYTES,
  });
  return output
    .toString('latin1')
    .split('\0')
    .filter((row) => row !== '')
    .map(readRow);
}

function readRow(row: string): CommitEntry {
  const [id = '', tree = '', ...parents] = row.trim().split(' ');
  return { id, tree, parents: parents.filter((parent) => parent !== '') };
}

/**
 * Full names of commits.
 * @throws SallyportError SP1308 for the first that is none.
 */
export async function resolveCommits(store: ObjectStore, names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const id = await resolveCommit(store, name);
    if (id === undefined) throw noCommit(name);
    ids.push(id);
  }
  return ids;
}

/**
 * The full name of a commit; `undefined` when there is none of this name.
 * @throws SallyportError SP1312 for a name that means two commits.
 */
export async function resolveCommit(store: ObjectStore, name: string): Promise<string | undefined> {
  return findNamedCommit((args) => tryStore(store, { args }), name);
}

/** Commits that are here, the latest first by the moment that their committers claim. In one call whatever their number. */
export async function sortByDate(store: ObjectStore, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const output = await askStore(store, {
    args: ['log', '-z', '--no-walk=sorted', '--ignore-missing', '--format=%H', '--stdin'],
    input: Buffer.from(ids.map((id) => `${id}\n`).join('')),
    maxOutput: LOG_BYTES,
  });
  return output
    .toString('latin1')
    .split('\0')
    .filter((id) => OBJECT_NAME.test(id));
}

/** Is `one` the same as `other`, or one of its ancestors? False as well when either is not here. */
export async function isAncestor(store: ObjectStore, one: string, other: string): Promise<boolean> {
  return (await tryStore(store, { args: ['merge-base', '--is-ancestor', one, other] })).code === 0;
}

/** Where two lines of history parted; `undefined` when they have nothing in common or one is not here. */
export async function mergeBaseOf(store: ObjectStore, one: string, other: string): Promise<string | undefined> {
  const [mine, theirs] = [await resolveCommit(store, one), await resolveCommit(store, other)];
  if (mine === undefined || theirs === undefined) return undefined;
  const { code, stdout } = await tryStore(store, { args: ['merge-base', mine, theirs] });
  const id = stdout.toString('latin1').trim();
  return code === 0 && OBJECT_NAME.test(id) ? id : undefined;
}

/** Address of the remote `origin`, as the repository's configuration has it; nothing of it is contacted. */
export async function readRemote(store: ObjectStore): Promise<string | undefined> {
  const { code, stdout } = await tryStore(store, { args: ['config', '--local', '--get', 'remote.origin.url'] });
  return code === 0 ? stdout.toString('utf8').trim() || undefined : undefined;
}

/** Full name of the branch that HEAD is on; `undefined` for a detached one. */
export function readHeadRef(store: ObjectStore): Promise<string | undefined> {
  return readSymbolicRef(store, 'HEAD');
}

/** Full name of the ref that a name stands for; `undefined` for one that is itself. Whoever moves it moves that ref. */
export async function readSymbolicRef(store: ObjectStore, name: string): Promise<string | undefined> {
  const { code, stdout } = await tryStore(store, { args: ['symbolic-ref', '--quiet', name] });
  const ref = stdout.toString('utf8').trim();
  return code === 0 && ref.startsWith('refs/') ? ref : undefined;
}
