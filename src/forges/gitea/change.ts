import { z } from 'zod';
import { ask, askAll, askUntil, askUntilEmpty, isSuccess, parseAnswer } from '../http/answer.ts';
import type { HttpClient } from '../http/client.ts';
import type { ChangeReference, ForgeChange, ForgeReview } from '../model.ts';
import type { Pushers } from '../pushers.ts';
import { repositoryPath, requireNumber } from '../reference.ts';
import { unbindRetargeted } from '../retarget.ts';

const User = z.object({ id: z.number(), login: z.string() });
const Side = z.object({
  sha: z.string(),
  ref: z.string(),
  repo: z.object({ id: z.number() }).nullish(),
});
const Pull = z.object({
  user: User.nullable(),
  head: Side,
  base: Side,
  labels: z.array(z.object({ name: z.string() })).nullish(),
  merge_base: z.string().nullish(),
});
const Branch = z.object({ commit: z.object({ id: z.string() }) });
const Review = z.object({
  id: z.number(),
  user: User.nullable(),
  state: z.string(),
  commit_id: z.string().nullish(),
  submitted_at: z.string().nullish(),
  dismissed: z.boolean().optional(),
});

const TimelineEntry = z.object({
  type: z.string().nullish(),
  created_at: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

const GHOST = 'ghost';

/** The oldest entries come first, and whoever pushed late matters as much. */
const PAGES_OF_TIMELINE = 50;

/**
 * Gitea does not tell who pushed before the request was opened, and so not always who pushed last; nor who is a bot but
 * its own.
 */
export async function readGiteaChange(client: HttpClient, reference: ChangeReference): Promise<ForgeChange> {
  const number = requireNumber(reference);
  const target = `${repositoryPath(reference)}/pulls/${number}`;
  const { user, head, base, labels, merge_base } = await ask(
    client,
    { method: 'GET', target },
    Pull,
    `pull request ${number}`,
  );
  return {
    reference: { ...reference, headCommit: head.sha, baseCommit: base.sha },
    author: user?.login ?? GHOST,
    lastPusher: undefined,
    pushers: await readPushers(client, reference),
    targetBranch: base.ref,
    labels: (labels ?? []).map(({ name }) => name),
    fromFork: head.repo?.id === undefined || head.repo.id !== base.repo?.id,
    mergeBase: merge_base ?? undefined,
  };
}

/**
 * Gitea writes a remark into the timeline of the request for each push, with the account of the pusher. There is none for
 * what was pushed before, and newer versions remove those of before a forced push: these are never all.
 */
async function readPushers(client: HttpClient, reference: ChangeReference): Promise<Pushers> {
  const path = `${repositoryPath(reference)}/issues/${requireNumber(reference)}/timeline`;
  const what = `the events of pull request ${reference.number}`;
  const list = { entry: TimelineEntry, what, pages: PAGES_OF_TIMELINE, isNumbered: true };
  const timeline = await askUntil(client, path, list, () => false);
  const logins = timeline.flatMap(({ type, user }) => (type === 'pull_push' && user ? [user.login] : []));
  return { logins: [...new Set(logins)], complete: false };
}

/** Gitea tells the tip of a branch and nothing of its history. */
export async function isTipOfGiteaBranch(
  client: HttpClient,
  reference: ChangeReference,
  commit: string,
  branch: string,
): Promise<boolean> {
  const target = `${repositoryPath(reference)}/branches/${encodeURIComponent(branch)}`;
  const reply = await client.send({ method: 'GET', target });
  return isSuccess(reply) && parseAnswer(reply, Branch, 'the target branch').commit.id === commit;
}

/** Gitea's own accounts have numbers below zero. */
function isBot(user: z.infer<typeof User> | null): boolean {
  return user !== null && user.id < 0;
}

const STATES: ReadonlyMap<string, ForgeReview['state']> = new Map([
  ['APPROVED', 'approved'],
  ['REQUEST_CHANGES', 'changes-requested'],
  ['COMMENT', 'commented'],
]);

/** Every submitted review. An approval from before the target was changed names no commit. */
export async function readGiteaReviews(
  client: HttpClient,
  reference: ChangeReference,
): Promise<readonly ForgeReview[]> {
  const number = requireNumber(reference);
  const path = repositoryPath(reference);
  const what = `the reviews of pull request ${number}`;
  const submitted = await askAll(client, `${path}/pulls/${number}/reviews`, Review, what);
  const reviews = submitted.flatMap(({ user, state, commit_id, submitted_at, dismissed }): readonly ForgeReview[] => {
    const known = STATES.get(state);
    if (known === undefined) return [];
    const shown = dismissed === true ? 'dismissed' : known;
    const at = submitted_at ?? '';
    const [login, accountId] = [user?.login ?? GHOST, user?.id.toString()];
    return [{ login, accountId, state: shown, commit: commit_id ?? undefined, at, bot: isBot(user) }];
  });
  if (!reviews.some(({ state }) => state === 'approved')) return reviews;
  const events = `the events of pull request ${number}`;
  const timeline = await askUntilEmpty(client, `${path}/issues/${number}/timeline`, TimelineEntry, events);
  const retargets = timeline.filter(({ type }) => type === 'change_target_branch');
  return unbindRetargeted(
    reviews,
    retargets.map(({ created_at }) => created_at ?? ''),
  );
}
