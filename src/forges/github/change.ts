import { z } from 'zod';
import { ask, askAll, askUntil, isSuccess, parseAnswer } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference, ForgeChange, ForgeReview } from '../model.ts';
import { commitOf, PAGES_OF_PUSHES, type Push, type Pushers, tracePushers } from '../pushers.ts';
import { repositoryPath, requireCommit, requireNumber } from '../reference.ts';
import { unbindRetargeted } from '../retarget.ts';

const Account = z.object({ id: z.number().optional(), login: z.string(), type: z.string().optional() });
const Side = z.object({ sha: z.string(), ref: z.string(), repo: z.object({ full_name: z.string() }).nullable() });
const Pull = z.object({
  user: Account.nullable(),
  head: Side,
  base: Side,
  labels: z.array(z.object({ name: z.string() })),
  merge_commit_sha: z.string().nullish(),
});
const Comparison = z.object({ merge_base_commit: z.object({ sha: z.string() }) });
const Standing = z.object({ status: z.string() });
const Activity = z.object({
  before: z.string(),
  after: z.string(),
  actor: z.object({ login: z.string() }).nullable(),
});
const Review = z.object({
  user: Account.nullable(),
  state: z.string(),
  commit_id: z.string().nullish(),
  submitted_at: z.string().nullish(),
});

const IssueEvent = z.object({ event: z.string(), created_at: z.string() });

/** Stands for an account that is gone. */
const GHOST = 'ghost';

export async function readPull(client: HttpClient, reference: ChangeReference): Promise<ForgeChange> {
  const number = requireNumber(reference);
  const path = repositoryPath(reference);
  const pull = await ask(client, { method: 'GET', target: `${path}/pulls/${number}` }, Pull, `pull request ${number}`);
  const { head, base, user } = pull;
  const mergeBase = await readMergeBase(client, path, base.sha, head.sha);
  return {
    reference: { ...reference, headCommit: head.sha, baseCommit: base.sha },
    author: user?.login ?? GHOST,
    ...(await readPushers(client, head, mergeBase)),
    targetBranch: base.ref,
    labels: pull.labels.map(({ name }) => name),
    // The repository of the head may be gone: then it was another one.
    fromFork: head.repo === null || head.repo.full_name !== base.repo?.full_name,
    mergeBase,
    trialMerge: pull.merge_commit_sha ?? undefined,
  };
}

async function readMergeBase(
  client: HttpClient,
  path: string,
  base: string,
  head: string,
): Promise<string | undefined> {
  const reply = await client.send({ method: 'GET', target: `${path}/compare/${base}...${head}?per_page=1` });
  if (!isSuccess(reply)) return undefined;
  return parseAnswer(reply, Comparison, 'the merge base').merge_base_commit.sha;
}

/** A branch that has everything of a commit is `ahead` of it, or is at it. */
export async function isOnGithubBranch(
  client: HttpClient,
  reference: ChangeReference,
  commit: string,
  branch: string,
): Promise<boolean> {
  const range = `${requireCommit(commit)}...${encodeURIComponent(branch)}`;
  const target = `${repositoryPath(reference)}/compare/${range}?per_page=1`;
  const reply = await client.send({ method: 'GET', target });
  if (!isSuccess(reply)) return false;
  return ['ahead', 'identical'].includes(parseAnswer(reply, Standing, 'the target branch').status);
}

/**
 * The push that brought the head and those before it, by GitHub's own record of the repository: the author of a commit
 * proves nothing. Pushes, forced or not, merges, and the making and deleting of the branch are in it, the newest first.
 * @see https://docs.github.com/rest/repos/repos#list-repository-activities
 */
async function readPushers(
  client: HttpClient,
  head: z.infer<typeof Side>,
  mergeBase: string | undefined,
): Promise<{ readonly lastPusher: string | undefined; readonly pushers: Pushers }> {
  if (head.repo === null) return { lastPusher: undefined, pushers: { logins: [], complete: false } };
  const ref = encodeURIComponent(`refs/heads/${head.ref}`);
  const path = `${repositoryPath({ repository: head.repo.full_name })}/activity?ref=${ref}`;
  const list = { entry: Activity, what: 'the activity of the branch', pages: PAGES_OF_PUSHES };
  const trace = (found: readonly z.infer<typeof Activity>[]): Pushers =>
    tracePushers(found.map(pushOf), head.sha, mergeBase);
  const activities = await askUntil(client, path, list, (found) => trace(found).complete);
  const last = activities.find(({ after }) => after === head.sha)?.actor?.login;
  return { lastPusher: last, pushers: trace(activities) };
}

function pushOf({ before, after, actor }: z.infer<typeof Activity>): Push {
  return { by: actor?.login, before: commitOf(before), after };
}

const STATES: ReadonlyMap<string, ForgeReview['state']> = new Map([
  ['APPROVED', 'approved'],
  ['CHANGES_REQUESTED', 'changes-requested'],
  ['COMMENTED', 'commented'],
  ['DISMISSED', 'dismissed'],
]);

/** What changes the target of a request: a person, or the merge of the request below it in a stack. */
const RETARGETS: ReadonlySet<string> = new Set(['base_ref_changed', 'automatic_base_change_succeeded']);

/**
 * Every submitted review, oldest first. A draft is none. An approval from before the target was changed names no commit.
 * @see https://docs.github.com/rest/using-the-rest-api/issue-event-types
 */
export async function readPullReviews(client: HttpClient, reference: ChangeReference): Promise<readonly ForgeReview[]> {
  const number = requireNumber(reference);
  const path = repositoryPath(reference);
  const what = `the reviews of pull request ${number}`;
  const submitted = await askAll(client, `${path}/pulls/${number}/reviews`, Review, what);
  const reviews = submitted.flatMap(({ user, state, commit_id, submitted_at }): readonly ForgeReview[] => {
    const known = STATES.get(state);
    if (known === undefined) return [];
    const bot = user?.type === 'Bot';
    const [login, at] = [user?.login ?? GHOST, submitted_at ?? ''];
    return [{ login, accountId: user?.id?.toString(), state: known, commit: commit_id ?? undefined, at, bot }];
  });
  if (!reviews.some(({ state }) => state === 'approved')) return reviews;
  const events = await askAll(
    client,
    `${path}/issues/${number}/events`,
    IssueEvent,
    `the events of pull request ${number}`,
  );
  const retargets = events.filter(({ event }) => RETARGETS.has(event));
  return unbindRetargeted(
    reviews,
    retargets.map(({ created_at }) => created_at),
  );
}
