/** Reviews of a forge as evidence: asked for, saved, attested, and believed again by `verify`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readForgeReviews } from '../../src/commands/gate/forge-reviews.ts';
import { type Github, startGithub, TOKEN } from '../forges/support/github-server.ts';
import { type Ended, Story } from './attest/story.ts';

const CLI = join(import.meta.dirname, '../../src/cli.ts');
const ONE_APPROVAL = 'version: 1\nmerge:\n  forgeReviews: count\n  require:\n    - { approvals: 1 }\n';
const REVIEW = { user: { login: 'Alice-A', type: 'User' }, state: 'APPROVED', submitted_at: '2026-01-01T00:00:00Z' };

/** A story whose approver alice is `alice-a` on GitHub. */
class ReviewedStory extends Story {
  protected override accountOf(name: string): string {
    return name === 'alice' ? ', logins: { github: alice-a }' : '';
  }

  /** In a job of GitHub Actions, without waiting in between: the forge answers from this process. */
  inJob(github: Github, ...words: readonly string[]): Promise<Ended> {
    const event = this.file('event.json');
    const pull = { number: 7, head: { sha: this.head, repo: { full_name: 'acme/app' } }, base: { ref: 'main' } };
    writeFileSync(event, JSON.stringify({ pull_request: pull, sender: { login: 'dora' } }));
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'acme/app',
      GITHUB_EVENT_PATH: event,
      GITHUB_TOKEN: TOKEN,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...words], { cwd: this.repository.path, env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }
}

/** A submitted review of today, by GitHub's rules. */
function reviewOf(commit: string, over: object = {}) {
  return { ...REVIEW, submitted_at: new Date(Date.now() - 60_000).toISOString(), commit_id: commit, ...over };
}

test('an approving review is evidence where the policy says so, is kept as a statement, and proves at verify', async () => {
  using story = new ReviewedStory(ONE_APPROVAL);
  await using github = await startGithub({ head: story.head, reviews: [reviewOf(story.head)] });
  const gate = ['gate', story.head, '--base', 'main', '--run', await story.run(), '--format', 'json'];
  assert.equal((await story.sallyport(...gate)).code, 1, 'without the forge nobody has approved');
  const { code, stdout, stderr } = await story.inJob(github, ...gate, '--ask-forge');
  assert.equal(code, 0, stdout + stderr);
  const report = JSON.parse(stdout);
  assert.deepEqual([report.approvals.counted, report.forgeReviews.lastPusher], [['alice'], 'pusher']);
  assert.doesNotMatch(stdout + stderr, new RegExp(TOKEN));
  writeFileSync(story.file('gate.json'), stdout);
  assert.equal((await story.sallyport(...gate, '--reviews', story.file('gate.json'))).code, 0, 'the same offline');
  await story.sallyport(
    'attest',
    '--commit',
    story.head,
    '--run',
    story.file('out'),
    '--key',
    story.file('runner.pem'),
  );
  const attested = await story.sallyport(
    ...['attest', '--commit', story.head, '--gate', story.file('gate.json'), '--key', story.file('gate')],
  );
  assert.match(attested.stdout, /forge-review-\w+\.sigstore\.json/);
  const proven = await story.sallyport('verify', story.head, '--target', 'main');
  assert.equal(proven.code, 0, proven.stdout);
});

test('a review of another commit, of the last pusher, or under a policy that does not count it, lifts nothing', async () => {
  const cases: readonly (readonly [string, object, string, RegExp])[] = [
    ['version: 1\nmerge: { require: [{ approvals: 1 }] }\n', {}, 'needs-approval', /the policy does not count/],
    [ONE_APPROVAL, { commit_id: '9'.repeat(40) }, 'needs-approval', /given for another change/],
    [ONE_APPROVAL, { user: { login: 'mallory', type: 'User' } }, 'needs-approval', /mallory of github is nobody/],
    [ONE_APPROVAL, { state: 'CHANGES_REQUESTED' }, 'blocked', /alice rejects the change: Alice-A in github/],
  ];
  for (const [policy, over, verdict, told] of cases) {
    using story = new ReviewedStory(policy);
    await using github = await startGithub({ head: story.head, reviews: [reviewOf(story.head, over)] });
    const words = ['gate', story.head, '--base', 'main', '--run', await story.run(), '--format', 'json', '--ask-forge'];
    const { stdout } = await story.inJob(github, ...words);
    assert.equal(JSON.parse(stdout).verdict, verdict);
    assert.match(stdout, told);
  }
});

test('whoever pushed a part of the change does not approve it, though somebody else pushed last', async () => {
  const [before, code] = ['0'.repeat(40), '5'.repeat(40)];
  const made = (login: string) => ({ before, after: code, activity_type: 'branch_creation', actor: { login } });
  const gateAfter = async (...earlier: readonly ReturnType<typeof made>[]) => {
    using story = new ReviewedStory(ONE_APPROVAL);
    // The owner of the request presses "Update branch".
    const update = { before: code, after: story.head, activity_type: 'push', actor: { login: 'dora' } };
    const reviews = [reviewOf(story.head)];
    await using github = await startGithub({ head: story.head, reviews, activity: [update, ...earlier] });
    const gate = ['gate', story.head, '--base', 'main', '--run', await story.run(), '--ask-forge'];
    const { stdout } = await story.inJob(github, ...gate, '--format', 'json');
    const report = JSON.parse(stdout);
    writeFileSync(story.file('gate.json'), stdout);
    const offline = await story.sallyport(...gate.slice(0, -1), '--reviews', story.file('gate.json'));
    return { verdict: report.verdict, refused: report.approvals.refused, forge: report.forgeReviews, offline };
  };
  const attack = await gateAfter(made('alice-a'));
  assert.equal(attack.verdict, 'needs-approval');
  assert.match(JSON.stringify(attack.refused), /whoever pushed a part of a change cannot approve it/);
  assert.equal(attack.offline.code, 1, 'the same offline');
  const honest = await gateAfter(made('carol'));
  assert.deepEqual([honest.verdict, honest.offline.code], ['pass', 0]);
  assert.deepEqual([honest.forge.pushers, honest.forge.pushersComplete], [['carol', 'dora'], true]);
  assert.doesNotMatch(honest.offline.stdout, /does not tell all/);
  const cut = await gateAfter();
  assert.deepEqual([cut.verdict, cut.forge.pushers, cut.forge.pushersComplete], ['pass', ['dora'], false]);
  assert.match(cut.offline.stdout, /pushers {4}the forge does not tell all/);
});

test('a request that has moved on, a job for no request and a file without reviews are told', async () => {
  using story = new ReviewedStory(ONE_APPROVAL);
  await using github = await startGithub({ head: '9'.repeat(40), reviews: [] });
  const gate = ['gate', story.head, '--base', 'main'];
  const moved = await story.inJob(github, ...gate, '--ask-forge');
  assert.deepEqual([moved.code, /^SP2407 /.test(moved.stderr)], [3, true], moved.stderr);
  const outside = await story.sallyport(...gate, '--ask-forge');
  assert.deepEqual([outside.code, /^SP2402 /.test(outside.stderr)], [2, true], outside.stderr);
  const both = await story.sallyport(...gate, '--ask-forge', '--reviews', 'x.json');
  assert.deepEqual([both.code, /^SP1001 /.test(both.stderr)], [2, true], both.stderr);
  for (const text of ['', '[]', '{"forgeReviews":{"forge":"github"}}', 'null']) {
    writeFileSync(story.file('reviews.json'), text);
    await assert.rejects(readForgeReviews(story.file('reviews.json')), { code: 'SP2703' });
  }
});

test('bundles are handed to the forge where it keeps attestations, and a missing right or token is told', async () => {
  using story = new ReviewedStory();
  await using github = await startGithub({ head: story.head });
  writeFileSync(story.file('scan.sarif'), '{}');
  const attest = ['attest', '--commit', story.head, '--refer', story.file('scan.sarif'), '--upload'];
  const key = ['--key', story.file('runner.pem')];
  const { code, stdout, stderr } = await story.inJob(github, ...attest, ...key);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /With the forge:\n {2}reference-\w+\.sigstore\.json: \d+\n/);
  assert.equal(github.state.attestations[0]?.['mediaType'], 'application/vnd.dev.sigstore.bundle.v0.3+json');
  github.state.mayWrite = false;
  const denied = await story.inJob(github, ...attest, ...key);
  assert.deepEqual([denied.code, /^SP2403 /.test(denied.stderr)], [3, true], denied.stderr);
  const outside = await story.sallyport(...attest, ...key);
  assert.deepEqual([outside.code, /^SP2402 /.test(outside.stderr)], [2, true], outside.stderr);
});
