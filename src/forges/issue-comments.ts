import { z } from 'zod';
import { askAll, requireSuccess, tell } from './http/answer.ts';
import type { HttpClient } from './http/client.ts';
import type { ChangeReference } from './model.ts';
import { repositoryPath, requireNumber } from './reference.ts';
import { type CommentBoard, isPosted } from './summary.ts';

const Comment = z.object({ id: z.number(), body: z.string().nullish(), user: z.object({ id: z.number() }).nullable() });

interface Connection {
  readonly client: HttpClient;
  /** Numeric id of our own account; `undefined` when the forge does not tell. */
  readonly account: () => Promise<number | undefined>;
}

/**
 * The conversation of a pull request, which GitHub and Gitea keep as comments of an issue by the same interface; only
 * comments of our own account.
 */
export function issueComments({ client, account }: Connection, reference: ChangeReference): CommentBoard {
  const path = `${repositoryPath(reference)}/issues`;
  const list = `${path}/${requireNumber(reference)}/comments`;
  const what = `the comments of pull request ${reference.number}`;
  const ours = async () => {
    const own = await account();
    const comments = own === undefined ? [] : await askAll(client, list, Comment, what);
    return comments
      .filter(({ user }) => user?.id === own)
      .toSorted((one, other) => one.id - other.id)
      .map(({ id, body }) => ({ id: String(id), body: body ?? '' }));
  };
  return {
    list: ours,
    create: (body) => {
      const wasDone = async () => isPosted(await ours(), body);
      return tell(client, { method: 'POST', target: list, body: { body }, wasDone }, what);
    },
    edit: (id, body) => tell(client, { method: 'PATCH', target: `${path}/comments/${id}`, body: { body } }, what),
    remove: async (id) => {
      const reply = await client.send({ method: 'DELETE', target: `${path}/comments/${id}` });
      // Gone already: who posted at the same time was faster.
      if (reply.status !== 404) requireSuccess(reply, what);
    },
  };
}
