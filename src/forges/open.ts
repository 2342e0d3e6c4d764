import { azureHeaders, createAzure } from './azure/azure.ts';
import { createGitea, giteaHeaders } from './gitea/gitea.ts';
import { createGithub, githubHeaders } from './github/github.ts';
import { createGitlab, gitlabHeaders } from './gitlab/gitlab.ts';
import { createHttpClient, type HttpClient, type HttpTime } from './http/client.ts';
import { checkToken } from './http/token.ts';
import type { Forge, ForgeName } from './model.ts';

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
}

const DIALECTS: Readonly<Record<ForgeName, Dialect>> = {
  github: { headers: githubHeaders, paging: 'per_page=100', create: createGithub },
  gitlab: { headers: gitlabHeaders, paging: 'per_page=100', create: createGitlab },
  azure: { headers: azureHeaders, paging: '', create: createAzure },
  gitea: { headers: giteaHeaders, paging: 'limit=50', create: createGitea },
};

/**
 * A client of a forge. Nothing is sent before a method is called.
 * @throws SallyportError SP2401 for an address that must not get the token, SP2402 for a token that cannot be one
 */
export function openForge({ forge, apiUrl, token, tokenKind }: ForgeAccess, time: HttpTime): Forge {
  const secret = checkToken(token);
  const { headers, paging, create } = DIALECTS[forge];
  return create(createHttpClient({ apiUrl, headers: headers(secret, tokenKind ?? 'personal'), secret, paging, time }));
}
