import { findNamedRef } from './commit-name.ts';
import { tryGit } from './git-command.ts';
import type { ObjectStore } from './object-store/index.ts';

/** What a repository calls things; every name is somebody's to choose. */
export interface RefNames {
  /** Address of `origin`; undefined without one. */
  readonly remote: string | undefined;
  /** Full name of the ref that was asked about, a remote branch as the branch it follows; undefined for a bare id. */
  readonly fullName: string | undefined;
  /** Short names of the branches that stand at the commit, sorted. */
  readonly branches: readonly string[];
}

/** Branches at one commit; nobody has more. */
const MOST_BRANCHES = 100;

/** @throws SallyportError SP1305 when git cannot run. */
export async function readRefNames({ gitDir }: ObjectStore, ref: string, commit: string): Promise<RefNames> {
  const ask = async (args: readonly string[]): Promise<string> => {
    const { code, stdout } = await tryGit({ gitDir, args });
    return code === 0 ? stdout.toString('utf8').trim() : '';
  };
  const remote = await ask(['config', '--get', 'remote.origin.url']);
  const named = await findNamedRef((args) => tryGit({ gitDir, args }), ref);
  const patterns = ['refs/heads', 'refs/remotes'];
  const listed = await ask(['for-each-ref', `--points-at=${commit}`, '--format=%(refname)', ...patterns]);
  const branches = listed.split('\n').filter((name) => name !== '' && !name.endsWith('/HEAD'));
  return {
    remote: remote === '' ? undefined : remote,
    fullName: named?.replace(/^refs\/remotes\/[^/]+\//, 'refs/heads/'),
    branches: [...new Set(branches.map(shortName))].sort().slice(0, MOST_BRANCHES),
  };
}

function shortName(full: string): string {
  return full.replace(/^refs\/heads\//, '').replace(/^refs\/remotes\/[^/]+\//, '');
}
