/** Approvals when only the base moved: the merge that was approved is made again and must be what is to be merged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChangeContent } from '../../src/attest/index.ts';
import { readApprovals } from '../../src/commands/gate/approvals.ts';
import { carryOver } from '../../src/commands/gate/carry-over.ts';
import { openChange } from '../../src/commands/gate/change.ts';
import { type AskedEvidence, gather } from '../../src/commands/gate/gather.ts';
import { trustOf } from '../../src/commands/gate/trust.ts';
import { createJudge } from '../../src/commands/verify/rejudge.ts';
import { createGroundReader } from '../../src/commands/verify/trust.ts';
import { type GateResult, judge } from '../../src/gate/index.ts';
import { openObjectStore } from '../../src/workspace/index.ts';
import { type ApprovalGround, openApprovalGround } from './support/approval-ground.ts';

const HANDLER = 'def NAME(request):\n    require_admin(request)\n    return page(request)\n\n\n';
/** Two functions with the same body: their changes have one digest of hunks. */
const TWINS = `${HANDLER.replace('NAME', 'show')}${HANDLER.replace('NAME', 'edit')}`;
const unguarded = (name: string, text = TWINS): string =>
  text.replace(`def ${name}(request):\n    require_admin(request)\n`, `def ${name}(request):\n`);

/** A change that takes the check out of `show`, approved by alice, under a policy. */
function approvedChange(rule: string): ApprovalGround {
  const ground = openApprovalGround();
  const { repository, git } = ground;
  git('checkout', '-q', 'main');
  repository.commit({ 'sallyport.yaml': `version: 1\nmerge: { carryOver: ${rule} }\n`, 'src/pages.py': TWINS });
  git('checkout', '-q', '-B', 'topic');
  repository.commit({ 'src/pages.py': unguarded('show') });
  const { code, stderr } = ground.approve('--key', `${ground.keys}/alice`, '--yes', '--reason', 'It moved.');
  assert.equal(code, 0, stderr);
  return ground;
}

/** Main goes on; then `topic` holds these files on it. */
function moveBase({ repository, git }: ApprovalGround, files: { readonly [path: string]: string } = {}): void {
  git('checkout', '-q', 'main');
  repository.commit({ 'README.md': 'words\n', ...files });
  git('checkout', '-q', 'topic');
}

async function gate({ repository: { root } }: ApprovalGround): Promise<GateResult> {
  const nothing = { patch: undefined, workingTree: false, targetRef: undefined, branch: undefined };
  const nobody = { requestedBy: undefined, lastPusher: undefined, agents: [], organisation: undefined };
  const asked: AskedEvidence = {
    ...{ ...nothing, ...nobody, base: 'main', head: 'topic' },
    ...{ runs: [], trust: undefined, findings: [], approvals: undefined, secrets: [] },
  };
  const { evidence, policy } = await gather(root, asked, Date.now());
  return judge(evidence, policy);
}

test('an approval is carried over a rebase whose result is the merge of what was approved, and the report says so', async () => {
  using ground = approvedChange('clean-merge');
  const approved = ground.git('rev-parse', 'topic');
  moveBase(ground);
  assert.equal((await gate(ground)).verdict, 'pass', 'the branch itself has not changed');
  ground.git('rebase', '-q', 'main');
  const result = await gate(ground);
  assert.equal(result.verdict, 'pass', JSON.stringify(result.reasons));
  assert.deepEqual(result.approvals.carried, [{ approver: 'alice', from: approved }]);
});

test('and over a merge of the target into the branch', async () => {
  using ground = approvedChange('clean-merge');
  moveBase(ground);
  ground.git('merge', '-q', '--no-edit', 'main');
  assert.equal((await gate(ground)).verdict, 'pass');
});

test('without the policy’s word a rebase voids it', async () => {
  using ground = approvedChange('never');
  moveBase(ground);
  ground.git('rebase', '-q', 'main');
  const { verdict, approvals } = await gate(ground);
  assert.equal(verdict, 'needs-approval');
  assert.match(approvals.refused[0]?.reason ?? '', /another change/);
});

const OTHERS: readonly (readonly [string, { readonly [path: string]: string }])[] = [
  ['in the twin function', { 'src/pages.py': unguarded('edit') }],
  ['with one line more', { 'src/pages.py': `${unguarded('show')}# more\n` }],
  ['with a file more', { 'src/pages.py': unguarded('show'), 'src/more.py': 'x = 1\n' }],
];

for (const [what, files] of OTHERS)
  test(`a "rebase" that makes the change ${what} voids it`, async () => {
    using ground = approvedChange('clean-merge');
    moveBase(ground);
    ground.git('reset', '-q', '--hard', 'main');
    ground.repository.commit(files);
    const { verdict, approvals } = await gate(ground);
    assert.deepEqual([verdict, approvals.counted], ['needs-approval', []]);
  });

test('commits that come and go on the way to the same result void it, and a rejection stays', async () => {
  using ground = approvedChange('clean-merge');
  const { git, repository } = ground;
  moveBase(ground);
  git('reset', '-q', '--hard', 'main');
  repository.commit({ '.github/workflows/x.yml': 'on: push\njobs: {}\n' });
  git('rm', '-q', '.github/workflows/x.yml');
  repository.commit({ 'src/pages.py': unguarded('show') });
  const { verdict, approvals } = await gate(ground);
  assert.deepEqual([verdict, approvals.counted], ['needs-approval', []]);

  using rejected = approvedChange('clean-merge');
  assert.equal(rejected.approve('--dismiss', '--key', `${rejected.keys}/alice`, '--yes').code, 0);
  moveBase(rejected);
  rejected.git('reset', '-q', '--hard', 'main');
  rejected.repository.commit({ 'more.txt': 'x\n' });
  rejected.git('rm', '-q', 'more.txt');
  rejected.repository.commit({ 'src/pages.py': unguarded('show') });
  assert.equal((await gate(rejected)).verdict, 'blocked');
});

test('commits that are made one on the way are as good as they were', async () => {
  using ground = openApprovalGround();
  const { git, repository } = ground;
  git('checkout', '-q', 'main');
  repository.commit({ 'sallyport.yaml': 'version: 1\nmerge: { carryOver: clean-merge }\n', 'src/pages.py': TWINS });
  git('checkout', '-q', '-B', 'topic');
  repository.commit({ 'src/words.py': 'WORDS = 1\n' });
  repository.commit({ 'src/pages.py': unguarded('show') });
  assert.equal(ground.approve('--key', `${ground.keys}/alice`, '--yes', '--reason', 'It moved.').code, 0);
  moveBase(ground);
  git('rebase', '-q', 'main');
  assert.equal((await gate(ground)).verdict, 'pass', 'both again');
  git('reset', '-q', '--soft', 'main');
  repository.commit({});
  assert.equal((await gate(ground)).verdict, 'pass', 'both as one');
});

test('a conflict that somebody resolved voids it', async () => {
  using ground = approvedChange('clean-merge');
  moveBase(ground, { 'src/pages.py': TWINS.replace('return page(request)', 'return page(request, 1)') });
  ground.git('reset', '-q', '--hard', 'main');
  ground.repository.commit({
    'src/pages.py': unguarded('show').replace('return page(request)', 'return page(request, 1)'),
  });
  assert.equal((await gate(ground)).verdict, 'needs-approval');
});

test('a rejection is carried over whatever the policy says', async () => {
  using ground = approvedChange('never');
  assert.equal(ground.approve('--dismiss', '--key', `${ground.keys}/alice`, '--yes').code, 0);
  moveBase(ground);
  ground.git('rebase', '-q', 'main');
  const { verdict, reasons } = await gate(ground);
  assert.deepEqual([verdict, reasons[0]?.code], ['blocked', 'GATE061']);
});

test('when the policy is applied again after the merge, the approval is found and carried over as well', async () => {
  for (const [rule, verdict] of [
    ['clean-merge', 'pass'],
    ['never', 'needs-approval'],
  ] as const) {
    using ground = approvedChange(rule);
    moveBase(ground);
    ground.git('rebase', '-q', 'main');
    const { root } = ground.repository;
    const store = openObjectStore(root);
    const repository = 'git+local:repository';
    const range = { repository, targetRef: 'refs/heads/main', base: 'main', head: 'topic' };
    const content = await readChangeContent(store, range);
    const base = content.identity.baseCommit;
    const read = await (await createGroundReader(store, [base]))(base);
    assert.ok('trust' in read);
    const stored = { files: new Map(), run: undefined, patch: undefined, runDirectory: undefined };
    const proven = { content, statements: [], approvals: [], run: undefined, runStated: false };
    assert.equal((await createJudge(root, Date.now())(proven, stored, read)).verdict, verdict);
  }
});

test('an approver who is no longer trusted where the change lands does not come back through its base', async () => {
  using ground = approvedChange('clean-merge');
  moveBase(ground);
  ground.git('rebase', '-q', 'main');
  const { root } = ground.repository;
  const range = { repository: 'git+local:repository', targetRef: 'refs/heads/main', base: 'main', head: 'topic' };
  const store = openObjectStore(root);
  const content = await readChangeContent(store, range);
  ground.git('checkout', '-q', 'main');
  const landing = ground.repository.commit({ '.sallyport/trust.yaml': 'version: 1\nsigners: []\n' });
  const read = await (await createGroundReader(store, [landing]))(landing);
  assert.ok('trust' in read);
  const stored = { files: new Map(), run: undefined, patch: undefined, runDirectory: undefined };
  const proven = { content, statements: [], approvals: [], run: undefined, runStated: false };
  assert.equal((await createJudge(root, Date.now())(proven, stored, read)).verdict, 'needs-approval');
});

test('sixty older decisions about other changes do not hide the rejection of this one', async () => {
  using ground = approvedChange('clean-merge');
  assert.equal(ground.approve('--dismiss', '--key', `${ground.keys}/alice`, '--yes').code, 0);
  moveBase(ground);
  ground.git('rebase', '-q', 'main');
  const { root } = ground.repository;
  const asked = { patch: undefined, workingTree: false, targetRef: undefined, branch: undefined };
  const opened = await openChange(root, { ...asked, base: 'main', head: 'topic' });
  const { approvals } = await readApprovals(root, await trustOf(opened.target), undefined, Date.now());
  const others = approvals.flatMap((approval) =>
    Array.from({ length: 30 }, (_, number) => ({
      ...approval,
      change: { ...approval.change, headCommit: String(number).padStart(40, 'f') },
      decidedAt: '2020-01-01T00:00:00Z',
      statement: `${approval.statement} ${number}`,
    })),
  );
  const carried = await carryOver([...others, ...approvals], opened, root, 'clean-merge');
  const found = carried.flatMap(({ decision, carriedFrom }) => (carriedFrom === undefined ? [] : [decision]));
  assert.deepEqual(found.sort(), ['approve', 'reject']);
});
