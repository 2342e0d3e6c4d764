import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { SETUP_FORGES, writeSetup } from '../../../src/gate/index.ts';

const OPTIONS = { branches: ['main', 'release'], integrationId: 4711, check: 'ci' } as const;

test('the GitHub ruleset pins the check to one integration and lets nobody bypass it', () => {
  const ruleset = JSON.parse(writeSetup('github', { ...OPTIONS, branches: ['main'] }));
  assert.deepEqual(ruleset.bypass_actors, []);
  assert.equal(ruleset.enforcement, 'active');
  assert.deepEqual(ruleset.conditions.ref_name.include, ['refs/heads/main']);
  const rules = new Map<string, { parameters: Record<string, unknown> }>(
    ruleset.rules.map((rule: { type: string }) => [rule.type, rule]),
  );
  assert.deepEqual(rules.get('required_status_checks')?.parameters['required_status_checks'], [
    { context: 'sallyport/ci (main)', integration_id: 4711 },
  ]);
  assert.equal(rules.get('pull_request')?.parameters['require_last_push_approval'], true);
  assert.equal(rules.get('pull_request')?.parameters['dismiss_stale_reviews_on_push'], true);
});

test('each branch requires the check that was made for it, since one commit can be the head of requests to both', () => {
  const rulesets: readonly object[] = JSON.parse(writeSetup('github', { ...OPTIONS, check: 'gate' }));
  const texts = rulesets.map((ruleset) => JSON.stringify(ruleset));
  for (const [index, branch] of OPTIONS.branches.entries()) {
    const names = texts[index]?.match(/sallyport\/gate \([a-z]+\)|refs\/heads\/[a-z]+/g);
    assert.deepEqual(names, [`refs/heads/${branch}`, `sallyport/gate (${branch})`]);
  }
});

test('without an id the ruleset names an integration that nobody is', () => {
  const ruleset = JSON.parse(writeSetup('github', { ...OPTIONS, integrationId: undefined }));
  assert.match(JSON.stringify(ruleset), /"integration_id":0/);
});

test('the GitLab settings forbid self-approval and skipped pipelines', () => {
  const { settings } = JSON.parse(writeSetup('gitlab', OPTIONS));
  const text = JSON.stringify(settings);
  assert.match(text, /"merge_requests_author_approval":false/);
  assert.match(text, /"allow_merge_on_skipped_pipeline":false/);
  assert.match(text, /"reset_approvals_on_push":true/);
});

test('the Gerrit requirement needs the best vote of the gate, none of the worst, and a human who had no part in it', () => {
  const text = writeSetup('gerrit', OPTIONS);
  assert.match(text, /submittableIf = label:Sallyport=MAX AND -label:Sallyport=MIN/);
  assert.match(text, /label:Code-Review=MAX,user=non_contributor/);
  assert.doesNotMatch(text, /^\s*copyCondition/m);
});

test('the hook is a script that a plain shell reads', () => {
  const { status, stderr } = spawnSync('/bin/sh', ['-n'], { input: writeSetup('pre-receive', OPTIONS) });
  assert.equal(status, 0, String(stderr));
});

test('a name of a branch cannot leave its quotes in the hook', () => {
  const text = writeSetup('pre-receive', { ...OPTIONS, branches: ["main'; touch /x; '"] });
  const { status } = spawnSync('/bin/sh', ['-n'], { input: text });
  assert.equal(status, 0);
  assert.match(text, /^protected='refs\/heads\/main; touch \/x; '$/m);
});

test('every forge ends with a line break', () => {
  for (const forge of ['github', 'gitlab', 'gerrit', 'pre-receive'] as const) {
    assert.ok(SETUP_FORGES.includes(forge));
    assert.ok(writeSetup(forge, OPTIONS).endsWith('\n'));
  }
});
