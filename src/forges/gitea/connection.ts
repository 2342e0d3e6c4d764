import { z } from 'zod';
import { parseAnswer, requireSuccess } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';

/** What every part of the Gitea client needs. */
export interface GiteaConnection {
  readonly client: HttpClient;
  /** Numeric id of our own account; `undefined` when the forge does not tell. */
  readonly account: () => Promise<number | undefined>;
}

const User = z.object({ id: z.number() });

/** Who we are; the bot of Actions has a negative number. */
export async function readGiteaAccount(client: HttpClient): Promise<number | undefined> {
  const reply = await client.send({ method: 'GET', target: '/user' });
  if (reply.status === 200) return parseAnswer(reply, User, 'our own account').id;
  if (reply.status === 401) requireSuccess(reply, 'our own account');
  return undefined;
}
