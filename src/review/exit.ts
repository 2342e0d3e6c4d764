import type { ReviewOutcome } from './review.ts';

/**
 * The exit code of a review: 0 pass, 1 findings that block or want a person, 3 something was not reviewed.
 * @param onIncomplete `warn` lets an incomplete review end with 0; the report says so all the same.
 */
export function reviewExit({ verdict }: Pick<ReviewOutcome, 'verdict'>, onIncomplete: 'block' | 'warn'): 0 | 1 | 3 {
  if (verdict === 'blocked' || verdict === 'needs-approval') return 1;
  return verdict === 'incomplete' && onIncomplete === 'block' ? 3 : 0;
}
