/** Azure Repos as far as we use it: pushes that are counted, threads with and without a place, votes. */
import { type Body, type ForgeCall, type ForgeReply, type ForgeServer, startForge } from './forge-server.ts';

export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const MERGE_BASE = 'c'.repeat(40);
export const TRIAL = 'd'.repeat(40);
/** Head of the first push. */
export const FIRST = 'e'.repeat(40);
export const TOKEN = 'token_of_the_job';
export const BOT = { id: 'guid-of-the-build-service', uniqueName: 'Build\\guid', descriptor: 'svc.xyz' };
export const STRANGER = { id: 'guid-of-eve', uniqueName: 'eve@example.test', descriptor: 'aad.xyz' };
const FORK = '/their%20project/_apis/git/repositories/app';
const REPOSITORY = '/my%20project/_apis/git/repositories/app';

export interface AzureThread {
  readonly id: number;
  status: string;
  readonly threadContext?: Body | null;
  readonly publishedDate?: string;
  readonly properties?: Body;
  readonly identities?: Body;
  comments: {
    readonly id: number;
    content: string;
    readonly commentType: string;
    readonly author: { readonly id: string; readonly uniqueName?: string; readonly isContainer?: boolean };
  }[];
}

export interface AzureState {
  head: string;
  readonly threads: AzureThread[];
  readonly statuses: Body[];
  readonly labels: Set<string>;
  readonly votes: Body[];
  /** Pushes and changes of the target after the two that are always there. */
  readonly iterations: Body[];
  /** To the branch of the request, the newest first; undefined: eve pushed it twice. */
  pushes: readonly Body[] | undefined;
  /** Where the request comes from, if from elsewhere: the pushes are those to `their project/app` then. */
  readonly fork: Body | undefined;
  target: string;
  next: number;
}

export interface Azure extends ForgeServer {
  readonly state: AzureState;
}

export async function startAzure(change: Partial<AzureState> = {}): Promise<Azure> {
  const state: AzureState = {
    head: HEAD,
    threads: [],
    statuses: [],
    labels: new Set(['old']),
    votes: [],
    iterations: [],
    pushes: undefined,
    fork: undefined,
    target: 'main',
    next: 100,
    ...change,
  };
  const server = await startForge('/acme', (call) => {
    if (!call.query.get('api-version')) return { status: 400, body: { message: 'No api-version was supplied' } };
    // Who is not known gets a page to sign in, not an error.
    if (!isKnown(call)) return { status: 203, raw: '<html>Sign in</html>' };
    return route(state, call);
  });
  return Object.assign(server, { state });
}

function isKnown({ headers }: ForgeCall): boolean {
  const basic = `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}`;
  return headers.authorization === `Bearer ${TOKEN}` || headers.authorization === basic;
}

function route(state: AzureState, call: ForgeCall): ForgeReply | undefined {
  const { method, path, body } = call;
  if (path === '/_apis/connectionData') return { status: 200, body: { authenticatedUser: BOT } };
  if (path === `${state.fork === undefined ? REPOSITORY : FORK}/pushes`) return pushes(state, call);
  if (!path.startsWith(REPOSITORY)) return undefined;
  const below = path.slice(REPOSITORY.length);
  if (below === '/refs') return { status: 200, body: { value: [{ name: 'refs/heads/main', objectId: BASE }] } };
  if (below === `/commits/${state.head}/statuses`) return keep(state.statuses, body);
  if (below === '/pullRequests/7') return { status: 200, body: pullOf(state) };
  if (below === '/pullRequests/7/iterations') return { status: 200, body: { value: iterationsOf(state) } };
  if (below === '/pullRequests/7/iterations/2/changes')
    return { status: 200, body: { changeEntries: [{ item: { path: '/src/app.py' } }, { item: null }], nextSkip: 0 } };
  if (below === '/pullRequests/7/statuses') return keep(state.statuses, body);
  if (below === '/pullRequests/7/labels') {
    state.labels.add(String(body['name']));
    return { status: 200, body: {} };
  }
  if (below.startsWith('/pullRequests/7/labels/'))
    return state.labels.delete(decodeURIComponent(below.split('/').at(-1) ?? '')) ? { status: 200 } : undefined;
  if (below === '/pullRequests/7/threads') {
    if (method === 'GET') return { status: 200, body: { value: state.threads, count: state.threads.length } };
    return createThread(state, body);
  }
  return changeThread(state, call, below);
}

/** Refs are told only when they are asked for (REST reference, Pushes, List). */
function pushes(state: AzureState, { query }: ForgeCall): ForgeReply {
  const name = query.get('searchCriteria.refName');
  const update = (oldObjectId: string, newObjectId: string) => [{ name: 'refs/heads/topic', oldObjectId, newObjectId }];
  const all = state.pushes ?? [
    { pushedBy: STRANGER, refUpdates: update(FIRST, state.head) },
    { pushedBy: STRANGER, refUpdates: update('0'.repeat(40), FIRST) },
  ];
  const withRefs = query.get('searchCriteria.includeRefUpdates') === 'true';
  const [skip, top] = [Number(query.get('$skip') ?? 0), Number(query.get('$top') ?? 100)];
  const shown = name === 'refs/heads/topic' ? all.slice(skip, skip + top) : [];
  return { status: 200, body: { value: shown.map((push) => (withRefs ? push : { ...push, refUpdates: null })) } };
}

function keep(list: Body[], body: Body): ForgeReply {
  list.push(body);
  return { status: 200, body: {} };
}

function pullOf(state: AzureState) {
  return {
    createdBy: STRANGER,
    ...(state.fork === undefined ? {} : { forkSource: state.fork }),
    sourceRefName: 'refs/heads/topic',
    targetRefName: `refs/heads/${state.target}`,
    lastMergeSourceCommit: { commitId: state.head },
    lastMergeTargetCommit: { commitId: BASE },
    lastMergeCommit: { commitId: TRIAL },
    labels: [...state.labels].map((name) => ({ name })),
    reviewers: state.votes,
  };
}

function iterationsOf(state: AzureState) {
  const iteration = { author: STRANGER, commonRefCommit: { commitId: MERGE_BASE } };
  return [
    ...state.iterations,
    { ...iteration, id: 2, createdDate: '2026-05-02T10:00:00Z', sourceRefCommit: { commitId: state.head } },
    { ...iteration, id: 1, createdDate: '2026-05-01T10:00:00Z', sourceRefCommit: { commitId: FIRST } },
  ];
}

/** The remark that Azure writes for a vote (REST reference, Pull Request Threads, the sample of a vote). */
export function voteThread(
  id: number,
  voter: { readonly id: string },
  vote: number,
  at: string,
  author: AzureThread['comments'][number]['author'] = voter,
): AzureThread {
  return {
    id,
    status: 'unknown',
    publishedDate: at,
    properties: {
      CodeReviewThreadType: { $type: 'System.String', $value: 'VoteUpdate' },
      CodeReviewVotedByTfId: { $type: 'System.String', $value: voter.id },
      CodeReviewVoteResult: { $type: 'System.String', $value: String(vote) },
    },
    comments: [{ id: 1, content: `Somebody voted ${vote}`, commentType: 'system', author }],
  };
}

function createThread(state: AzureState, body: Body): ForgeReply {
  const [first] = body['comments'] as readonly Body[]; // As our client sends it.
  const content = String(first?.['content']);
  if (content.length > 150_000) return { status: 400, body: { message: 'The comment is too long' } };
  state.threads.push({
    id: state.next++,
    status: String(body['status']),
    threadContext: (body['threadContext'] as Body | undefined) ?? null, // As our client sends it.
    comments: [{ id: 1, content, commentType: 'text', author: BOT }],
  });
  return { status: 200, body: {} };
}

function changeThread(state: AzureState, { method, body }: ForgeCall, below: string): ForgeReply | undefined {
  const [, threadId, commentId] = /^\/pullRequests\/7\/threads\/(\d+)(?:\/comments\/(\d+))?$/.exec(below) ?? [];
  const thread = state.threads.find(({ id }) => id === Number(threadId));
  const comment = thread?.comments.find(({ id }) => id === Number(commentId));
  if (thread === undefined) return undefined;
  if (commentId === undefined) thread.status = String(body['status']);
  else if (comment?.author.id !== BOT.id) return { status: 403, body: { message: 'TF401027' } };
  else if (method === 'DELETE') state.threads.splice(state.threads.indexOf(thread), 1);
  else comment.content = String(body['content']);
  return { status: 200, body: {} };
}
