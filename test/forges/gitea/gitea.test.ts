/** Posting to Gitea and Forgejo. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Forge, openForge } from '../../../src/forges/index.ts';
import { manualTime } from '../support/forge-server.ts';
import { BASE, BOT, type Gitea, HEAD, MERGE_BASE, STRANGER, startGitea, TOKEN } from '../support/gitea-server.ts';
import { fingerprint, referenceTo, remarkAt } from '../support/remarks.ts';

const CHANGE = referenceTo(HEAD);
const MARKER = '<!-- sallyport:summary:review -->';
const summary = (text: string) => ({ marker: MARKER, markdown: `${text}\n\n${MARKER}` });

function open(gitea: Gitea): Forge {
  return openForge({ forge: 'gitea', apiUrl: gitea.url, token: TOKEN }, manualTime());
}

describe('the change on Gitea', () => {
  it('is read; who pushed last is not told', async () => {
    await using gitea = await startGitea();
    assert.deepEqual(await open(gitea).readChange(CHANGE), {
      reference: { ...CHANGE, headCommit: HEAD, baseCommit: BASE },
      author: 'ada',
      lastPusher: undefined,
      pushers: { logins: [], complete: false },
      targetBranch: 'main',
      labels: ['old'],
      fromFork: false,
      mergeBase: MERGE_BASE,
    });
  });

  it('is compared with the tip of its target branch', async () => {
    await using gitea = await startGitea();
    assert.equal(await open(gitea).isOnBranch(CHANGE, BASE, 'main'), true);
    assert.equal(await open(gitea).isOnBranch(CHANGE, HEAD, 'main'), false);
    assert.equal(await open(gitea).isOnBranch(CHANGE, BASE, 'gone'), false);
  });

  it('has reviews with their commit; one that was dismissed is no approval', async () => {
    await using gitea = await startGitea();
    const review = { id: 1, user: STRANGER, state: 'APPROVED', commit_id: HEAD, comments_count: 0, submitted_at: 't' };
    gitea.state.others.push(review, { ...review, dismissed: true }, { ...review, state: 'REQUEST_REVIEW' });
    assert.deepEqual(await open(gitea).readReviews(CHANGE), [
      { login: 'gitea-action', accountId: String(STRANGER.id), state: 'approved', commit: HEAD, at: 't', bot: false },
      { login: 'gitea-action', accountId: String(STRANGER.id), state: 'dismissed', commit: HEAD, at: 't', bot: false },
    ]);
  });
});

it('has reviews beyond the first page, though Gitea gives no address of it', async () => {
  await using gitea = await startGitea();
  const review = { id: 1, user: STRANGER, state: 'COMMENT', commit_id: HEAD, comments_count: 0, submitted_at: 't' };
  for (let index = 0; index < 60; index++) gitea.state.others.push(review);
  gitea.state.others.push({ ...review, state: 'REQUEST_CHANGES' });
  const reviews = await open(gitea).readReviews(CHANGE);
  assert.deepEqual([reviews.length, reviews.at(-1)?.state], [61, 'changes-requested']);
});

it('has no review whose state is only the name of something that every object has', async () => {
  await using gitea = await startGitea();
  const review = { id: 1, user: STRANGER, state: 'constructor', commit_id: HEAD, comments_count: 0, submitted_at: 't' };
  gitea.state.others.push(review, { ...review, state: '__proto__' });
  assert.deepEqual(await open(gitea).readReviews(CHANGE), []);
});

describe('the summary on Gitea', () => {
  it('is written once and updated, and comments of others are left alone', async () => {
    await using gitea = await startGitea();
    gitea.state.comments.push({ id: 1, user: STRANGER, body: MARKER });
    await open(gitea).postSummary(CHANGE, summary('one'));
    assert.equal((await open(gitea).postSummary(CHANGE, summary('two'))).updated, 1);
    assert.deepEqual(
      gitea.state.comments.map(({ body }) => body),
      [MARKER, summary('two').markdown],
    );
  });
});

describe('remarks on Gitea', () => {
  it('stand at lines of the diff by their number on each side', async () => {
    await using gitea = await startGitea();
    const removed = remarkAt(3, { side: 'base', fingerprint: fingerprint(88) });
    const list = [remarkAt(4, { endLine: 5 }), removed, remarkAt(90), remarkAt(1, { path: 'picture.png' })];
    const report = await open(gitea).postRemarks(CHANGE, list);
    assert.deepEqual([report.created, report.refused.length], [2, 2]);
    const comments = gitea.state.reviews.flatMap((review) => review.comments);
    assert.deepEqual(
      comments.map(({ line }) => line),
      ['0 5', '3 0'],
    );
    assert.match(comments[0]?.body ?? '', /^Lines 4 to 5\.\n/);
    assert.equal((await open(gitea).postRemarks(CHANGE, list)).unchanged, 2);
  });

  for (const canResolve of [true, false]) {
    it(`are settled ${canResolve ? 'and resolved' : 'in words where threads cannot be resolved'}`, async () => {
      await using gitea = await startGitea({ canResolve });
      await open(gitea).postRemarks(CHANGE, [remarkAt(3)]);
      const { resolved } = await open(gitea).postRemarks(CHANGE, []);
      const [comment] = gitea.state.reviews.flatMap((review) => review.comments);
      assert.equal(resolved, 1);
      assert.match(comment?.body ?? '', /Settled/);
      assert.equal(comment?.resolver?.id, canResolve ? BOT.id : undefined);
      assert.equal((await open(gitea).postRemarks(CHANGE, [])).resolved, 0);
      const back = await open(gitea).postRemarks(CHANGE, [remarkAt(3)]);
      assert.equal(back.updated, 1);
    });
  }

  it('of others with our mark are not touched', async () => {
    await using gitea = await startGitea();
    const body = `<!-- sallyport:remark:${fingerprint(3)} -->`;
    gitea.state.reviews.push({ id: 5, user: STRANGER, comments: [{ id: 6, user: STRANGER, body }] });
    await open(gitea).postRemarks(CHANGE, []);
    assert.equal(gitea.sent('PATCH').length, 0);
  });
});

it('a status on Gitea fails for what a person must look at first', async () => {
  await using gitea = await startGitea();
  const post = { name: 'sallyport/gate', title: 'Look', summary: '', annotations: [], detailsUrl: undefined };
  await open(gitea).postCheck(CHANGE, { ...post, conclusion: 'action-required' });
  assert.deepEqual(gitea.state.statuses, [
    { state: 'failure', context: 'sallyport/gate', description: 'Look', sha: HEAD },
  ]);
});

it('labels on Gitea are made when they are not there, and taken away by number', async () => {
  await using gitea = await startGitea();
  await open(gitea).setLabels(CHANGE, ['ai-assisted'], ['old', 'never there']);
  const names = gitea.state.labels.filter(({ id }) => gitea.state.issueLabels.has(id)).map(({ name }) => name);
  assert.deepEqual(names, ['ai-assisted']);
});

it('a label that the repository has on a later page is not made again', async () => {
  await using gitea = await startGitea();
  for (let id = 100; id < 180; id++) gitea.state.labels.push({ id, name: `label ${id}` });
  await open(gitea).setLabels(CHANGE, ['label 179'], []);
  assert.equal(gitea.sent('POST', /\/labels$/).length, 1);
  assert.ok(gitea.state.issueLabels.has(179));
});
