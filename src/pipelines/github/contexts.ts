import type { ValueKind, ValueOrigin, ValueReference } from '../value.ts';

/**
 * What a GitHub Actions context can hold and who decides it: the value lattice of template expressions.
 * Source: GitHub documentation, "Contexts reference" and "Webhook events and payloads", read 2026-11.
 */

/** A path pattern (`*` is one segment), the kind of its value, and who chooses it. The first row that matches counts. */
type ContextRow = readonly [pattern: string, kind: ValueKind, origin: ValueOrigin];

const CONTEXTS: readonly ContextRow[] = [
  ['github.token', 'text', 'secret'],
  ['github.head_ref', 'ref', 'outsider'],
  ['github.base_ref', 'ref', 'insider'],
  ['github.ref', 'ref', 'insider'],
  ['github.ref_name', 'ref', 'insider'],
  ['github.ref_type', 'enumeration', 'platform'],
  ['github.ref_protected', 'boolean', 'platform'],
  ['github.sha', 'sha', 'platform'],
  ['github.workflow_sha', 'sha', 'platform'],
  ['github.action_ref', 'ref', 'configuration'],
  ['github.actor', 'login', 'outsider'],
  ['github.triggering_actor', 'login', 'outsider'],
  ['github.actor_id', 'number', 'platform'],
  ['github.run_id', 'number', 'platform'],
  ['github.run_number', 'number', 'platform'],
  ['github.run_attempt', 'number', 'platform'],
  ['github.repository_id', 'number', 'platform'],
  ['github.repository_owner_id', 'number', 'platform'],
  ['github.retention_days', 'number', 'platform'],
  ['github.repository', 'enumeration', 'platform'],
  ['github.repository_owner', 'login', 'platform'],
  ['github.workflow', 'line', 'configuration'],
  ['github.workflow_ref', 'ref', 'insider'],
  ['github.event', 'text', 'outsider'],
  ['github', 'text', 'outsider'],
  ['secrets.*', 'text', 'secret'],
  ['secrets', 'text', 'secret'],
  ['vars.*', 'text', 'configuration'],
  ['vars', 'text', 'configuration'],
  ['env.*', 'unknown', 'environment'],
  ['env', 'unknown', 'environment'],
  ['inputs.*', 'unknown', 'input'],
  ['inputs', 'unknown', 'input'],
  ['matrix.*', 'unknown', 'matrix'],
  ['matrix', 'unknown', 'matrix'],
  ['steps.*.outcome', 'enumeration', 'platform'],
  ['steps.*.conclusion', 'enumeration', 'platform'],
  ['steps.*.outputs.*', 'unknown', 'output'],
  ['steps', 'unknown', 'output'],
  ['needs.*.result', 'enumeration', 'platform'],
  ['needs.*.outputs.*', 'unknown', 'output'],
  ['needs', 'unknown', 'output'],
  ['jobs.*.result', 'enumeration', 'platform'],
  ['jobs.*.outputs.*', 'unknown', 'output'],
  ['runner.name', 'line', 'configuration'],
  ['runner.*', 'enumeration', 'platform'],
  ['job.*', 'enumeration', 'platform'],
  ['strategy.*', 'number', 'platform'],
];

/** Payload fields whose place decides, not their name. Paths start behind `github.event`. */
const EVENT_PATHS: readonly ContextRow[] = [
  ['inputs.*', 'unknown', 'input'],
  ['inputs', 'unknown', 'input'],
  ['client_payload', 'text', 'unknown'],
  ['schedule', 'enumeration', 'configuration'],
  ['repository.name', 'enumeration', 'platform'],
  ['repository.language', 'enumeration', 'platform'],
  ['repository.visibility', 'enumeration', 'platform'],
  ['repository.owner.name', 'line', 'configuration'],
  ['repository.description', 'line', 'configuration'],
  ['repository.homepage', 'line', 'configuration'],
  ['repository.default_branch', 'ref', 'configuration'],
  ['repository.topics', 'line', 'configuration'],
  ['organization.description', 'line', 'configuration'],
  // The trigger's own list names the workflows it waits for.
  ['workflow_run.name', 'line', 'configuration'],
  // Of a comment's pull request: addresses and the time of the merge.
  ['issue.pull_request', 'enumeration', 'platform'],
  ['label.name', 'line', 'insider'],
  ['label.description', 'line', 'insider'],
  ['*.labels.*.name', 'line', 'insider'],
  ['*.labels.*.description', 'line', 'insider'],
  ['*.labels', 'line', 'insider'],
  ['milestone', 'line', 'insider'],
  ['*.milestone', 'line', 'insider'],
  ['*.base.ref', 'ref', 'insider'],
  ['*.base.label', 'ref', 'insider'],
  ['base_ref', 'ref', 'insider'],
  ['ref', 'ref', 'insider'],
  ['release', 'text', 'insider'],
  ['registry_package', 'text', 'insider'],
  ['deployment', 'text', 'insider'],
  ['deployment_status', 'text', 'insider'],
  ['project', 'text', 'insider'],
  ['merge_group.head_ref', 'ref', 'insider'],
];

/** Payload fields known by their last name wherever they stand. */
const EVENT_LEAVES: { readonly [kind in ValueKind]?: readonly string[] } = {
  boolean: [
    ...['draft', 'merged', 'fork', 'private', 'locked', 'mergeable', 'rebaseable', 'forced', 'created', 'deleted'],
    ...['maintainer_can_modify', 'prerelease', 'answered', 'site_admin', 'has_issues', 'archived', 'is_template'],
  ],
  number: [
    ...['number', 'id', 'run_number', 'run_attempt', 'run_id', 'additions', 'deletions', 'changed_files', 'comments'],
    ...['review_comments', 'workflow_id', 'check_suite_id', 'position', 'line', 'original_position', 'size'],
    ...['stargazers_count', 'forks_count', 'open_issues_count', 'watchers_count', 'total_count', 'in_reply_to_id'],
  ],
  sha: [
    'sha',
    'head_sha',
    'base_sha',
    'before',
    'after',
    'merge_commit_sha',
    'commit_id',
    'original_commit_id',
    'tree_id',
  ],
  login: ['login', 'owner', 'actor'],
  enumeration: [
    ...['action', 'author_association', 'state', 'state_reason', 'conclusion', 'status', 'event', 'type', 'visibility'],
    ...[
      'created_at',
      'updated_at',
      'closed_at',
      'merged_at',
      'submitted_at',
      'published_at',
      'pushed_at',
      'run_started_at',
    ],
    ...['full_name', 'node_id', 'url', 'html_url', 'diff_url', 'patch_url', 'comments_url', 'commits_url', 'issue_url'],
    ...['statuses_url', 'clone_url', 'ssh_url', 'git_url', 'avatar_url', 'gravatar_id', 'logs_url', 'artifacts_url'],
    ...['jobs_url', 'check_suite_url', 'rerun_url', 'cancel_url', 'pull_request_url', 'repository_url', 'timestamp'],
    ...['active_lock_reason', 'user_view_type', 'side', 'color', 'slug', 'language', 'distinct', 'installation'],
  ],
  ref: ['ref', 'head_ref', 'head_branch', 'default_branch', 'tag_name', 'master_branch', 'target_commitish'],
};

const LEAF_KINDS: ReadonlyMap<string, ValueKind> = new Map(
  Object.entries(EVENT_LEAVES).flatMap(([kind, names]) =>
    // Object.entries widens the keys, which the table's type has already checked.
    names.map((name): [string, ValueKind] => [name, kind as ValueKind]),
  ),
);

/** Kinds whose holder does not matter, because nothing harmful fits in. */
const HARMLESS: ReadonlySet<ValueKind> = new Set(['boolean', 'number', 'sha', 'enumeration']);

/** Members of `github.event` that are objects. Deeper down some of the names are texts, as in `head.label`. */
const EVENT_OBJECTS: ReadonlySet<string> = new Set([
  ...['issue', 'pull_request', 'comment', 'review', 'discussion', 'release', 'label', 'milestone', 'sender'],
  ...['repository', 'organization', 'installation', 'head_commit', 'workflow_run', 'workflow_job', 'workflow'],
  ...['check_run', 'check_suite', 'deployment', 'deployment_status', 'merge_group', 'client_payload', 'inputs'],
  ...['assignee', 'requested_reviewer', 'requested_team', 'pusher', 'forkee', 'changes', 'commits', 'pages'],
]);

/** Objects and lists wherever they stand in a payload. */
const NESTED_OBJECTS: ReadonlySet<string> = new Set([
  ...['user', 'head', 'base', 'repo', 'pull_request', 'author', 'committer', 'head_repository', 'head_commit'],
  ...['labels', 'assignees', 'milestone', 'reactions', 'pull_requests', 'requested_reviewers'],
]);

/**
 * Whether a path of the `github` context names an object or a list as a whole. Source: GitHub documentation, "Webhook
 * events and payloads", and "Expressions" for what becomes of one in a text.
 */
export function isPayloadObject(segments: readonly string[]): boolean {
  const [root, event, member, ...deeper] = segments.map((segment) => segment.toLowerCase());
  if (root !== 'github' || (event !== undefined && event !== 'event')) return false;
  if (event === undefined || member === undefined) return true;
  const last = deeper.at(-1);
  return last === undefined ? EVENT_OBJECTS.has(member) : member !== 'client_payload' && NESTED_OBJECTS.has(last);
}

/** A row whose pattern is cut into segments once. */
interface SegmentedRow {
  readonly segments: readonly string[];
  readonly row: ContextRow;
}

function segment(rows: readonly ContextRow[]): readonly SegmentedRow[] {
  return rows.map((row) => ({ segments: row[0].split('.'), row }));
}

const CONTEXT_ROWS = segment(CONTEXTS);
const EVENT_ROWS = segment(EVENT_PATHS);
const BY_GITHUB_NAME: ReadonlyMap<string, ContextRow> = new Map(
  CONTEXTS.filter(([pattern]) => pattern.startsWith('github.')).map((row) => [row[0].slice('github.'.length), row]),
);

function matches(segments: readonly string[], path: readonly string[]): boolean {
  return segments.length <= path.length && segments.every((each, index) => each === '*' || each === path[index]);
}

/** A row for a whole object also covers what is in it, except where a leaf name says more. */
function rowFor(rows: readonly SegmentedRow[], path: readonly string[]): ContextRow | undefined {
  return rows.find(({ segments }) => matches(segments, path))?.row;
}

function classifyEvent(name: string, path: readonly string[]): ValueReference {
  const row = rowFor(EVENT_ROWS, path);
  const leaf = path.length > 0 ? LEAF_KINDS.get(path.at(-1) ?? '') : undefined;
  const payload = path[0] === 'client_payload';
  if (leaf !== undefined && !payload && HARMLESS.has(leaf)) return { name, kind: leaf, origin: 'platform' };
  if (row) return { name, kind: leaf && !payload && row[1] === 'text' ? leaf : row[1], origin: row[2] };
  return { name, kind: leaf ?? 'text', origin: 'outsider' };
}

/**
 * What a context path such as `github.event.issue.title` can hold. The path's segments come as written; `*` stands for
 * a filter or an index that is known only at run time. Names are compared without regard to case, as GitHub does.
 */
export function classifyContext(segments: readonly string[]): ValueReference {
  const path = segments.map((segment) => segment.toLowerCase());
  const name = segments.join('.');
  if (path[0] === 'github' && path[1] === 'event' && path.length > 2) return classifyEvent(name, path.slice(2));
  if (path[0] === 'github' && path.length > 1 && path[1] !== '*') {
    const row = BY_GITHUB_NAME.get(path[1] ?? '');
    if (row) return { name, kind: row[1], origin: row[2] };
    return { name, kind: 'enumeration', origin: 'platform' };
  }
  const row = rowFor(CONTEXT_ROWS, path);
  return row ? { name, kind: row[1], origin: row[2] } : { name, kind: 'unknown', origin: 'unknown' };
}
