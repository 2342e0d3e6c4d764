import type { HttpClient } from '../http/client.ts';
import { DEFAULT_REMARKS } from '../limits.ts';
import type { Forge } from '../model.ts';
import { postRemarks } from '../remarks/posting.ts';
import { postSummaryComment } from '../summary.ts';
import { isOnGitlabBranch, readGitlabChange, readGitlabReviews } from './change.ts';
import { postGitlabCheck } from './check.ts';
import { gitlabComments } from './comments.ts';
import { type GitlabConnection, readGitlabAccount } from './connection.ts';
import { setGitlabLabels } from './labels.ts';
import { gitlabRemarks } from './remarks.ts';

/** GitLab by its REST API, version 4. */
export function createGitlab(client: HttpClient): Forge {
  let account: Promise<number | undefined> | undefined;
  const connection: GitlabConnection = {
    client,
    account: () => {
      account ??= readGitlabAccount(client);
      return account;
    },
  };
  return {
    name: 'gitlab',
    readChange: (reference) => readGitlabChange(client, reference),
    isOnBranch: (reference, commit, branch) => isOnGitlabBranch(client, reference, commit, branch),
    readReviews: (reference) => readGitlabReviews(client, reference),
    postCheck: (reference, post) => postGitlabCheck(client, reference, post),
    postSummary: (reference, post) => postSummaryComment(gitlabComments(connection, reference), post),
    postRemarks: (reference, remarks, rules = DEFAULT_REMARKS) =>
      postRemarks(gitlabRemarks(connection, reference), remarks, rules),
    setLabels: (reference, add, remove) => setGitlabLabels(client, reference, add, remove),
  };
}

/** The token of a job has a header of its own; every other kind goes as a bearer. */
export function gitlabHeaders(token: string, kind: 'personal' | 'job'): Readonly<Record<string, string>> {
  return kind === 'job' ? { 'job-token': token } : { authorization: `Bearer ${token}` };
}
