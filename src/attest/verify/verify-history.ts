import type { CommitEntry, RawChange, ScratchRepository } from '../../workspace/index.ts';
import { carriesOver } from '../change/carry-over.ts';
import type { HistoryGraph } from '../change/history-graph.ts';
import type { AttestedChange } from '../evidence/evidence-store.ts';
import { ReplayCandidates, type ReplayContent } from './replay-candidates.ts';
import type { ChangeVerification } from './verify-change.ts';

/** How a commit came to the target. */
export type Landing = 'direct' | 'merge' | 'squash' | 'rebase';

export interface CommitVerdict {
  readonly commit: string;
  readonly state: 'verified' | 'failed' | 'incomplete' | 'missing';
  readonly landing: Landing | undefined;
  /** Head of the attested change that the commit belongs to. */
  readonly change: string | undefined;
  /** What is missing or wrong, in words. */
  readonly reasons: readonly string[];
}

export interface HistoryRequest {
  readonly graph: HistoryGraph;
  /** What the target stood at before. */
  readonly from: string;
  readonly scratch: ScratchRepository;
  /** Changes for this target for which something is stored, the likeliest first. */
  readonly changes: readonly AttestedChange[];
  /**
   * Verifies one change. `onto` is the commit at which trust store and policy are read: what the target stood at when
   * the change arrived, never the change itself. `undefined` when its commits are not here.
   */
  readonly verify: (change: AttestedChange, onto: string) => Promise<ChangeVerification | undefined>;
  /** What a change consists of; `undefined` when its commits are not here. */
  readonly contentOf: (change: AttestedChange) => Promise<ReplayContent | undefined>;
  /** What a commit of the graph with one parent differs in from it. */
  readonly filesOf: (commit: string) => Promise<readonly RawChange[]>;
}

/**
 * A verdict for every commit that the target got, not only for the net difference: a secret that one commit adds and
 * the next removes stays in the history for ever.
 */
export async function verifyHistory(request: HistoryRequest): Promise<readonly CommitVerdict[]> {
  const { graph, from } = request;
  if (graph.start !== from) {
    // A merge that has the old target as second parent puts somebody's branch in its place, with the trust in it.
    const reason = 'the target does not go on from where it stood: its first-parent line leaves it out';
    return graph.order.map(({ id }) => ({ ...nothing(id), state: 'failed', reasons: [reason] }));
  }
  return new HistoryWalk(request).run();
}

class HistoryWalk {
  readonly #request: HistoryRequest;
  readonly #verdicts = new Map<string, CommitVerdict>();
  readonly #landings: ReadonlyMap<string, CommitEntry>;
  /** An approved change lands once. */
  readonly #landed = new Set<AttestedChange>();
  readonly #candidates: ReplayCandidates;

  constructor(request: HistoryRequest) {
    this.#request = request;
    this.#landings = request.graph.landings();
    this.#candidates = new ReplayCandidates(request.contentOf);
  }

  async run(): Promise<readonly CommitVerdict[]> {
    const { graph, changes } = this.#request;
    for (const change of changes) if (graph.get(change.headCommit) !== undefined) await this.#direct(change);
    for (const commit of graph.order) {
      if (this.#isVerified(commit.id)) continue;
      if (commit.parents.length === 2) await this.#merge(commit);
      else if (commit.parents.length === 1) await this.#replay(commit);
    }
    return graph.order.map(({ id }) => this.#verdicts.get(id) ?? nothing(id));
  }

  /** The head itself is in the target: it and all that came with it are what was attested. */
  async #direct(change: AttestedChange): Promise<void> {
    const members = this.#request.graph.between(change.baseCommit, change.headCommit);
    const onto = this.#ontoOf(change, new Set(members));
    const result = await this.#request.verify(change, onto);
    if (result === undefined) return;
    if (result.verdict === 'verified') this.#landed.add(change);
    for (const id of members) this.#note(id, 'direct', change, result);
  }

  /**
   * What the target stood at when the head of a change arrived. Not when the first of its commits did: what was taken
   * out of the trust store in between stays out. Commits of the change itself are no ground to stand on.
   */
  #ontoOf({ headCommit }: AttestedChange, members: ReadonlySet<string>): string {
    const { graph, from } = this.#request;
    let at = graph.line.findIndex(({ id }) => id === this.#landings.get(headCommit)?.id);
    while (at > 0 && members.has(graph.line[at - 1]?.id ?? '') && members.has(graph.line[at]?.id ?? '')) at -= 1;
    return graph.line[at]?.parents[0] ?? from;
  }

  /**
   * The merge of an attested head, and nothing besides. Whoever may push can store something for the same head and
   * another base: the best that any of them proves counts.
   */
  async #merge(commit: CommitEntry): Promise<void> {
    const [onto = '', merged = ''] = commit.parents;
    const attested = this.#request.changes.filter(({ headCommit }) => headCommit === merged);
    if (attested.length === 0) return;
    if (!this.#isVerified(merged)) {
      const reasons = [`it merges ${merged.slice(0, 12)}, which is not proven`];
      this.#verdicts.set(commit.id, { ...nothing(commit.id), change: merged, reasons });
      return;
    }
    const headTree = this.#request.graph.get(merged)?.tree ?? '';
    for (const change of attested) {
      const result = await this.#request.verify(change, onto);
      if (result === undefined) continue;
      const clean = await carriesOver(this.#request.scratch, { ...change, headTree }, { tree: commit.tree, onto });
      if (clean) this.#note(commit.id, 'merge', change, result);
      else if (!this.#isVerified(commit.id)) this.#verdicts.set(commit.id, notTheMerge(commit.id, change));
    }
  }

  /** One commit, or a row of them, that does again what an attested change did elsewhere. */
  async #replay(commit: CommitEntry): Promise<void> {
    const { graph, changes, filesOf } = this.#request;
    const onto = commit.parents[0] ?? '';
    const files = await filesOf(commit.id);
    // An empty commit repeats every change that is in already.
    if (files.length === 0) return;
    const open = changes.filter((change) => graph.get(change.headCommit) === undefined && !this.#landed.has(change));
    for (const candidate of await this.#candidates.of(open, files)) {
      if (!this.#candidates.mayTry(candidate)) continue;
      const { change, commits } = candidate;
      const row = await this.#rowOf(commit, onto, change, commits);
      if (row === undefined) {
        this.#candidates.wasInVain(candidate);
        continue;
      }
      const result = await this.#request.verify(change, onto);
      if (result === undefined) continue;
      if (result.verdict === 'verified') this.#landed.add(change);
      for (const id of row) this.#note(id, row.length > 1 ? 'rebase' : 'squash', change, result);
      return;
    }
  }

  /** The commits from `first` on that repeat the change: one with the whole, or one for each of its commits. */
  async #rowOf(
    first: CommitEntry,
    onto: string,
    change: AttestedChange,
    commits: readonly string[],
  ): Promise<readonly string[] | undefined> {
    const { scratch, graph } = this.#request;
    const repeats = async (landed: CommitEntry, head: string): Promise<boolean> =>
      (await scratch.mergeOf(onto, head)) === landed.tree;
    if (await repeats(first, change.headCommit)) return [first.id];
    if (commits.length < 2) return undefined;
    const start = graph.line.findIndex(({ id }) => id === first.id);
    const row = start < 0 ? [] : graph.line.slice(start, start + commits.length);
    if (row.length !== commits.length) return undefined;
    for (const [index, head] of commits.entries()) {
      const landed = row[index];
      if (landed === undefined || landed.parents.length !== 1 || !(await repeats(landed, head))) return undefined;
    }
    return row.map(({ id }) => id);
  }

  #isVerified(id: string): boolean {
    return this.#verdicts.get(id)?.state === 'verified';
  }

  /** The best that any change says of a commit. */
  #note(id: string, landing: Landing, change: AttestedChange, { verdict, reasons }: ChangeVerification): void {
    if (this.#isVerified(id)) return;
    this.#verdicts.set(id, { commit: id, state: verdict, landing, change: change.headCommit, reasons });
  }
}

function nothing(commit: string): CommitVerdict {
  const reasons = ['no attestation is about this commit, and it repeats no attested change'];
  return { commit, state: 'missing', landing: undefined, change: undefined, reasons };
}

function notTheMerge(commit: string, change: AttestedChange): CommitVerdict {
  const reasons = [
    `it merges the attested ${change.headCommit.slice(0, 12)}, but its content is not that of a clean merge of the two`,
  ];
  return { commit, state: 'failed', landing: 'merge', change: change.headCommit, reasons };
}
