import { type Effect, gatesForEvent, type Step, type Trigger } from '../pipelines/index.ts';
import type { AgentRun } from './model.ts';
import { stepsOf } from './scope.ts';

type Checkout = Extract<Effect, { readonly kind: 'checkout' }>;

/**
 * The effects of steps before an agent, as they are for the triggers that can start it: a checkout that takes the change
 * in one event takes the base in all others.
 */
export function effectsUnder(triggers: readonly Trigger[], steps: readonly Step[]): readonly Effect[] {
  return steps.flatMap((step) => {
    const events = triggers.map(({ event }) => event).filter((event) => mayRunIn(step, event));
    return stepsOf(step).flatMap(({ effects }) => effects.map((effect) => settled(effect, events)));
  });
}

/** Without what was only fetched, unless a command behind it checks out something that is not known to be the base. */
export function withoutFetches(effects: readonly Effect[]): readonly Effect[] {
  return effects.filter((effect, index) => {
    if (effect.kind !== 'checkout' || effect.fetchOnly !== true) return true;
    return effects.slice(index + 1).some((later) => later.kind === 'checkout' && isLaidOut(later));
  });
}

function isLaidOut({ tree, ref, fetchOnly, changeOn }: Extract<Effect, { readonly kind: 'checkout' }>): boolean {
  return fetchOnly !== true && changeOn === undefined && ref !== undefined && tree !== 'base';
}

function mayRunIn({ condition }: Step, event: string): boolean {
  return condition === undefined || gatesForEvent(condition, event) !== undefined;
}

function settled(effect: Effect, events: readonly string[]): Effect {
  if (effect.kind !== 'checkout' || effect.tree !== 'pull-request' || effect.changeOn === undefined) return effect;
  const { changeOn } = effect;
  return events.length === 0 || events.some((event) => changeOn.includes(event)) ? effect : { ...effect, tree: 'base' };
}

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
