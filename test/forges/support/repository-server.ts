/** Forges as far as a branch, a commit and a request are made there: one repository with one commit, as each documents it. */
import { createHash } from 'node:crypto';
import type { ForgeName } from '../../../src/forges/index.ts';
import { type Body, type ForgeCall, type ForgeReply, type ForgeServer, startForge } from './forge-server.ts';

export const BASE = 'b'.repeat(40);
export const TOKEN = 'token_of_the_job';
export const FILE = 'src/app.py';
const DEFAULT = 'main';

export interface StoredRequest {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

export interface RepositoryState {
  /** Branch to what its only changed files hold. */
  readonly branches: Map<string, { readonly commit: string; readonly files: { readonly [path: string]: string } }>;
  readonly requests: StoredRequest[];
  mayOpen: boolean;
}

export interface RepositoryServer extends ForgeServer {
  readonly state: RepositoryState;
  /** As a person names the repository. */
  readonly repository: string;
}

const NAMES: Readonly<Record<ForgeName, string>> = {
  github: 'acme/app',
  gitlab: 'acme/group/app',
  gitea: 'acme/app',
  azure: 'acme/app',
};

type Answer = (
  state: RepositoryState,
  call: ForgeCall,
  kept: Map<string, Body>,
  base: string,
) => ForgeReply | undefined;

/** Starts one that has the commit; closed by its own handle. */
export async function startRepository(forge: ForgeName, commit = BASE): Promise<RepositoryServer> {
  const state: RepositoryState = { branches: new Map([[DEFAULT, { commit, files: {} }]]), requests: [], mayOpen: true };
  const kept = new Map<string, Body>();
  const answer = ANSWERS[forge];
  const server = await startForge('', (call) => {
    if (!(call.headers.authorization ?? '').includes(TOKEN) && !isBasic(call))
      return { status: 401, body: { message: 'Bad credentials' } };
    return answer(state, call, kept, commit);
  });
  return Object.assign(server, { state, repository: NAMES[forge] });
}

function isBasic({ headers }: ForgeCall): boolean {
  const [, encoded = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  return Buffer.from(encoded, 'base64').toString('utf8') === `:${TOKEN}`;
}

function nameOf(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('hex');
}

function listOf(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value : [];
}

function openRequest(state: RepositoryState, request: StoredRequest): number {
  state.requests.push(request);
  return 6 + state.requests.length;
}

const github: Answer = (state, call, kept, commitOfBase) => {
  const { method, body } = call;
  const path = call.path.replace(/^\/repos\/acme\/app/, '');
  if (method === 'GET' && path === '') return { status: 200, body: { default_branch: DEFAULT } };
  if (path === `/git/commits/${commitOfBase}`) return { status: 200, body: { tree: { sha: 'e'.repeat(40) } } };
  if (method === 'POST' && (path === '/git/trees' || path === '/git/commits')) {
    const sha = nameOf(body);
    kept.set(sha, body);
    return { status: 201, body: { sha } };
  }
  const branch = /^\/git\/ref\/heads\/(.+)$/.exec(path)?.[1];
  if (branch !== undefined) {
    const there = state.branches.get(decodeURIComponent(branch));
    return there ? { status: 200, body: { object: { sha: there.commit } } } : undefined;
  }
  if (method === 'POST' && path === '/git/refs') {
    const name = String(body['ref']).replace('refs/heads/', '');
    if (state.branches.has(name)) return { status: 422, body: { message: 'Reference already exists' } };
    const commit = String(body['sha']);
    const tree = kept.get(String(kept.get(commit)?.['tree']));
    const files = Object.fromEntries(
      listOf(tree?.['tree']).map((entry) => [String(entry['path']), String(entry['content'])]),
    );
    state.branches.set(name, { commit, files });
    return { status: 201, body: {} };
  }
  if (method !== 'POST' || path !== '/pulls') return undefined;
  if (!state.mayOpen)
    return { status: 403, body: { message: 'GitHub Actions is not permitted to create or approve pull requests.' } };
  const [head, base, title, text] = [body['head'], body['base'], body['title'], body['body']].map(String);
  const number = openRequest(state, { head: head ?? '', base: base ?? '', title: title ?? '', body: text ?? '' });
  return { status: 201, body: { number, html_url: `https://github.test/acme/app/pull/${number}` } };
};

const gitlab: Answer = (state, call) => {
  const { method, body } = call;
  const path = call.path.replace(/^\/projects\/acme%2Fgroup%2Fapp/, '');
  if (method === 'GET' && path === '') return { status: 200, body: { default_branch: DEFAULT } };
  if (path === `/repository/commits/${BASE}`) return { status: 200, body: { id: BASE } };
  if (method === 'POST' && path === '/repository/commits') {
    const name = String(body['branch']);
    if (state.branches.has(name))
      return { status: 400, body: { message: `A branch called '${name}' already exists. Switch to that branch` } };
    const files = listOf(body['actions']).map((action) => [String(action['file_path']), String(action['content'])]);
    state.branches.set(name, { commit: nameOf(body), files: Object.fromEntries(files) });
    return { status: 201, body: { id: nameOf(body) } };
  }
  if (method !== 'POST' || path !== '/merge_requests') return undefined;
  if (!state.mayOpen) return { status: 403, body: { message: '403 Forbidden' } };
  const [head, base, title, text] = ['source_branch', 'target_branch', 'title', 'description'].map((key) =>
    String(body[key]),
  );
  const iid = openRequest(state, { head: head ?? '', base: base ?? '', title: title ?? '', body: text ?? '' });
  return { status: 201, body: { iid, web_url: `https://gitlab.test/acme/group/app/-/merge_requests/${iid}` } };
};

const BLOB = 'f'.repeat(40);

const gitea: Answer = (state, call) => {
  const { method, body } = call;
  const path = call.path.replace(/^\/repos\/acme\/app/, '');
  if (method === 'GET' && path === '') return { status: 200, body: { default_branch: DEFAULT } };
  if (path === `/git/commits/${BASE}`) return { status: 200, body: { sha: BASE } };
  if (method === 'GET' && path === `/contents/${FILE}` && call.query.get('ref') === BASE)
    return { status: 200, body: { sha: BLOB } };
  if (method === 'POST' && path === '/branches') {
    const name = String(body['new_branch_name']);
    if (state.branches.has(name)) return { status: 409, body: { message: 'branch already exists' } };
    state.branches.set(name, { commit: String(body['old_ref_name']), files: {} });
    return { status: 201, body: {} };
  }
  if (method === 'POST' && path === '/contents') {
    const changed = listOf(body['files']);
    if (changed.some(({ operation, sha }) => operation === 'update' && sha !== BLOB))
      return { status: 422, body: { message: 'sha does not match' } };
    const files = changed.map((file) => [
      String(file['path']),
      Buffer.from(String(file['content']), 'base64').toString('utf8'),
    ]);
    state.branches.set(String(body['branch']), { commit: nameOf(body), files: Object.fromEntries(files) });
    return { status: 201, body: {} };
  }
  if (method !== 'POST' || path !== '/pulls') return undefined;
  if (!state.mayOpen) return { status: 403, body: { message: 'user should have permission to create a pull request' } };
  const [head, base, title, text] = ['head', 'base', 'title', 'body'].map((key) => String(body[key]));
  const number = openRequest(state, { head: head ?? '', base: base ?? '', title: title ?? '', body: text ?? '' });
  return { status: 201, body: { number, html_url: `https://gitea.test/acme/app/pulls/${number}` } };
};

const azure: Answer = (state, call) => {
  const { method, body } = call;
  if (call.query.get('api-version') === null) return { status: 400, body: { message: 'No api-version was supplied' } };
  const path = call.path.replace(/^\/acme\/_apis\/git\/repositories\/app/, '');
  if (method === 'GET' && path === '')
    return {
      status: 200,
      body: { defaultBranch: `refs/heads/${DEFAULT}`, webUrl: 'https://azure.test/acme/_git/app' },
    };
  if (path === `/commits/${BASE}`) return { status: 200, body: { commitId: BASE } };
  if (method === 'POST' && path === '/pushes') {
    const [update] = listOf(body['refUpdates']);
    const name = String(update?.['name']).replace('refs/heads/', '');
    if (state.branches.has(name))
      return { status: 409, body: { message: 'TF401028: The reference has already been updated' } };
    if (update?.['oldObjectId'] !== BASE) return { status: 400, body: { message: 'old object' } };
    const changes = listOf(listOf(body['commits'])[0]?.['changes']);
    const files = changes.map(({ item, newContent }) => [
      fieldOf(item, 'path').slice(1),
      fieldOf(newContent, 'content'),
    ]);
    state.branches.set(name, { commit: nameOf(body), files: Object.fromEntries(files) });
    return { status: 201, body: {} };
  }
  if (method !== 'POST' || path !== '/pullrequests') return undefined;
  if (!state.mayOpen)
    return { status: 403, body: { message: 'TF401027: You need the Git PullRequestContribute permission' } };
  const plain = (key: string): string => String(body[key]).replace('refs/heads/', '');
  const pullRequestId = openRequest(state, {
    head: plain('sourceRefName'),
    base: plain('targetRefName'),
    title: plain('title'),
    body: plain('description'),
  });
  return { status: 201, body: { pullRequestId } };
};

function fieldOf(value: unknown, name: string): string {
  return typeof value === 'object' && value !== null
    ? String(Object.entries(value).find(([key]) => key === name)?.[1])
    : '';
}

const ANSWERS: Readonly<Record<ForgeName, Answer>> = { github, gitlab, gitea, azure };
