import { z } from 'zod';
import { ask, askAll, requireSuccess, tell } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference } from '../model.ts';
import { repositoryPath, requireNumber } from '../reference.ts';

const Label = z.object({ id: z.number(), name: z.string() });
/** A label must have a colour. */
const COLOUR = '#6e7781';

/** Gitea knows labels by number; one that the repository does not have is made. */
export async function setGiteaLabels(
  client: HttpClient,
  reference: ChangeReference,
  add: readonly string[],
  remove: readonly string[],
): Promise<void> {
  const repository = repositoryPath(reference);
  const target = `${repository}/issues/${requireNumber(reference)}/labels`;
  const known = await askAll(client, `${repository}/labels`, Label, 'the labels of the repository');
  const ids: number[] = [];
  for (const name of add) {
    const found = known.find((label) => label.name === name);
    const body = { name, color: COLOUR };
    const { id } = found ?? (await ask(client, { method: 'POST', target: `${repository}/labels`, body }, Label, name));
    ids.push(id);
  }
  if (ids.length > 0) await tell(client, { method: 'POST', target, body: { labels: ids } }, 'the labels');
  for (const { id } of known.filter(({ name }) => remove.includes(name))) {
    const reply = await client.send({ method: 'DELETE', target: `${target}/${id}` });
    // It was not there.
    if (![404, 422].includes(reply.status)) requireSuccess(reply, 'the labels');
  }
}
