import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GateEvidence, judge } from '../../src/gate/index.ts';
import { compilePolicy, defaultPolicy, type Policy, parsePolicy } from '../../src/policy/index.ts';
import { agentEvidence, approval, CHANGE, codesOf, commit, controls, evidence, filesOf, finding } from './sample.ts';

const POLICY = defaultPolicy('claude-code');
const WEAKENED = evidence({ controls: controls({}) });
const DISARMED = evidence({
  files: filesOf({ 'src/a.ts': 'a\n' }, { 'src/a.ts': 'b\n' }),
  controls: controls({ control: 'tls-off', group: 'option', meta: true }),
});

function verdict(change: GateEvidence, ...approvals: readonly ReturnType<typeof approval>[]): string {
  return judge({ ...change, approvals }, POLICY).verdict;
}

async function policyOf(merge: string): Promise<Policy> {
  return compilePolicy({ repository: await parsePolicy(`version: 1\nmerge: ${merge}\n`, 'sallyport.yaml') });
}

test('a weakened control needs a second human', () => {
  assert.equal(verdict(WEAKENED), 'needs-approval');
  assert.equal(judge(WEAKENED, POLICY).approvalsMissing, 1);
  assert.equal(verdict(WEAKENED, approval()), 'pass');
});

test('what cannot be judged does not hide how many approvals the rest needs, nor why one does not count', () => {
  const conflicting = { ...WEAKENED, merge: { kind: 'conflict', paths: ['src/a.ts'] } } as const;
  assert.equal(judge(conflicting, POLICY).verdict, 'incomplete');
  assert.equal(judge(conflicting, POLICY).approvalsMissing, 1);
  const stale = approval({ expiresAt: '2027-01-15T11:30:00Z' });
  assert.ok(codesOf(judge({ ...conflicting, approvals: [stale] }, POLICY)).includes('GATE062'));
});

test('what an approval lifted stays in the report', () => {
  const result = judge({ ...WEAKENED, approvals: [approval()] }, POLICY);
  assert.deepEqual(
    result.lifted.map(({ code }) => code),
    ['GATE020'],
  );
  assert.deepEqual(result.approvals.counted, ['carol']);
});

const VOID: readonly (readonly [string, Partial<ReturnType<typeof approval>>])[] = [
  ['of another head', { change: { ...CHANGE, headCommit: '9'.repeat(40) } }],
  ['of another tree', { change: { ...CHANGE, headTree: '9'.repeat(40) } }],
  ['of another base', { change: { ...CHANGE, baseCommit: '9'.repeat(40) } }],
  ['for another target', { change: { ...CHANGE, targetRef: 'refs/heads/release' } }],
  ['that has expired', { expiresAt: '2027-01-15T11:30:00Z' }],
  ['by the author under another name', { approver: 'other', names: ['other', 'dev@example.test'] }],
  ['by the requester', { approver: 'alice', names: ['alice'] }],
  ['by the last pusher', { approver: 'bob', names: ['bob'] }],
  ['by an account of an agent', { approver: 'robot', names: ['robot'] }],
];

test('whoever approved many other changes is named once', () => {
  const other = { ...CHANGE, headCommit: '9'.repeat(40), baseCommit: '8'.repeat(40) };
  const earlier = ['1', '2'].map((nonce) => approval({ change: other, nonce, statement: nonce.repeat(64) }));
  const { approvals, reasons } = judge({ ...WEAKENED, approvals: earlier }, POLICY);
  assert.equal(approvals.refused.length, 1);
  assert.deepEqual(
    reasons.map(({ code, evidence: { length } }) => [code, length]),
    [
      ['GATE020', 1],
      ['GATE062', 1],
    ],
  );
});

for (const [what, over] of VOID) {
  test(`an approval ${what} does not count`, () => {
    const people = { ...WEAKENED.people, requester: 'alice', lastPusher: 'bob', agents: ['robot'] };
    const result = judge({ ...WEAKENED, people, approvals: [approval(over)] }, POLICY);
    assert.equal(result.verdict, 'needs-approval');
    assert.deepEqual(codesOf(result), ['GATE020', 'GATE062']);
    assert.equal(result.approvals.refused.length, 1);
  });
}

test('an approval that does not count does no harm beside one that does', () => {
  const stale = approval({ approver: 'dan', expiresAt: '2027-01-15T11:30:00Z' });
  assert.equal(verdict(WEAKENED, approval(), stale), 'pass');
});

test('a check that is switched off is lifted only by an approval that names it', () => {
  assert.equal(verdict(DISARMED), 'blocked');
  assert.equal(verdict(DISARMED, approval()), 'blocked');
  assert.equal(verdict(DISARMED, approval({ scope: ['another'] })), 'blocked');
  assert.equal(verdict(DISARMED, approval({ scope: ['tls-off'] })), 'pass');
  assert.equal(verdict(DISARMED, approval({ scope: ['GATE021'] })), 'pass');
});

test('an empty name in a scope accepts nothing, not even what has no name', () => {
  assert.equal(verdict(DISARMED, approval({ scope: [''] })), 'blocked');
  const unread = evidence({ gaps: [{ kind: 'cap', message: 'cut', place: { file: '', span: { start: 0, end: 0 } } }] });
  assert.equal(verdict(unread, approval({ scope: [''] })), 'incomplete');
  assert.equal(verdict(unread, approval({ scope: ['GATE032'] })), 'pass');
});

test('what is known to be wrong is not hidden behind what is missing, nor that behind what a person may lift', () => {
  const conflict = { merge: { kind: 'conflict' as const, paths: ['src/a.ts'] } };
  assert.equal(verdict({ ...WEAKENED, ...conflict }), 'incomplete');
  assert.equal(verdict({ ...DISARMED, ...conflict }), 'blocked');
});

test('a finding is taken on by its fingerprint, and the policy does not count it any more', () => {
  const found = finding();
  const change = evidence({ findings: [found] });
  assert.equal(verdict(change, approval()), 'blocked');
  assert.equal(verdict(change, approval({ scope: [found.fingerprint] })), 'pass');
});

test('two people break the glass, one does not', () => {
  const broken = (approver: string) => approval({ approver, breakGlass: true, reason: 'production is down' });
  assert.equal(verdict(DISARMED, broken('carol')), 'blocked');
  const result = judge({ ...DISARMED, approvals: [broken('carol'), broken('dan')] }, POLICY);
  assert.equal(result.verdict, 'pass');
  assert.equal(result.approvals.breakGlass, true);
});

test('no number of people lifts a secret, a forged ledger, or a conflict', () => {
  const people = ['carol', 'dan', 'erin'].map((approver) =>
    approval({ approver, breakGlass: true, reason: 'now', scope: ['GATE002', 'GATE041', 'GATE060'] }),
  );
  assert.equal(verdict(agentEvidence({}, { ledger: 'INVALID' }), ...people), 'blocked');
  assert.equal(verdict(evidence({ texts: [{ name: 'message', text: 'a\u202eb' }] }), ...people), 'blocked');
  assert.equal(verdict(evidence({ merge: { kind: 'conflict', paths: ['a'] } }), ...people), 'incomplete');
});

test('where a path has code owners, one of them must approve', () => {
  const owned: GateEvidence = { ...WEAKENED, owners: [{ path: 'src/a.ts', owners: ['@acme/security', '@erin'] }] };
  assert.equal(verdict(owned, approval()), 'needs-approval');
  assert.match(judge(owned, POLICY).reasons[0]?.liftedBy ?? '', /@acme\/security, @erin/);
  assert.equal(verdict(owned, approval({ approver: 'erin' })), 'pass');
  assert.equal(verdict(owned, approval({ roles: ['acme/security'] })), 'pass');
});

test('each section of CODEOWNERS that speaks of a path wants its own owners, and as many as it says', () => {
  const sections = [
    { path: 'src/a.ts', owners: ['@acme/security', '@frank'], approvals: 2 },
    { path: 'src/a.ts', owners: ['@erin'] },
  ];
  const owned: GateEvidence = { ...WEAKENED, owners: sections };
  const [security, frank, erin] = [
    approval({ roles: ['acme/security'] }),
    approval({ approver: 'frank', names: ['frank'] }),
    approval({ approver: 'erin', names: ['erin'] }),
  ];
  assert.equal(verdict(owned, erin), 'needs-approval', 'one section is not the other');
  assert.equal(verdict(owned, security, erin), 'needs-approval', 'one of two');
  assert.equal(verdict(owned, security, frank), 'needs-approval', 'the second section has nobody');
  assert.equal(verdict(owned, security, frank, erin), 'pass');
  assert.match(judge(owned, POLICY).reasons[0]?.liftedBy ?? '', /2 of @acme\/security, @frank; @erin/);
});

test('owners are asked for a file that was renamed away from them, and for one that only the history has', () => {
  const owners = [{ path: 'locked/a.ts', owners: ['@erin'] }];
  const renamed = WEAKENED.files.map((file) => ({ ...file, kind: 'renamed' as const, previousPath: 'locked/a.ts' }));
  const moved: GateEvidence = { ...WEAKENED, files: renamed, owners };
  assert.equal(verdict(moved, approval()), 'needs-approval');
  assert.equal(verdict(moved, approval({ approver: 'erin', names: ['erin'] })), 'pass');
  const added = { path: '.github/workflows/x.yml', kind: 'added' as const, added: [] };
  const passing = evidence({ commits: [commit({ files: [added] })] });
  const owned: GateEvidence = { ...passing, owners: [{ path: added.path, owners: ['@erin'] }] };
  assert.equal(verdict(passing, approval()), 'pass');
  assert.equal(verdict(owned, approval()), 'needs-approval');
  assert.equal(verdict(owned, approval({ approver: 'erin', names: ['erin'] })), 'pass');
});

test('an approval that names a reason lifts it only together with a code owner of the path', () => {
  const owned: GateEvidence = { ...DISARMED, owners: [{ path: 'src/a.ts', owners: ['@erin'] }] };
  const naming = approval({ scope: ['GATE021'] });
  assert.equal(verdict(owned, naming), 'blocked');
  assert.notEqual(verdict(owned, naming, approval({ approver: 'erin' })), 'blocked');
});

test('an approval that was carried over to another base says from which head', () => {
  const carried = approval({ approver: 'dan', carriedFrom: 'e'.repeat(40) });
  const { approvals } = judge({ ...WEAKENED, approvals: [approval(), carried] }, POLICY);
  assert.deepEqual(approvals.counted, ['carol', 'dan']);
  assert.deepEqual(approvals.carried, [{ approver: 'dan', from: 'e'.repeat(40) }]);
});

test('a change of an agent needs two people, of whom the dispatcher is none', () => {
  const change = agentEvidence({ people: { ...agentEvidence().people, requester: 'alice' } });
  assert.equal(judge(change, POLICY).approvalsMissing, 2);
  assert.equal(verdict(change, approval(), approval({ approver: 'alice', names: ['alice'] })), 'needs-approval');
  assert.equal(verdict(change, approval(), approval({ approver: 'dan' })), 'pass');
});

test('an approval of what was shown otherwise, and one whose nonce was used before, do not count', () => {
  const refusedIn = (change: Partial<GateEvidence>) =>
    judge({ ...WEAKENED, approvals: [approval()], ...change }, POLICY).approvals.refused.map(({ reason }) => reason);
  assert.deepEqual(refusedIn({ presented: approval().presented, knownStatements: [approval()] }), []);
  assert.match(refusedIn({ presented: '1'.repeat(64) }).join(), /what was shown is not what the gate sees/);
  const earlier = { ...approval(), statement: '2'.repeat(64) };
  assert.match(refusedIn({ knownStatements: [earlier] }).join(), /has used its nonce/);
});

test('a review that only a forge asserts counts where the policy says so, and where it is known who pushed last', async () => {
  const people = { ...WEAKENED.people, lastPusher: 'bob' };
  const change = { ...WEAKENED, people, approvals: [approval({ method: 'forge-review' })] };
  assert.equal(judge(change, POLICY).verdict, 'needs-approval');
  const policy = await policyOf('{ forgeReviews: count }');
  assert.equal(judge(change, policy).verdict, 'pass');
  assert.equal(judge({ ...change, people: { ...people, lastPusher: undefined } }, policy).verdict, 'needs-approval');
  assert.equal(judge({ ...change, people: { ...people, pushers: ['carol'] } }, policy).verdict, 'needs-approval');
});

test('an approval that names the path of one finding takes on no other of the same file', () => {
  const [one, other] = [finding(), finding({ fingerprint: 'f'.repeat(64) })];
  const change = evidence({ findings: [one, other] });
  assert.equal(verdict(change, approval({ scope: [one.fingerprint] })), 'blocked');
  assert.equal(verdict(change, approval({ scope: [one.fingerprint, other.fingerprint] })), 'pass');
});

test('a policy may count the dispatcher of the record as one of two', async () => {
  const policy = await policyOf('{ require: [{ origins: [agent-run], approvals: 2, countDispatcher: true }] }');
  const approvals = [approval()];
  assert.equal(judge(agentEvidence({ approvals }), policy).verdict, 'pass');
  assert.equal(judge(agentEvidence({ approvals }, { requestedBy: undefined }), policy).verdict, 'needs-approval');
  assert.equal(judge(agentEvidence(), policy).approvalsMissing, 1);
});

test('a policy cannot lift what the gate itself holds against a change', async () => {
  const policy = await policyOf('{ allow: [{ id: all }] }');
  assert.equal(judge(WEAKENED, policy).verdict, 'needs-approval');
  assert.equal(judge(DISARMED, policy).verdict, 'blocked');
});
