import type { TreeChange } from '../workspace/index.ts';

/** How one changed stretch was looked at. */
export interface HunkCoverage {
  readonly file: string;
  /** First line of the new text, from 1; of the old text for a removal. */
  readonly line: number;
  readonly lines: number;
  readonly change: TreeChange['kind'];
  /** `engine`: analysed as code. `text`: scanned for secrets and hidden characters. `model`: a model finished with it. */
  readonly seenBy: readonly ('engine' | 'text' | 'model')[];
  /** Why it does not count as reviewed; `undefined` when it does. */
  readonly missing: string | undefined;
}

/** What was really looked at, derived from what finished; never claimed by whoever looked. */
export interface Coverage {
  readonly hunks: readonly HunkCoverage[];
  readonly reviewed: number;
  readonly missing: number;
  /** Paths that the policy of the base excludes, with the rule that does. */
  readonly excluded: readonly { readonly path: string; readonly by: string }[];
}

export type ReviewState = 'reviewed' | 'partially-reviewed' | 'not-reviewed';

/** Nothing changed is reviewed; nothing seen of something that changed is not. */
export function stateOf({ hunks, missing, reviewed }: Coverage): ReviewState {
  if (hunks.length === 0 || missing === 0) return 'reviewed';
  return reviewed === 0 ? 'not-reviewed' : 'partially-reviewed';
}

/** Adds the counts. */
export function summariseCoverage(hunks: readonly HunkCoverage[], excluded: Coverage['excluded']): Coverage {
  const missing = hunks.filter((hunk) => hunk.missing !== undefined).length;
  return { hunks, reviewed: hunks.length - missing, missing, excluded };
}
