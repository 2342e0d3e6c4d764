import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import { sharedCheckName } from '../check-name.ts';
import { parseAnswer, requireSuccess, tell } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import { cutBytes, FORGE_LIMITS, STATUS_DESCRIPTION } from '../limits.ts';
import type { ChangeReference, CheckAnnotation, CheckPost, Conclusion } from '../model.ts';
import { repositoryPath, requireCommit } from '../reference.ts';

const CONCLUSIONS: Readonly<Record<Conclusion, string>> = {
  success: 'success',
  failure: 'failure',
  neutral: 'neutral',
  'action-required': 'action_required',
};

/** A commit status has no middle way: what a person must look at first does not pass. */
const STATES: Readonly<Record<Conclusion, string>> = {
  success: 'success',
  neutral: 'success',
  failure: 'failure',
  'action-required': 'failure',
};

const Run = z.object({ id: z.number() });

/**
 * A check run on the head commit; a commit status where the token is no app's. A second run of the same name on the
 * same commit takes the place of the first.
 * @see https://docs.github.com/rest/checks/runs
 */
export async function postGithubCheck(client: HttpClient, reference: ChangeReference, post: CheckPost): Promise<void> {
  const path = repositoryPath(reference);
  const commit = requireCommit(reference.headCommit);
  const batches = batchAnnotations(post.annotations);
  const output = outputOf(post, batches[0] ?? []);
  const reply = await client.send({
    method: 'POST',
    target: `${path}/check-runs`,
    body: {
      name: sharedCheckName(post),
      head_sha: commit,
      status: 'completed',
      conclusion: CONCLUSIONS[post.conclusion],
      ...(post.detailsUrl === undefined ? {} : { details_url: post.detailsUrl }),
      output,
    },
  });
  // Only apps have check runs; for the token of a person there are commit statuses.
  if (reply.status === 403 && /authenticate via a GitHub App/i.test(reply.text))
    return postStatus(client, path, commit, post);
  requireSuccess(reply, `the check ${post.name}`);
  const { id } = parseAnswer(reply, Run, `the check ${post.name}`);
  for (const batch of batches.slice(1)) {
    const body = { output: outputOf(post, batch) };
    await tell(client, { method: 'PATCH', target: `${path}/check-runs/${id}`, body }, `annotations of ${post.name}`);
  }
}

function batchAnnotations(annotations: readonly CheckAnnotation[]): readonly (readonly CheckAnnotation[])[] {
  const { annotationsPerRequest: size, annotations: most } = FORGE_LIMITS.github;
  const kept = annotations.slice(0, most);
  return Array.from({ length: Math.ceil(kept.length / size) }, (_, index) =>
    kept.slice(index * size, (index + 1) * size),
  );
}

function outputOf({ title, summary }: CheckPost, annotations: readonly CheckAnnotation[]): JsonValue {
  return {
    title: cutBytes(title, FORGE_LIMITS.github.checkTitle),
    summary: cutBytes(summary, FORGE_LIMITS.github.checkSummary),
    annotations: annotations.map(({ path, startLine, endLine, level, title, message }) => ({
      path,
      start_line: startLine,
      end_line: endLine,
      annotation_level: level,
      title: cutBytes(title, 255),
      message: cutBytes(message, 60_000),
    })),
  };
}

async function postStatus(client: HttpClient, path: string, commit: string, post: CheckPost): Promise<void> {
  const body = {
    state: STATES[post.conclusion],
    context: sharedCheckName(post),
    description: cutBytes(post.title, STATUS_DESCRIPTION),
    ...(post.detailsUrl === undefined ? {} : { target_url: post.detailsUrl }),
  };
  await tell(client, { method: 'POST', target: `${path}/statuses/${commit}`, body }, `the status ${post.name}`);
}
