import type { HttpClient } from '../http/client.ts';
import { issueComments } from '../issue-comments.ts';
import { DEFAULT_REMARKS } from '../limits.ts';
import type { Forge } from '../model.ts';
import { postRemarks } from '../remarks/posting.ts';
import { postSummaryComment } from '../summary.ts';
import { isTipOfGiteaBranch, readGiteaChange, readGiteaReviews } from './change.ts';
import { postGiteaCheck } from './check.ts';
import { type GiteaConnection, readGiteaAccount } from './connection.ts';
import { setGiteaLabels } from './labels.ts';
import { giteaRemarks } from './remarks.ts';

/** Gitea and Forgejo by their REST API, version 1. */
export function createGitea(client: HttpClient): Forge {
  let account: Promise<number | undefined> | undefined;
  const connection: GiteaConnection = {
    client,
    account: () => {
      account ??= readGiteaAccount(client);
      return account;
    },
  };
  return {
    name: 'gitea',
    readChange: (reference) => readGiteaChange(client, reference),
    isOnBranch: (reference, commit, branch) => isTipOfGiteaBranch(client, reference, commit, branch),
    readReviews: (reference) => readGiteaReviews(client, reference),
    postCheck: (reference, post) => postGiteaCheck(client, reference, post),
    postSummary: (reference, post) => postSummaryComment(issueComments(connection, reference), post),
    postRemarks: (reference, remarks, rules = DEFAULT_REMARKS) =>
      postRemarks(giteaRemarks(connection, reference), remarks, rules),
    setLabels: (reference, add, remove) => setGiteaLabels(client, reference, add, remove),
  };
}

/** Headers of every request. */
export function giteaHeaders(token: string): Readonly<Record<string, string>> {
  return { authorization: `token ${token}` };
}
