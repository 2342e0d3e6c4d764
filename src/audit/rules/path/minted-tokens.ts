import type { AgentRun, Certainty, Credential } from '../../../facts/index.ts';
import type { Entry, Job, Step } from '../../../pipelines/index.ts';

/** Tokens with more rights than the job's that an earlier step minted and that are given to the agent. */
export function mintedTokens(run: AgentRun): readonly Credential[] {
  const { stepPath, job, capabilities } = run;
  if (mintingSteps(job).length === 0) return [];
  const entries = [...stepPath.flatMap(({ environment, inputs }) => [...environment, ...inputs]), ...job.environment];
  const near: Certainty = capabilities.execute === 'any' ? 'yes' : 'unknown';
  const reachable = capabilities.execute === 'none' && capabilities.read !== 'everything' ? 'no' : near;
  const given = new Map<string, Entry>();
  for (const entry of entries) for (const id of mintedIn(entry, run)) if (!given.has(id)) given.set(id, entry);
  return [...given].map(([id, entry]) => ({
    name: `the app token of step ${id}`,
    class: 'personal-token',
    scope: 'step',
    reachable,
    why: `an earlier step minted it, and it is given to the agent as ${entry.name}`,
    writes: writesContents(id, run),
    place: entry.keyPlace,
  }));
}

/** Ids of the minting steps of the job whose output stands in this value. */
export function mintedIn({ value }: Entry, { job }: AgentRun): readonly string[] {
  const ids = mintingSteps(job);
  if (ids.length === 0) return [];
  const names = value.interpolations.flatMap(({ values }) => values.map(({ name }) => name));
  return ids.filter((id) => names.some((name) => name.startsWith(`steps.${id}.outputs.`)));
}

/** What the app's token may change, where the step says it; otherwise all that the app may. */
function writesContents(id: string, { job }: AgentRun): Certainty {
  const effects = job.steps.find((step) => step.id === id)?.effects ?? [];
  const scopes = effects.flatMap((effect) => (effect.kind === 'mint-token' ? [effect.scopes] : []))[0];
  if (scopes === undefined) return 'unknown';
  return scopes.some((scope) => /contents/.test(scope) && !/read/.test(scope)) ? 'yes' : 'no';
}

/** Most rules about paths ask it of every agent and entry. */
const MINTING = new WeakMap<Job, readonly string[]>();

/** Ids of the steps of a job that mint a token. */
function mintingSteps(job: Job): readonly string[] {
  const known = MINTING.get(job);
  if (known) return known;
  const ids = job.steps.filter(mints).flatMap(({ id }) => (id === undefined ? [] : [id]));
  MINTING.set(job, ids);
  return ids;
}

function mints({ effects }: Step): boolean {
  return effects.some(({ kind }) => kind === 'mint-token');
}
