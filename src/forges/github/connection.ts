import { z } from 'zod';
import { parseAnswer, readJson, requireSuccess } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';

/** What every part of the GitHub client needs. */
export interface GithubConnection {
  readonly client: HttpClient;
  /** Numeric id of our own account, asked once; `undefined` when the forge does not tell. */
  readonly account: () => Promise<number | undefined>;
}

/** GitHub Enterprise Server has GraphQL beside `/api/v3`, github.com below the root. */
export function graphqlAddress(api: URL): string {
  const path = api.pathname.replace(/\/+$/, '');
  return `${api.origin}${path.endsWith('/v3') ? path.slice(0, -2) : `${path}/`}graphql`;
}

const Viewer = z.object({ data: z.object({ viewer: z.object({ databaseId: z.number() }) }) });
const User = z.object({ id: z.number() });

/**
 * Who we are, by number: names can be made to look alike. The token of a job has no user behind `/user`; GraphQL names
 * its bot.
 */
export async function readAccount(client: HttpClient): Promise<number | undefined> {
  const user = await client.send({ method: 'GET', target: '/user' });
  if (user.status === 200) return parseAnswer(user, User, 'our own account').id;
  if (user.status === 401) requireSuccess(user, 'our own account');
  const target = graphqlAddress(client.api);
  const reply = await client.send({ method: 'POST', target, body: { query: 'query { viewer { databaseId } }' } });
  if (reply.status !== 200) return undefined;
  const viewer = Viewer.safeParse(readJson(reply.text));
  return viewer.success ? viewer.data.data.viewer.databaseId : undefined;
}
