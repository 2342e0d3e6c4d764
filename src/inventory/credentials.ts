import type { AgentRun, Certainty, Credential } from '../facts/index.ts';
import type { CredentialEntry, Exposure } from './model.ts';
import type { Places } from './places.ts';
import { shownText } from './shown-text.ts';

const BY_SCOPE: { readonly [scope in Credential['scope']]: Exposure } = {
  pipeline: 'env',
  job: 'env',
  step: 'env',
  'other-step': 'env',
  file: 'file',
  mount: 'file',
  mintable: 'oidc',
};

/** What each credential of an agent opens, how near it comes and since when. A control that certainly holds counts. */
export function credentialsOf(run: AgentRun, places: Places): readonly CredentialEntry[] {
  const broker = isBrokered(run);
  return run.credentials.map((one) => {
    const at = places.at(one.place);
    return {
      name: shownText(one.name),
      class: one.class,
      scope: one.scope,
      exposure: broker ? 'broker' : BY_SCOPE[one.scope],
      reachable: broker ? 'no' : one.reachable,
      writes: one.writes,
      why: broker ? 'a sandbox around the whole agent keeps it outside' : shownText(one.why),
      at,
      ...places.age(at),
    };
  });
}

/** A sandbox around the whole agent holds the credentials and uses them in its place. */
export function isBrokered(run: AgentRun): boolean {
  return run.controls.some(
    ({ kind, certainty, cuts }) => kind === 'sandbox' && certainty === 'yes' && cuts.includes('credential'),
  );
}

/** The strongest of several answers. */
export function strongest(answers: readonly Certainty[]): Certainty {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}
