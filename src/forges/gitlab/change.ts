import { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import { ask, askAll, askUntil, isSuccess, parseAnswer } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference, ForgeChange, ForgeReview } from '../model.ts';
import { commitOf, PAGES_OF_PUSHES, type Push, type Pushers, tracePushers } from '../pushers.ts';
import { mergeRequestPath, projectPath } from './connection.ts';

const User = z.object({ id: z.number(), username: z.string() });
export const MergeRequest = z.object({
  sha: z.string().nullable(),
  author: User,
  labels: z.array(z.string()),
  target_branch: z.string(),
  source_branch: z.string(),
  source_project_id: z.number().nullable(),
  target_project_id: z.number(),
  merge_commit_sha: z.string().nullish(),
  diff_refs: z.object({ base_sha: z.string(), head_sha: z.string(), start_sha: z.string() }).nullable(),
});
export type MergeRequest = z.infer<typeof MergeRequest>;

const Commit = z.object({ id: z.string() });
const Bot = z.object({ bot: z.boolean().optional() });
const Event = z.object({
  author_username: z.string(),
  push_data: z
    .object({
      commit_from: z.string().nullish(),
      commit_to: z.string().nullish(),
      ref: z.string().nullish(),
      ref_type: z.string().nullish(),
      ref_count: z.number().nullish(),
    })
    .optional(),
});
const Approvals = z.object({
  approved_by: z.array(z.object({ user: User, approved_at: z.string().nullish() })),
});
const Version = z.object({ head_commit_sha: z.string(), created_at: z.string() });
const Reviewer = z.object({ user: User, state: z.string(), created_at: z.string().nullish() });

/** The request as GitLab has it. */
export async function readMergeRequest(client: HttpClient, reference: ChangeReference): Promise<MergeRequest> {
  const target = mergeRequestPath(reference);
  return ask(client, { method: 'GET', target }, MergeRequest, `merge request ${reference.number}`);
}

/** @throws SallyportError SP2406 while GitLab still prepares the request */
export async function readGitlabChange(client: HttpClient, reference: ChangeReference): Promise<ForgeChange> {
  const request = await readMergeRequest(client, reference);
  const { sha, author, diff_refs: refs } = request;
  if (sha === null)
    throw new SallyportError('SP2406', `merge request ${reference.number} has no commit yet`, {
      advice: 'GitLab still prepares it; run the job again.',
    });
  return {
    reference: { ...reference, headCommit: sha, baseCommit: refs?.start_sha },
    author: author.username,
    ...(await readPushers(client, request)),
    targetBranch: request.target_branch,
    labels: request.labels,
    fromFork: request.source_project_id !== request.target_project_id,
    mergeBase: refs?.base_sha,
  };
}

/** The last common commit of a commit and a branch that holds it is the commit itself. */
export async function isOnGitlabBranch(
  client: HttpClient,
  reference: ChangeReference,
  commit: string,
  branch: string,
): Promise<boolean> {
  const refs = [commit, branch].map((ref) => `refs[]=${encodeURIComponent(ref)}`).join('&');
  const target = `${projectPath(reference)}/repository/merge_base?${refs}`;
  const reply = await client.send({ method: 'GET', target });
  return isSuccess(reply) && parseAnswer(reply, Commit, 'the merge base').id === commit;
}

/** Whether it is a bot, as GitLab says; undefined where it does not tell this token. */
async function isBot(client: HttpClient, id: number): Promise<boolean | undefined> {
  const reply = await client.send({ method: 'GET', target: `/users/${id}` });
  return isSuccess(reply) ? parseAnswer(reply, Bot, 'the author').bot : undefined;
}

/**
 * The push that brought the head to the branch and those before it, by GitLab's own record; the author of a commit proves
 * nothing. The push of a tag that is called like the branch brings nothing to it.
 */
async function readPushers(
  client: HttpClient,
  { source_project_id, source_branch, sha, diff_refs }: MergeRequest,
): Promise<{ readonly lastPusher: string | undefined; readonly pushers: Pushers }> {
  if (source_project_id === null || sha === null)
    return { lastPusher: undefined, pushers: { logins: [], complete: false } };
  const list = { entry: Event, what: 'the pushes to the branch', pages: PAGES_OF_PUSHES };
  const pushesOf = (events: readonly z.infer<typeof Event>[]) =>
    events.flatMap((event) => pushOf(event, source_branch));
  const trace = (pushes: readonly Push[]): Pushers => tracePushers(pushes, sha, diff_refs?.base_sha);
  const path = `/projects/${source_project_id}/events?action=pushed`;
  const events = await askUntil(client, path, list, (found) => trace(pushesOf(found)).complete);
  const pushes = pushesOf(events);
  return { lastPusher: pushes.find(({ after }) => after === sha)?.by, pushers: trace(pushes) };
}

/** Of a push of many branches at once GitLab keeps how many they were, and not which. */
function pushOf({ author_username, push_data: push }: z.infer<typeof Event>, branch: string): readonly Push[] {
  if (push === undefined || push.ref_type === 'tag') return [];
  if ((push.ref_count ?? 0) > 0) return [{ by: author_username, before: undefined, after: undefined }];
  const after = commitOf(push.commit_to);
  if (push.ref !== branch || after === undefined) return [];
  return [{ by: author_username, before: commitOf(push.commit_from), after }];
}

/**
 * Who approved, and who wants changes. GitLab does not say which commit an approval saw. It says when it was given and
 * when each version of the request came: the commit is the one that the request was at then, and undefined where no
 * version is that old or the list cannot be had. Who wants changes now has taken an approval back, in whatever order both
 * are listed: of a wish GitLab tells only when the reviewer was asked.
 */
export async function readGitlabReviews(
  client: HttpClient,
  reference: ChangeReference,
): Promise<readonly ForgeReview[]> {
  const path = mergeRequestPath(reference);
  const what = `the approvals of merge request ${reference.number}`;
  const { approved_by } = await ask(client, { method: 'GET', target: `${path}/approvals` }, Approvals, what);
  const approvals = approved_by.map(({ user, approved_at }) => ({
    user,
    at: approved_at ?? '',
    state: 'approved' as const,
  }));
  const wishes = (await readReviewers(client, path, what))
    .filter(({ state }) => state === 'requested_changes')
    .map(({ user, created_at }) => ({ user, at: created_at ?? '', state: 'changes-requested' as const }));
  const versions = approvals.length === 0 ? [] : await readVersions(client, path, what);
  const standing = approvals.filter(({ user }) => !wishes.some((wish) => wish.user.id === user.id));
  const reviews: ForgeReview[] = [];
  for (const { user, at, state } of [...standing, ...wishes]) {
    const commit = state === 'approved' ? headAt(versions, at) : undefined;
    reviews.push({
      login: user.username,
      accountId: String(user.id),
      state,
      commit,
      at,
      // Only who is said to be a person approves; a wish for changes stands unless it is said to be a bot's.
      bot: (await isBot(client, user.id)) ?? state === 'approved',
    });
  }
  return reviews;
}

type Version = z.infer<typeof Version>;

async function readVersions(client: HttpClient, path: string, what: string): Promise<readonly Version[]> {
  const reply = await client.send({ method: 'GET', target: `${path}/versions?per_page=1` });
  return isSuccess(reply) ? askAll(client, `${path}/versions`, Version, what) : [];
}

/**
 * The head of the newest version that was there before a moment: nobody has seen what came in the same one. A later
 * version of the same head is one against another target (GitLab makes one when the target is changed): then undefined.
 */
function headAt(versions: readonly Version[], at: string): string | undefined {
  const moment = Date.parse(at);
  const inOrder = versions.toSorted((one, other) => Date.parse(other.created_at) - Date.parse(one.created_at));
  const seen = inOrder.find(({ created_at }) => Date.parse(created_at) < moment);
  const [newest] = inOrder;
  return seen === newest || seen?.head_commit_sha !== newest?.head_commit_sha ? seen?.head_commit_sha : undefined;
}

/** Older versions do not have the list. */
async function readReviewers(
  client: HttpClient,
  path: string,
  what: string,
): Promise<readonly z.infer<typeof Reviewer>[]> {
  const reply = await client.send({ method: 'GET', target: `${path}/reviewers` });
  return reply.status === 404 ? [] : askAll(client, `${path}/reviewers`, Reviewer, what);
}
