import { type AgentRun, type Facts, fileRole } from '../../facts/index.ts';
import type { Platform } from '../../pipelines/index.ts';
import { azureAgent, azureCheck, azurePipeline } from './azure.ts';
import { githubAgent, githubCheck } from './github.ts';
import { gitlabAgent, gitlabCheck, gitlabPipeline } from './gitlab.ts';
import { jenkinsAgent, jenkinsCheck } from './jenkins.ts';
import { type Needs, needsOf } from './needs.ts';
import { isOwnFile } from './own-file.ts';
import { policyText } from './policy-text.ts';

export const CI_SYSTEMS = ['github', 'gitlab', 'jenkins', 'azure'] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

export interface SetupRequest {
  /** Undefined: every system that the repository uses; GitHub when it uses none. */
  readonly system: CiSystem | undefined;
  /** Product name; undefined: the agent that is used most. */
  readonly agent: string | undefined;
}

export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  readonly role: 'policy' | 'agent' | 'check';
  /** Undefined for the policy, which serves all of them. */
  readonly system: CiSystem | undefined;
  /** Adds an agent to a system on which one runs already: mending that one comes first. */
  readonly isSecondAgent: boolean;
  /** What a person has to do once the file is there; undefined where it takes effect by itself. */
  readonly binding: string | undefined;
}

/** What `sallyport init` would write. */
export interface Setup {
  readonly systems: readonly CiSystem[];
  readonly needs: Needs;
  readonly files: readonly PlannedFile[];
  /** Agents that run on these systems already: mending them comes before adding another. */
  readonly existing: readonly AgentRun[];
  readonly notes: readonly string[];
}

/** Plans the policy, the hardened pipeline and the merge check for a repository. Pure; writes nothing. */
export function planSetup(facts: Facts, request: SetupRequest): Setup {
  const needs = needsOf(facts, request.agent);
  const found = systemsOf(facts);
  const systems: readonly CiSystem[] = request.system ? [request.system] : found.length > 0 ? found : ['github'];
  const runOn = (system: CiSystem) => needs.from.filter(({ pipeline }) => isOf(pipeline.platform, system));
  const pipelines = systems.flatMap((system) => {
    const hasAgent = runOn(system).length > 0;
    return SYSTEMS[system]({ needs, facts, hasAgent }).map(({ binding, ...draft }) => {
      return { ...draft, system, isSecondAgent: draft.role === 'agent' && hasAgent, binding };
    });
  });
  return {
    systems,
    needs,
    files: [{ ...UNBOUND, path: 'sallyport.yaml', content: policyText(needs), role: 'policy' }, ...pipelines],
    existing: systems.flatMap(runOn),
    notes: [
      ...(request.system === undefined && found.length === 0 ? ['No CI system was found; this is for GitHub.'] : []),
      ...needs.notes,
    ],
  };
}

const UNBOUND = { system: undefined, isSecondAgent: false, binding: undefined };

/** A pipeline that somebody is to copy elsewhere shows no system in use: GitLab starts from one file at the root. */
function systemsOf({ pipelines }: Facts): readonly CiSystem[] {
  return CI_SYSTEMS.filter((system) =>
    pipelines.some(
      ({ platform, file }) =>
        isOf(platform, system) &&
        fileRole(file.path) === 'active' &&
        (system !== 'gitlab' || /^\.gitlab(?:-ci\.ya?ml$|\/)/.test(file.path)),
    ),
  );
}

function isOf(platform: Platform, system: CiSystem): boolean {
  return platform === system || (platform === 'gh-aw' && system === 'github');
}

interface Situation {
  readonly needs: Needs;
  readonly facts: Facts;
  /** An agent runs on this system already. */
  readonly hasAgent: boolean;
}

interface Draft {
  readonly path: string;
  readonly content: string;
  readonly role: 'agent' | 'check';
  readonly binding?: string;
}

const SYSTEMS: Readonly<Record<CiSystem, (situation: Situation) => readonly Draft[]>> = {
  github: ({ needs }) => [
    { path: '.github/workflows/sallyport-agent.yml', content: githubAgent(needs), role: 'agent' },
    { path: '.github/workflows/sallyport-check.yml', content: githubCheck(), role: 'check' },
  ],
  gitlab: ({ needs, facts, hasAgent }) => {
    const own = '.gitlab-ci.yml';
    if (!hasAgent && isFree(facts, own)) return [{ path: own, content: gitlabPipeline(needs), role: 'agent' }];
    const included = (path: string) =>
      textOf(facts, own)?.includes(path) ? {} : { binding: `Add to the \`include:\` of ${own}: - local: ${path}` };
    const agent = '.gitlab/sallyport.gitlab-ci.yml';
    const check = '.gitlab/sallyport-check.gitlab-ci.yml';
    return [
      { path: agent, content: gitlabAgent(needs), role: 'agent', ...included(agent) },
      { path: check, content: gitlabCheck(), role: 'check', ...included(check) },
    ];
  },
  jenkins: ({ needs, facts }) => {
    const check = 'Jenkinsfile.sallyport-check';
    const beside = { path: 'Jenkinsfile.sallyport', binding: 'Make a job in Jenkins from Jenkinsfile.sallyport.' };
    return [
      {
        ...(isFree(facts, 'Jenkinsfile') ? { path: 'Jenkinsfile' } : beside),
        content: jenkinsAgent(needs),
        role: 'agent',
      },
      {
        path: check,
        content: jenkinsCheck(),
        role: 'check',
        binding: `Make a job for pull requests in Jenkins from ${check}; trust no fork with it.`,
      },
    ];
  },
  azure: ({ needs, facts, hasAgent }) => {
    const own = 'azure-pipelines.yml';
    const isOwn = !hasAgent && isFree(facts, own);
    if (isOwn && !needs.writes) return [{ path: own, content: azurePipeline(needs), role: 'agent' }];
    const beside = 'azure-pipelines-sallyport.yml';
    const check = 'azure-pipelines-sallyport-check.yml';
    const pipelineFrom = (path: string) => ({ path, binding: `Make a pipeline in Azure DevOps from ${path}.` });
    return [
      { ...(isOwn ? { path: own } : pipelineFrom(beside)), content: azureAgent(needs), role: 'agent' },
      { ...pipelineFrom(check), content: azureCheck(), role: 'check' },
    ];
  },
};

/** Whether the file that a system starts from may be written: it is not there, or is one of ours. */
function isFree(facts: Facts, path: string): boolean {
  const text = textOf(facts, path);
  return facts.tree.read(path) === undefined || (text !== undefined && isOwnFile(text));
}

function textOf({ tree }: Facts, path: string): string | undefined {
  const file = tree.read(path);
  return file !== undefined && 'text' in file ? file.text : undefined;
}
