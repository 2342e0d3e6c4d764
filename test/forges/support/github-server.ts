/** GitHub as far as we use it: its rules about lines, lengths, pages and rights. */
import { type Body, type ForgeCall, type ForgeReply, type ForgeServer, pageOf, startForge } from './forge-server.ts';

export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const MERGE_BASE = 'c'.repeat(40);
export const TRIAL = 'd'.repeat(40);
export const TOKEN = 'ghs_token_of_the_job';
/** A commit of the target branch before its tip. */
export const OLDER = '1'.repeat(40);
/** Ours, and somebody else's. */
export const BOT = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' };
export const STRANGER = { id: 7, login: 'github-actions-bot', type: 'User' };

/** Lines 1 to 12 of src/app.py at head are in the diff; line 3 is new, line 3 of the base was removed. */
export const PATCH = '@@ -1,6 +1,7 @@\n a\n b\n-old\n+new\n+more\n d\n e\n f\n@@ -20,2 +21,3 @@ def f():\n x\n+y\n z';

export interface GithubComment {
  readonly id: number;
  readonly user: typeof BOT | null;
  body: string;
  readonly path?: string;
  readonly line?: number;
  readonly start_line?: number;
  readonly side?: string;
}

export interface GithubState {
  head: string;
  fork: boolean;
  /** `app`: the token of a job; `user`: of a person, for whom there are no check runs. */
  token: 'app' | 'user' | 'nobody';
  /** Whether threads can be resolved (`contents: write`). */
  mayResolve: boolean;
  mayWrite: boolean;
  readonly comments: GithubComment[];
  readonly remarks: GithubComment[];
  readonly reviews: Body[];
  /** Of the request as an issue: `{ event, created_at }`. */
  readonly events: Body[];
  /** What happened to the branch, the newest first; undefined: `pusher` made it with the head. */
  activity: readonly Body[] | undefined;
  /** The branch that the request goes to. */
  target: string;
  readonly checks: Body[];
  readonly statuses: Body[];
  readonly annotations: unknown[];
  readonly labels: Set<string>;
  readonly attestations: Body[];
  readonly resolved: Map<number, number>;
  readonly folded: Set<number>;
  readonly files: { readonly filename: string; readonly patch?: string }[];
  next: number;
}

export interface Github extends ForgeServer {
  readonly state: GithubState;
}

export async function startGithub(change: Partial<GithubState> = {}): Promise<Github> {
  const state: GithubState = {
    head: HEAD,
    fork: false,
    token: 'app',
    mayResolve: true,
    mayWrite: true,
    comments: [],
    remarks: [],
    reviews: [],
    events: [],
    activity: undefined,
    target: 'main',
    checks: [],
    statuses: [],
    annotations: [],
    labels: new Set(['old']),
    attestations: [],
    resolved: new Map(),
    folded: new Set(),
    files: [{ filename: 'src/app.py', patch: PATCH }, { filename: 'image.png' }],
    // Comments of github.com have outgrown 32 bits.
    next: 3_000_000_000,
    ...change,
  };
  let base = '';
  const server = await startForge('', (call) => {
    if (call.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { message: 'Bad credentials' } };
    if (call.path === '/graphql') return graphql(state, call.body);
    if (call.method !== 'GET' && !state.mayWrite)
      return { status: 403, body: { message: 'Resource not accessible by integration' } };
    return route(state, call, base);
  });
  base = server.url;
  return Object.assign(server, { state });
}

const COMPARISON = { merge_base_commit: { sha: MERGE_BASE } };
const NOT_FOUND: ForgeReply = { status: 404, body: { message: 'Not Found' } };

function route(state: GithubState, call: ForgeCall, base: string): ForgeReply | undefined {
  const { method, path } = call;
  if (path === '/user')
    return state.token === 'user'
      ? { status: 200, body: BOT }
      : { status: 403, body: { message: 'Resource not accessible by integration' } };
  const below = /^\/repos\/acme\/app(\/.*)$/.exec(path)?.[1];
  if (below === undefined) return NOT_FOUND;
  if (below === '/pulls/7' && method === 'GET') return { status: 200, body: pullOf(state) };
  if (below === `/compare/${OLDER}...main`) return { status: 200, body: { ...COMPARISON, status: 'ahead' } };
  if (below.startsWith('/compare/') && below.endsWith('...main'))
    return { status: 200, body: { ...COMPARISON, status: 'diverged' } };
  if (below.startsWith('/compare/')) return { status: 200, body: { ...COMPARISON, status: 'diverged' } };
  if (below === '/activity') return pageOf(call, base, state.activity ?? [creationOf(state)]);
  if (below === '/pulls/7/files') return pageOf(call, base, state.files);
  if (below === '/issues/7/events') return pageOf(call, base, state.events);
  if (below === '/issues/7/comments') return comments(state, call, base);
  if (below.startsWith('/issues/7/labels')) return labels(state, call, below);
  if (below === '/pulls/7/reviews') return reviews(state, call, base);
  if (below === '/pulls/7/comments') return remarks(state, call, base);
  const one = /^\/(issues|pulls)\/comments\/(\d+)$/.exec(below);
  if (one !== null) return edit(one[1] === 'issues' ? state.comments : state.remarks, Number(one[2]), call);
  if (below.startsWith('/check-runs')) return checks(state, call);
  if (below.startsWith('/statuses/') && method === 'POST') {
    state.statuses.push(call.body);
    return { status: 201, body: {} };
  }
  if (below === '/attestations' && method === 'POST') return attestations(state, call);
  return NOT_FOUND;
}

function creationOf({ head }: GithubState): Body {
  return { before: '0'.repeat(40), after: head, activity_type: 'branch_creation', actor: { login: 'pusher' } };
}

function attestations(state: GithubState, { body }: ForgeCall): ForgeReply {
  const { bundle } = body as { readonly bundle?: Body }; // We send it.
  if (bundle?.['mediaType'] === undefined || bundle['dsseEnvelope'] === undefined) return invalid('bundle');
  state.attestations.push(bundle);
  return { status: 201, body: { id: state.next++ } };
}

function pullOf(state: GithubState) {
  return {
    user: { login: 'ada', id: 3, type: 'User' },
    head: { sha: state.head, ref: 'topic', repo: { full_name: state.fork ? 'eve/app' : 'acme/app' } },
    base: { sha: BASE, ref: state.target, repo: { full_name: 'acme/app' } },
    labels: [...state.labels].map((name) => ({ name })),
    merge_commit_sha: TRIAL,
  };
}

function invalid(message: string): ForgeReply {
  return { status: 422, body: { message: 'Unprocessable Entity', errors: [message] } };
}

function comments(state: GithubState, call: ForgeCall, base: string): ForgeReply {
  if (call.method === 'GET') return pageOf(call, base, state.comments);
  const body = String(call.body['body']);
  if (body.length > 65_536) return invalid('body is too long (maximum is 65536 characters)');
  const comment = { id: state.next++, user: BOT, body };
  state.comments.push(comment);
  return { status: 201, body: comment };
}

function edit(list: GithubComment[], id: number, { method, body }: ForgeCall): ForgeReply {
  const index = list.findIndex((comment) => comment.id === id);
  const comment = list[index];
  if (comment === undefined) return NOT_FOUND;
  if (comment.user?.id !== BOT.id) return { status: 403, body: { message: 'Must have admin rights to Repository.' } };
  if (method === 'DELETE') {
    list.splice(index, 1);
    return { status: 204 };
  }
  comment.body = String(body['body']);
  return { status: 200, body: comment };
}

/** The lines that GitHub shows of a file: a remark elsewhere is refused. */
function isShown({ files }: GithubState, comment: Body): boolean {
  const patch = files.find(({ filename }) => filename === comment['path'])?.patch;
  const isRight = comment['side'] === 'RIGHT';
  let hunk = 0;
  let [old, now] = [0, 0];
  const hunks = new Map<number, number>();
  for (const line of patch?.split('\n') ?? []) {
    const start = /^@@ -(\d+),\d+ \+(\d+),\d+ @@/.exec(line);
    if (start !== null) {
      [old, now] = [Number(start[1]), Number(start[2])];
      hunk += 1;
      continue;
    }
    if (line[0] !== '+') {
      if (!isRight) hunks.set(old, hunk);
      old += 1;
    }
    if (line[0] !== '-') {
      if (isRight) hunks.set(now, hunk);
      now += 1;
    }
  }
  const end = hunks.get(Number(comment['line']));
  const first = comment['start_line'];
  if (first === undefined) return end !== undefined;
  return end !== undefined && hunks.get(Number(first)) === end && Number(first) < Number(comment['line']);
}

function reviews(state: GithubState, call: ForgeCall, base: string): ForgeReply {
  if (call.method === 'GET') return pageOf(call, base, state.reviews);
  const list = call.body['comments'];
  if (!Array.isArray(list) || call.body['event'] !== 'COMMENT') return invalid('event');
  if (call.body['commit_id'] !== state.head) return invalid('commit_id is not part of the pull request');
  if (!list.every((comment: Body) => isShown(state, comment))) return invalid('Line could not be resolved');
  for (const comment of list) addRemark(state, comment);
  return { status: 200, body: { id: state.next++ } };
}

function remarks(state: GithubState, call: ForgeCall, base: string): ForgeReply {
  if (call.method === 'GET') {
    const listed = state.remarks.map((remark) => ({ ...remark, node_id: `C${remark.id}` }));
    return pageOf(call, base, listed);
  }
  if (!isShown(state, call.body)) return invalid('pull_request_review_thread.line must be part of the diff');
  addRemark(state, call.body);
  return { status: 201, body: {} };
}

function addRemark(state: GithubState, comment: Body): void {
  const { path, line, start_line, side, body } = comment;
  state.remarks.push({
    id: state.next++,
    user: BOT,
    body: String(body),
    path: String(path),
    line: Number(line),
    side: String(side),
    ...(start_line === undefined ? {} : { start_line: Number(start_line) }),
  });
}

function checks(state: GithubState, { method, body }: ForgeCall): ForgeReply {
  if (state.token === 'user') return { status: 403, body: { message: 'You must authenticate via a GitHub App.' } };
  const output = body['output'] as { readonly annotations: unknown[]; readonly summary: string }; // We send it.
  if (output.annotations.length > 50) return invalid('annotations: no more than 50');
  if (output.summary.length > 65_535) return invalid('summary is too long');
  state.annotations.push(...output.annotations);
  if (method === 'PATCH') return { status: 200, body: {} };
  state.checks.push(body);
  return { status: 201, body: { id: state.next++ } };
}

function labels(state: GithubState, { method, body }: ForgeCall, below: string): ForgeReply {
  if (method === 'POST') {
    for (const label of Array.isArray(body['labels']) ? body['labels'] : []) state.labels.add(String(label));
    return { status: 200, body: [] };
  }
  const name = decodeURIComponent(below.split('/').at(-1) ?? '');
  return state.labels.delete(name)
    ? { status: 200, body: [] }
    : { status: 404, body: { message: 'Label does not exist' } };
}

const FORBIDDEN: ForgeReply = {
  status: 200,
  body: { data: {}, errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }] },
};

function graphql(state: GithubState, body: Body): ForgeReply {
  const query = String(body['query']);
  const variables = body['variables'] as { readonly id?: string } | undefined; // As our client sends it.
  if (query.includes('viewer'))
    return state.token === 'nobody' ? FORBIDDEN : { status: 200, body: { data: { viewer: { databaseId: BOT.id } } } };
  if (query.startsWith('query')) return threads(state);
  const id = Number(variables?.id?.slice(1));
  if (query.includes('unminimizeComment')) state.folded.delete(id);
  else if (query.includes('minimizeComment')) state.folded.add(id);
  else if (!state.mayResolve) return FORBIDDEN;
  else if (query.includes('unresolveReviewThread')) state.resolved.delete(id);
  else state.resolved.set(id, BOT.id);
  return { status: 200, body: { data: { done: { clientMutationId: null } } } };
}

function threads(state: GithubState): ForgeReply {
  const nodes = state.remarks.map(({ id }) => {
    const by = state.resolved.get(id);
    return {
      id: `T${id}`,
      isResolved: by !== undefined,
      resolvedBy: by === undefined ? null : { databaseId: by },
      comments: { nodes: [{ id: `C${id}`, databaseId: id < 2 ** 31 ? id : null }] },
    };
  });
  const reviewThreads = { pageInfo: { hasNextPage: false, endCursor: null }, nodes };
  return { status: 200, body: { data: { repository: { pullRequest: { reviewThreads } } } } };
}
