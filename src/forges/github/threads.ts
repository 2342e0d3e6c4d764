import { z } from 'zod';
import type { JsonObject } from '../../system/index.ts';
import { readJson } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { graphqlAddress } from './connection.ts';

/** A thread of review comments, as only GraphQL tells it. */
export interface ReviewThread {
  readonly id: string;
  readonly isResolved: boolean;
  /** Number of the account that resolved it. */
  readonly resolvedBy: number | undefined;
  /** GraphQL's name of its first comment. */
  readonly commentNode: string;
}

const Threads = z.object({
  data: z.object({
    repository: z.object({
      pullRequest: z.object({
        reviewThreads: z.object({
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
          nodes: z.array(
            z.object({
              id: z.string(),
              isResolved: z.boolean(),
              resolvedBy: z.object({ databaseId: z.number().nullish() }).nullable(),
              comments: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
            }),
          ),
        }),
      }),
    }),
  }),
});
const Done = z.object({ data: z.record(z.string(), z.object({}).nullable()), errors: z.undefined().optional() });

const QUERY = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewThreads(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id isResolved resolvedBy { databaseId } comments(first: 1) { nodes { id } } } } } } }`;
const MAX_PAGES = 20;

/**
 * The threads by the node of their first comment: the numbers of comments have outgrown GraphQL's `databaseId`, which has
 * 32 bits. Empty when the token may not ask: then nothing is known to be
 * resolved, and the texts of the comments say it.
 */
export async function readThreads(
  client: HttpClient,
  repository: string,
  number: number,
): Promise<ReadonlyMap<string, ReviewThread>> {
  const [owner = '', name = ''] = repository.split('/');
  const threads = new Map<string, ReviewThread>();
  let after: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const answer = Threads.safeParse(await graphql(client, QUERY, { owner, name, number, after }));
    if (!answer.success) return threads;
    const { nodes, pageInfo } = answer.data.data.repository.pullRequest.reviewThreads;
    for (const { id, isResolved, resolvedBy, comments } of nodes) {
      const first = comments.nodes[0];
      if (first === undefined) continue;
      threads.set(first.id, {
        id,
        isResolved,
        resolvedBy: resolvedBy?.databaseId ?? undefined,
        commentNode: first.id,
      });
    }
    if (!pageInfo.hasNextPage || pageInfo.endCursor === null) return threads;
    after = pageInfo.endCursor;
  }
  return threads;
}

/**
 * Resolves a thread. GitHub wants `contents: write` for it; without, the comment is folded away as resolved, which
 * `pull-requests: write` is enough for. False when neither is allowed.
 */
export async function resolveThread(client: HttpClient, thread: ReviewThread): Promise<boolean> {
  const resolve = 'mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { clientMutationId } }';
  const fold =
    'mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: RESOLVED }) { clientMutationId } }';
  return (await mutate(client, resolve, thread.id)) || (await mutate(client, fold, thread.commentNode));
}

/** Opens a thread again that we resolved or folded. */
export async function reopenThread(client: HttpClient, thread: ReviewThread): Promise<boolean> {
  const open = 'mutation ($id: ID!) { unresolveReviewThread(input: { threadId: $id }) { clientMutationId } }';
  const unfold = 'mutation ($id: ID!) { unminimizeComment(input: { subjectId: $id }) { clientMutationId } }';
  const unfolded = await mutate(client, unfold, thread.commentNode);
  return (await mutate(client, open, thread.id)) || unfolded;
}

async function mutate(client: HttpClient, query: string, id: string): Promise<boolean> {
  return Done.safeParse(await graphql(client, query, { id })).success;
}

/** GraphQL answers 200 with `errors` when it refuses. */
async function graphql(client: HttpClient, query: string, variables: JsonObject): Promise<unknown> {
  const body = { query, variables };
  const reply = await client.send({ method: 'POST', target: graphqlAddress(client.api), body });
  return reply.status === 200 ? readJson(reply.text) : undefined;
}
