/** Posting to GitLab: notes, discussions at lines, statuses, approvals that name no commit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CheckPost, type Forge, openForge } from '../../../src/forges/index.ts';
import { manualTime } from '../support/forge-server.ts';
import { BOT, type Gitlab, HEAD, MERGE_BASE, START, STRANGER, startGitlab, TOKEN } from '../support/gitlab-server.ts';
import { fingerprint, referenceTo, remarkAt } from '../support/remarks.ts';

const CHANGE = referenceTo(HEAD, { repository: 'group/sub/app' });
const MARKER = '<!-- sallyport:summary:gate -->';
const summary = (text: string) => ({ marker: MARKER, markdown: `${text}\n\n${MARKER}` });
const CHECK: CheckPost = {
  name: 'sallyport/gate',
  conclusion: 'action-required',
  title: 'é'.repeat(300),
  summary: '',
  annotations: [],
  detailsUrl: 'https://ci.test/1',
};

function open(gitlab: Gitlab, tokenKind: 'personal' | 'job' = 'personal'): Forge {
  return openForge({ forge: 'gitlab', apiUrl: gitlab.url, token: TOKEN, tokenKind }, manualTime());
}

describe('the change on GitLab', () => {
  it('is read with its commits, people and labels', async () => {
    await using gitlab = await startGitlab();
    assert.deepEqual(await open(gitlab).readChange(CHANGE), {
      reference: { ...CHANGE, headCommit: HEAD, baseCommit: START },
      author: 'ada',
      lastPusher: 'pusher',
      pushers: { logins: ['pusher'], complete: true },
      targetBranch: 'main',
      labels: ['old'],
      fromFork: false,
      mergeBase: MERGE_BASE,
    });
  });

  it('is compared with a commit of its target branch', async () => {
    await using gitlab = await startGitlab();
    assert.equal(await open(gitlab).isOnBranch(CHANGE, START, 'main'), true);
    assert.equal(await open(gitlab).isOnBranch(CHANGE, HEAD, 'main'), false);
  });

  it('has no approval of a person where it does not say that somebody is one, and every wish for changes', async () => {
    await using gitlab = await startGitlab();
    const hidden = { id: 404, username: 'hidden' };
    gitlab.state.approvals = { approved_by: [{ user: hidden, approved_at: '2026-01-01T00:00:00Z' }] };
    const kind = async () => (await open(gitlab).readReviews(CHANGE)).map(({ state, bot }) => `${state} ${bot}`);
    assert.deepEqual(await kind(), ['approved true']);
    gitlab.state.reviewers = [{ user: hidden, state: 'requested_changes', created_at: '2026-01-02T00:00:00Z' }];
    assert.deepEqual(await kind(), ['changes-requested false']);
  });

  it('has approvals that are bound to no commit where versions are not told, and wishes for changes where there is a list of reviewers', async () => {
    await using gitlab = await startGitlab();
    gitlab.state.approvals = {
      approved_by: [
        { user: { id: 3, username: 'ada' }, approved_at: '2026-01-01T00:00:00Z' },
        { user: BOT, approved_at: null },
      ],
    };
    const approvals = [
      { login: 'ada', accountId: '3', state: 'approved', commit: undefined, at: '2026-01-01T00:00:00Z', bot: false },
      { login: BOT.username, accountId: String(BOT.id), state: 'approved', commit: undefined, at: '', bot: true },
    ];
    assert.deepEqual(await open(gitlab).readReviews(CHANGE), approvals);
    gitlab.state.reviewers = [
      { user: { id: 3, username: 'ada' }, state: 'requested_changes', created_at: '2026-01-02T00:00:00Z' },
      { user: { id: 3, username: 'ada' }, state: 'unreviewed', created_at: '2026-01-02T00:00:00Z' },
    ];
    assert.equal((await open(gitlab).readReviews(CHANGE)).at(-1)?.state, 'changes-requested');
  });
});

describe('an approval on GitLab', () => {
  it('is for the version that the request was at when it was given, and for none that came later', async () => {
    const [old, head] = ['e'.repeat(40), HEAD];
    await using gitlab = await startGitlab({
      approvals: {
        approved_by: [
          '2026-01-01T00:00:00Z',
          '2026-01-02T12:00:00.5Z',
          '2025-12-01T00:00:00Z',
          '2026-01-02T12:00:00.000Z',
        ].map((at, index) => ({
          user: { id: 3 + index, username: `person${index}` },
          approved_at: at,
        })),
      },
      versions: [
        { head_commit_sha: head, created_at: '2026-01-02T12:00:00Z' },
        { head_commit_sha: old, created_at: '2025-12-31T00:00:00.000Z' },
      ],
    });
    const reviews = await open(gitlab).readReviews(CHANGE);
    assert.deepEqual(
      reviews.map(({ commit }) => commit),
      [old, head, undefined, old],
    );
  });
});

describe('the summary on GitLab', () => {
  it('is written once and updated, and notes of others and of the system are left alone', async () => {
    await using gitlab = await startGitlab();
    const note = { type: null, body: MARKER, system: false, author: STRANGER };
    gitlab.state.notes.push({ ...note, id: 1 }, { ...note, id: 2, author: BOT, system: true });
    assert.equal((await open(gitlab).postSummary(CHANGE, summary('one'))).created, 1);
    assert.equal((await open(gitlab).postSummary(CHANGE, summary('two'))).updated, 1);
    assert.deepEqual(
      gitlab.state.notes.map(({ body }) => body),
      [MARKER, MARKER, summary('two').markdown],
    );
  });

  it('ends as one when two jobs post at the same time', async () => {
    await using gitlab = await startGitlab();
    await Promise.all([open(gitlab).postSummary(CHANGE, summary('a')), open(gitlab).postSummary(CHANGE, summary('b'))]);
    assert.equal(gitlab.state.notes.length, 1);
  });

  it('is refused to the token of a job', async () => {
    await using gitlab = await startGitlab({ token: 'job' });
    await assert.rejects(open(gitlab, 'job').postSummary(CHANGE, summary('a')), { code: 'SP2403' });
    assert.equal(gitlab.calls[0]?.headers['job-token'], TOKEN);
    assert.equal(gitlab.calls[0]?.headers.authorization, undefined);
  });
});

describe('remarks on GitLab', () => {
  it('stand at added, removed and unchanged lines, under both names of the file', async () => {
    await using gitlab = await startGitlab();
    const report = await open(gitlab).postRemarks(CHANGE, [
      remarkAt(3),
      remarkAt(6),
      remarkAt(3, { side: 'base', path: 'src/old.py', fingerprint: fingerprint(77) }),
      remarkAt(40),
    ]);
    assert.deepEqual([report.created, report.refused.length], [3, 1]);
    assert.deepEqual(
      gitlab.state.discussions.map(({ notes: [note] }) => [note?.position?.['new_line'], note?.position?.['old_line']]),
      [
        [3, undefined],
        [6, 5],
        [undefined, 3],
      ],
    );
  });

  it('are updated, resolved and opened again', async () => {
    await using gitlab = await startGitlab();
    await open(gitlab).postRemarks(CHANGE, [remarkAt(3), remarkAt(4)]);
    const second = await open(gitlab).postRemarks(CHANGE, [remarkAt(3, { markdown: 'New words' })]);
    assert.deepEqual([second.updated, second.resolved, second.created], [1, 1, 0]);
    assert.deepEqual(
      gitlab.state.discussions.map(({ notes: [note] }) => note?.resolved),
      [false, true],
    );
    await open(gitlab).postRemarks(CHANGE, [remarkAt(3, { markdown: 'New words' }), remarkAt(4)]);
    assert.deepEqual(
      gitlab.state.discussions.map(({ notes: [note] }) => note?.resolved),
      [false, false],
    );
  });

  it('of others with our mark are not touched', async () => {
    await using gitlab = await startGitlab();
    const body = `<!-- sallyport:remark:${fingerprint(3)} -->`;
    const note = { id: 1, type: 'DiffNote', body, system: false, author: STRANGER, resolved: false };
    gitlab.state.discussions.push({ id: 'theirs', notes: [note] });
    await open(gitlab).postRemarks(CHANGE, []);
    assert.equal(gitlab.sent('PUT').length, 0);
  });

  it('are not sent when the head has moved meanwhile', async () => {
    await using gitlab = await startGitlab({ head: 'e'.repeat(40) });
    await assert.rejects(open(gitlab).postRemarks(CHANGE, [remarkAt(3)]), { code: 'SP2407' });
    assert.equal(gitlab.state.discussions.length, 0);
  });

  it('end as one for each finding when two jobs post at the same time', async () => {
    await using gitlab = await startGitlab();
    await Promise.all([
      open(gitlab).postRemarks(CHANGE, [remarkAt(3)]),
      open(gitlab).postRemarks(CHANGE, [remarkAt(3)]),
    ]);
    assert.equal(gitlab.state.discussions.length, 1);
  });
});

describe('the check on GitLab', () => {
  it('is a commit status that may be set to what it is', async () => {
    await using gitlab = await startGitlab();
    await open(gitlab).postCheck(CHANGE, CHECK);
    await open(gitlab).postCheck(CHANGE, CHECK);
    assert.deepEqual([...gitlab.state.statuses], [['sallyport/gate', 'failed']]);
    await open(gitlab).postCheck(CHANGE, { ...CHECK, conclusion: 'success' });
    assert.deepEqual([...gitlab.state.statuses], [['sallyport/gate', 'success']]);
  });

  it('does not take a refusal to change for success', async () => {
    await using gitlab = await startGitlab();
    gitlab.state.statuses.set('sallyport/gate', 'success');
    const reply = { status: 400, body: { message: 'Cannot transition status via :drop from :success' } };
    gitlab.faults.push({ method: 'POST', path: /statuses/, reply });
    await assert.rejects(open(gitlab).postCheck(CHANGE, CHECK), { code: 'SP2406' });
  });

  it('answers an external status check of its name, where there is one', async () => {
    await using gitlab = await startGitlab({
      statusChecks: [
        { id: 1, name: 'other' },
        { id: 2, name: 'sallyport/gate' },
      ],
    });
    await open(gitlab).postCheck(CHANGE, CHECK);
    assert.deepEqual(gitlab.state.answered, [{ sha: HEAD, external_status_check_id: 2, status: 'failed' }]);
  });
});

describe('labels on GitLab', () => {
  it('are sent together; a comma would be two', async () => {
    await using gitlab = await startGitlab();
    await open(gitlab).setLabels(CHANGE, ['ai-assisted', 'x'], ['old']);
    assert.deepEqual(gitlab.state.updates, [{ add_labels: 'ai-assisted,x', remove_labels: 'old' }]);
    await assert.rejects(open(gitlab).setLabels(CHANGE, ['a,b'], []), { code: 'SP2406' });
  });
});

it('a project name leads to no other place of the API', async () => {
  await using gitlab = await startGitlab();
  for (const repository of ['', '/app', 'group/../app', 'group//app'])
    await assert.rejects(open(gitlab).readChange({ ...CHANGE, repository }), { code: 'SP2402' });
  await assert.rejects(open(gitlab).readChange({ ...CHANGE, repository: 'a/b?c#d' }), { code: 'SP2404' });
  assert.equal(gitlab.calls[0]?.path, '/projects/a%2Fb%3Fc%23d/merge_requests/7');
});
