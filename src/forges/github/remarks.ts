import { z } from 'zod';
import type { JsonObject } from '../../system/index.ts';
import { type Diff, diffOf, readHunks } from '../diff/lines.ts';
import { type PlacedRemark, placeRemark } from '../diff/placement.ts';
import { askAll, isSuccess, requireSuccess, saidBy, tell } from '../http/answer.ts';
import { remarkFingerprint } from '../markup/marker.ts';
import type { ChangeReference } from '../model.ts';
import { repositoryPath, requireCommit, requireNumber } from '../reference.ts';
import type { LookUp, PostedRemark, RefusedRemark, RemarkBoard } from '../remarks/board.ts';
import { remarkBody } from '../remarks/body.ts';
import type { GithubConnection } from './connection.ts';
import { type ReviewThread, readThreads, reopenThread, resolveThread } from './threads.ts';

const Comment = z.object({
  id: z.number(),
  node_id: z.string(),
  body: z.string().nullish(),
  user: z.object({ id: z.number() }).nullable(),
  in_reply_to_id: z.number().nullish(),
});
const ChangedFile = z.object({
  filename: z.string(),
  previous_filename: z.string().optional(),
  /** Missing for binaries and for what is too large to show. */
  patch: z.string().optional(),
});

/** Review comments of a pull request; only those of our own account that begin a thread. */
export function githubRemarks(connection: GithubConnection, reference: ChangeReference): RemarkBoard {
  const { client, account } = connection;
  const number = requireNumber(reference);
  const path = `${repositoryPath(reference)}/pulls`;
  const what = `the review comments of pull request ${number}`;
  let diff: Promise<Diff> | undefined;
  let threads: Promise<ReadonlyMap<string, ReviewThread>> | undefined;
  const threadOf = async (id: string): Promise<ReviewThread | undefined> => {
    threads ??= readThreads(client, reference.repository, number);
    return (await threads).get(namesOfComment(id).node);
  };
  const commentPath = (id: string) => `${path}/comments/${namesOfComment(id).number}`;
  return {
    list: async () => {
      const own = await account();
      const comments = own === undefined ? [] : await askAll(client, `${path}/${number}/comments`, Comment, what);
      const ours = comments
        .filter(({ user, in_reply_to_id }) => user?.id === own && typeof in_reply_to_id !== 'number')
        .toSorted((one, other) => one.id - other.id);
      const posted: PostedRemark[] = [];
      for (const { id: number, node_id, body } of ours) {
        const fingerprint = remarkFingerprint(body ?? '');
        if (fingerprint === undefined) continue;
        const id = `${number} ${node_id}`;
        posted.push({ id, fingerprint, body: body ?? '', state: stateOf(await threadOf(id), own) });
      }
      return posted;
    },
    place: async (remark) => {
      diff ??= readDiff(connection, reference);
      return placeRemark(remark, await diff);
    },
    render: (placed) => remarkBody(placed, 'github'),
    create: (placed, areThere) => createReview(connection, reference, placed, areThere),
    edit: (id, body) => tell(client, { method: 'PATCH', target: commentPath(id), body: { body } }, what),
    resolve: async (id) => {
      const thread = await threadOf(id);
      if (thread !== undefined) await resolveThread(client, thread);
    },
    reopen: async (id) => {
      const thread = await threadOf(id);
      if (thread !== undefined) await reopenThread(client, thread);
    },
    remove: async (id) => {
      const reply = await client.send({ method: 'DELETE', target: commentPath(id) });
      if (reply.status !== 404) requireSuccess(reply, what);
    },
  };
}

/** A comment by its number, as REST has it, and by its node, as GraphQL has it. */
function namesOfComment(id: string): { readonly number: string; readonly node: string } {
  const [number = '', node = ''] = id.split(' ');
  return { number, node };
}

function stateOf(thread: ReviewThread | undefined, own: number | undefined): PostedRemark['state'] {
  if (thread === undefined || !thread.isResolved) return 'open';
  return thread.resolvedBy === own ? 'resolved-by-us' : 'resolved-by-others';
}

async function readDiff({ client }: GithubConnection, reference: ChangeReference): Promise<Diff> {
  const path = `${repositoryPath(reference)}/pulls/${requireNumber(reference)}/files`;
  const files = await askAll(client, path, ChangedFile, 'the changed files');
  return diffOf(
    files.map(({ filename, previous_filename, patch }) =>
      readHunks(filename, previous_filename ?? filename, patch ?? ''),
    ),
  );
}

/** One review for all; when the forge refuses it, each remark on its own, so that one bad line costs only itself. */
async function createReview(
  { client }: GithubConnection,
  reference: ChangeReference,
  placed: readonly PlacedRemark[],
  areThere: LookUp,
): Promise<readonly RefusedRemark[]> {
  const path = `${repositoryPath(reference)}/pulls/${requireNumber(reference)}`;
  const commit = requireCommit(reference.headCommit);
  const body = {
    commit_id: commit,
    event: 'COMMENT',
    body: `Sallyport: ${placed.length === 1 ? 'one remark' : `${placed.length} remarks`} on \`${commit.slice(0, 12)}\`.`,
    comments: placed.map(commentOf),
  };
  const wasDone = () => areThere(placed);
  const reply = await client.send({ method: 'POST', target: `${path}/reviews`, body, wasDone });
  if (reply.status !== 422) {
    requireSuccess(reply, 'the review');
    return [];
  }
  const refused: RefusedRemark[] = [];
  for (const one of placed) {
    const comment = { ...commentOf(one), commit_id: commit };
    const target = `${path}/comments`;
    const alone = await client.send({ method: 'POST', target, body: comment, wasDone: () => areThere([one]) });
    if (isSuccess(alone)) continue;
    if (alone.status !== 422) requireSuccess(alone, 'the review comment');
    refused.push({ remark: one.remark, reason: saidBy(alone) || 'the forge gives no reason' });
  }
  return refused;
}

/** A range has a first line of its own; a single line must not have one. */
function commentOf(placed: PlacedRemark): JsonObject {
  const { remark, file, startLine, endLine } = placed;
  const side = remark.side === 'head' ? 'RIGHT' : 'LEFT';
  const range = startLine < endLine ? { start_line: startLine, start_side: side } : {};
  return { path: file.path, line: endLine, side, ...range, body: remarkBody(placed, 'github') };
}
