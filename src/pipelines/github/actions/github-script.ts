import type { Place } from '../../../syntax/index.ts';
import type { Effect } from '../../effect.ts';
import type { TemplateText } from '../../value.ts';
import { asksForRights } from '../permission-checks.ts';
import type { EffectBody } from './action-use.ts';

/**
 * What a script of `actions/github-script` does, read from the names of the API calls in it. Source: the REST client's
 * method names as GitHub documents them, from general knowledge.
 */

const CALLS: { readonly [method: string]: EffectBody } = {
  createComment: { kind: 'comment', what: 'issue or pull request' },
  updateComment: { kind: 'comment', what: 'issue or pull request' },
  createReviewComment: { kind: 'comment', what: 'pull request' },
  createReplyForReviewComment: { kind: 'comment', what: 'pull request' },
  createCommitComment: { kind: 'comment', what: 'commit' },
  addDiscussionComment: { kind: 'comment', what: 'discussion' },
  addLabels: { kind: 'label', what: 'issue or pull request' },
  setLabels: { kind: 'label', what: 'issue or pull request' },
  merge: { kind: 'merge', what: 'pull request' },
  mergePullRequest: { kind: 'merge', what: 'pull request' },
  enablePullRequestAutoMerge: { kind: 'merge', what: 'pull request' },
  mergeUpstream: { kind: 'push', what: 'branch' },
  createOrUpdateFileContents: { kind: 'push', what: 'commit' },
  createCommitOnBranch: { kind: 'push', what: 'commit' },
  createRef: { kind: 'push', what: 'ref' },
  updateRef: { kind: 'push', what: 'ref' },
  createRelease: { kind: 'release', what: 'GitHub release' },
  updateRelease: { kind: 'release', what: 'GitHub release' },
  uploadReleaseAsset: { kind: 'release', what: 'GitHub release' },
  createDeployment: { kind: 'deploy', what: 'deployment' },
  createDispatchEvent: { kind: 'dispatch', what: 'repository' },
  createWorkflowDispatch: { kind: 'dispatch', what: 'workflow' },
  downloadArtifact: { kind: 'artifact-download', otherRun: true, name: undefined },
  downloadJobLogsForWorkflowRun: { kind: 'fetch-text', what: 'run-log', to: undefined },
  downloadWorkflowRunLogs: { kind: 'fetch-text', what: 'run-log', to: undefined },
  listComments: { kind: 'fetch-text', what: 'comment', to: undefined },
  getComment: { kind: 'fetch-text', what: 'comment', to: undefined },
  listReviewComments: { kind: 'fetch-text', what: 'comment', to: undefined },
  listReviews: { kind: 'fetch-text', what: 'comment', to: undefined },
  listForRepo: { kind: 'fetch-text', what: 'issue', to: undefined },
  listCommits: { kind: 'fetch-text', what: 'pull-request', to: undefined },
  listFiles: { kind: 'fetch-text', what: 'pull-request', to: undefined },
  issuesAndPullRequests: { kind: 'fetch-text', what: 'issue', to: undefined },
};

/** Methods whose meaning depends on the part of the API before them. */
const QUALIFIED: { readonly [method: string]: EffectBody } = {
  'issues.create': { kind: 'comment', what: 'issue' },
  'issues.update': { kind: 'comment', what: 'issue' },
  'issues.get': { kind: 'fetch-text', what: 'issue', to: undefined },
  'pulls.get': { kind: 'fetch-text', what: 'pull-request', to: undefined },
  'pulls.list': { kind: 'fetch-text', what: 'pull-request', to: undefined },
  'pulls.create': { kind: 'create-pull-request', what: 'pull request' },
  'pulls.update': { kind: 'comment', what: 'pull request' },
};

const NAME = /\b([A-Za-z]\w*)\.([A-Za-z]\w*)\s*\(/g;
const GRAPHQL = /\b(mergePullRequest|enablePullRequestAutoMerge|addDiscussionComment|createCommitOnBranch)\b/g;
const CORE = /\bcore\.(setOutput|exportVariable|addPath)\s*\(\s*(?:['"`]([^'"`\n]*)['"`]\s*,\s*([^\n;]*))?/g;
const CORE_TARGETS = { setOutput: 'output', exportVariable: 'env', addPath: 'path' } as const;
const EVALUATION = /\b(?:eval|execSync|spawnSync|exec\.exec|exec\.getExecOutput|new Function)\s*\(/g;
const MODULE = /\b(?:require|import)\s*\(\s*['"`]([^'"`\n]*)['"`]/g;

/** The effects of one script; each stands at the call it was read from. */
export function githubScriptEffects(text: TemplateText): readonly Effect[] {
  const source = text.text;
  const at = (index: number, length: number): Place => ({
    file: text.place.file,
    span: { start: text.offsetOf(index), end: text.offsetOf(index + length - 1) + 1 },
  });
  const found: Effect[] = [];
  const add = (match: RegExpMatchArray, body: EffectBody): void => {
    found.push({ ...body, place: at(match.index ?? 0, match[0].length), certainty: 'certain' });
  };
  for (const match of source.matchAll(NAME)) {
    const body = callEffect(match[1] ?? '', match[2] ?? '', source.slice(match.index, (match.index ?? 0) + 400));
    if (body) add(match, body);
  }
  for (const match of source.matchAll(GRAPHQL)) {
    const body = CALLS[match[1] ?? ''];
    if (body && source[(match.index ?? 0) - 1] !== '.') add(match, body);
  }
  for (const match of source.matchAll(CORE)) add(match, coreEffect(match));
  for (const match of source.matchAll(EVALUATION)) add(match, { kind: 'evaluate', what: match[0].slice(0, -1).trim() });
  for (const match of source.matchAll(MODULE)) {
    if (match[1]?.includes('./')) add(match, { kind: 'unfollowed', what: match[1] });
  }
  if (asksForRights(source)) {
    // Only a script that fails its step holds anybody up by itself; another one answers whoever asks.
    const certainty = /\b(?:setFailed|throw\s|process\.exit\()/.test(source) ? 'certain' : 'possible';
    found.push({ kind: 'permission-check', what: 'API call in the script', place: text.place, certainty });
  }
  return found;
}

function callEffect(object: string, method: string, following: string): EffectBody | undefined {
  if (method === 'createReview') {
    const approves = /event\s*:\s*['"`]APPROVE['"`]/.test(following);
    return { kind: approves ? 'approve' : 'comment', what: 'pull request' };
  }
  const qualified = `${object}.${method}`;
  if (Object.hasOwn(QUALIFIED, qualified)) return QUALIFIED[qualified];
  return Object.hasOwn(CALLS, method) ? CALLS[method] : undefined;
}

function coreEffect(match: RegExpMatchArray): EffectBody {
  const method = match[1];
  const target = method === 'exportVariable' || method === 'addPath' ? CORE_TARGETS[method] : 'output';
  return { kind: 'set-environment', target, name: match[2], value: match[3]?.replace(/\)\s*$/, '') };
}
