import type { HttpClient } from '../http/client.ts';
import { issueComments } from '../issue-comments.ts';
import { DEFAULT_REMARKS } from '../limits.ts';
import type { Forge } from '../model.ts';
import { postRemarks } from '../remarks/posting.ts';
import { postSummaryComment } from '../summary.ts';
import { storeGithubAttestation } from './attestations.ts';
import { isOnGithubBranch, readPull, readPullReviews } from './change.ts';
import { postGithubCheck } from './check.ts';
import { type GithubConnection, readAccount } from './connection.ts';
import { setGithubLabels } from './labels.ts';
import { githubRemarks } from './remarks.ts';

/** GitHub and GitHub Enterprise Server by their REST API, version 2022-11-28; threads by GraphQL. */
export function createGithub(client: HttpClient): Forge {
  let account: Promise<number | undefined> | undefined;
  const connection: GithubConnection = {
    client,
    account: () => {
      account ??= readAccount(client);
      return account;
    },
  };
  return {
    name: 'github',
    readChange: (reference) => readPull(client, reference),
    isOnBranch: (reference, commit, branch) => isOnGithubBranch(client, reference, commit, branch),
    readReviews: (reference) => readPullReviews(client, reference),
    postCheck: (reference, post) => postGithubCheck(client, reference, post),
    postSummary: (reference, post) => postSummaryComment(issueComments(connection, reference), post),
    postRemarks: (reference, remarks, rules = DEFAULT_REMARKS) =>
      postRemarks(githubRemarks(connection, reference), remarks, rules),
    storeAttestation: (reference, bundle) => storeGithubAttestation(client, reference, bundle),
    setLabels: (reference, add, remove) => setGithubLabels(client, reference, add, remove),
  };
}

/** Headers of every request. */
export function githubHeaders(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}`, 'x-github-api-version': '2022-11-28' };
}
