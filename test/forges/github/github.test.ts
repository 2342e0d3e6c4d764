/** Posting to GitHub: what is ours, where remarks may stand, what a token may do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CheckPost, type Forge, openForge } from '../../../src/forges/index.ts';
import { manualTime } from '../support/forge-server.ts';
import {
  BASE,
  BOT,
  type Github,
  HEAD,
  MERGE_BASE,
  STRANGER,
  startGithub,
  TOKEN,
  TRIAL,
} from '../support/github-server.ts';
import { fingerprint, referenceTo, remarkAt } from '../support/remarks.ts';

const CHANGE = referenceTo(HEAD);
const MARKER = '<!-- sallyport:summary:review -->';
const summary = (text: string) => ({ marker: MARKER, markdown: `${text}\n\n${MARKER}` });

function open(github: Github): Forge {
  return openForge({ forge: 'github', apiUrl: github.url, token: TOKEN }, manualTime());
}

function checkWith(change: Partial<CheckPost> = {}): CheckPost {
  return {
    name: 'sallyport/gate',
    conclusion: 'failure',
    title: 'Not as it is',
    summary: 'Because.',
    annotations: [],
    detailsUrl: undefined,
    ...change,
  };
}

describe('the change on GitHub', () => {
  it('is read with its commits, people and labels', async () => {
    await using github = await startGithub();
    assert.deepEqual(await open(github).readChange(CHANGE), {
      reference: { ...CHANGE, headCommit: HEAD, baseCommit: BASE },
      author: 'ada',
      lastPusher: 'pusher',
      pushers: { logins: ['pusher'], complete: true },
      targetBranch: 'main',
      labels: ['old'],
      fromFork: false,
      mergeBase: MERGE_BASE,
      trialMerge: TRIAL,
    });
  });

  it('does without what the token may not read', async () => {
    await using github = await startGithub({ fork: true });
    github.faults.push({ method: 'GET', path: /activity/, reply: { status: 403, body: { message: 'no' } } });
    github.faults.push({ method: 'GET', path: /compare/, reply: { status: 404 } });
    const { lastPusher, mergeBase, fromFork } = await open(github).readChange(CHANGE);
    assert.deepEqual(
      { lastPusher, mergeBase, fromFork },
      { lastPusher: undefined, mergeBase: undefined, fromFork: true },
    );
  });

  it('has reviews with the commit that each saw; drafts are none', async () => {
    await using github = await startGithub();
    const review = (state: string, commit_id: string | null, user: unknown = STRANGER) => ({
      state,
      commit_id,
      user,
      submitted_at: '2026-01-01T00:00:00Z',
    });
    github.state.reviews.push(
      review('APPROVED', HEAD),
      review('APPROVED', BASE),
      review('DISMISSED', HEAD),
      review('CHANGES_REQUESTED', HEAD, null),
      review('COMMENTED', null, BOT),
      review('PENDING', HEAD),
    );
    const reviews = await open(github).readReviews(CHANGE);
    assert.deepEqual(
      reviews.map(({ login, state, commit, bot }) => [login, state, commit, bot]),
      [
        ['github-actions-bot', 'approved', HEAD, false],
        ['github-actions-bot', 'approved', BASE, false],
        ['github-actions-bot', 'dismissed', HEAD, false],
        ['ghost', 'changes-requested', HEAD, false],
        ['github-actions[bot]', 'commented', undefined, true],
      ],
    );
  });

  it('is read over all pages of its reviews', async () => {
    await using github = await startGithub();
    for (let index = 0; index < 230; index++)
      github.state.reviews.push({ state: 'COMMENTED', commit_id: HEAD, user: STRANGER, submitted_at: '' });
    assert.equal((await open(github).readReviews(CHANGE)).length, 230);
  });
});

describe('the summary on GitHub', () => {
  it('is written once, updated, and left alone when nothing changed', async () => {
    await using github = await startGithub();
    const forge = open(github);
    assert.equal((await forge.postSummary(CHANGE, summary('one'))).created, 1);
    assert.equal((await forge.postSummary(CHANGE, summary('one'))).unchanged, 1);
    assert.equal((await forge.postSummary(CHANGE, summary('two'))).updated, 1);
    assert.deepEqual(
      github.state.comments.map(({ body }) => body),
      [summary('two').markdown],
    );
  });

  it('does not touch a comment of somebody else that carries our mark, and is posted all the same', async () => {
    await using github = await startGithub();
    const theirs = { id: 1, user: STRANGER, body: `All is well\n\n${MARKER}` };
    github.state.comments.push({ ...theirs }, { id: 2, user: null, body: MARKER });
    await open(github).postSummary(CHANGE, summary('one'));
    assert.deepEqual(github.state.comments[0], theirs);
    assert.equal(github.state.comments.length, 3);
    assert.equal(github.sent('PATCH').length + github.sent('DELETE').length, 0);
  });

  it('does not touch a comment of ours that only quotes the mark, or has that of another command', async () => {
    await using github = await startGithub();
    const quoting = `${MARKER} is the mark`;
    const gate = 'pass\n\n<!-- sallyport:summary:gate -->';
    github.state.comments.push({ id: 1, user: BOT, body: quoting }, { id: 2, user: BOT, body: gate });
    await open(github).postSummary(CHANGE, summary('one'));
    assert.deepEqual(
      github.state.comments.map(({ body }) => body),
      [quoting, gate, summary('one').markdown],
    );
  });

  it('is found again on the last page', async () => {
    await using github = await startGithub();
    for (let id = 1; id <= 250; id++) github.state.comments.push({ id, user: STRANGER, body: 'talk' });
    github.state.comments.push({ id: 251, user: BOT, body: summary('old').markdown });
    assert.equal((await open(github).postSummary(CHANGE, summary('new'))).updated, 1);
  });

  it('ends as one comment when two jobs post at the same time', async () => {
    await using github = await startGithub();
    await Promise.all([
      open(github).postSummary(CHANGE, summary('one')),
      open(github).postSummary(CHANGE, summary('two')),
    ]);
    assert.equal(github.state.comments.length, 1);
  });

  it('is posted anew, and says so, when the forge does not tell who we are', async () => {
    await using github = await startGithub({ token: 'nobody' });
    github.state.comments.push({ id: 1, user: BOT, body: summary('old').markdown });
    const { created, refused } = await open(github).postSummary(CHANGE, summary('new'));
    assert.deepEqual([created, refused.length, github.state.comments.length], [1, 1, 2]);
  });
});

describe('remarks on GitHub', () => {
  it('stand at lines of the diff; the others are told and not sent', async () => {
    await using github = await startGithub();
    const list = [
      remarkAt(3),
      remarkAt(15),
      remarkAt(22, { startLine: 21 }),
      remarkAt(4, { fingerprint: fingerprint(99), side: 'base', startLine: 3, endLine: 3 }),
      remarkAt(1, { path: 'image.png', fingerprint: fingerprint(98) }),
      remarkAt(1, { path: 'other.py', fingerprint: fingerprint(97) }),
    ];
    const report = await open(github).postRemarks(CHANGE, list);
    assert.equal(report.created, 3);
    assert.equal(report.refused.length, 3);
    assert.equal(github.sent('POST', /reviews$/).length, 1);
    assert.deepEqual(
      github.state.remarks.map(({ line, start_line, side }) => [start_line, line, side]),
      [
        [undefined, 3, 'RIGHT'],
        [21, 22, 'RIGHT'],
        [undefined, 3, 'LEFT'],
      ],
    );
  });

  it('that span two hunks stand at their first line, without their suggestion', async () => {
    await using github = await startGithub();
    await open(github).postRemarks(CHANGE, [remarkAt(4, { endLine: 22, suggestion: 'x' })]);
    assert.equal(github.state.remarks[0]?.line, 4);
    assert.doesNotMatch(github.state.remarks[0]?.body ?? '', /suggestion/);
  });

  it('are not repeated, are updated, and are settled when the finding is gone', async () => {
    await using github = await startGithub();
    const forge = open(github);
    await forge.postRemarks(CHANGE, [remarkAt(3), remarkAt(4), remarkAt(5)]);
    const report = await open(github).postRemarks(CHANGE, [remarkAt(3), remarkAt(4, { markdown: 'New words' })]);
    assert.deepEqual({ ...report, refused: [] }, { created: 0, updated: 1, resolved: 1, unchanged: 1, refused: [] });
    assert.equal(github.state.remarks.length, 3);
    assert.match(github.state.remarks[1]?.body ?? '', /^New words/);
    assert.match(github.state.remarks[2]?.body ?? '', /Settled/);
    assert.equal(github.state.resolved.size, 1);
    const again = await open(github).postRemarks(CHANGE, [remarkAt(3), remarkAt(4, { markdown: 'New words' })]);
    assert.deepEqual([again.resolved, again.updated, again.unchanged], [0, 0, 2]);
  });

  it('are opened again when the finding comes back', async () => {
    await using github = await startGithub();
    await open(github).postRemarks(CHANGE, [remarkAt(3)]);
    await open(github).postRemarks(CHANGE, []);
    assert.equal(github.state.resolved.size, 1);
    await open(github).postRemarks(CHANGE, [remarkAt(3)]);
    assert.equal(github.state.resolved.size, 0);
    assert.match(github.state.remarks[0]?.body ?? '', /^Something at line 3/);
  });

  it('that a person resolved stay resolved', async () => {
    await using github = await startGithub();
    await open(github).postRemarks(CHANGE, [remarkAt(3)]);
    github.state.resolved.set(github.state.remarks[0]?.id ?? 0, STRANGER.id);
    const report = await open(github).postRemarks(CHANGE, [remarkAt(3, { markdown: 'New words' })]);
    assert.equal(report.unchanged, 1);
    assert.equal(github.state.resolved.size, 1);
    assert.equal((await open(github).postRemarks(CHANGE, [])).resolved, 0);
    assert.match(github.state.remarks[0]?.body ?? '', /^Something/);
    assert.equal(github.state.resolved.get(github.state.remarks[0]?.id ?? 0), STRANGER.id);
  });

  it('are folded away where the token may not resolve', async () => {
    await using github = await startGithub({ mayResolve: false });
    await open(github).postRemarks(CHANGE, [remarkAt(3)]);
    const report = await open(github).postRemarks(CHANGE, []);
    assert.deepEqual([report.resolved, github.state.resolved.size, github.state.folded.size], [1, 0, 1]);
    await open(github).postRemarks(CHANGE, [remarkAt(3)]);
    assert.equal(github.state.folded.size, 0, 'a finding that is back is not folded away');
  });

  it('keep their suggestion while they stand where it applies', async () => {
    await using github = await startGithub();
    const list = [remarkAt(4, { suggestion: 'x' })];
    await open(github).postRemarks(CHANGE, list);
    assert.equal((await open(github).postRemarks(CHANGE, list)).unchanged, 1);
    assert.match(github.state.remarks[0]?.body ?? '', /```suggestion\nx\n```/);
  });

  it('are not settled by a review that did not see everything', async () => {
    await using github = await startGithub();
    await open(github).postRemarks(CHANGE, [remarkAt(3)]);
    const report = await open(github).postRemarks(CHANGE, [], { limit: 20, complete: false });
    assert.equal(report.resolved, 0);
    assert.match(github.state.remarks[0]?.body ?? '', /^Something/);
  });

  it('are never more than asked for, and the rest is not taken for mended', async () => {
    await using github = await startGithub();
    await open(github).postRemarks(CHANGE, [remarkAt(5)]);
    const report = await open(github).postRemarks(CHANGE, [remarkAt(3), remarkAt(4), remarkAt(5)], {
      limit: 2,
      complete: true,
    });
    assert.deepEqual([report.created, report.resolved], [2, 0]);
    assert.match(report.refused.join(), /1 more stand in the summary/);
  });

  it('of somebody else with our mark are neither touched nor counted', async () => {
    await using github = await startGithub();
    const body = `Nothing to see\n\n<!-- sallyport:remark:${fingerprint(3)} -->`;
    github.state.remarks.push({ id: 1, user: STRANGER, body });
    await open(github).postRemarks(CHANGE, [remarkAt(3)]);
    await open(github).postRemarks(CHANGE, []);
    assert.equal(github.state.remarks[0]?.body, body);
    assert.equal(github.state.remarks.length, 2);
    assert.ok(!github.state.resolved.has(1) && !github.state.folded.has(1));
  });

  it('end as one for each finding when two jobs post at the same time', async () => {
    await using github = await startGithub();
    const list = [remarkAt(3), remarkAt(4)];
    await Promise.all([open(github).postRemarks(CHANGE, list), open(github).postRemarks(CHANGE, list)]);
    assert.equal(github.state.remarks.length, 2);
  });

  it('are sent one by one when the review is refused, and one bad line costs only itself', async () => {
    await using github = await startGithub();
    // The forge changed its mind about line 4 since it gave the diff.
    github.faults.push(
      { method: 'POST', path: /reviews$/, reply: { status: 422, body: { message: 'Unprocessable Entity' } } },
      {
        method: 'POST',
        path: /pulls\/7\/comments$/,
        reply: { status: 422, body: { message: 'line must be part of the diff' } },
      },
    );
    const report = await open(github).postRemarks(CHANGE, [remarkAt(3), remarkAt(4)]);
    assert.equal(report.created, 1);
    assert.match(report.refused.join(), /src\/app\.py:3 was not taken: line must be part of the diff/);
  });
});

describe('the check on GitHub', () => {
  it('is a check run on the head commit, with annotations fifty at a time', async () => {
    await using github = await startGithub();
    const annotation = { path: 'a.py', startLine: 1, endLine: 1, level: 'failure', title: 't', message: 'm' } as const;
    await open(github).postCheck(CHANGE, checkWith({ annotations: Array(130).fill(annotation) }));
    const { head_sha, conclusion, status, name } = github.state.checks[0] ?? {};
    assert.deepEqual([head_sha, conclusion, status, name], [HEAD, 'failure', 'completed', 'sallyport/gate']);
    assert.equal(github.state.annotations.length, 130);
    assert.equal(github.sent('PATCH').length, 2);
  });

  for (const [conclusion, run, status] of [
    ['success', 'success', 'success'],
    ['neutral', 'neutral', 'success'],
    ['failure', 'failure', 'failure'],
    ['action-required', 'action_required', 'failure'],
  ] as const) {
    it(`says ${run} for ${conclusion}, as a commit status ${status}`, async () => {
      await using app = await startGithub();
      await open(app).postCheck(CHANGE, checkWith({ conclusion }));
      assert.equal(app.state.checks[0]?.['conclusion'], run);
      await using user = await startGithub({ token: 'user' });
      await open(user).postCheck(CHANGE, checkWith({ conclusion, title: 'é'.repeat(300) }));
      assert.equal(user.state.statuses[0]?.['state'], status);
      assert.ok(Buffer.byteLength(String(user.state.statuses[0]?.['description'])) <= 140);
    });
  }

  it('is cut to what a check run takes', async () => {
    await using github = await startGithub();
    await open(github).postCheck(CHANGE, checkWith({ summary: 'ä'.repeat(70_000), title: 'x'.repeat(1000) }));
    assert.equal(github.state.checks.length, 1);
  });

  it('of a commit that is no full name is not sent', async () => {
    await using github = await startGithub();
    await assert.rejects(open(github).postCheck(referenceTo('main'), checkWith()), { code: 'SP2402' });
    assert.equal(github.calls.length, 0);
  });
});

describe('labels on GitHub', () => {
  it('are added and taken away; one that is not there is no error', async () => {
    await using github = await startGithub();
    await open(github).setLabels(CHANGE, ['ai-assisted'], ['old', 'never there']);
    assert.deepEqual([...github.state.labels], ['ai-assisted']);
  });
});

it('a repository name leads to no other place of the API', async () => {
  await using github = await startGithub();
  for (const repository of ['acme', 'acme/app/x', '../app', 'acme/..', '/app', 'acme/'])
    await assert.rejects(open(github).readChange(referenceTo(HEAD, { repository })), { code: 'SP2402' });
  assert.equal(github.calls.length, 0);
  await assert.rejects(open(github).readChange(referenceTo(HEAD, { repository: 'acme/app?x=1#y' })), {
    code: 'SP2404',
  });
  assert.equal(github.calls[0]?.path, '/repos/acme/app%3Fx%3D1%23y/pulls/7');
});
