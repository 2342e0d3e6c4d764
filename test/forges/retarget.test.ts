/** An approval is for the target that the request had when it was given: a stacked request is not approved for the trunk. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ForgeName, openForge } from '../../src/forges/index.ts';
import { TOKEN as AZURE, FIRST, startAzure, voteThread } from './support/azure-server.ts';
import { manualTime } from './support/forge-server.ts';
import { TOKEN as GITEA, startGitea } from './support/gitea-server.ts';
import { TOKEN as GITHUB, HEAD, startGithub } from './support/github-server.ts';
import { TOKEN as GITLAB, startGitlab } from './support/gitlab-server.ts';

const BEFORE = '2026-05-03T09:00:00Z';
const RETARGETED = '2026-05-03T10:00:00Z';
const AFTER = '2026-05-03T11:00:00Z';
const ALICE = { id: 3, login: 'alice-a', username: 'alice-a', uniqueName: 'alice-a', type: 'User' };
const VOTER = { id: 'guid-of-alice', uniqueName: 'alice-a' };

interface Case {
  /** When alice approved, and what happened to the request. */
  readonly approved: string;
  readonly retargeted: readonly string[];
  /** Events that are none of the target. */
  readonly noise?: number;
}

type Reader = (state: Case) => Promise<readonly (string | undefined)[]>;

async function commitsOf(forge: ForgeName, apiUrl: string, token: string): Promise<readonly (string | undefined)[]> {
  const repository = forge === 'gitlab' ? 'group/sub/app' : forge === 'azure' ? 'my project/app' : 'acme/app';
  const reference = { repository, number: 7, headCommit: HEAD, baseCommit: undefined };
  const reviews = await openForge({ forge, apiUrl, token }, manualTime()).readReviews(reference);
  return reviews.map(({ commit }) => commit);
}

const READERS: Readonly<Record<ForgeName, Reader>> = {
  github: async ({ approved, retargeted, noise = 0 }) => {
    const review = { user: ALICE, state: 'APPROVED', commit_id: HEAD, submitted_at: approved };
    const events = [
      ...Array.from({ length: noise }, (_, id) => ({ id, event: 'labeled', created_at: BEFORE })),
      ...retargeted.map((created_at) => ({ event: 'base_ref_changed', created_at })),
    ];
    await using github = await startGithub({ reviews: [review], events });
    return await commitsOf('github', github.url, GITHUB);
  },
  gitea: async ({ approved, retargeted, noise = 0 }) => {
    const review = {
      id: 1,
      user: ALICE,
      state: 'APPROVED',
      commit_id: HEAD,
      comments_count: 0,
      submitted_at: approved,
    };
    const timeline = [
      ...Array.from({ length: noise }, (_, id) => ({ id, type: 'comment', created_at: BEFORE })),
      ...retargeted.map((created_at) => ({ type: 'change_target_branch', created_at })),
    ];
    await using gitea = await startGitea({ others: [review], timeline });
    return await commitsOf('gitea', gitea.url, GITEA);
  },
  gitlab: async ({ approved, retargeted }) => {
    const made = ['2026-05-02T10:00:00Z', ...retargeted];
    const versions = made.map((created_at) => ({ head_commit_sha: HEAD, created_at })).toReversed();
    const approvals = { approved_by: [{ user: ALICE, approved_at: approved }] };
    await using gitlab = await startGitlab({ versions, approvals });
    return await commitsOf('gitlab', gitlab.url, GITLAB);
  },
  azure: async ({ approved, retargeted }) => {
    const iterations = retargeted.map((createdDate, index) => ({
      ...{ id: 3 + index, createdDate, reason: 'retarget', author: VOTER, sourceRefCommit: { commitId: HEAD } },
    }));
    const threads = [voteThread(1, VOTER, 10, approved)];
    await using azure = await startAzure({ votes: [{ ...VOTER, vote: 10 }], threads, iterations });
    return await commitsOf('azure', azure.url, AZURE);
  },
};

for (const forge of ['github', 'gitea', 'gitlab', 'azure'] as const)
  describe(`an approval on ${forge}`, () => {
    const read = READERS[forge];

    it('is for the head while the target stays', async () => {
      assert.deepEqual(await read({ approved: AFTER, retargeted: [] }), [HEAD]);
    });

    it('is bound to nothing when the target was changed after it', async () => {
      assert.deepEqual(await read({ approved: BEFORE, retargeted: [RETARGETED] }), [undefined]);
    });

    it('is bound to nothing when the target was changed in the same moment', async () => {
      assert.deepEqual(await read({ approved: RETARGETED, retargeted: [RETARGETED] }), [undefined]);
    });

    it('is for the head when it was given after the last change of the target', async () => {
      assert.deepEqual(await read({ approved: AFTER, retargeted: [BEFORE, RETARGETED] }), [HEAD]);
    });

    it('is bound to nothing when the target went away and came back', async () => {
      assert.deepEqual(await read({ approved: BEFORE, retargeted: [RETARGETED, AFTER] }), [undefined]);
    });
  });

describe('a change of the target', () => {
  it('is found behind pages of other events', async () => {
    assert.deepEqual(await READERS.github({ approved: BEFORE, retargeted: [RETARGETED], noise: 230 }), [undefined]);
    assert.deepEqual(await READERS.gitea({ approved: BEFORE, retargeted: [RETARGETED], noise: 130 }), [undefined]);
    assert.deepEqual(await READERS.gitea({ approved: AFTER, retargeted: [RETARGETED], noise: 130 }), [HEAD]);
  });

  it('counts when the forge made it, because the request below in a stack was merged', async () => {
    const review = { user: ALICE, state: 'APPROVED', commit_id: HEAD, submitted_at: BEFORE };
    const events = [{ event: 'automatic_base_change_succeeded', created_at: RETARGETED }];
    await using github = await startGithub({ reviews: [review], events });
    assert.deepEqual(await commitsOf('github', github.url, GITHUB), [undefined]);
  });

  it('unbinds every approval when its moment cannot be read', async () => {
    assert.deepEqual(await READERS.github({ approved: AFTER, retargeted: ['some day'] }), [undefined]);
  });

  it('ends the reading when the forge does not tell the events: silence is no proof that there was none', async () => {
    const review = { user: ALICE, state: 'APPROVED', commit_id: HEAD, submitted_at: AFTER };
    await using github = await startGithub({ reviews: [review] });
    github.faults.push({ method: 'GET', path: /events$/, reply: { status: 403, body: { message: 'no' } } });
    await assert.rejects(commitsOf('github', github.url, GITHUB), { code: 'SP2403' });
  });

  it('leaves a wish for changes standing', async () => {
    const review = { user: ALICE, state: 'CHANGES_REQUESTED', commit_id: HEAD, submitted_at: BEFORE };
    const approval = { ...review, user: { ...ALICE, login: 'bob-b' }, state: 'APPROVED' };
    const events = [{ event: 'base_ref_changed', created_at: RETARGETED }];
    await using github = await startGithub({ reviews: [review, approval], events });
    assert.deepEqual(await commitsOf('github', github.url, GITHUB), [HEAD, undefined]);
  });
});

describe('the last pusher on GitLab', () => {
  const push = (author_username: string, over: object = {}) => ({
    author_username,
    push_data: { commit_to: HEAD, ref: 'topic', ref_type: 'branch', ...over },
  });
  const lastPusher = async (...pushes: readonly ReturnType<typeof push>[]) => {
    await using gitlab = await startGitlab({ pushes });
    const reference = { repository: 'group/sub/app', number: 7, headCommit: HEAD, baseCommit: undefined };
    const forge = openForge({ forge: 'gitlab', apiUrl: gitlab.url, token: GITLAB }, manualTime());
    return (await forge.readChange(reference)).lastPusher;
  };

  it('is who pushed the branch, not who pushed a tag of its name afterwards', async () => {
    assert.equal(await lastPusher(push('helper', { ref_type: 'tag' }), push('mallory')), 'mallory');
    assert.equal(await lastPusher(push('helper'), push('mallory')), 'helper', 'who pushed the branch again');
    assert.equal(await lastPusher(push('helper', { ref_type: 'tag' })), undefined);
  });
});

describe('who approved on GitLab and wants changes now', () => {
  it('wants changes, whatever moment the list of reviewers tells', async () => {
    const approvals = { approved_by: [{ user: ALICE, approved_at: AFTER }] };
    const reviewers = [{ user: ALICE, state: 'requested_changes', created_at: BEFORE }];
    const versions = [{ head_commit_sha: HEAD, created_at: '2026-05-02T10:00:00Z' }];
    await using gitlab = await startGitlab({ approvals, reviewers, versions });
    const reference = { repository: 'group/sub/app', number: 7, headCommit: HEAD, baseCommit: undefined };
    const forge = openForge({ forge: 'gitlab', apiUrl: gitlab.url, token: GITLAB }, manualTime());
    const states = async () => (await forge.readReviews(reference)).map(({ state }) => state);
    assert.deepEqual(await states(), ['changes-requested']);
    gitlab.state.reviewers = [{ user: ALICE, state: 'approved', created_at: BEFORE }];
    assert.deepEqual(await states(), ['approved']);
  });
});

it('an approval on Azure of an older push stays one of that push', async () => {
  const threads = [voteThread(1, VOTER, 10, '2026-05-01T12:00:00Z')];
  await using azure = await startAzure({ votes: [{ ...VOTER, vote: 10 }], threads });
  assert.deepEqual(await commitsOf('azure', azure.url, AZURE), [FIRST]);
});
