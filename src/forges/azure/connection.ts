import { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import { ask, parseAnswer, requireSuccess } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference } from '../model.ts';
import { namesOf, requireNumber } from '../reference.ts';

/** What every part of the Azure DevOps client needs. */
export interface AzureConnection {
  readonly client: HttpClient;
  /** Id of our own account; `undefined` when the forge does not tell. */
  readonly account: () => Promise<string | undefined>;
}

/** Answered by Azure DevOps Services and by Server 2022. */
const VERSION = 'api-version=7.0';

/** A path below a repository, `project/repository` in names, with the version that every request must have. */
export function azurePath({ repository }: Pick<ChangeReference, 'repository'>, below: string): string {
  const [project, name] = namesOf(repository, 'project/repository');
  const path = `/${encodeURIComponent(project)}/_apis/git/repositories/${encodeURIComponent(name)}${below}`;
  return `${path}${path.includes('?') ? '&' : '?'}${VERSION}`;
}

/** A path below a pull request. @throws SallyportError SP2402 for a commit without one */
export function pullPath(reference: ChangeReference, below = ''): string {
  return azurePath(reference, `/pullRequests/${requireNumber(reference)}${below}`);
}

const Connection = z.object({ authenticatedUser: z.object({ id: z.string() }) });

/** Who we are. */
export async function readAzureAccount(client: HttpClient): Promise<string | undefined> {
  const reply = await client.send({ method: 'GET', target: `/_apis/connectionData?${VERSION}-preview` });
  if (reply.status === 200) return parseAnswer(reply, Connection, 'our own account').authenticatedUser.id;
  if (reply.status === 401 || reply.status === 203) requireSuccess(reply, 'our own account');
  return undefined;
}

const Commit = z.object({ commitId: z.string() });
export const Identity = z.object({ id: z.string(), uniqueName: z.string(), descriptor: z.string().optional() });
const Iteration = z.object({
  id: z.number(),
  createdDate: z.string().nullish(),
  author: Identity.nullish(),
  sourceRefCommit: Commit.nullish(),
  commonRefCommit: Commit.nullish(),
});
export type Iteration = z.infer<typeof Iteration>;

/** The pushes to the request: Azure counts them. At least one. */
export async function listIterations(client: HttpClient, reference: ChangeReference): Promise<readonly Iteration[]> {
  const list = z.object({ value: z.array(Iteration).min(1) });
  const what = `the pushes of pull request ${reference.number}`;
  const { value } = await ask(client, { method: 'GET', target: pullPath(reference, '/iterations') }, list, what);
  return value;
}

/** The latest push. */
export async function readIteration(client: HttpClient, reference: ChangeReference): Promise<Iteration> {
  return latestOf(await listIterations(client, reference));
}

/** @param iterations at least one */
export function latestOf(iterations: readonly Iteration[]): Iteration {
  return iterations.reduce((last, one) => (one.id > last.id ? one : last));
}

/**
 * The latest push, when it is the one that was looked at.
 * @throws SallyportError SP2407 when the request has moved
 */
export async function requireIteration(client: HttpClient, reference: ChangeReference): Promise<Iteration> {
  const iteration = await readIteration(client, reference);
  if (iteration.sourceRefCommit?.commitId === reference.headCommit) return iteration;
  throw new SallyportError('SP2407', `pull request ${reference.number} is not at ${reference.headCommit} any more`);
}
