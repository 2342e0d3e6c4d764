import { requireSuccess, tell } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference } from '../model.ts';
import { repositoryPath, requireNumber } from '../reference.ts';

/** GitHub makes a label that it does not know yet. */
export async function setGithubLabels(
  client: HttpClient,
  reference: ChangeReference,
  add: readonly string[],
  remove: readonly string[],
): Promise<void> {
  const target = `${repositoryPath(reference)}/issues/${requireNumber(reference)}/labels`;
  if (add.length > 0) await tell(client, { method: 'POST', target, body: { labels: add } }, 'the labels');
  for (const label of remove) {
    const reply = await client.send({ method: 'DELETE', target: `${target}/${encodeURIComponent(label)}` });
    // It was not there.
    if (reply.status !== 404) requireSuccess(reply, `the label ${label}`);
  }
}
