import { tell } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { cutBytes, FORGE_LIMITS } from '../limits.ts';
import type { ChangeReference, CheckPost, Conclusion } from '../model.ts';
import { azurePath, pullPath, requireIteration } from './connection.ts';

/** What a person must look at first does not pass. */
const STATES: Readonly<Record<Conclusion, string>> = {
  success: 'succeeded',
  neutral: 'succeeded',
  failure: 'failed',
  'action-required': 'failed',
};

/**
 * A status of the pull request, bound to the push that was looked at; of the commit when there is no request. A branch
 * policy can require it.
 */
export async function postAzureCheck(client: HttpClient, reference: ChangeReference, post: CheckPost): Promise<void> {
  const [genre = '', ...name] = post.name.split('/');
  const body = {
    state: STATES[post.conclusion],
    description: cutBytes(post.title, FORGE_LIMITS.azure.checkTitle),
    context: { genre, name: name.join('/') },
    ...(post.detailsUrl === undefined ? {} : { targetUrl: post.detailsUrl }),
  };
  const what = `the status ${post.name}`;
  if (reference.number === undefined) {
    const target = azurePath(reference, `/commits/${encodeURIComponent(reference.headCommit)}/statuses`);
    return tell(client, { method: 'POST', target, body }, what);
  }
  const { id } = await requireIteration(client, reference);
  await tell(
    client,
    { method: 'POST', target: pullPath(reference, '/statuses'), body: { ...body, iterationId: id } },
    what,
  );
}
