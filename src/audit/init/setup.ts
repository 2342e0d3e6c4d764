import { type AgentRun, type Facts, fileRole } from '../../facts/index.ts';
import type { Platform } from '../../pipelines/index.ts';
import { azurePipeline } from './azure.ts';
import { githubAgent, githubCheck } from './github.ts';
import { gitlabPipeline } from './gitlab.ts';
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
  const pipelines = systems.map((system) => SYSTEMS[system](needs, facts));
  const existing = needs.from.filter(({ pipeline }) => systems.some((system) => isOf(pipeline.platform, system)));
  const policy: PlannedFile = { path: 'sallyport.yaml', content: policyText(needs), role: 'policy' };
  return {
    systems,
    needs,
    files: [policy, ...pipelines.flatMap(({ files }) => files)],
    existing,
    notes: [
      ...(request.system === undefined && found.length === 0 ? ['No CI system was found; this is for GitHub.'] : []),
      ...needs.notes,
      ...pipelines.flatMap(({ notes }) => notes),
    ],
  };
}

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

interface Pipelines {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
}

const SYSTEMS: Readonly<Record<CiSystem, (needs: Needs, facts: Facts) => Pipelines>> = {
  github: (needs) => ({
    files: [
      { path: '.github/workflows/sallyport-agent.yml', content: githubAgent(needs), role: 'agent' },
      { path: '.github/workflows/sallyport-check.yml', content: githubCheck(), role: 'check' },
    ],
    notes: [],
  }),
  gitlab: (needs, facts) => {
    const beside = '.gitlab/sallyport.gitlab-ci.yml';
    return entry(
      facts,
      '.gitlab-ci.yml',
      beside,
      gitlabPipeline(needs),
      `Add to .gitlab-ci.yml: include: [{ local: ${beside} }]`,
    );
  },
  jenkins: (needs, facts) => {
    const beside = 'Jenkinsfile.sallyport';
    const check = 'Jenkinsfile.sallyport-check';
    const agent = entry(facts, 'Jenkinsfile', beside, jenkinsAgent(needs), `Make a job in Jenkins from ${beside}.`);
    return {
      files: [...agent.files, { path: check, content: jenkinsCheck(), role: 'check' }],
      notes: [...agent.notes, `Make a job for pull requests in Jenkins from ${check}; trust no fork with it.`],
    };
  },
  azure: (needs, facts) => {
    const beside = 'azure-pipelines-sallyport.yml';
    return entry(
      facts,
      'azure-pipelines.yml',
      beside,
      azurePipeline(needs),
      `Make a pipeline in Azure DevOps from ${beside}.`,
    );
  },
};

/** The system's own file when it is free, else one beside it that a person has to bind in. */
function entry({ tree }: Facts, own: string, beside: string, content: string, note: string): Pipelines {
  const file = tree.read(own);
  const taken = file !== undefined && !('text' in file && isOwnFile(file.text));
  return { files: [{ path: taken ? beside : own, content, role: 'agent' }], notes: taken ? [note] : [] };
}
