import { sharedCheckName } from '../check-name.ts';
import { tell } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { cutBytes, FORGE_LIMITS } from '../limits.ts';
import type { ChangeReference, CheckPost, Conclusion } from '../model.ts';
import { repositoryPath } from '../reference.ts';

/** What a person must look at first does not pass. */
const STATES: Readonly<Record<Conclusion, string>> = {
  success: 'success',
  neutral: 'success',
  failure: 'failure',
  'action-required': 'failure',
};

/** A commit status on the head commit; the newest of a context counts. */
export async function postGiteaCheck(client: HttpClient, reference: ChangeReference, post: CheckPost): Promise<void> {
  const target = `${repositoryPath(reference)}/statuses/${encodeURIComponent(reference.headCommit)}`;
  const body = {
    state: STATES[post.conclusion],
    context: sharedCheckName(post),
    description: cutBytes(post.title, FORGE_LIMITS.gitea.checkTitle),
    ...(post.detailsUrl === undefined ? {} : { target_url: post.detailsUrl }),
  };
  await tell(client, { method: 'POST', target, body }, `the status ${post.name}`);
}
