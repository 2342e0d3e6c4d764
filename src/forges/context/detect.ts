import type { JsonValue } from '../../system/index.ts';
import { azureContext } from './azure.ts';
import { parseEvent, variable } from './fields.ts';
import { actionsContext, isGiteaJob } from './github.ts';
import { gitlabContext } from './gitlab.ts';
import { jenkinsContext } from './jenkins.ts';
import type { Environment, PipelineContext } from './model.ts';

interface System {
  /** Set in every job of the system and nowhere else. */
  readonly mark: string;
  readonly read: (environment: Environment, event: JsonValue | undefined) => PipelineContext;
}

/** Gitea's Actions set GitHub's mark, too; both are one reader. */
const SYSTEMS: readonly System[] = [
  { mark: 'GITHUB_ACTIONS', read: actionsContext },
  { mark: 'GITEA_ACTIONS', read: actionsContext },
  { mark: 'FORGEJO_ACTIONS', read: actionsContext },
  { mark: 'GITLAB_CI', read: gitlabContext },
  { mark: 'TF_BUILD', read: azureContext },
  { mark: 'JENKINS_URL', read: jenkinsContext },
];

/**
 * What the environment says about the job; `undefined` outside of a CI system.
 * @param event content of the file that `GITHUB_EVENT_PATH` names; hostile text
 */
export function detectContext(environment: Environment, event?: string): PipelineContext | undefined {
  const system = SYSTEMS.find(({ mark }) => variable(environment, mark) !== undefined);
  return system?.read(environment, parseEvent(event));
}

/** Variables that hold a token, in the order in which they are tried. */
const TOKENS = {
  github: [
    ['SALLYPORT_FORGE_TOKEN', 'personal'],
    ['GITHUB_TOKEN', 'personal'],
    ['GH_TOKEN', 'personal'],
  ],
  gitlab: [
    ['SALLYPORT_FORGE_TOKEN', 'personal'],
    ['GITLAB_TOKEN', 'personal'],
    ['CI_JOB_TOKEN', 'job'],
  ],
  azure: [
    ['SALLYPORT_FORGE_TOKEN', 'personal'],
    ['AZURE_DEVOPS_EXT_PAT', 'personal'],
    ['SYSTEM_ACCESSTOKEN', 'job'],
  ],
  gitea: [
    ['SALLYPORT_FORGE_TOKEN', 'personal'],
    ['GITEA_TOKEN', 'personal'],
    ['FORGEJO_TOKEN', 'personal'],
    ['GITHUB_TOKEN', 'personal'],
  ],
} as const;

export interface FoundToken {
  readonly token: string;
  readonly kind: 'personal' | 'job';
}

/** The first token that is set for a forge. */
export function findToken(environment: Environment, forge: keyof typeof TOKENS): FoundToken | undefined {
  for (const [name, kind] of TOKENS[forge]) {
    const token = isOfForge(name, forge, environment) ? variable(environment, name) : undefined;
    if (token !== undefined) return { token, kind };
  }
  return undefined;
}

/** Gitea's Actions give a job its token under GitHub's name: it goes to the forge on which the job runs, and to no other. */
function isOfForge(name: string, forge: keyof typeof TOKENS, environment: Environment): boolean {
  return name !== 'GITHUB_TOKEN' || isGiteaJob(environment) === (forge === 'gitea');
}

/** The names of the variables that hold a token, for a message. */
export function tokenNames(forge: keyof typeof TOKENS): readonly string[] {
  return TOKENS[forge].map(([name]) => name);
}
