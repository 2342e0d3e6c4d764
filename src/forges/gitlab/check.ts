import { z } from 'zod';
import { sharedCheckName } from '../check-name.ts';
import { askAll, isSuccess, parseAnswer, requireSuccess, saidBy, tell } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { cutBytes, FORGE_LIMITS } from '../limits.ts';
import type { ChangeReference, CheckPost, Conclusion } from '../model.ts';
import { mergeRequestPath, projectPath } from './connection.ts';

/** GitLab has no middle way either: what a person must look at first does not pass. */
const STATES: Readonly<Record<Conclusion, 'success' | 'failed'>> = {
  success: 'success',
  neutral: 'success',
  failure: 'failed',
  'action-required': 'failed',
};

const Status = z.object({ name: z.string(), status: z.string() });
const StatusCheck = z.object({ id: z.number(), name: z.string() });

/**
 * A commit status on the head commit and, where the project has an external status check, its answer. That one belongs to
 * the request, so its name has no target.
 * @see https://docs.gitlab.com/api/commits/#set-the-pipeline-status-of-a-commit
 * @see https://docs.gitlab.com/api/status_checks/
 */
export async function postGitlabCheck(client: HttpClient, reference: ChangeReference, post: CheckPost): Promise<void> {
  const state = STATES[post.conclusion];
  const name = sharedCheckName(post);
  const target = `${projectPath(reference)}/statuses/${encodeURIComponent(reference.headCommit)}`;
  const body = {
    state,
    name,
    description: cutBytes(post.title, FORGE_LIMITS.gitlab.checkTitle),
    ...(post.detailsUrl === undefined ? {} : { target_url: post.detailsUrl }),
  };
  const reply = await client.send({ method: 'POST', target, body });
  // GitLab refuses to set a status to what it is.
  const isThere = reply.status === 400 && /cannot transition/i.test(saidBy(reply));
  if (!isThere || (await readStatus(client, reference, name)) !== state) requireSuccess(reply, `the status ${name}`);
  if (reference.number !== undefined) await answerStatusCheck(client, reference, post);
}

async function readStatus(client: HttpClient, reference: ChangeReference, name: string): Promise<string | undefined> {
  const commit = encodeURIComponent(reference.headCommit);
  const path = `${projectPath(reference)}/repository/commits/${commit}/statuses?name=${encodeURIComponent(name)}`;
  const statuses = await askAll(client, path, Status, 'the statuses of the commit');
  return statuses.find((status) => status.name === name)?.status;
}

/** Only some editions have external status checks, and only maintainers see them: without, there is none to answer. */
async function answerStatusCheck(client: HttpClient, reference: ChangeReference, post: CheckPost): Promise<void> {
  const path = mergeRequestPath(reference);
  const reply = await client.send({ method: 'GET', target: `${path}/status_checks` });
  if (!isSuccess(reply)) return;
  const check = parseAnswer(reply, StatusCheck.array(), 'the status checks').find(({ name }) => name === post.name);
  if (check === undefined) return;
  const status = STATES[post.conclusion] === 'success' ? 'passed' : 'failed';
  const body = { sha: reference.headCommit, external_status_check_id: check.id, status };
  await tell(
    client,
    { method: 'POST', target: `${path}/status_check_responses`, body },
    `the status check ${post.name}`,
  );
}
