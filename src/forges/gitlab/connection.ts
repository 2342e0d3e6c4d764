import { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import { parseAnswer, requireSuccess } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference } from '../model.ts';
import { requireNumber } from '../reference.ts';

/** What every part of the GitLab client needs. */
export interface GitlabConnection {
  readonly client: HttpClient;
  /** Numeric id of our own account; `undefined` when the forge does not tell. */
  readonly account: () => Promise<number | undefined>;
}

/** `/projects/group%2Fproject`. */
export function projectPath({ repository }: Pick<ChangeReference, 'repository'>): string {
  if (repository === '' || repository.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw new SallyportError('SP2402', 'the project is not of the form group/project');
  return `/projects/${encodeURIComponent(repository)}`;
}

/** `/projects/…/merge_requests/7`. @throws SallyportError SP2402 for a commit without a request */
export function mergeRequestPath(reference: ChangeReference): string {
  return `${projectPath(reference)}/merge_requests/${requireNumber(reference)}`;
}

const User = z.object({ id: z.number() });

/** Who we are. The token of a job has no user behind `/user`. */
export async function readGitlabAccount(client: HttpClient): Promise<number | undefined> {
  const reply = await client.send({ method: 'GET', target: '/user' });
  if (reply.status === 200) return parseAnswer(reply, User, 'our own account').id;
  if (reply.status === 401) requireSuccess(reply, 'our own account');
  return undefined;
}
