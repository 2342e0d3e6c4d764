import type { EffectBody } from './effect-row.ts';

type Channel = 'push' | 'merge' | 'approve' | 'comment' | 'label' | 'create-pull-request' | 'dispatch' | 'release';

/** Paths of the forges' REST interfaces that change something, the more special first. */
const WRITES: readonly { readonly path: RegExp; readonly gives: Channel }[] = [
  { path: /\/(pulls|merge_requests|pull-?requests)\/[^/]+\/merge\b/i, gives: 'merge' },
  { path: /\/merges\b/, gives: 'merge' },
  { path: /\/(merge_requests|pull-?requests)\/[^/]+\/(approve|reviewers)\b/i, gives: 'approve' },
  { path: /\/labels\b/, gives: 'label' },
  {
    path: /\/(comments|notes|discussions|reviews|reactions|statuses|check-runs|issues|threads)(\/[^/]*)?$/,
    gives: 'comment',
  },
  { path: /\/(pulls|merge_requests|pull-?requests)$/i, gives: 'create-pull-request' },
  { path: /\/(dispatches|trigger\/pipeline|pipeline|rerun[a-z-]*)$/, gives: 'dispatch' },
  { path: /\/releases\b/, gives: 'release' },
  {
    path: /\/(contents|git\/(refs|commits|trees|tags|blobs)|repository\/(commits|files|branches)|git\/repositories\/[^/]+\/pushes)\b/,
    gives: 'push',
  },
];

const MUTATIONS: readonly { readonly name: RegExp; readonly gives: Channel }[] = [
  { name: /mergePullRequest|enablePullRequestAutoMerge|mergeBranch/, gives: 'merge' },
  { name: /addPullRequestReview|submitPullRequestReview/, gives: 'approve' },
  { name: /createCommitOnBranch|createRef|updateRef/, gives: 'push' },
  { name: /createPullRequest/, gives: 'create-pull-request' },
  { name: /addLabelsToLabelable/, gives: 'label' },
];

const READS: readonly { readonly path: RegExp; readonly gives: EffectBody }[] = [
  {
    path: /\/collaborators\/.+\/permission|\/memberships\/|\/teams\/.+\/members|\/orgs\/[^/]+\/members\/|\/members\/all\b/,
    gives: { kind: 'permission-check', what: 'membership' },
  },
  { path: /\/actions\/(runs|jobs)\/.+\/logs\b|\/jobs\/.+\/trace\b/, gives: fetchText('run-log') },
  {
    path: /\/actions\/(artifacts|runs\/.+\/artifacts)\b/,
    gives: { kind: 'artifact-download', otherRun: true, name: undefined },
  },
  { path: /\/(comments|notes|discussions|reviews|threads|activities)\b/, gives: fetchText('comment') },
  { path: /\/(pulls|merge_requests|pull-?requests)\b/i, gives: fetchText('pull-request') },
  { path: /\/(issues|search\/issues)\b/, gives: fetchText('issue') },
];

function fetchText(what: 'issue' | 'pull-request' | 'comment' | 'run-log'): EffectBody {
  return { kind: 'fetch-text', what, to: undefined };
}

/** One request to a forge's interface, by whatever program. */
export interface ForgeCall {
  /** As far as it is known; unknown parts as spelled. */
  readonly path: string;
  readonly method: string;
  /** Fields and body as spelled. */
  readonly body: string;
  /** For people: `gh api`. */
  readonly program: string;
}

/** What a request to a forge does, by its path and method. */
export function forgeCallEffect({ path, method, body, program }: ForgeCall): EffectBody | undefined {
  const address = `/${path.replace(/^\//, '').replace(/[?#].*$/s, '')}`;
  const what = `${program} ${method} ${path}`;
  if (/^\/(api\/)?graphql$/.test(address.replace(/^\/https?:\/\/[^/]+/, ''))) return graphql(body, what);
  if (method === 'GET' || method === 'HEAD') return READS.find((row) => row.path.test(address))?.gives;
  const row = WRITES.find((one) => one.path.test(address));
  if (row === undefined) return undefined;
  const approves = /\/reviews/.test(address) && /APPROVE/.test(body);
  return { kind: approves ? 'approve' : row.gives, what };
}

function graphql(body: string, what: string): EffectBody | undefined {
  if (!/\bmutation\b/.test(body)) {
    if (/\b(comments|reviewThreads|reviews|discussions?)\b/.test(body)) return fetchText('comment');
    return /\b(pullRequests?|issues?)\b/.test(body) ? fetchText('issue') : undefined;
  }
  return { kind: MUTATIONS.find(({ name }) => name.test(body))?.gives ?? 'comment', what };
}
