import type { Effect } from '../pipelines/index.ts';
import type { AgentRun } from './model.ts';

type Checkout = Extract<Effect, { readonly kind: 'checkout' }>;

/**
 * Which tree the agent works in. Any checkout of a pull request before it makes the tree a pull request's: later
 * checkouts of the base into the same place are rare, and a path of its own does not take the first one away.
 */
export function readTree(before: readonly Effect[]): AgentRun['tree'] {
  const checkouts = before.filter((effect): effect is Checkout & Effect => effect.kind === 'checkout');
  const worst =
    checkouts.find(({ tree }) => tree === 'pull-request') ??
    checkouts.findLast(({ tree }) => tree === 'base') ??
    checkouts.at(-1);
  if (!worst) return { provenance: 'unknown', place: undefined, persistsCredentials: 'no' };
  const persists = checkouts.some(({ persistsCredentials }) => persistsCredentials);
  const unsure = checkouts.every(({ certainty }) => certainty === 'possible');
  return {
    provenance: worst.tree,
    place: worst.place,
    persistsCredentials: persists ? (unsure ? 'unknown' : 'yes') : 'no',
  };
}
