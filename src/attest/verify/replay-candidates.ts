import type { RawChange } from '../../workspace/index.ts';
import type { AttestedChange } from '../evidence/evidence-store.ts';

/** What a change consists of, as far as it is looked for in a commit. */
export interface ReplayContent {
  /** All of its commits, parents first. */
  readonly commits: readonly string[];
  readonly files: readonly RawChange[];
}

/** A change that a commit may repeat. */
export interface Candidate extends ReplayContent {
  readonly change: AttestedChange;
  /** Whether change and commit touch a file of the same name. Without one, the target has renamed what the change touches. */
  readonly isRelated: boolean;
}

/** Of one commit. */
const MOST_CANDIDATES = 200;
/** Attempts in vain over a whole push, each of them a merge: who pushes a thousand commits must not stop the hook for minutes. */
const MOST_IN_VAIN = { related: 2_000, unrelated: 200 } as const;

/**
 * Which attested changes are tried for a commit, the likeliest first: those that bring the very contents that the commit
 * has, then those that touch a file of it, then in the order in which they were given.
 */
export class ReplayCandidates {
  readonly #contentOf: (change: AttestedChange) => Promise<ReplayContent | undefined>;
  readonly #inVain = { related: 0, unrelated: 0 };

  constructor(contentOf: (change: AttestedChange) => Promise<ReplayContent | undefined>) {
    this.#contentOf = contentOf;
  }

  /** @param files what the commit differs in from its parent */
  async of(changes: Iterable<AttestedChange>, files: readonly RawChange[]): Promise<readonly Candidate[]> {
    const blobs = new Map(files.map(({ path, newBlob }) => [path, newBlob]));
    const found: { readonly candidate: Candidate; readonly same: number }[] = [];
    for (const change of changes) {
      if (found.length === MOST_CANDIDATES) break;
      const content = await this.#contentOf(change);
      if (content === undefined) continue;
      const shared = content.files.filter(({ path }) => blobs.has(path));
      const same = shared.filter(({ path, newBlob }) => blobs.get(path) === newBlob).length;
      found.push({ candidate: { ...content, change, isRelated: shared.length > 0 }, same });
    }
    const rank = ({ candidate, same }: (typeof found)[number]): number => same * 2 + (candidate.isRelated ? 1 : 0);
    return found.toSorted((one, other) => rank(other) - rank(one)).map(({ candidate }) => candidate);
  }

  mayTry({ isRelated }: Candidate): boolean {
    const kind = isRelated ? 'related' : 'unrelated';
    return this.#inVain[kind] < MOST_IN_VAIN[kind];
  }

  wasInVain({ isRelated }: Candidate): void {
    this.#inVain[isRelated ? 'related' : 'unrelated'] += 1;
  }
}
