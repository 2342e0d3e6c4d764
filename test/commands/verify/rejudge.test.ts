/** The policy applied again after the merge, where less is at hand than the gate had. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Approval, readChangeContent } from '../../../src/attest/index.ts';
import { readApprovals } from '../../../src/commands/gate/approvals.ts';
import { createJudge } from '../../../src/commands/verify/rejudge.ts';
import { createGroundReader } from '../../../src/commands/verify/trust.ts';
import { openObjectStore } from '../../../src/workspace/index.ts';
import { type ApprovalGround, openApprovalGround } from '../support/approval-ground.ts';

const RESULT = {
  ruleId: 'r1',
  level: 'error',
  message: { text: 'told' },
  locations: [{ physicalLocation: { artifactLocation: { uri: 'src/pages.py' }, region: { startLine: 4 } } }],
};
const SCAN = {
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'Other', rules: [{ id: 'r1', properties: { precision: 'high', tags: ['CWE-78'] } }] } },
      results: [RESULT],
    },
  ],
};

/** A change with a finding of another scanner, approved by alice together with it. */
function approvedWithScan(): ApprovalGround {
  const ground = openApprovalGround();
  ground.repository.commit({ 'src/pages.py': 'def show(request):\n    return page(request)\n\nrun(request)\n' });
  const scan = join(ground.keys, 'scan.sarif');
  writeFileSync(scan, JSON.stringify(SCAN));
  const words = ['--key', `${ground.keys}/alice`, '--yes', '--reason', 'It moved.', '--findings', scan];
  const { code, stderr } = ground.approve(...words, '--scope', 'GATE030');
  assert.equal(code, 0, stderr);
  return ground;
}

async function judgeAgain(
  { repository: { root } }: ApprovalGround,
  change: (approval: Approval) => Approval = (approval) => approval,
): Promise<string> {
  const store = openObjectStore(root);
  const range = { repository: 'git+local:repository', targetRef: 'refs/heads/main', base: 'main', head: 'topic' };
  const content = await readChangeContent(store, range);
  const base = content.identity.baseCommit;
  const ground = await (await createGroundReader(store, [base]))(base);
  assert.ok('trust' in ground);
  const { approvals } = await readApprovals(root, ground.trust.store, undefined, Date.now());
  assert.equal(approvals.length, 1);
  const stored = { files: new Map(), run: undefined, patch: undefined, runDirectory: undefined };
  const proven = { content, statements: [], approvals: approvals.map(change), run: undefined, runStated: false };
  return (await createJudge(root, Date.now())(proven, stored, ground)).verdict;
}

test('the rules are those of what a change landed on, not those that it once left', async () => {
  using ground = openApprovalGround();
  const { repository, git } = ground;
  repository.commit({ 'src/pages.py': 'def show(request):\n    return page(request)\n' });
  const { root } = repository;
  const store = openObjectStore(root);
  const range = { repository: 'git+local:repository', targetRef: 'refs/heads/main', base: 'main', head: 'topic' };
  const content = await readChangeContent(store, range);
  const base = content.identity.baseCommit;
  git('checkout', '-q', 'main');
  const landing = repository.commit({ 'sallyport.yaml': 'version: 1\nmerge: { deny: [{ paths: [src/**] }] }\n' });
  const proven = { content, statements: [], approvals: [], run: undefined, runStated: false };
  const stored = { files: new Map(), run: undefined, patch: undefined, runDirectory: undefined };
  for (const [commit, verdict] of [
    [base, 'needs-approval'],
    [landing, 'blocked'],
  ] as const) {
    const rules = await (await createGroundReader(store, [commit]))(commit);
    assert.ok('trust' in rules);
    assert.equal((await createJudge(root, Date.now())(proven, stored, rules)).verdict, verdict);
  }
});

test('an approval that was given with the results of another scanner counts where they are not at hand', async () => {
  using ground = approvedWithScan();
  assert.equal(await judgeAgain(ground), 'pass');
});

test('one that was shown other files, controls or another policy does not', async () => {
  using ground = approvedWithScan();
  for (const part of ['files', 'controls', 'policy'] as const) {
    const shownOther = (approval: Approval): Approval => {
      const { presentedParts = assert.fail() } = approval;
      return { ...approval, presentedParts: { ...presentedParts, [part]: '0'.repeat(64) } };
    };
    assert.equal(await judgeAgain(ground, shownOther), 'needs-approval', part);
  }
});
