import type { Finding, Profile, RuleDescriptor } from '../findings/index.ts';
import type { ReviewDelta } from './delta.ts';

/** Which findings a review shows: `standard` leaves out what says little by its kind, `all` nothing. */
export type ReviewProfile = Exclude<Profile, 'paths'>;

/** A comparison as one profile shows it, and how many new findings it leaves out. */
export interface ShownDelta extends ReviewDelta {
  readonly hidden: number;
}

/** A finding is `pedantic` by its own evidence, or else by its rule. */
export function selectShown(
  { introduced, fixed, persisting }: ReviewDelta,
  rules: readonly RuleDescriptor[],
  profile: ReviewProfile,
): ShownDelta {
  const tiers = new Map(rules.map(({ id, tier }) => [id, tier]));
  const isShown = ({ rule, tier = tiers.get(rule) }: Finding) => profile === 'all' || tier !== 'pedantic';
  const shown = introduced.filter(isShown);
  return {
    introduced: shown,
    fixed: fixed.filter(isShown),
    persisting: persisting.filter(isShown),
    hidden: introduced.length - shown.length,
  };
}
