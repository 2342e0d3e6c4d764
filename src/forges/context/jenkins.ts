import type { ForgeName } from '../model.ts';
import { commitName, requestNumber, variable } from './fields.ts';
import type { Environment, PipelineContext } from './model.ts';

/** How the address of a request looks on each forge. */
const REQUESTS: readonly (readonly [Exclude<ForgeName, 'azure'>, RegExp])[] = [
  ['gitlab', /^\/(.+?)\/-\/merge_requests\/\d+/],
  ['github', /^\/([^/]+\/[^/]+)\/pull\/\d+/],
  ['gitea', /^\/([^/]+\/[^/]+)\/pulls\/\d+/],
];

/** Where each forge has its API below its own address; github.com has a host of its own for it. */
const APIS: Readonly<Record<(typeof REQUESTS)[number][0], string>> = {
  github: '/api/v3',
  gitlab: '/api/v4',
  gitea: '/api/v1',
};

/** A multibranch job of Jenkins: it knows the address of the request, and by it the forge. */
export function jenkinsContext(environment: Environment): PipelineContext {
  const get = (name: string) => variable(environment, name);
  const url = URL.parse(get('CHANGE_URL') ?? '') ?? undefined;
  const found = url && requestAt(url.pathname);
  return {
    system: 'jenkins',
    forge: found?.forge,
    apiUrl: url && found && apiOf(url, found.forge),
    repository: found?.repository,
    number: requestNumber(get('CHANGE_ID')),
    headCommit: commitName(get('GIT_COMMIT')),
    baseCommit: undefined,
    targetBranch: get('CHANGE_TARGET'),
    actor: get('CHANGE_AUTHOR'),
    event: get('CHANGE_ID') === undefined ? 'branch' : 'change',
    // Set for changes of other repositories only.
    fromFork: get('CHANGE_ID') === undefined ? undefined : get('CHANGE_FORK') !== undefined,
  };
}

interface FoundRequest {
  readonly forge: keyof typeof APIS;
  readonly repository: string;
}

function requestAt(path: string): FoundRequest | undefined {
  for (const [forge, pattern] of REQUESTS) {
    const repository = pattern.exec(path)?.[1];
    if (repository !== undefined) return { forge, repository };
  }
  return undefined;
}

function apiOf({ protocol, host }: URL, forge: keyof typeof APIS): string {
  return host === 'github.com' ? 'https://api.github.com' : `${protocol}//${host}${APIS[forge]}`;
}
