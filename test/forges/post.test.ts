/** Posting a bundle: on the right commit, every part that can be, and nothing believed of what it says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openForge, POSTING_PARTS, type PostingRequest, postBundle, previewBundle } from '../../src/forges/index.ts';
import { bundleWith, findingAt } from './support/bundles.ts';
import { manualTime } from './support/forge-server.ts';
import { BASE, type Github, HEAD, MERGE_BASE, OLDER, startGithub, TOKEN, TRIAL } from './support/github-server.ts';

function requestWith(change: Partial<PostingRequest> = {}): PostingRequest {
  return {
    bundle: bundleWith(),
    repository: 'acme/app',
    number: 7,
    parts: POSTING_PARTS,
    maxRemarks: 20,
    detailsUrl: undefined,
    ...change,
  };
}

function post(github: Github, change: Partial<PostingRequest> = {}) {
  const forge = openForge({ forge: 'github', apiUrl: github.url, token: TOKEN }, manualTime());
  return postBundle(forge, requestWith(change));
}

const writes = (github: Github) => github.calls.filter(({ method, path }) => method !== 'GET' && path !== '/graphql');

describe('posting a bundle', () => {
  it('writes check, remarks and summary, and a second time changes nothing but the check', async () => {
    await using github = await startGithub();
    const bundle = bundleWith({ labels: { add: ['sallyport: human'], remove: ['old'] } });
    const { failed } = await post(github, { bundle });
    assert.deepEqual(failed, []);
    assert.equal(github.state.checks[0]?.['conclusion'], 'failure');
    assert.equal(github.state.remarks.length, 1);
    assert.match(github.state.comments[0]?.body ?? '', /src\/app\.py:15/);
    assert.deepEqual([...github.state.labels], ['sallyport: human']);
    const before = writes(github).length;
    await post(github);
    assert.deepEqual(
      writes(github)
        .slice(before)
        .map(({ method, path }) => `${method} ${path}`),
      ['POST /repos/acme/app/check-runs'],
    );
  });

  it('does nothing when the head has moved', async () => {
    await using github = await startGithub({ head: 'e'.repeat(40) });
    await assert.rejects(post(github), { code: 'SP2407' });
    assert.equal(writes(github).length, 0);
  });

  it('does not write the comment when the head moves while it posts, and says so', async () => {
    await using github = await startGithub();
    const moving = {
      body: { id: 1 },
      get status() {
        github.state.head = 'e'.repeat(40);
        return 201;
      },
    };
    github.faults.push({ method: 'POST', path: /check-runs$/, reply: moving });
    const { failed } = await post(github);
    assert.deepEqual(
      failed.map(({ part, error }) => [part, error.code]),
      [['summary', 'SP2407']],
    );
    assert.equal(github.state.comments.length, 0);
  });

  it('does nothing when the bundle is about the trial merge, and says what to check out', async () => {
    await using github = await startGithub();
    const bundle = bundleWith({ change: { headCommit: TRIAL, baseCommit: BASE } });
    await assert.rejects(post(github, { bundle }), { code: 'SP2407', advice: /Check out the head commit/ });
    assert.equal(writes(github).length, 0);
  });

  it('takes the merge base and any commit of the target as a base, and no other', async () => {
    await using github = await startGithub();
    for (const baseCommit of [MERGE_BASE, BASE, OLDER, undefined])
      await post(github, { bundle: bundleWith({ change: { headCommit: HEAD, baseCommit } }) });
    const before = writes(github).length;
    const bundle = bundleWith({ change: { headCommit: HEAD, baseCommit: 'f'.repeat(40) } });
    await assert.rejects(post(github, { bundle }), { code: 'SP2407' });
    assert.equal(writes(github).length, before);
  });

  it('for a commit without a request writes its check alone', async () => {
    await using github = await startGithub();
    const { reports } = await post(github, { number: undefined, headCommit: HEAD });
    assert.deepEqual(
      reports.map(({ part }) => part),
      ['check'],
    );
    assert.equal(writes(github).length, 1);
  });

  it('for a commit without a request writes no check when nothing but the bundle says which commit', async () => {
    await using github = await startGithub();
    await assert.rejects(post(github, { number: undefined }), { code: 'SP2407', advice: /--commit/ });
    assert.equal(writes(github).length, 0);
  });

  it('for a commit without a request writes no check when the job is about another commit', async () => {
    await using github = await startGithub();
    await assert.rejects(post(github, { number: undefined, headCommit: 'e'.repeat(40) }), { code: 'SP2407' });
    assert.equal(writes(github).length, 0);
    assert.equal((await post(github, { number: undefined, headCommit: HEAD })).reports.length, 1);
  });

  it('names the check by the target, so that a request to another branch makes nothing green for this one', async () => {
    const pass = { verdict: 'pass', blocks: false, findings: [] } as const;
    await using github = await startGithub();
    await post(github, { bundle: bundleWith() });
    github.state.target = 'lax';
    await post(github, { bundle: bundleWith(pass) });
    await post(github, { bundle: bundleWith(pass), number: undefined, headCommit: HEAD });
    assert.deepEqual(
      github.state.checks.map(({ name, conclusion }) => [name, conclusion]),
      [
        ['sallyport/review (main)', 'failure'],
        ['sallyport/review (lax)', 'success'],
        ['sallyport/review', 'success'],
      ],
    );
  });

  it('names the check of a queue of merges by the branch that the queue is for', async () => {
    await using github = await startGithub();
    const queued = { number: undefined, headCommit: HEAD, targetBranch: 'main' };
    await post(github, queued);
    assert.equal(github.state.checks[0]?.['name'], 'sallyport/review (main)');
    const bundle = bundleWith({ change: { headCommit: HEAD, targetBranch: 'lax' } });
    await assert.rejects(post(github, { ...queued, bundle }), { code: 'SP2407' });
  });

  it('does nothing with a verdict for another branch than the request goes to now', async () => {
    await using github = await startGithub();
    const judgedFor = (targetBranch: string) =>
      post(github, { bundle: bundleWith({ change: { headCommit: HEAD, baseCommit: BASE, targetBranch } }) });
    await assert.rejects(judgedFor('lax'), { code: 'SP2407', message: /verdict for lax.* goes to main/ });
    assert.equal(writes(github).length, 0);
    assert.deepEqual((await judgedFor('main')).failed, []);
  });

  it('writes neither comment nor labels when the request gets another target while it posts', async () => {
    await using github = await startGithub();
    const moving = {
      body: { id: 1 },
      get status() {
        github.state.target = 'lax';
        return 201;
      },
    };
    github.faults.push({ method: 'POST', path: /check-runs$/, reply: moving });
    const labels = { add: ['sallyport: human'], remove: [] };
    const change = { headCommit: HEAD, baseCommit: BASE, targetBranch: 'main' };
    const { failed } = await post(github, { bundle: bundleWith({ labels, change }) });
    assert.deepEqual(
      failed.map(({ part, error }) => [part, error.code]),
      [
        ['summary', 'SP2407'],
        ['labels', 'SP2407'],
      ],
    );
    assert.deepEqual([github.state.comments.length, [...github.state.labels]], [0, ['old']]);
  });

  it('from a fork without rights ends with what to do', async () => {
    await using github = await startGithub({ fork: true, mayWrite: false });
    await assert.rejects(post(github), { code: 'SP2410' });
    await using own = await startGithub({ mayWrite: false });
    await assert.rejects(post(own), { code: 'SP2403' });
  });

  it('goes on when one part is not allowed, and names it', async () => {
    await using github = await startGithub();
    const reply = { status: 403, body: { message: 'Resource not accessible by integration' } };
    github.faults.push({ method: 'POST', path: /check-runs$/, reply });
    const { reports, failed } = await post(github);
    assert.deepEqual(
      failed.map(({ part, error }) => [part, error.code]),
      [['check', 'SP2403']],
    );
    assert.equal(reports.length, 2);
    assert.equal(github.state.comments.length, 1);
  });

  it('stops at once when the forge is gone', async () => {
    await using github = await startGithub();
    for (let tries = 0; tries < 5; tries++)
      github.faults.push({ method: 'POST', path: /check-runs$/, reply: { status: 500 } });
    await assert.rejects(post(github), { code: 'SP2405' });
    assert.equal(github.state.comments.length, 0);
  });

  it('writes no comment about a change that passes, and brings an older one up to date', async () => {
    await using github = await startGithub();
    const bundle = bundleWith({ verdict: 'pass', blocks: false, findings: [] });
    await post(github, { bundle });
    assert.deepEqual([github.state.comments.length, github.state.checks[0]?.['conclusion']], [0, 'success']);
    await post(github);
    await post(github, { bundle });
    assert.match(github.state.comments[0]?.body ?? '', /^## Sallyport review: pass/);
    assert.equal(github.state.comments.length, 1);
  });

  it('settles nothing after an incomplete review', async () => {
    await using github = await startGithub();
    await post(github);
    const bundle = bundleWith({ findings: [], verdict: 'incomplete', complete: false });
    await post(github, { bundle });
    assert.doesNotMatch(github.state.remarks[0]?.body ?? '', /Settled/);
    assert.equal(github.state.checks[1]?.['conclusion'], 'action_required');
    await post(github, { bundle: { ...bundle, blocks: false } });
    assert.equal(github.state.checks[2]?.['conclusion'], 'neutral');
  });

  it('posts a suggestion at the lines that it replaces', async () => {
    await using github = await startGithub();
    const suggestion = { startLine: 3, endLine: 4, text: 'fixed()\nmore()' };
    await post(github, { bundle: bundleWith({ findings: [findingAt(3, { suggestion })] }) });
    const [remark] = github.state.remarks;
    assert.deepEqual([remark?.start_line, remark?.line], [3, 4]);
    assert.match(remark?.body ?? '', /\n```suggestion\nfixed\(\)\nmore\(\)\n```\n/);
  });

  it('shows beforehand exactly what it would send', async () => {
    await using github = await startGithub();
    const preview = previewBundle(requestWith({ parts: ['check', 'summary'] }), 'github');
    await post(github);
    assert.equal(preview.summary, github.state.comments[0]?.body);
    assert.ok(JSON.stringify(github.state.checks[0]).includes(JSON.stringify(preview.check?.summary)));
    assert.deepEqual(preview.remarks, []);
  });
});
