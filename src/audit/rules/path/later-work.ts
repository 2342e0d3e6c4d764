import { type AgentRun, secretsOfStep } from '../../../facts/index.ts';
import type { Effect, Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { mayWrite, rightsOf } from '../token-rights.ts';
import { mintedIn } from './minted-tokens.ts';

/** A step behind the agent with a credential that the agent does not have. */
export interface PrivilegedStep {
  readonly step: Step;
  readonly effects: readonly Effect[];
  readonly secret: { readonly name: string; readonly place: Place };
}

/** A step and all steps inside it. */
export function stepsWithin(step: Step): readonly Step[] {
  return [step, ...step.inner.flatMap(stepsWithin)];
}

/** Steps of the agent's job, behind it, that hold more than the agent does. */
export function privilegedSteps(run: AgentRun): readonly PrivilegedStep[] {
  const near = new Set(
    run.credentials
      .filter(({ scope, reachable }) => scope !== 'other-step' && reachable !== 'no')
      .map(({ name }) => name),
  );
  const own = new Set(
    run.stepPath
      .flatMap(({ environment, inputs }) => [...environment, ...inputs])
      .flatMap((entry) => mintedIn(entry, run).map((id) => `the token of ${id}`)),
  );
  return run.after.flatMap((step): readonly PrivilegedStep[] => {
    const all = stepsWithin(step);
    const minted = all
      .flatMap(({ environment, inputs }) => [...environment, ...inputs])
      .flatMap((entry) =>
        mintedIn(entry, run).map((id) => ({
          name: `the token of ${id}`,
          class: 'personal-token',
          place: entry.keyPlace,
        })),
      )
      .filter(({ name }) => !own.has(name));
    const secret = [...minted, ...all.flatMap(secretsOfStep)].find(
      ({ name, class: kind }) => !near.has(name) && kind !== 'model-key' && isWorthIt(run, kind),
    );
    return secret ? [{ step, effects: all.flatMap(({ effects }) => effects), secret }] : [];
  });
}

/** The job's own token is worth taking where it can write. */
function isWorthIt(run: AgentRun, kind: string): boolean {
  if (kind !== 'forge-token') return true;
  const rights = rightsOf(run);
  return ['contents', 'packages', 'actions', 'pull-requests', 'deployments'].some(
    (scope) => mayWrite(rights, scope) === 'yes',
  );
}

/** How a step is called in a message. */
export function nameOfStep({ id, name, index }: Step): string {
  return id ?? name?.text.slice(0, 60) ?? `${index + 1}`;
}
