import { z } from 'zod';
import { ask, isSuccess, parseAnswer } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference, ForgeChange, ForgeReview } from '../model.ts';
import { withPushers } from '../pushers.ts';
import { azurePath, Identity, latestOf, listIterations, pullPath } from './connection.ts';
import { readAzurePushers } from './pushers.ts';
import { Reviewer, readVotes } from './votes.ts';

const ForkRepository = z.object({
  name: z.string().nullish(),
  project: z.object({ name: z.string().nullish() }).nullish(),
});
const Commit = z.object({ commitId: z.string() });
const Pull = z.object({
  createdBy: Identity,
  sourceRefName: z.string(),
  targetRefName: z.string(),
  lastMergeSourceCommit: Commit,
  lastMergeTargetCommit: Commit.nullish(),
  lastMergeCommit: Commit.nullish(),
  forkSource: z.object({ repository: ForkRepository.nullish() }).nullish(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  reviewers: z.array(Reviewer).nullish(),
});

function readPull(client: HttpClient, reference: ChangeReference) {
  return ask(client, { method: 'GET', target: pullPath(reference) }, Pull, `pull request ${reference.number}`);
}

export async function readAzureChange(client: HttpClient, reference: ChangeReference): Promise<ForgeChange> {
  const pull = await readPull(client, reference);
  const iterations = await listIterations(client, reference);
  const { author, commonRefCommit } = latestOf(iterations);
  const isFork = pull.forkSource !== undefined && pull.forkSource !== null;
  const source = isFork ? repositoryOf(pull.forkSource?.repository) : reference.repository;
  const branch = { repository: source, ref: pull.sourceRefName, head: pull.lastMergeSourceCommit.commitId };
  const pushers = await readAzurePushers(client, branch, commonRefCommit?.commitId);
  return {
    reference: {
      ...reference,
      headCommit: pull.lastMergeSourceCommit.commitId,
      baseCommit: pull.lastMergeTargetCommit?.commitId,
    },
    author: pull.createdBy.uniqueName,
    lastPusher: author?.uniqueName,
    pushers: withPushers(
      pushers,
      iterations.map((iteration) => iteration.author?.uniqueName),
    ),
    targetBranch: pull.targetRefName.replace(/^refs\/heads\//, ''),
    labels: (pull.labels ?? []).map(({ name }) => name),
    fromFork: isFork,
    mergeBase: commonRefCommit?.commitId,
    trialMerge: pull.lastMergeCommit?.commitId,
  };
}

/** Undefined where Azure does not tell enough to ask for it. */
function repositoryOf(fork: z.infer<typeof ForkRepository> | null | undefined): string | undefined {
  return fork?.project?.name && fork.name ? `${fork.project.name}/${fork.name}` : undefined;
}

const Ref = z.object({ value: z.array(z.object({ name: z.string(), objectId: z.string() })) });

/** The tip of a branch; its history is not asked. */
export async function isTipOfAzureBranch(
  client: HttpClient,
  reference: ChangeReference,
  commit: string,
  branch: string,
): Promise<boolean> {
  const target = azurePath(reference, `/refs?filter=${encodeURIComponent(`heads/${branch}`)}`);
  const reply = await client.send({ method: 'GET', target });
  if (!isSuccess(reply)) return false;
  const { value } = parseAnswer(reply, Ref, 'the target branch');
  return value.some(({ name, objectId }) => name === `refs/heads/${branch}` && objectId === commit);
}

/** Votes, each with the commit that the request was at when it was given, where Azure tells. */
export async function readAzureReviews(
  client: HttpClient,
  reference: ChangeReference,
): Promise<readonly ForgeReview[]> {
  const { reviewers } = await readPull(client, reference);
  return readVotes(client, reference, reviewers ?? []);
}
