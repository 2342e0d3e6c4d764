import type { CommitEntry } from '../../workspace/index.ts';

/** A stretch of history in memory: every commit that a push brings, and how they hang together. */
export class HistoryGraph {
  readonly #commits: ReadonlyMap<string, CommitEntry>;
  /** Parents before children. */
  readonly order: readonly CommitEntry[];
  /** The commits that the target itself stood at, oldest first. */
  readonly line: readonly CommitEntry[];

  constructor(order: readonly CommitEntry[], tip: string) {
    this.order = order;
    this.#commits = new Map(order.map((commit) => [commit.id, commit]));
    const line: CommitEntry[] = [];
    for (let at = this.#commits.get(tip); at !== undefined; at = this.#commits.get(at.parents[0] ?? '')) line.push(at);
    this.line = line.reverse();
  }

  get(id: string): CommitEntry | undefined {
    return this.#commits.get(id);
  }

  /** Where the line begins: the first parent of its first commit, outside the stretch. */
  get start(): string | undefined {
    return this.line[0]?.parents[0];
  }

  /** The commits of the stretch that `head` has and `base` has not, parents first. */
  between(base: string, head: string): readonly string[] {
    const tip = this.#commits.get(head);
    // Most changes are one commit on their base; thousands of them must not cost a walk each.
    if (tip?.parents.length === 1 && tip.parents[0] === base) return [head];
    const seen = new Set<string>();
    this.#reach(base, seen);
    return this.#reach(head, seen).sort((one, other) => this.#rankOf(one) - this.#rankOf(other));
  }

  /** For each commit the one of the line with which it arrived: itself, or the merge that brought it. */
  landings(): ReadonlyMap<string, CommitEntry> {
    const landings = new Map<string, CommitEntry>();
    const seen = new Set<string>();
    for (const landing of this.line) for (const id of this.#reach(landing.id, seen)) landings.set(id, landing);
    return landings;
  }

  #ranks: ReadonlyMap<string, number> | undefined;

  #rankOf(id: string): number {
    this.#ranks ??= new Map(this.order.map((commit, index) => [commit.id, index]));
    return this.#ranks.get(id) ?? -1;
  }

  /** What `from` reaches inside the stretch without going through what was seen; it is seen now. */
  #reach(from: string, seen: Set<string>): string[] {
    const reached: string[] = [];
    const waiting = [from];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const commit = this.#commits.get(id);
      if (commit === undefined || seen.has(id)) continue;
      seen.add(id);
      reached.push(id);
      waiting.push(...commit.parents);
    }
    return reached;
  }
}
