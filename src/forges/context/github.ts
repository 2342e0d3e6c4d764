import type { JsonValue } from '../../system/index.ts';
import { branchName, commitName, fieldOf, requestNumber, textOf, variable } from './fields.ts';
import type { Environment, PipelineContext } from './model.ts';

/**
 * GitHub Actions, and Gitea's and Forgejo's, which have the same variables and events.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
export function actionsContext(environment: Environment, event: JsonValue | undefined): PipelineContext {
  const get = (name: string) => variable(environment, name);
  const isGitea = isGiteaJob(environment);
  const name = get('GITHUB_EVENT_NAME');
  const run = name === 'workflow_run' ? fieldOf(event, 'workflow_run') : undefined;
  const pull = fieldOf(event, 'pull_request');
  const repository = get('GITHUB_REPOSITORY');
  return {
    system: isGitea ? 'gitea-actions' : 'github-actions',
    forge: isGitea ? 'gitea' : 'github',
    apiUrl: get('GITHUB_API_URL'),
    repository,
    number: numberOf(event, pull, run, get('GITHUB_REF')),
    headCommit: headOf(event, pull, run, get('GITHUB_SHA')),
    baseCommit: commitName(fieldOf(pull, 'base', 'sha')) ?? commitName(fieldOf(event, 'merge_group', 'base_sha')),
    targetBranch: textOf(fieldOf(pull, 'base', 'ref')) ?? get('GITHUB_BASE_REF') ?? branchOf(run) ?? queueOf(event),
    actor: textOf(fieldOf(event, 'sender', 'login')) ?? get('GITHUB_ACTOR'),
    event: name,
    fromFork: isFork(pull, run, repository),
  };
}

/** Gitea and Forgejo set a mark of their own beside GitHub's. */
export function isGiteaJob(environment: Environment): boolean {
  return ['GITEA_ACTIONS', 'FORGEJO_ACTIONS'].some((mark) => variable(environment, mark) === 'true');
}

/** The run of another workflow names its requests; for one from a fork the list is empty. */
function numberOf(
  event: JsonValue | undefined,
  pull: JsonValue | undefined,
  run: JsonValue | undefined,
  ref: string | undefined,
): number | undefined {
  const isRequest = fieldOf(event, 'issue', 'pull_request') !== undefined;
  const issue = isRequest ? fieldOf(event, 'issue', 'number') : undefined;
  const told = fieldOf(pull, 'number') ?? fieldOf(run, 'pull_requests', 0, 'number') ?? issue;
  return requestNumber(told === undefined ? /^refs\/pull\/(\d+)\//.exec(ref ?? '')?.[1] : String(told));
}

/** `GITHUB_SHA` of a pull request is the trial merge: it is no commit of the change. */
function headOf(
  event: JsonValue | undefined,
  pull: JsonValue | undefined,
  run: JsonValue | undefined,
  sha: string | undefined,
): string | undefined {
  const head = commitName(fieldOf(pull, 'head', 'sha')) ?? commitName(fieldOf(run, 'head_sha'));
  const queued = commitName(fieldOf(event, 'merge_group', 'head_sha'));
  const isOther = pull !== undefined || run !== undefined || fieldOf(event, 'issue') !== undefined;
  return head ?? queued ?? (isOther ? undefined : commitName(sha));
}

function branchOf(run: JsonValue | undefined): string | undefined {
  return textOf(fieldOf(run, 'pull_requests', 0, 'base', 'ref'));
}

/** A queue of merges is for one branch, and for several requests. */
function queueOf(event: JsonValue | undefined): string | undefined {
  return branchName(textOf(fieldOf(event, 'merge_group', 'base_ref')));
}

function isFork(
  pull: JsonValue | undefined,
  run: JsonValue | undefined,
  repository: string | undefined,
): boolean | undefined {
  if (pull !== undefined) {
    const from = textOf(fieldOf(pull, 'head', 'repo', 'full_name'));
    const to = textOf(fieldOf(pull, 'base', 'repo', 'full_name')) ?? repository;
    // The repository of the head may be gone: then it was another one.
    return from === undefined || from !== to;
  }
  const from = textOf(fieldOf(run, 'head_repository', 'full_name'));
  return from === undefined ? undefined : from !== repository;
}
