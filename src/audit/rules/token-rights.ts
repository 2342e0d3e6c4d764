import type { AgentRun, Certainty, Credential } from '../../facts/index.ts';
import type { Permissions } from '../../pipelines/index.ts';
import { reachableCredentials } from './path/run-questions.ts';

/** May a token with these rights do that? Nothing written down: the repository's default, which nobody here knows. */
export function mayWrite(permissions: Permissions | undefined, scope: string): Certainty {
  if (!permissions) return 'unknown';
  if (permissions.mode === 'write-all') return 'yes';
  if (permissions.mode !== 'map') return 'no';
  return permissions.scopes.some(({ name, access }) => name === scope && access === 'write') ? 'yes' : 'no';
}

/** The rights of the job's own token. */
export function rightsOf({ job, pipeline }: AgentRun): Permissions | undefined {
  return job.permissions ?? pipeline.permissions;
}

/** A credential that the agent can read and that can change this part of the repository, and how sure that is. */
export function writerWithin(
  run: AgentRun,
  scope: string,
): { readonly credential: Credential; readonly certainty: Certainty } | undefined {
  const found = reachableCredentials(run).flatMap((credential) => {
    const certainty = writes(run, credential, scope);
    return certainty === 'no' ? [] : [{ credential, certainty }];
  });
  return found.find(({ certainty }) => certainty === 'yes') ?? found[0];
}

function writes(run: AgentRun, { class: kind, name, writes: known }: Credential, scope: string): Certainty {
  if (kind === 'personal-token') return scope === 'contents' ? known : 'unknown';
  // GitLab's job token may not push unless the project says so outside the repository.
  if (kind !== 'forge-token' || name === 'CI_JOB_TOKEN') return 'no';
  return mayWrite(rightsOf(run), scope);
}

/** A forge token that the agent can read and that certainly may write there. */
export function writingToken(run: AgentRun, scope: string): Credential | undefined {
  return run.credentials.find(
    ({ class: kind, reachable, scope: where }) =>
      reachable !== 'no' &&
      where !== 'other-step' &&
      (kind === 'personal-token' || (kind === 'forge-token' && mayWrite(rightsOf(run), scope) === 'yes')),
  );
}
