import { SallyportError } from '../../errors/index.ts';
import { tell } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference } from '../model.ts';
import { mergeRequestPath } from './connection.ts';

/** GitLab takes labels as one text with commas between and makes those it does not know yet. */
export async function setGitlabLabels(
  client: HttpClient,
  reference: ChangeReference,
  add: readonly string[],
  remove: readonly string[],
): Promise<void> {
  if ([...add, ...remove].some((label) => label.includes(',')))
    throw new SallyportError('SP2406', 'a GitLab label cannot hold a comma');
  if (add.length + remove.length === 0) return;
  const body = {
    ...(add.length === 0 ? {} : { add_labels: add.join(',') }),
    ...(remove.length === 0 ? {} : { remove_labels: remove.join(',') }),
  };
  await tell(client, { method: 'PUT', target: mergeRequestPath(reference), body }, 'the labels');
}
