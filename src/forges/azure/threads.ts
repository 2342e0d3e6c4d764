import { z } from 'zod';
import { ask, requireSuccess, tell } from '../http/answer.ts';
import type { ChangeReference } from '../model.ts';
import { type CommentBoard, isPosted } from '../summary.ts';
import { type AzureConnection, pullPath } from './connection.ts';

const Comment = z.object({
  id: z.number(),
  content: z.string().nullish(),
  commentType: z.string().nullish(),
  isDeleted: z.boolean().nullish(),
  author: z.object({ id: z.string() }),
});
const Thread = z.object({
  id: z.number(),
  status: z.string().nullish(),
  isDeleted: z.boolean().nullish(),
  threadContext: z.object({ filePath: z.string().nullish() }).nullish(),
  comments: z.array(Comment),
});

/** A thread that our own account began. */
export interface OwnThread {
  /** Numbers of thread and first comment. */
  readonly id: string;
  readonly body: string;
  readonly status: string | undefined;
  readonly hasPlace: boolean;
}

/** Ours, oldest first. */
export async function listThreads(
  { client, account }: AzureConnection,
  reference: ChangeReference,
): Promise<readonly OwnThread[]> {
  const own = await account();
  if (own === undefined) return [];
  const list = z.object({ value: z.array(Thread) });
  const what = `the threads of pull request ${reference.number}`;
  const { value } = await ask(client, { method: 'GET', target: pullPath(reference, '/threads') }, list, what);
  return value
    .toSorted((one, other) => one.id - other.id)
    .flatMap(({ id, status, isDeleted, threadContext, comments: [first] }) => {
      if (first === undefined || first.author.id !== own || isDeleted === true || first.isDeleted === true) return [];
      if (first.commentType === 'system') return [];
      const hasPlace = typeof threadContext?.filePath === 'string';
      return [{ id: `${id} ${first.id}`, body: first.content ?? '', status: status ?? undefined, hasPlace }];
    });
}

export function threadPath(reference: ChangeReference, id: string): string {
  return pullPath(reference, `/threads/${id.split(' ')[0]}`);
}

export async function editThread({ client }: AzureConnection, reference: ChangeReference, id: string, content: string) {
  const target = commentPath(reference, id);
  await tell(client, { method: 'PATCH', target, body: { content } }, 'the comment');
}

export async function removeThread({ client }: AzureConnection, reference: ChangeReference, id: string): Promise<void> {
  const reply = await client.send({ method: 'DELETE', target: commentPath(reference, id) });
  if (reply.status !== 404) requireSuccess(reply, 'the comment');
}

function commentPath(reference: ChangeReference, id: string): string {
  const [thread, comment] = id.split(' ');
  return pullPath(reference, `/threads/${thread}/comments/${comment}`);
}

/** Threads without a place. Ours are closed from the start: a status blocks, not an open thread. */
export function azureComments(connection: AzureConnection, reference: ChangeReference): CommentBoard {
  const target = pullPath(reference, '/threads');
  const ours = async () => (await listThreads(connection, reference)).filter(({ hasPlace }) => !hasPlace);
  return {
    list: ours,
    create: (content) => {
      const body = { comments: [{ parentCommentId: 0, content, commentType: 'text' }], status: 'closed' };
      const wasDone = async () => isPosted(await ours(), content);
      return tell(connection.client, { method: 'POST', target, body, wasDone }, 'the comment');
    },
    edit: (id, body) => editThread(connection, reference, id, body),
    remove: (id) => removeThread(connection, reference, id),
  };
}
