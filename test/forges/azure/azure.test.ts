/** Posting to Azure Repos: threads, statuses of a push, votes without a commit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CheckPost, type Forge, openForge } from '../../../src/forges/index.ts';
import {
  type Azure,
  type AzureThread,
  BASE,
  BOT,
  FIRST,
  HEAD,
  MERGE_BASE,
  STRANGER,
  startAzure,
  TOKEN,
  TRIAL,
  voteThread,
} from '../support/azure-server.ts';
import { manualTime } from '../support/forge-server.ts';
import { fingerprint, referenceTo, remarkAt } from '../support/remarks.ts';

const CHANGE = referenceTo(HEAD, { repository: 'my project/app' });
const MARKER = '<!-- sallyport:summary:gate -->';
const summary = (text: string) => ({ marker: MARKER, markdown: `${text}\n\n${MARKER}` });
const CHECK: CheckPost = {
  name: 'sallyport/gate',
  conclusion: 'action-required',
  title: 'Look',
  summary: '',
  annotations: [],
  detailsUrl: undefined,
};

function open(azure: Azure, tokenKind: 'personal' | 'job' = 'job', token = TOKEN): Forge {
  return openForge({ forge: 'azure', apiUrl: `${azure.url}/`, token, tokenKind }, manualTime());
}

describe('the change on Azure', () => {
  it('is read with its commits, people and labels', async () => {
    await using azure = await startAzure();
    assert.deepEqual(await open(azure, 'personal').readChange(CHANGE), {
      reference: { ...CHANGE, headCommit: HEAD, baseCommit: BASE },
      author: 'eve@example.test',
      lastPusher: 'eve@example.test',
      pushers: { logins: ['eve@example.test'], complete: true },
      targetBranch: 'main',
      labels: ['old'],
      fromFork: false,
      mergeBase: MERGE_BASE,
      trialMerge: TRIAL,
    });
    assert.equal(await open(azure).isOnBranch(CHANGE, BASE, 'main'), true);
    assert.equal(await open(azure).isOnBranch(CHANGE, BASE, 'mai'), false);
  });

  it('has votes that name no commit without a remark about them; no vote and the vote of a group are none', async () => {
    await using azure = await startAzure();
    for (const vote of [10, 5, 0, -5, -10]) azure.state.votes.push({ ...STRANGER, vote });
    azure.state.votes.push({ ...STRANGER, vote: 10, isContainer: true }, { ...BOT, vote: 10 });
    const reviews = await open(azure).readReviews(CHANGE);
    assert.deepEqual(
      reviews.map(({ state, commit, bot }) => [state, commit, bot]),
      [
        ['approved', undefined, false],
        ['approved', undefined, false],
        ['changes-requested', undefined, false],
        ['changes-requested', undefined, false],
        ['approved', undefined, true],
      ],
    );
  });

  const approval = async (...threads: AzureThread[]) => {
    await using azure = await startAzure();
    azure.state.votes.push({ ...STRANGER, vote: 10 });
    azure.state.threads.push(...threads);
    const [review] = await open(azure).readReviews(CHANGE);
    return [review?.commit, review?.at];
  };
  const BEFORE = '2026-05-01T12:00:00Z';
  const AFTER = '2026-05-02T12:00:00Z';
  const SERVICE = { id: 'guid-of-the-service', isContainer: true };

  it('binds a vote to the push that was there when it was given', async () => {
    assert.deepEqual(await approval(voteThread(1, STRANGER, 10, AFTER)), [HEAD, AFTER]);
    assert.deepEqual(await approval(voteThread(1, STRANGER, 10, AFTER, SERVICE)), [HEAD, AFTER]);
    assert.deepEqual(await approval(voteThread(1, STRANGER, 10, BEFORE)), [FIRST, BEFORE]);
    assert.deepEqual(await approval(voteThread(1, STRANGER, -10, BEFORE), voteThread(2, STRANGER, 10, AFTER)), [
      HEAD,
      AFTER,
    ]);
  });

  it('binds a vote to no push that came in the same moment', async () => {
    assert.deepEqual(await approval(voteThread(1, STRANGER, 10, '2026-05-02T10:00:00Z')), [
      FIRST,
      '2026-05-02T10:00:00Z',
    ]);
    assert.equal((await approval(voteThread(1, STRANGER, 10, '2026-05-02T10:00:00.001Z')))[0], HEAD);
  });

  it('knows a voter by the list of identities of the remark', async () => {
    const thread = voteThread(1, STRANGER, 10, AFTER);
    const { CodeReviewVotedByTfId: _id, ...properties } = thread.properties ?? {};
    const named = { ...thread, properties: { ...properties, CodeReviewVotedByIdentity: { $value: '1' } } };
    assert.deepEqual(await approval({ ...named, identities: { '1': { id: STRANGER.id } } }), [HEAD, AFTER]);
    assert.deepEqual(await approval({ ...named, identities: { '1': { id: BOT.id } } }), [undefined, '']);
    assert.deepEqual(await approval({ ...named, identities: { '2': { id: STRANGER.id } } }), [undefined, '']);
  });

  it('binds nothing to a remark that somebody else wrote, that is of another vote or that the system did not write', async () => {
    const genuine = voteThread(1, STRANGER, 10, AFTER);
    const [comment] = genuine.comments;
    assert.ok(comment);
    for (const [name, thread] of Object.entries({
      'somebody else': voteThread(1, STRANGER, 10, AFTER, { id: 'guid-of-mallory' }),
      'another voter': voteThread(1, BOT, 10, AFTER),
      'another vote': voteThread(1, STRANGER, 5, AFTER),
      'no moment': voteThread(1, STRANGER, 10, 'yesterday'),
      'before any push': voteThread(1, STRANGER, 10, '2026-04-01T00:00:00Z'),
      'written as a remark': { ...genuine, comments: [{ ...comment, commentType: 'text' }] },
      'without a comment': { ...genuine, comments: [] },
    }))
      assert.equal((await approval(thread))[0], undefined, name);
    const later = voteThread(2, STRANGER, 0, '2026-05-03T00:00:00Z');
    assert.deepEqual(await approval(genuine, later), [undefined, ''], 'a vote that was taken back');
  });

  it('is not read with a token that only gets the page to sign in', async () => {
    await using azure = await startAzure();
    await assert.rejects(open(azure, 'job', 'other').readChange(CHANGE), { code: 'SP2403' });
    await assert.rejects(open(azure, 'job', 'other').postCheck(CHANGE, CHECK), { code: 'SP2403' });
  });
});

describe('the summary on Azure', () => {
  it('is one closed thread that is kept up to date; threads of others are left alone', async () => {
    await using azure = await startAzure();
    const comment = { id: 1, content: MARKER, commentType: 'text', author: STRANGER };
    azure.state.threads.push({ id: 1, status: 'active', comments: [comment] });
    await open(azure).postSummary(CHANGE, summary('one'));
    assert.equal((await open(azure).postSummary(CHANGE, summary('two'))).updated, 1);
    assert.deepEqual(
      azure.state.threads.map(({ status, comments }) => [status, comments[0]?.content]),
      [
        ['active', MARKER],
        ['closed', summary('two').markdown],
      ],
    );
  });

  it('ends as one when two jobs post at the same time', async () => {
    await using azure = await startAzure();
    await Promise.all([open(azure).postSummary(CHANGE, summary('a')), open(azure).postSummary(CHANGE, summary('b'))]);
    assert.equal(azure.state.threads.length, 1);
  });
});

describe('remarks on Azure', () => {
  it('stand in changed files, are updated, settled and opened again', async () => {
    await using azure = await startAzure();
    const first = await open(azure).postRemarks(CHANGE, [remarkAt(3), remarkAt(9, { path: 'other.py' })]);
    assert.deepEqual([first.created, first.refused.length], [1, 1]);
    assert.deepEqual(azure.state.threads[0]?.threadContext, {
      filePath: '/src/app.py',
      rightFileStart: { line: 3, offset: 1 },
      rightFileEnd: { line: 3, offset: 1 },
    });
    assert.equal((await open(azure).postRemarks(CHANGE, [remarkAt(3)])).unchanged, 1);
    assert.equal((await open(azure).postRemarks(CHANGE, [])).resolved, 1);
    assert.equal(azure.state.threads[0]?.status, 'fixed');
    assert.equal((await open(azure).postRemarks(CHANGE, [remarkAt(3)])).updated, 1);
    assert.equal(azure.state.threads[0]?.status, 'active');
  });

  it('that a person closed stay closed, and those of others are not touched', async () => {
    await using azure = await startAzure();
    await open(azure).postRemarks(CHANGE, [remarkAt(3)]);
    const [ours] = azure.state.threads;
    assert.ok(ours);
    ours.status = 'byDesign';
    const content = `<!-- sallyport:remark:${fingerprint(5)} -->`;
    const comment = { id: 1, content, commentType: 'text', author: STRANGER };
    azure.state.threads.push({ id: 1, status: 'active', threadContext: { filePath: '/a' }, comments: [comment] });
    await open(azure).postRemarks(CHANGE, [remarkAt(3, { markdown: 'New words' })]);
    assert.equal(ours.status, 'byDesign');
    assert.equal(azure.sent('PATCH').length, 0);
  });

  it('are not sent when the head has moved meanwhile', async () => {
    await using azure = await startAzure({ head: 'e'.repeat(40) });
    await assert.rejects(open(azure).postRemarks(CHANGE, [remarkAt(3)]), { code: 'SP2407' });
    await assert.rejects(open(azure).postCheck(CHANGE, CHECK), { code: 'SP2407' });
    assert.equal(azure.sent('POST').length, 0);
  });
});

it('the status on Azure is of the push that was looked at, or of a commit without a request', async () => {
  await using azure = await startAzure();
  await open(azure).postCheck(CHANGE, CHECK);
  await open(azure).postCheck({ ...CHANGE, number: undefined }, { ...CHECK, conclusion: 'success' });
  const status = { description: 'Look', context: { genre: 'sallyport', name: 'gate' } };
  assert.deepEqual(azure.state.statuses, [
    { ...status, state: 'failed', iterationId: 2 },
    { ...status, state: 'succeeded' },
  ]);
});

it('labels on Azure are added and taken away', async () => {
  await using azure = await startAzure();
  await open(azure).setLabels(CHANGE, ['ai assisted'], ['old', 'never there']);
  assert.deepEqual([...azure.state.labels], ['ai assisted']);
});
