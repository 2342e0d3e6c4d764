import { azureHeaders, createAzure } from './azure/azure.ts';
import { createGitea, giteaHeaders } from './gitea/gitea.ts';
import { createGithub, githubHeaders } from './github/github.ts';
import { createGitlab, gitlabHeaders } from './gitlab/gitlab.ts';
import { createHttpClient, type HttpClient, type HttpTime } from './http/client.ts';
import { checkToken } from './http/token.ts';
import type { Forge, ForgeName } from './model.ts';
import { proposeOnAzure } from './proposal/azure.ts';
import { proposeOnGitea } from './proposal/gitea.ts';
import { proposeOnGithub } from './proposal/github.ts';
import { proposeOnGitlab } from './proposal/gitlab.ts';
import type { OpenedRequest, Proposal, Propose } from './proposal/model.ts';

/** Where a forge is and how it lets us in. */
export interface ForgeAccess {
  readonly forge: ForgeName;
  /** `https://api.github.com`, `https://gitlab.test/api/v4`, `https://gitea.test/api/v1`, `https://dev.azure.com/acme`. */
  readonly apiUrl: string;
  readonly token: string;
  /** `job`: the token that GitLab or Azure makes for each job. Default `personal`. */
  readonly tokenKind?: 'personal' | 'job';
}

interface Dialect {
  readonly headers: (token: string, kind: 'personal' | 'job') => Readonly<Record<string, string>>;
  readonly paging: string;
  readonly create: (client: HttpClient) => Forge;
  readonly propose: Propose;
}

const DIALECTS: Readonly<Record<ForgeName, Dialect>> = {
  github: { headers: githubHeaders, paging: 'per_page=100', create: createGithub, propose: proposeOnGithub },
  gitlab: { headers: gitlabHeaders, paging: 'per_page=100', create: createGitlab, propose: proposeOnGitlab },
  azure: { headers: azureHeaders, paging: '', create: createAzure, propose: proposeOnAzure },
  gitea: { headers: giteaHeaders, paging: 'limit=50', create: createGitea, propose: proposeOnGitea },
};

/**
 * A client of a forge. Nothing is sent before a method is called.
 * @throws SallyportError SP2401 for an address that must not get the token, SP2402 for a token that cannot be one
 */
export function openForge(access: ForgeAccess, time: HttpTime): Forge {
  return DIALECTS[access.forge].create(connect(access, time));
}

/**
 * Makes a branch with one commit and opens a request for it, by the forge's own interface: nothing is pushed from here.
 * @throws SallyportError SP2411 when the forge lacks the commit, has the branch, or opens no request; SP2401 to SP2406 as
 *   every call of a forge
 */
export function proposeChange(access: ForgeAccess, proposal: Proposal, time: HttpTime): Promise<OpenedRequest> {
  return DIALECTS[access.forge].propose(connect(access, time), proposal);
}

function connect({ forge, apiUrl, token, tokenKind }: ForgeAccess, time: HttpTime): HttpClient {
  const secret = checkToken(token);
  const { headers, paging } = DIALECTS[forge];
  return createHttpClient({ apiUrl, headers: headers(secret, tokenKind ?? 'personal'), secret, paging, time });
}
