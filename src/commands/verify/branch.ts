import {
  type AttestedChange,
  type ChangeVerification,
  type CommitVerdict,
  changeContent,
  HistoryGraph,
  readChangeContent,
  readEvidenceIndex,
  repositoryName,
  verifyChange,
  verifyHistory,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import {
  type CommitEntry,
  isAncestor,
  listHistory,
  listRawChanges,
  type ObjectStore,
  type RawChange,
  readRemote,
  resolveCommits,
  ScratchRepository,
  sortByDate,
} from '../../workspace/index.ts';
import { createEvidenceReader, type EvidenceReader, type StoredEvidence } from './evidence.ts';
import { createGroundReader, type Ground, type GroundReader } from './trust.ts';

/** Judges a change again; see `Rederive`. It is given what was read, so that nothing is read twice. */
export type Judge = (
  proven: ChangeVerification['proven'],
  stored: StoredEvidence,
  ground: Ground,
) => Promise<{
  readonly verdict: 'pass' | 'needs-approval' | 'blocked' | 'incomplete';
  readonly reasons: readonly string[];
}>;

/** The signed verdict as it stands. */
const SIGNED = Promise.resolve({ verdict: 'pass', reasons: [] } as const);

export interface BranchRequest {
  readonly store: ObjectStore;
  /** Full name of the ref whose commits are looked at. */
  readonly targetRef: string;
  /** What it stood at, and what it stands at or is to stand at: commits. */
  readonly from: string;
  readonly to: string;
  /** Refs or commits with evidence. */
  readonly evidence: readonly string[];
  /** A commit from which trust and policy are read for everything; `undefined`: each change by what it landed on. */
  readonly trustAt: string | undefined;
  readonly repository: string | undefined;
  readonly judge: Judge;
  /** With more changes than this in one push the signed verdicts are taken as they are, and the answer says so. */
  readonly mostJudged: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly maxAge: number | undefined;
}

export interface BranchVerdict {
  readonly commits: readonly CommitVerdict[];
  /** What was verified for each change, by head. */
  readonly changes: readonly (ChangeVerification & { readonly head: string })[];
  /** Changes to which the policy was not applied again. */
  readonly unjudged: number;
}

/** Every commit between two states of a branch, proven or not. */
export async function verifyBranch(request: BranchRequest): Promise<BranchVerdict> {
  const { store, from, to } = request;
  const order = await listHistory(store, [from], to);
  const graph = new HistoryGraph(order, to);
  const changes = await findChanges(request);
  using scratch = ScratchRepository.open(store);
  const present = changes.filter(({ headCommit }) => graph.get(headCommit) !== undefined);
  await using evidence = await createEvidenceReader(store, scratch, present);
  const contents = await readContents(request, graph, present);
  const ground = await createGroundReader(store, request.trustAt === undefined ? parentsOf(order) : [request.trustAt]);
  const desk = new ChangeDesk({ request, scratch, evidence, ground, graph, contents });
  const commits = await verifyHistory({
    graph,
    from,
    scratch,
    changes,
    verify: (change, onto) => desk.verify(change, onto),
    contentOf: (change) => desk.replayedBy(change),
    filesOf: createFileReader(store, order),
  });
  return { commits, changes: desk.results(), unjudged: desk.unjudged };
}

/** What each commit with one parent differs in from it: all of them in one call, when the first is asked for. */
function createFileReader(
  store: ObjectStore,
  order: readonly CommitEntry[],
): (commit: string) => Promise<readonly RawChange[]> {
  let read: Promise<ReadonlyMap<string, readonly RawChange[]>> | undefined;
  const readAll = async (): Promise<ReadonlyMap<string, readonly RawChange[]>> => {
    const pairs = order.flatMap(({ id, parents: [base, ...more] }) =>
      base === undefined || more.length > 0 ? [] : [{ base, head: id }],
    );
    const lists = await listRawChanges(store, pairs);
    return new Map(pairs.map(({ head }, index) => [head, lists[index] ?? []]));
  };
  return async (commit) => {
    read ??= readAll();
    return (await read).get(commit) ?? [];
  };
}

/** Changes that are looked at when nobody says which. */
const MOST_ATTESTED = 1000;

/** Every stored change of a target, on the ground of the target as it is now, or of `trustAt`. */
export async function verifyAttested(
  request: Omit<BranchRequest, 'from' | 'to'>,
): Promise<readonly ChangeVerification[]> {
  const { store, targetRef } = request;
  const [tip = ''] = await resolveCommits(store, [targetRef]);
  const whole = { ...request, from: tip, to: tip };
  const changes = (await findChanges(whole)).slice(0, MOST_ATTESTED);
  using scratch = ScratchRepository.open(store);
  await using evidence = await createEvidenceReader(store, scratch, changes);
  const graph = new HistoryGraph([], tip);
  // Today's trust: a key that was revoked since proves no patch.
  const ground = await createGroundReader(store, [request.trustAt ?? tip]);
  const desk = new ChangeDesk({ request: whole, scratch, evidence, ground, graph, contents: new Map() });
  const results: ChangeVerification[] = [];
  for (const change of changes) results.push(...((await desk.verify(change, tip).then((one) => one && [one])) ?? []));
  return results;
}

function parentsOf(order: readonly CommitEntry[]): readonly string[] {
  return order.flatMap(({ parents: [first] }) => (first === undefined ? [] : [first]));
}

/**
 * The changes for which something is stored, those that left the target last before those of years ago: what lands now
 * is rarely older, and of those that could be the one behind a commit not all are tried.
 */
async function findChanges({ store, evidence, targetRef }: BranchRequest): Promise<readonly AttestedChange[]> {
  const found = new Map<string, AttestedChange>();
  for (const ref of evidence)
    for (const change of await readEvidenceIndex(store, ref)) {
      if (change.targetRef !== targetRef) continue;
      const key = `${change.baseCommit}-${change.headCommit}`;
      const before = found.get(key);
      const files = new Map([...(before?.files ?? []), ...change.files]);
      found.set(key, { ...change, files, unlisted: Math.max(before?.unlisted ?? 0, change.unlisted) });
    }
  const changes = [...found.values()];
  const bases = await sortByDate(store, [...new Set(changes.map(({ baseCommit }) => baseCommit))]);
  const ranks = new Map(bases.map((id, rank) => [id, rank]));
  const rankOf = ({ baseCommit }: AttestedChange): number => ranks.get(baseCommit) ?? bases.length;
  return changes.toSorted((one, other) => rankOf(one) - rankOf(other));
}

type Part = { readonly commits: readonly string[]; readonly tree: string; readonly files: readonly RawChange[] };

/** Commits and files of the changes whose head arrived, in one call. */
async function readContents(
  { store, from }: BranchRequest,
  graph: HistoryGraph,
  changes: readonly AttestedChange[],
): Promise<ReadonlyMap<AttestedChange, Part>> {
  const reachable = new Map<string, boolean>();
  const usable: AttestedChange[] = [];
  for (const change of changes) {
    const { baseCommit } = change;
    // A base of somebody's own, in no history of the target, would bring its own trust store.
    if (graph.get(baseCommit) === undefined && !reachable.has(baseCommit))
      reachable.set(baseCommit, await isAncestor(store, baseCommit, from));
    if (reachable.get(baseCommit) !== false) usable.push(change);
  }
  const lists = await listRawChanges(
    store,
    usable.map(({ baseCommit, headCommit }) => ({ base: baseCommit, head: headCommit })),
  );
  return new Map(
    usable.map((change, index) => [
      change,
      {
        commits: graph.between(change.baseCommit, change.headCommit),
        tree: graph.get(change.headCommit)?.tree ?? '',
        files: lists[index] ?? [],
      },
    ]),
  );
}

interface DeskParts {
  readonly request: BranchRequest;
  readonly scratch: ScratchRepository;
  readonly evidence: EvidenceReader;
  readonly ground: GroundReader;
  readonly graph: HistoryGraph;
  readonly contents: ReadonlyMap<AttestedChange, Part>;
}

/** Verifies each change once for each ground it is put on. */
class ChangeDesk {
  readonly #parts: DeskParts;
  readonly #results = new Map<string, Promise<ChangeVerification | undefined>>();
  readonly #done = new Map<string, ChangeVerification & { readonly head: string }>();
  #remote: string | undefined;
  /** Changes whose signed verdict was taken as it is. */
  unjudged = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  results(): readonly (ChangeVerification & { readonly head: string })[] {
    return [...this.#done.values()];
  }

  verify(change: AttestedChange, onto: string): Promise<ChangeVerification | undefined> {
    const at = this.#parts.request.trustAt ?? onto;
    const key = `${change.baseCommit}-${change.headCommit}@${at}`;
    const result = this.#results.get(key) ?? this.#verify(change, at);
    this.#results.set(key, result);
    return result;
  }

  async #verify(change: AttestedChange, at: string): Promise<ChangeVerification | undefined> {
    const { request, ground, evidence, contents } = this.#parts;
    const read = await ground(at);
    const content = await this.contentOf(change, 'trust' in read ? read : undefined);
    if (content === undefined) return undefined;
    if (!('trust' in read)) return unverifiable(content, read.problem);
    const stored = await evidence.read(change);
    const { now, maxAge } = request;
    const { trust, policy } = read;
    const { files, run, patch } = stored;
    const { unlisted } = change;
    const result = await verifyChange(
      { content, files, unlisted, trust, policy, run, patch, now, maxAge },
      (proven) => {
        if (contents.size <= request.mostJudged) return request.judge(proven, stored, read);
        this.unjudged += 1;
        return SIGNED;
      },
    );
    this.#done.set(`${change.headCommit}@${at}`, { ...result, head: change.headCommit });
    return result;
  }

  readonly #contents = new Map<AttestedChange, ReturnType<ChangeDesk['contentOf']>>();

  /** The same, read once for all commits that may repeat it. */
  replayedBy(change: AttestedChange): ReturnType<ChangeDesk['contentOf']> {
    const content = this.#contents.get(change) ?? this.contentOf(change);
    this.#contents.set(change, content);
    return content;
  }

  /** What a change consists of; `undefined` when its commits are not here, or its base is not of this history. */
  async contentOf(change: AttestedChange, ground?: Ground): Promise<ReturnType<typeof changeContent> | undefined> {
    const { request, graph, contents } = this.#parts;
    const repository = await this.#repositoryName(ground);
    const { targetRef, baseCommit, headCommit } = change;
    const part = contents.get(change);
    if (part !== undefined)
      return changeContent(
        { repository, targetRef, baseCommit, headCommit, headTree: part.tree },
        part.commits,
        part.files,
      );
    if (graph.get(headCommit) !== undefined || !(await isAncestor(request.store, baseCommit, request.to)))
      return undefined;
    try {
      return await readChangeContent(request.store, { repository, targetRef, base: baseCommit, head: headCommit });
    } catch (error) {
      // The branch was deleted and its commits are gone: nothing can be compared with it.
      if (error instanceof SallyportError) return undefined;
      throw error;
    }
  }

  async #repositoryName(ground: Ground | undefined): Promise<string> {
    const { request } = this.#parts;
    const named = request.repository ?? ground?.trust.store.repository;
    if (named !== undefined) return named;
    this.#remote ??= repositoryName((await readRemote(request.store)) ?? '');
    return this.#remote;
  }
}

function unverifiable(content: ReturnType<typeof changeContent>, problem: string): ChangeVerification {
  const proven = { content, statements: [], approvals: [], run: undefined, runStated: false };
  return { verdict: 'failed', reasons: [problem], proven, faults: [] };
}
