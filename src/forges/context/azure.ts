import { branchName, commitName, requestNumber, variable } from './fields.ts';
import type { Environment, PipelineContext } from './model.ts';

/**
 * Azure Pipelines, for repositories of GitHub and of Azure Repos.
 * @see https://learn.microsoft.com/azure/devops/pipelines/build/variables
 */
export function azureContext(environment: Environment): PipelineContext {
  const get = (name: string) => variable(environment, name);
  const isGithub = get('BUILD_REPOSITORY_PROVIDER') === 'GitHub';
  const isAzure = get('BUILD_REPOSITORY_PROVIDER') === 'TfsGit';
  const [project, name] = [get('SYSTEM_TEAMPROJECT'), get('BUILD_REPOSITORY_NAME')];
  const fork = get('SYSTEM_PULLREQUEST_ISFORK');
  const request = isGithub ? get('SYSTEM_PULLREQUEST_PULLREQUESTNUMBER') : get('SYSTEM_PULLREQUEST_PULLREQUESTID');
  return {
    system: 'azure-pipelines',
    forge: isGithub ? 'github' : isAzure ? 'azure' : undefined,
    apiUrl: isGithub ? 'https://api.github.com' : get('SYSTEM_COLLECTIONURI'),
    repository: isAzure && project && name ? `${project}/${name}` : name,
    number: requestNumber(request),
    // `BUILD_SOURCEVERSION` of a pull request is the trial merge.
    headCommit:
      commitName(get('SYSTEM_PULLREQUEST_SOURCECOMMITID')) ??
      (request === undefined ? commitName(get('BUILD_SOURCEVERSION')) : undefined),
    baseCommit: undefined,
    targetBranch: branchName(get('SYSTEM_PULLREQUEST_TARGETBRANCH')),
    actor: get('BUILD_REQUESTEDFOR'),
    event: get('BUILD_REASON'),
    fromFork: fork === undefined ? undefined : fork.toLowerCase() === 'true',
  };
}
