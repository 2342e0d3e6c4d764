/** What a forge does not tell is not taken for granted: neither who pushed, nor what was approved, nor where a commit is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Forge, type ForgeName, openForge } from '../../src/forges/index.ts';
import { TOKEN as AZURE, STRANGER, startAzure, voteThread } from './support/azure-server.ts';
import { type ForgeServer, manualTime } from './support/forge-server.ts';
import { TOKEN as GITEA, startGitea } from './support/gitea-server.ts';
import { BASE, TOKEN as GITHUB, HEAD, MERGE_BASE, OLDER, startGithub } from './support/github-server.ts';
import { TOKEN as GITLAB, START, startGitlab } from './support/gitlab-server.ts';

const REPOSITORIES = { github: 'acme/app', gitea: 'acme/app', gitlab: 'group/sub/app', azure: 'my project/app' };
const TOKENS = { github: GITHUB, gitea: GITEA, gitlab: GITLAB, azure: AZURE };
const REFUSED = { status: 403, body: { message: 'no' } };

const referenceOf = (forge: ForgeName) => {
  return { repository: REPOSITORIES[forge], number: 7, headCommit: HEAD, baseCommit: undefined };
};
const open = (forge: ForgeName, { url }: ForgeServer): Forge =>
  openForge({ forge, apiUrl: url, token: TOKENS[forge] }, manualTime());

describe('a commit is on no branch', () => {
  for (const [forge, start, path, commit] of [
    ['github', startGithub, /\/compare\//, OLDER],
    ['gitlab', startGitlab, /\/repository\/merge_base$/, START],
    ['gitea', startGitea, /\/branches\/main$/, BASE],
    ['azure', startAzure, /\/refs$/, BASE],
  ] as const)
    it(`that ${forge} does not show`, async () => {
      await using server = await start();
      const isOn = () => open(forge, server).isOnBranch(referenceOf(forge), commit, 'main');
      assert.equal(await isOn(), true);
      server.faults.push({ method: 'GET', path, reply: REFUSED });
      assert.equal(await isOn(), false);
    });
});

describe('the pushers of a branch that is gone are not known', () => {
  const NOBODY = { lastPusher: undefined, pushers: { logins: [], complete: false } };

  it('on GitHub, where the fork was deleted', async () => {
    await using github = await startGithub();
    const pull = {
      ...{ user: { login: 'ada' }, labels: [], head: { sha: HEAD, ref: 'topic', repo: null } },
      base: { sha: BASE, ref: 'main', repo: { full_name: 'acme/app' } },
    };
    github.faults.push({ method: 'GET', path: /\/pulls\/7$/, reply: { status: 200, body: pull } });
    const { lastPusher, pushers, fromFork } = await open('github', github).readChange(referenceOf('github'));
    assert.deepEqual({ lastPusher, pushers }, NOBODY);
    assert.equal(fromFork, true);
  });

  it('on GitLab, where the project was deleted', async () => {
    await using gitlab = await startGitlab();
    const { readChange } = open('gitlab', gitlab);
    const request = {
      ...{ sha: HEAD, author: { id: 3, username: 'ada' }, labels: [], target_branch: 'main', source_branch: 'topic' },
      ...{ source_project_id: null, target_project_id: 9 },
      diff_refs: { base_sha: MERGE_BASE, head_sha: HEAD, start_sha: START },
    };
    const answer = (body: object) =>
      gitlab.faults.push({ method: 'GET', path: /\/merge_requests\/7$/, reply: { status: 200, body } });
    answer(request);
    const { lastPusher, pushers, fromFork } = await readChange(referenceOf('gitlab'));
    assert.deepEqual({ lastPusher, pushers }, NOBODY);
    assert.equal(fromFork, true);
    answer({ ...request, sha: null });
    await assert.rejects(readChange(referenceOf('gitlab')), { code: 'SP2406' }, 'a request without a commit');
  });
});

it('a push on Azure that does not say which branch makes its pusher one of this, and the list is not whole', async () => {
  await using azure = await startAzure({ pushes: [{ pushedBy: { uniqueName: 'mallory' }, refUpdates: null }] });
  const { pushers } = await open('azure', azure).readChange(referenceOf('azure'));
  assert.ok(pushers.logins.includes('mallory'));
  assert.equal(pushers.complete, false);
});

it('a push on Azure to another branch, or one that deleted this, brought nothing to it', async () => {
  const push = (uniqueName: string, name: string, newObjectId: string) => {
    return { pushedBy: { uniqueName }, refUpdates: [{ name, oldObjectId: '0'.repeat(40), newObjectId }] };
  };
  const elsewhere = push('mallory', 'refs/heads/other', HEAD);
  const gone = push('carol', 'refs/heads/topic', '0'.repeat(40));
  await using azure = await startAzure({ pushes: [gone, elsewhere, push('owner', 'refs/heads/topic', HEAD)] });
  const { pushers } = await open('azure', azure).readChange(referenceOf('azure'));
  assert.deepEqual(pushers, { logins: ['owner', 'eve@example.test'], complete: true });
});

describe('a vote on Azure', () => {
  const approval = async (thread: object, pushes: { readonly moment?: boolean } = {}) => {
    await using azure = await startAzure();
    azure.state.votes.push({ ...STRANGER, vote: 10 });
    azure.state.threads.push({ ...voteThread(1, STRANGER, 10, '2026-05-02T12:00:00Z'), ...thread });
    if (pushes.moment === false) azure.state.iterations.push({ id: 3, createdDate: null, sourceRefCommit: null });
    const [review] = await open('azure', azure).readReviews(referenceOf('azure'));
    return review?.commit;
  };

  it('whose remark was deleted, names no moment or no comment, is bound to nothing', async () => {
    assert.equal(await approval({}), HEAD);
    for (const thread of [{ isDeleted: true }, { publishedDate: null }, { comments: null }, { properties: null }])
      assert.equal(await approval(thread), undefined, JSON.stringify(thread));
  });

  it('is not bound to the newest head where a later push does not say when it came', async () => {
    assert.equal(await approval({}, { moment: false }), HEAD);
  });
});

it('a list of events on Gitea that is longer than is read is no list: the target may have been changed in it', async () => {
  const approval = { id: 1, user: { id: 8, login: 'bob' }, state: 'APPROVED', commit_id: HEAD, submitted_at: null };
  const timeline = Array.from({ length: 2500 }, (_, at) => ({ type: 'comment', id: at, user: { login: 'carol' } }));
  await using gitea = await startGitea({ others: [approval], timeline: timeline.slice(0, 2400) });
  const { readReviews } = open('gitea', gitea);
  assert.equal((await readReviews(referenceOf('gitea')))[0]?.commit, HEAD);
  gitea.state.timeline.push(...timeline.slice(2400));
  await assert.rejects(readReviews(referenceOf('gitea')), { code: 'SP2406' });
});
