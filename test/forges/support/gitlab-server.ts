/** GitLab as far as we use it: notes, discussions at lines, statuses that do not change to themselves. */
import { type Body, type ForgeCall, type ForgeReply, type ForgeServer, pageOf, startForge } from './forge-server.ts';

export const HEAD = 'a'.repeat(40);
export const START = 'b'.repeat(40);
export const MERGE_BASE = 'c'.repeat(40);
export const TOKEN = 'glpat-token_of_a_project';
export const BOT = { id: 50, username: 'project_9_bot' };
export const STRANGER = { id: 7, username: 'project_9_bot_' };
const PROJECT = '/projects/group%2Fsub%2Fapp';

const DIFF = '@@ -1,6 +1,7 @@\n a\n b\n-old\n+new\n+more\n d\n e\n f\n';

export interface GitlabNote {
  readonly id: number;
  readonly type: string | null;
  body: string;
  readonly system: boolean;
  readonly author: typeof BOT;
  resolved?: boolean;
  resolved_by?: { readonly id: number } | null;
  readonly position?: Body;
}

export interface GitlabState {
  head: string;
  fork: boolean;
  /** `job`: a token that may read the project and do nothing else. */
  token: 'project' | 'job';
  readonly notes: GitlabNote[];
  readonly discussions: { readonly id: string; readonly notes: GitlabNote[] }[];
  readonly statuses: Map<string, string>;
  readonly statusChecks: { readonly id: number; readonly name: string }[] | undefined;
  readonly answered: Body[];
  readonly updates: Body[];
  approvals: unknown;
  reviewers: unknown;
  /** Who pushed what, the newest first; undefined: `pusher` brought the head to the branch. */
  pushes: readonly Body[] | undefined;
  target: string;
  versions: readonly { readonly head_commit_sha: string; readonly created_at: string }[];
  next: number;
}

export interface Gitlab extends ForgeServer {
  readonly state: GitlabState;
}

export async function startGitlab(change: Partial<GitlabState> = {}): Promise<Gitlab> {
  const state: GitlabState = {
    head: HEAD,
    fork: false,
    token: 'project',
    notes: [],
    discussions: [],
    statuses: new Map(),
    statusChecks: undefined,
    answered: [],
    updates: [],
    approvals: { approved_by: [] },
    reviewers: undefined,
    versions: [],
    pushes: undefined,
    target: 'main',
    next: 1000,
    ...change,
  };
  let base = '';
  const server = await startForge('/api/v4', (call) => {
    const isKnown = call.headers.authorization === `Bearer ${TOKEN}` || call.headers['job-token'] === TOKEN;
    if (!isKnown) return { status: 401, body: { message: '401 Unauthorized' } };
    if (state.token === 'job' && (call.method !== 'GET' || call.path === '/user'))
      return { status: 403, body: { message: '403 Forbidden' } };
    return route(state, call, base);
  });
  base = server.url;
  return Object.assign(server, { state });
}

const NOT_FOUND: ForgeReply = { status: 404, body: { message: '404 Not found' } };

function route(state: GitlabState, call: ForgeCall, base: string): ForgeReply | undefined {
  const { path, method } = call;
  if (path === '/user') return { status: 200, body: BOT };
  if (path === '/users/3') return { status: 200, body: { id: 3, bot: false } };
  if (path === `/users/${BOT.id}`) return { status: 200, body: { id: BOT.id, bot: true } };
  if (path === '/projects/9/events')
    return pageOf(
      call,
      base,
      state.pushes ?? [
        { author_username: 'other', push_data: { commit_from: null, commit_to: state.head, ref: 'elsewhere' } },
        { author_username: 'pusher', push_data: { commit_from: null, commit_to: state.head, ref: 'topic' } },
      ],
    );
  if (!path.startsWith(PROJECT)) return NOT_FOUND;
  const below = path.slice(PROJECT.length);
  if (below === '/merge_requests/7') return method === 'PUT' ? update(state, call) : request(state);
  if (below === '/merge_requests/7/approvals') return { status: 200, body: state.approvals };
  if (below === '/merge_requests/7/versions') return pageOf(call, base, state.versions);
  if (below === '/merge_requests/7/reviewers')
    return state.reviewers === undefined ? NOT_FOUND : { status: 200, body: state.reviewers };
  if (below === '/merge_requests/7/diffs')
    return pageOf(call, base, [{ old_path: 'src/old.py', new_path: 'src/app.py', diff: DIFF }]);
  if (below.startsWith('/merge_requests/7/notes')) return notes(state, call, base, below);
  if (below.startsWith('/merge_requests/7/discussions')) return discussions(state, call, base, below);
  if (below.startsWith('/statuses/')) return status(state, call);
  if (below === '/repository/merge_base') {
    const [commit] = call.query.getAll('refs[]');
    return { status: 200, body: { id: commit === START ? START : MERGE_BASE } };
  }
  if (below === `/repository/commits/${state.head}/statuses`)
    return pageOf(
      call,
      base,
      [...state.statuses].map(([name, value]) => ({ name, status: value })),
    );
  return statusChecks(state, call, below);
}

function request(state: GitlabState): ForgeReply {
  const body = {
    sha: state.head,
    author: { id: 3, username: 'ada' },
    labels: ['old'],
    target_branch: state.target,
    source_branch: 'topic',
    source_project_id: state.fork ? 10 : 9,
    target_project_id: 9,
    diff_refs: { base_sha: MERGE_BASE, head_sha: state.head, start_sha: START },
  };
  return { status: 200, body };
}

function update(state: GitlabState, { body }: ForgeCall): ForgeReply {
  state.updates.push(body);
  return { status: 200, body: {} };
}

function noteOf(state: GitlabState, body: Body, type: string | null): GitlabNote {
  return { id: state.next++, type, body: String(body['body']), system: false, author: BOT };
}

function notes(state: GitlabState, call: ForgeCall, base: string, below: string): ForgeReply {
  if (call.method === 'GET') return pageOf(call, base, state.notes);
  if (call.method === 'POST') {
    state.notes.push(noteOf(state, call.body, null));
    return { status: 201, body: {} };
  }
  return editNote(state.notes, Number(below.split('/').at(-1)), call);
}

function editNote(list: GitlabNote[], id: number, { method, body }: ForgeCall): ForgeReply {
  const index = list.findIndex((note) => note.id === id);
  const note = list[index];
  if (note === undefined) return NOT_FOUND;
  if (note.author.id !== BOT.id) return { status: 403, body: { message: '403 Forbidden' } };
  if (method === 'DELETE') list.splice(index, 1);
  else note.body = String(body['body']);
  return { status: 200, body: {} };
}

function discussions(state: GitlabState, call: ForgeCall, base: string, below: string): ForgeReply {
  const [, id, , noteId] = below.split('/').slice(3);
  if (call.method === 'GET') return pageOf(call, base, state.discussions);
  if (call.method === 'POST') return createDiscussion(state, call.body);
  const found = state.discussions.find((discussion) => discussion.id === id);
  if (found === undefined) return NOT_FOUND;
  if (noteId !== undefined) {
    const reply = editNote(found.notes, Number(noteId), call);
    if (found.notes.length === 0) state.discussions.splice(state.discussions.indexOf(found), 1);
    return reply;
  }
  const [first] = found.notes;
  if (first !== undefined) {
    first.resolved = call.query.get('resolved') === 'true';
    first.resolved_by = first.resolved ? { id: BOT.id } : null;
  }
  return { status: 200, body: {} };
}

/** An added line is named on its side alone, an unchanged one on both. */
function createDiscussion(state: GitlabState, body: Body): ForgeReply {
  const position = body['position'] as Body; // As our client sends it.
  const [now, old] = [position['new_line'], position['old_line']];
  const pairs = ['1 1', '2 2', 'undefined 3', '3 undefined', '4 undefined', '5 4', '6 5', '7 6'];
  const isShown = position['new_path'] === 'src/app.py' && pairs.includes(`${now} ${old}`);
  if (!isShown || position['head_sha'] !== state.head || position['old_path'] !== 'src/old.py')
    return { status: 400, body: { message: '400 Bad request - Note {:line_code=>["can\'t be blank"]}' } };
  const note = { ...noteOf(state, body, 'DiffNote'), resolved: false, position };
  state.discussions.push({ id: `d${note.id}`, notes: [note] });
  return { status: 201, body: {} };
}

function status(state: GitlabState, { body }: ForgeCall): ForgeReply {
  const name = String(body['name']);
  const value = String(body['state']);
  if (state.statuses.get(name) === value)
    return { status: 400, body: { message: `Cannot transition status via :drop from :${value}` } };
  if (Buffer.byteLength(String(body['description'])) > 255)
    return { status: 400, body: { message: 'description is too long' } };
  state.statuses.set(name, value);
  return { status: 201, body: {} };
}

function statusChecks(state: GitlabState, { body }: ForgeCall, below: string): ForgeReply {
  if (state.statusChecks === undefined) return NOT_FOUND;
  if (below === '/merge_requests/7/status_checks') return { status: 200, body: state.statusChecks };
  if (below !== '/merge_requests/7/status_check_responses') return NOT_FOUND;
  if (body['sha'] !== state.head) return { status: 409, body: { message: 'SHA does not match HEAD of source branch' } };
  state.answered.push(body);
  return { status: 201, body: {} };
}
