import { commitName, requestNumber, variable } from './fields.ts';
import type { Environment, PipelineContext } from './model.ts';

/** GitLab CI. @see https://docs.gitlab.com/ci/variables/predefined_variables/ */
export function gitlabContext(environment: Environment): PipelineContext {
  const get = (name: string) => variable(environment, name);
  const target = get('CI_MERGE_REQUEST_PROJECT_PATH');
  const source = get('CI_MERGE_REQUEST_SOURCE_PROJECT_PATH');
  return {
    system: 'gitlab-ci',
    forge: 'gitlab',
    apiUrl: get('CI_API_V4_URL'),
    repository: target ?? get('CI_PROJECT_PATH'),
    number: requestNumber(get('CI_MERGE_REQUEST_IID')),
    // In a merged-results pipeline `CI_COMMIT_SHA` is the trial merge.
    headCommit: commitName(get('CI_MERGE_REQUEST_SOURCE_BRANCH_SHA')) ?? commitName(get('CI_COMMIT_SHA')),
    baseCommit: commitName(get('CI_MERGE_REQUEST_DIFF_BASE_SHA')),
    targetBranch: get('CI_MERGE_REQUEST_TARGET_BRANCH_NAME'),
    actor: get('GITLAB_USER_LOGIN'),
    event: get('CI_PIPELINE_SOURCE'),
    fromFork: target === undefined || source === undefined ? undefined : target !== source,
  };
}
