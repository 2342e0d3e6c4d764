/** Gitea as far as we use it: reviews with comments by line number, labels by number, pages by `limit`. */
import { type Body, type ForgeCall, type ForgeReply, type ForgeServer, pageOf, startForge } from './forge-server.ts';

export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const MERGE_BASE = 'c'.repeat(40);
export const TOKEN = 'gitea_token';
export const BOT = { id: -2, login: 'gitea-actions' };
export const STRANGER = { id: 7, login: 'gitea-action' };

const DIFF = `diff --git a/src/app.py b/src/app.py
index 1111111..2222222 100644
--- a/src/app.py
+++ b/src/app.py
@@ -1,4 +1,5 @@
 a
 b
-old
+new
+more
 d
diff --git a/picture.png b/picture.png
Binary files a/picture.png and b/picture.png differ
`;

export interface GiteaComment {
  readonly id: number;
  readonly user: typeof BOT | null;
  body: string;
  readonly path?: string;
  readonly line?: string;
  resolver?: typeof BOT | null;
}

export interface GiteaState {
  /** Before 1.26, and on Forgejo, threads cannot be resolved by the API. */
  canResolve: boolean;
  readonly comments: GiteaComment[];
  readonly reviews: { readonly id: number; readonly user: typeof BOT | null; readonly comments: GiteaComment[] }[];
  readonly others: Body[];
  /** Of the request as an issue, pushes and remarks among them: `{ type, created_at }`. */
  readonly timeline: Body[];
  target: string;
  readonly statuses: Body[];
  readonly labels: { readonly id: number; readonly name: string }[];
  readonly issueLabels: Set<number>;
  next: number;
}

export interface Gitea extends ForgeServer {
  readonly state: GiteaState;
}

export async function startGitea(change: Partial<GiteaState> = {}): Promise<Gitea> {
  const state: GiteaState = {
    canResolve: true,
    comments: [],
    reviews: [],
    others: [],
    timeline: [],
    target: 'main',
    statuses: [],
    labels: [{ id: 1, name: 'old' }],
    issueLabels: new Set([1]),
    next: 1000,
    ...change,
  };
  let base = '';
  const server = await startForge('/api/v1', (call) => {
    if (call.headers.authorization !== `token ${TOKEN}`) return { status: 401, body: { message: 'token is required' } };
    return route(state, call, base);
  });
  base = server.url;
  return Object.assign(server, { state });
}

const NOT_FOUND: ForgeReply = { status: 404, body: { message: "The target couldn't be found." } };
const most = 50;

function route(state: GiteaState, call: ForgeCall, base: string): ForgeReply | undefined {
  const { method, path } = call;
  if (path === '/user') return { status: 200, body: BOT };
  const below = /^\/repos\/acme\/app(\/.*)$/.exec(path)?.[1] ?? '';
  if (below === '/pulls/7') return { status: 200, body: { ...PULL, base: { ...PULL.base, ref: state.target } } };
  if (below === '/issues/7/timeline') return timelineOf(state, call, base);
  if (below === '/branches/main') return { status: 200, body: { commit: { id: BASE } } };
  if (below === '/pulls/7.diff') return { status: 200, raw: DIFF };
  if (below === '/issues/7/comments') return comments(state, call, base);
  if (below === '/pulls/7/reviews') return reviews(state, call, base);
  const review = /^\/pulls\/7\/reviews\/(\d+)\/comments$/.exec(below)?.[1];
  if (review !== undefined)
    return pageOf(call, base, state.reviews.find(({ id }) => id === Number(review))?.comments ?? [], 1000);
  const one = /^\/issues\/comments\/(\d+)$/.exec(below)?.[1];
  if (one !== undefined) return edit(state, Number(one), call);
  const thread = /^\/pulls\/comments\/(\d+)\/(resolve|unresolve)$/.exec(below);
  if (thread !== null) return resolve(state, Number(thread[1]), thread[2] === 'resolve');
  if (below.startsWith('/statuses/') && method === 'POST') {
    state.statuses.push({ ...call.body, sha: below.slice(10) });
    return { status: 201, body: {} };
  }
  return labels(state, call, base, below);
}

const PULL = {
  user: { id: 3, login: 'ada' },
  head: { sha: HEAD, ref: 'topic', repo: { id: 9 } },
  base: { sha: BASE, ref: 'main', repo: { id: 9 } },
  labels: [{ name: 'old' }],
  merge_base: MERGE_BASE,
};

/** Of the timeline Gitea counts the entries of the page alone. */
function timelineOf({ timeline }: GiteaState, call: ForgeCall, base: string): ForgeReply {
  const { status, body } = pageOf(call, base, timeline, most);
  return { status, body, headers: { 'x-total-count': String(Array.isArray(body) ? body.length : 0) } };
}

/** For most lists Gitea tells how many entries there are, and no address of a next page. */
function countedPageOf(call: ForgeCall, base: string, list: readonly unknown[]): ForgeReply {
  const { status, body } = pageOf(call, base, list, most);
  return { status, body, headers: { 'x-total-count': String(list.length) } };
}

function comments(state: GiteaState, call: ForgeCall, base: string): ForgeReply {
  // Gitea gives all comments of an issue at once.
  if (call.method === 'GET') return pageOf(call, base, state.comments, 1000);
  state.comments.push({ id: state.next++, user: BOT, body: String(call.body['body']) });
  return { status: 201, body: {} };
}

function reviews(state: GiteaState, call: ForgeCall, base: string): ForgeReply {
  if (call.method === 'GET') {
    const ours = state.reviews.map(({ id, user, comments: list }) => {
      return { id, user, state: 'COMMENT', comments_count: list.length, submitted_at: '' };
    });
    return countedPageOf(call, base, [...state.others, ...ours]);
  }
  const list = call.body['comments'];
  if (!Array.isArray(list) || call.body['commit_id'] !== HEAD) return { status: 422, body: { message: 'commit' } };
  const made = list.map((comment: Body): GiteaComment => {
    const line = `${comment['old_position'] ?? 0} ${comment['new_position'] ?? 0}`;
    return { id: state.next++, user: BOT, body: String(comment['body']), path: String(comment['path']), line };
  });
  state.reviews.push({ id: state.next++, user: BOT, comments: made });
  return { status: 200, body: {} };
}

function edit(state: GiteaState, id: number, { method, body }: ForgeCall): ForgeReply {
  for (const list of [state.comments, ...state.reviews.map((review) => review.comments)]) {
    const index = list.findIndex((comment) => comment.id === id);
    const comment = list[index];
    if (comment === undefined) continue;
    if (comment.user?.id !== BOT.id) return { status: 403, body: { message: 'no' } };
    if (method === 'DELETE') list.splice(index, 1);
    else comment.body = String(body['body']);
    return { status: 200, body: {} };
  }
  return NOT_FOUND;
}

function resolve(state: GiteaState, id: number, isResolved: boolean): ForgeReply {
  if (!state.canResolve) return { status: 405, raw: 'Method Not Allowed' };
  const comment = state.reviews.flatMap((review) => review.comments).find((one) => one.id === id);
  if (comment === undefined) return NOT_FOUND;
  comment.resolver = isResolved ? BOT : null;
  return { status: 204 };
}

function labels(state: GiteaState, call: ForgeCall, base: string, below: string): ForgeReply {
  const { method, body } = call;
  if (below === '/labels' && method === 'GET') return countedPageOf(call, base, state.labels);
  if (below === '/labels') {
    const label = { id: state.next++, name: String(body['name']) };
    state.labels.push(label);
    return { status: 201, body: label };
  }
  if (below === '/issues/7/labels') {
    for (const id of Array.isArray(body['labels']) ? body['labels'] : []) state.issueLabels.add(Number(id));
    return { status: 200, body: [] };
  }
  const id = /^\/issues\/7\/labels\/(\d+)$/.exec(below)?.[1];
  if (id === undefined) return NOT_FOUND;
  return state.issueLabels.delete(Number(id)) ? { status: 204 } : NOT_FOUND;
}
