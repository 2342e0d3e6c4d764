import { z } from 'zod';
import type { JsonObject } from '../../system/index.ts';
import { type Diff, diffOf, readUnifiedDiff } from '../diff/lines.ts';
import { type PlacedRemark, placeRemark } from '../diff/placement.ts';
import { askAll, isSuccess, requireSuccess, saidBy, tell } from '../http/answer.ts';
import { remarkFingerprint } from '../markup/marker.ts';
import type { ChangeReference } from '../model.ts';
import { repositoryPath, requireNumber } from '../reference.ts';
import type { LookUp, PostedRemark, RefusedRemark, RemarkBoard } from '../remarks/board.ts';
import { remarkBody } from '../remarks/body.ts';
import type { GiteaConnection } from './connection.ts';

const Review = z.object({
  id: z.number(),
  user: z.object({ id: z.number() }).nullable(),
  comments_count: z.number(),
});
const Comment = z.object({
  id: z.number(),
  body: z.string(),
  user: z.object({ id: z.number() }).nullable(),
  resolver: z.object({ id: z.number() }).nullish(),
});

/** Review comments of a pull request; only those of our own account. */
export function giteaRemarks(connection: GiteaConnection, reference: ChangeReference): RemarkBoard {
  const { client, account } = connection;
  const repository = repositoryPath(reference);
  const pull = `${repository}/pulls/${requireNumber(reference)}`;
  const what = `the review comments of pull request ${reference.number}`;
  let diff: Promise<Diff> | undefined;
  return {
    list: async () => {
      const own = await account();
      if (own === undefined) return [];
      const reviews = await askAll(client, `${pull}/reviews`, Review, what);
      const posted: PostedRemark[] = [];
      for (const { id, user, comments_count: count } of reviews) {
        if (user?.id !== own || count === 0) continue;
        const comments = await askAll(client, `${pull}/reviews/${id}/comments`, Comment, what);
        posted.push(...comments.flatMap((comment) => postedOf(comment, own)));
      }
      return posted.toSorted((one, other) => Number(one.id) - Number(other.id));
    },
    place: async (remark) => {
      diff ??= readDiff(connection, reference);
      return placeRemark(remark, await diff);
    },
    render: bodyOf,
    create: (placed, areThere) => createReview(connection, pull, { commit: reference.headCommit, placed, areThere }),
    edit: (id, body) =>
      tell(client, { method: 'PATCH', target: `${repository}/issues/comments/${id}`, body: { body } }, what),
    resolve: (id) => mark(connection, `${repository}/pulls/comments/${id}/resolve`),
    reopen: (id) => mark(connection, `${repository}/pulls/comments/${id}/unresolve`),
    remove: async (id) => {
      const reply = await client.send({ method: 'DELETE', target: `${repository}/issues/comments/${id}` });
      if (reply.status !== 404) requireSuccess(reply, what);
    },
  };
}

function postedOf({ id, body, user, resolver }: z.infer<typeof Comment>, own: number): readonly PostedRemark[] {
  const fingerprint = remarkFingerprint(body);
  if (user?.id !== own || fingerprint === undefined) return [];
  const by = resolver?.id;
  const state = by === undefined ? 'open' : by === own ? 'resolved-by-us' : 'resolved-by-others';
  return [{ id: String(id), fingerprint, body, state }];
}

/** Versions before 1.26 and Forgejo cannot: there the text alone says that it is mended. */
async function mark({ client }: GiteaConnection, target: string): Promise<void> {
  const reply = await client.send({ method: 'POST', target });
  if (![403, 404, 405].includes(reply.status)) requireSuccess(reply, 'the review comment');
}

async function readDiff({ client }: GiteaConnection, reference: ChangeReference): Promise<Diff> {
  const target = `${repositoryPath(reference)}/pulls/${requireNumber(reference)}.diff`;
  const reply = requireSuccess(await client.send({ method: 'GET', target, accept: 'text/plain' }), 'the diff');
  return diffOf(readUnifiedDiff(reply.text));
}

/** One review for all; when it is refused, one for each. */
async function createReview(
  connection: GiteaConnection,
  pull: string,
  {
    commit,
    placed,
    areThere,
  }: { readonly commit: string; readonly placed: readonly PlacedRemark[]; readonly areThere: LookUp },
): Promise<readonly RefusedRemark[]> {
  const post = (some: readonly PlacedRemark[]) =>
    connection.client.send({
      method: 'POST',
      target: `${pull}/reviews`,
      body: {
        event: 'COMMENT',
        commit_id: commit,
        body: `Sallyport: ${some.length === 1 ? 'one remark' : `${some.length} remarks`} on \`${commit.slice(0, 12)}\`.`,
        comments: some.map(commentOf),
      },
      wasDone: () => areThere(some),
    });
  const reply = await post(placed);
  if (reply.status !== 422) {
    requireSuccess(reply, 'the review');
    return [];
  }
  const refused: RefusedRemark[] = [];
  for (const one of placed) {
    const alone = placed.length === 1 ? reply : await post([one]);
    if (isSuccess(alone)) continue;
    if (alone.status !== 422) requireSuccess(alone, 'the review');
    refused.push({ remark: one.remark, reason: saidBy(alone) || 'the forge gives no reason' });
  }
  return refused;
}

/** Positions are line numbers here; the side that has none is left out. */
function commentOf(placed: PlacedRemark): JsonObject {
  const line = placed.remark.side === 'head' ? { new_position: placed.endLine } : { old_position: placed.endLine };
  return { path: placed.file.path, ...line, body: bodyOf(placed) };
}

/** A comment stands at one line; a range is told in words. */
function bodyOf(placed: PlacedRemark): string {
  const { startLine, endLine } = placed.remark;
  const range = startLine < endLine ? `Lines ${startLine} to ${endLine}.\n\n` : '';
  return `${range}${remarkBody(placed, 'gitea')}`;
}
