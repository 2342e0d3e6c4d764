import { z } from 'zod';
import { askAll, requireSuccess, tell } from '../http/answer.ts';
import type { ChangeReference } from '../model.ts';
import { type CommentBoard, isPosted } from '../summary.ts';
import { type GitlabConnection, mergeRequestPath } from './connection.ts';

const Note = z.object({
  id: z.number(),
  body: z.string(),
  system: z.boolean(),
  type: z.string().nullish(),
  author: z.object({ id: z.number() }),
});

/** The notes of a merge request; only plain ones of our own account. */
export function gitlabComments({ client, account }: GitlabConnection, reference: ChangeReference): CommentBoard {
  const path = `${mergeRequestPath(reference)}/notes`;
  const what = `the notes of merge request ${reference.number}`;
  const ours = async () => {
    const own = await account();
    const notes = own === undefined ? [] : await askAll(client, `${path}?sort=asc&order_by=created_at`, Note, what);
    return notes
      .filter(({ author, system, type }) => author.id === own && !system && type !== 'DiffNote')
      .toSorted((one, other) => one.id - other.id)
      .map(({ id, body }) => ({ id: String(id), body }));
  };
  return {
    list: ours,
    create: (body) => {
      const wasDone = async () => isPosted(await ours(), body);
      return tell(client, { method: 'POST', target: path, body: { body }, wasDone }, what);
    },
    edit: (id, body) => tell(client, { method: 'PUT', target: `${path}/${id}`, body: { body } }, what),
    remove: async (id) => {
      const reply = await client.send({ method: 'DELETE', target: `${path}/${id}` });
      if (reply.status !== 404) requireSuccess(reply, what);
    },
  };
}
