import type { ForgeReview } from './model.ts';

/**
 * Approvals that were given before a request got its present target, bound to no commit any more. Whoever approved a
 * small request that was stacked on another branch has not seen what it brings to a third one, though its head is the
 * same; GitHub and Gitea keep such approvals. What came in the same moment was seen by nobody. A wish for changes stands.
 * @param retargeted moments at which the target was changed, RFC 3339; one that is no moment unbinds every approval
 */
export function unbindRetargeted(
  reviews: readonly ForgeReview[],
  retargeted: readonly string[],
): readonly ForgeReview[] {
  const moments = retargeted.map((at) => Date.parse(at));
  const isSince = (at: string): boolean => moments.every((moment) => moment < Date.parse(at));
  return reviews.map((review) =>
    review.state !== 'approved' || isSince(review.at) ? review : { ...review, commit: undefined },
  );
}
