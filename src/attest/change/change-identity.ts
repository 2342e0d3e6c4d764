import { createHash } from 'node:crypto';
import { SallyportError } from '../../errors/index.ts';
import { canonicalize } from '../../ledger/index.ts';
import {
  listHistory,
  listRawChanges,
  type ObjectStore,
  type RawChange,
  resolveCommits,
} from '../../workspace/index.ts';
import type { ChangeIdentity } from '../model.ts';

export interface ChangeRequest {
  /** Name of the repository; see `repositoryName`. */
  readonly repository: string;
  /** Full name of the ref that it is to be merged into. */
  readonly targetRef: string;
  /** Commits by any name. */
  readonly base: string;
  readonly head: string;
}

/** What a change is, and what it consists of. */
export interface ChangeContent {
  readonly identity: ChangeIdentity;
  /** All of base..head, parents first. */
  readonly commits: readonly string[];
  readonly files: readonly RawChange[];
  /** For display and search only: two different changes may share it (twin blocks), so nothing is decided by it. */
  readonly digest: string;
}

/**
 * The change between two commits by content.
 * @throws SallyportError SP1308 for a name that is no commit, SP2504 when there is nothing between them.
 */
export async function changeIdentity(store: ObjectStore, request: ChangeRequest): Promise<ChangeIdentity> {
  return (await readChangeContent(store, request)).identity;
}

/** As `changeIdentity`, with the commits and files. */
export async function readChangeContent(store: ObjectStore, request: ChangeRequest): Promise<ChangeContent> {
  const [base = '', head = ''] = await resolveCommits(store, [request.base, request.head]);
  const history = await listHistory(store, [base], head);
  const tip = history.find(({ id }) => id === head);
  if (tip === undefined) throw new SallyportError('SP2504', `${request.head} adds nothing to ${request.base}`);
  const [files = []] = await listRawChanges(store, [{ base, head }]);
  const { repository, targetRef } = request;
  const identity = { repository, targetRef, baseCommit: base, headCommit: head, headTree: tip.tree };
  return changeContent(
    identity,
    history.map(({ id }) => id),
    files,
  );
}

/** The parts together, with the digest for display. */
export function changeContent(
  identity: ChangeIdentity,
  commits: readonly string[],
  files: readonly RawChange[],
): ChangeContent {
  const rows = files.map(({ path, status, mode, oldBlob, newBlob }) => ({ path, status, mode, oldBlob, newBlob }));
  return { identity, commits, files, digest: createHash('sha256').update(canonicalize(rows)).digest('hex') };
}

/**
 * A repository's address in the one form that statements use: `git+https://host/owner/name`. Without credentials,
 * `.git` and case of the host; the same for the ssh and the https address of one repository.
 */
export function repositoryName(remote: string): string {
  const text = remote.trim();
  const scp = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!\/)([^\s]+)$/.exec(text);
  const url = /^(?:git\+)?(?:https?|ssh|git):\/\/(?:[^@/\s]*@)?([A-Za-z0-9.-]+)(?::\d+)?\/([^\s]+)$/.exec(text);
  const [, host, path] = url ?? scp ?? [];
  if (host === undefined || path === undefined) return 'git+local:repository';
  return `git+https://${host.toLowerCase()}/${path
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')}`;
}
