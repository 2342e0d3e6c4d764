import { requireSuccess, tell } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { DEFAULT_REMARKS } from '../limits.ts';
import type { ChangeReference, Forge } from '../model.ts';
import { postRemarks } from '../remarks/posting.ts';
import { postSummaryComment } from '../summary.ts';
import { isTipOfAzureBranch, readAzureChange, readAzureReviews } from './change.ts';
import { postAzureCheck } from './check.ts';
import { type AzureConnection, pullPath, readAzureAccount } from './connection.ts';
import { azureRemarks } from './remarks.ts';
import { azureComments } from './threads.ts';

/** Azure Repos by the REST API of Azure DevOps, version 7.0. */
export function createAzure(client: HttpClient): Forge {
  let account: Promise<string | undefined> | undefined;
  const connection: AzureConnection = {
    client,
    account: () => {
      account ??= readAzureAccount(client);
      return account;
    },
  };
  return {
    name: 'azure',
    readChange: (reference) => readAzureChange(client, reference),
    isOnBranch: (reference, commit, branch) => isTipOfAzureBranch(client, reference, commit, branch),
    readReviews: (reference) => readAzureReviews(client, reference),
    postCheck: (reference, post) => postAzureCheck(client, reference, post),
    postSummary: (reference, post) => postSummaryComment(azureComments(connection, reference), post),
    postRemarks: (reference, remarks, rules = DEFAULT_REMARKS) =>
      postRemarks(azureRemarks(connection, reference), remarks, rules),
    setLabels: (reference, add, remove) => setLabels(client, reference, add, remove),
  };
}

async function setLabels(
  client: HttpClient,
  reference: ChangeReference,
  add: readonly string[],
  remove: readonly string[],
): Promise<void> {
  for (const name of add)
    await tell(client, { method: 'POST', target: pullPath(reference, '/labels'), body: { name } }, `the label ${name}`);
  for (const name of remove) {
    const target = pullPath(reference, `/labels/${encodeURIComponent(name)}`);
    const reply = await client.send({ method: 'DELETE', target });
    // It was not there.
    if (reply.status !== 404) requireSuccess(reply, `the label ${name}`);
  }
}

/** The token of a job is a bearer; one of a person is a password without a name. */
export function azureHeaders(token: string, kind: 'personal' | 'job'): Readonly<Record<string, string>> {
  const password = Buffer.from(`:${token}`).toString('base64');
  return { authorization: kind === 'job' ? `Bearer ${token}` : `Basic ${password}` };
}
