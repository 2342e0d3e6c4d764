import { compileGlobs, type ReviewExclusion } from '../policy/index.ts';
import type { SourceTree } from '../syntax/index.ts';
import { compareTrees, type TreeChange } from '../workspace/index.ts';
import type { Coverage } from './coverage.ts';

/** What is to be reviewed. */
export interface ReviewPlan {
  readonly changes: readonly TreeChange[];
  readonly excluded: Coverage['excluded'];
}

/** Stands for the base when a whole repository is reviewed: everything is new. */
export const EMPTY_TREE: SourceTree = { revision: 'nothing', entries: [], gaps: [], read: () => undefined };

/**
 * Every path that differs, of every kind: links, submodules, modes, binaries, lock files and generated code are in it.
 * Nothing that a file says takes it out; only the policy of the base does, by path, and what it takes out is listed.
 */
export function planReview(
  base: SourceTree | undefined,
  head: SourceTree,
  exclusions: readonly ReviewExclusion[],
): ReviewPlan {
  const rules = exclusions.map(({ paths, reason }) => ({ selects: compileGlobs(paths, { fold: false }), reason }));
  const all = compareTrees(base ?? EMPTY_TREE, head);
  // A file that is moved into an excluded folder is looked at once more: where it was, it was reviewed.
  const ruleFor = ({ path, previousPath }: TreeChange): string | undefined =>
    rules.find(({ selects }) => selects(path) && (previousPath === undefined || selects(previousPath)))?.reason;
  return {
    changes: all.filter((change) => ruleFor(change) === undefined),
    excluded: all.flatMap((change) => {
      const by = ruleFor(change);
      return by === undefined ? [] : [{ path: change.path, by }];
    }),
  };
}
