import type { ValueKind, ValueOrigin, ValueReference } from '../value.ts';

type Row = readonly [name: string, kind: ValueKind, origin: ValueOrigin];

/**
 * Predefined variables by what they can hold (GitLab documentation, "Predefined CI/CD variables"). A merge request of a
 * fork brings title, description, branch name and commits that somebody without rights chose.
 */
const ROWS: readonly Row[] = [
  ['CI_MERGE_REQUEST_TITLE', 'line', 'outsider'],
  ['CI_MERGE_REQUEST_DESCRIPTION', 'text', 'outsider'],
  ['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'ref', 'outsider'],
  ['CI_MERGE_REQUEST_SOURCE_PROJECT_PATH', 'line', 'outsider'],
  ['CI_MERGE_REQUEST_SOURCE_PROJECT_URL', 'line', 'outsider'],
  ['CI_MERGE_REQUEST_REF_PATH', 'enumeration', 'platform'],
  ['CI_MERGE_REQUEST_LABELS', 'line', 'insider'],
  ['CI_MERGE_REQUEST_MILESTONE', 'line', 'insider'],
  ['CI_MERGE_REQUEST_ASSIGNEES', 'login', 'insider'],
  ['CI_MERGE_REQUEST_TARGET_BRANCH_NAME', 'ref', 'insider'],
  ['CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME', 'ref', 'outsider'],
  ['CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME', 'ref', 'insider'],
  ['CI_COMMIT_MESSAGE', 'text', 'outsider'],
  ['CI_COMMIT_TITLE', 'line', 'outsider'],
  ['CI_COMMIT_DESCRIPTION', 'text', 'outsider'],
  ['CI_COMMIT_AUTHOR', 'line', 'outsider'],
  ['CI_COMMIT_REF_NAME', 'ref', 'outsider'],
  ['CI_COMMIT_BRANCH', 'ref', 'outsider'],
  ['CI_BUILD_REF_NAME', 'ref', 'outsider'],
  ['CI_COMMIT_TAG', 'ref', 'insider'],
  ['CI_COMMIT_TAG_MESSAGE', 'text', 'insider'],
  ['CI_COMMIT_REF_SLUG', 'login', 'platform'],
  ['CI_DEFAULT_BRANCH', 'ref', 'insider'],
  ['CI_PIPELINE_NAME', 'line', 'insider'],
  ['CI_RELEASE_DESCRIPTION', 'text', 'insider'],
  ['GITLAB_USER_NAME', 'line', 'outsider'],
  ['GITLAB_USER_EMAIL', 'line', 'outsider'],
  ['GITLAB_USER_LOGIN', 'login', 'platform'],
  ['CHAT_INPUT', 'text', 'insider'],
  ['TRIGGER_PAYLOAD', 'text', 'outsider'],
  ['CI_JOB_TOKEN', 'line', 'secret'],
  ['CI_JOB_JWT', 'line', 'secret'],
  ['CI_JOB_JWT_V2', 'line', 'secret'],
  ['CI_REGISTRY_PASSWORD', 'line', 'secret'],
  ['CI_DEPENDENCY_PROXY_PASSWORD', 'line', 'secret'],
  ['CI_DEPLOY_PASSWORD', 'line', 'secret'],
  ['CI_REPOSITORY_URL', 'line', 'secret'],
  ['CI_COMMIT_SHA', 'sha', 'platform'],
  ['CI_COMMIT_SHORT_SHA', 'sha', 'platform'],
  ['CI_COMMIT_BEFORE_SHA', 'sha', 'platform'],
];

const TABLE: ReadonlyMap<string, ValueReference> = new Map(
  ROWS.map(([name, kind, origin]) => [name, { name, kind, origin }]),
);

/** What the platform puts into a variable; undefined when it does not set one of this name. */
export function predefinedVariable(name: string): ValueReference | undefined {
  const known = TABLE.get(name);
  if (known) return known;
  // A flow of GitLab Duo, or a webhook that imitates one, hands over what people wrote.
  if (/^AI_FLOW_(?:CONTEXT|INPUT|EVENT)/.test(name)) return { name, kind: 'text', origin: 'outsider' };
  if (/_SHA$/.test(name) && name.startsWith('CI_')) return { name, kind: 'sha', origin: 'platform' };
  if (/_I?ID$/.test(name) && /^(?:CI|GITLAB_USER)_/.test(name)) return { name, kind: 'number', origin: 'platform' };
  if (/^(?:CI|GITLAB|RUNNER)_/.test(name) || name === 'CI' || name === 'GITLAB_CI') {
    return name.startsWith('CI_') || name === 'CI' || name === 'GITLAB_CI'
      ? { name, kind: 'enumeration', origin: 'platform' }
      : undefined;
  }
  return undefined;
}
