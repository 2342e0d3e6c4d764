/** Which approvals count for a change, and which never do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Approval,
  type ApprovalCount,
  type CountInput,
  countApprovals,
  digestPresented,
  type RefusalCode,
} from '../../../src/attest/index.ts';
import { approvalBy, CHANGE, hoursAfterNoon, PRESENTED } from './support/approvals.ts';

const NOBODY = { requester: undefined, author: undefined, lastPusher: undefined };

function count(approvals: readonly Approval[], other: Partial<CountInput> = {}): ApprovalCount {
  const presented = digestPresented(PRESENTED);
  return countApprovals({ approvals, change: CHANGE, people: NOBODY, presented, now: hoursAfterNoon(0), ...other });
}

function countedIn(result: ApprovalCount): readonly string[] {
  return result.counted.map(({ approver }) => approver);
}

function refusedIn(result: ApprovalCount): readonly RefusalCode[] {
  return result.refused.map(({ code }) => code);
}

describe('an approval counts', () => {
  it('for the very change that it was given for', () => {
    assert.deepEqual(countedIn(count([approvalBy('alice'), approvalBy('bob')])), ['alice', 'bob']);
  });

  it('for nothing else: a new commit, another base, tree, target or repository voids it', () => {
    for (const [field, value] of [
      ['headCommit', '0'.repeat(40)],
      ['headTree', '0'.repeat(40)],
      ['baseCommit', '0'.repeat(40)],
      ['targetRef', 'refs/heads/release'],
      ['repository', 'git+https://git.example.test/acme/other'],
    ] as const)
      assert.deepEqual(refusedIn(count([approvalBy('alice')], { change: { ...CHANGE, [field]: value } })), [
        'other-change',
      ]);
  });

  it('only if what was shown is what the gate sees', () => {
    const other = digestPresented({ ...PRESENTED, controls: '0'.repeat(64) });
    assert.deepEqual(refusedIn(count([approvalBy('alice')], { presented: other })), ['other-presentation']);
    assert.deepEqual(countedIn(count([approvalBy('alice')], { presented: undefined })), ['alice']);
  });

  it('until it expires, not before it was given, and not for ever', () => {
    assert.deepEqual(refusedIn(count([approvalBy('alice')], { now: hoursAfterNoon(23) })), ['expired']);
    assert.deepEqual(countedIn(count([approvalBy('alice')], { now: hoursAfterNoon(22.9) })), ['alice']);
    assert.deepEqual(refusedIn(count([approvalBy('alice')], { now: hoursAfterNoon(-2) })), ['from-the-future']);
    const minutes = (count: number) => hoursAfterNoon(count / 60);
    const decided = (at: string) => count([approvalBy('alice', { decidedAt: at })]);
    assert.deepEqual(countedIn(decided(minutes(4))), ['alice'], 'clocks differ');
    assert.deepEqual(refusedIn(decided(minutes(6))), ['from-the-future']);
    const long = approvalBy('alice', { expiresAt: hoursAfterNoon(24 * 31) });
    assert.deepEqual(refusedIn(count([long])), ['too-long']);
    for (const wrong of ['', 'soon', '9999-99-99T00:00:00Z'])
      assert.equal(count([approvalBy('alice', { expiresAt: wrong })]).counted.length, 0);
    assert.equal(count([approvalBy('alice')], { now: 'no time' }).counted.length, 0);
  });

  it('once for each person, the latest of them', () => {
    const first = approvalBy('alice', { decidedAt: hoursAfterNoon(-3) });
    const result = count([approvalBy('alice'), first, first]);
    assert.deepEqual(
      result.counted.map(({ decidedAt }) => decidedAt),
      [hoursAfterNoon(-1)],
    );
    assert.deepEqual(refusedIn(result), ['twice']);
  });
});

describe('an approval never counts', () => {
  const names = ['alice@example.test', 'alice', 'alice-acme', 'a.smith@example.test'];
  const alice = approvalBy('alice@example.test', { names });

  for (const [role, code] of [
    ['requester', 'requester'],
    ['author', 'author'],
    ['lastPusher', 'last-pusher'],
  ] as const)
    it(`from the ${role}, under whatever name`, () => {
      for (const name of [
        'alice@example.test',
        'ALICE',
        '@alice',
        'alice-acme',
        'Somebody Else <a.smith@example.test>',
        'Alice <4567+alice@users.noreply.git.example.test>',
        ' alice-acme ',
      ])
        assert.deepEqual(refusedIn(count([alice], { people: { ...NOBODY, [role]: name } })), [code], name);
      // A display name is anybody's choice; another account is another person.
      for (const name of ['alice <bob@example.test>', 'alice2', 'malice', 'bob'])
        assert.deepEqual(countedIn(count([alice], { people: { ...NOBODY, [role]: name } })), [alice.approver], name);
    });

  it('from anybody who pushed a part of it, whoever pushed last', () => {
    const people = { ...NOBODY, lastPusher: 'bob', pushers: ['bob', 'Alice-Acme'] };
    assert.deepEqual(refusedIn(count([alice], { people })), ['pusher']);
    assert.deepEqual(countedIn(count([alice], { people: { ...people, pushers: ['bob', 'malice'] } })), [
      alice.approver,
    ]);
  });

  it('from the author of any commit in it, or from an agent', () => {
    const authors = ['Bob <bob@example.test>', 'A <a.smith@example.test>'];
    assert.deepEqual(refusedIn(count([alice], { people: { ...NOBODY, authors } })), ['author']);
    const robot = approvalBy('robot', { names: ['robot', 'acme-agent[bot]'] });
    assert.deepEqual(refusedIn(count([robot], { people: { ...NOBODY, agents: ['acme-agent[bot]'] } })), ['agent']);
  });

  it('when its nonce served another statement of the same person', () => {
    const nonce = approvalBy('alice').nonce;
    const known = [{ approver: 'alice', nonce, statement: 'another' }];
    assert.deepEqual(refusedIn(count([approvalBy('alice')], { known })), ['nonce-used']);
    const own = [{ approver: 'alice', nonce, statement: approvalBy('alice').statement }];
    assert.deepEqual(countedIn(count([approvalBy('alice')], { known: own })), ['alice']);
    // Somebody who copies a nonce cannot void another person's approval with it.
    const copied = [{ approver: 'mallory', nonce, statement: 'another' }];
    assert.deepEqual(countedIn(count([approvalBy('alice')], { known: copied })), ['alice']);
  });
});

describe('a rejection', () => {
  const rejection = (approver: string, hours: number, expires = 23): Approval =>
    approvalBy(approver, { decision: 'reject', decidedAt: hoursAfterNoon(hours), expiresAt: hoursAfterNoon(expires) });

  it('takes back what the same person approved before, and stands beside the approvals of others', () => {
    const result = count([approvalBy('alice'), approvalBy('bob'), rejection('alice', -0.5)]);
    assert.deepEqual(countedIn(result), ['bob']);
    assert.deepEqual(refusedIn(result), ['withdrawn']);
    assert.deepEqual(
      result.rejections.map(({ approver }) => approver),
      ['alice'],
    );
  });

  it('is lifted by a later approval of the same person, and by nobody else', () => {
    const lifted = count([rejection('alice', -3), approvalBy('alice')]);
    assert.deepEqual([countedIn(lifted), lifted.rejections.length], [['alice'], 0]);
    const standing = count([rejection('alice', -3), approvalBy('bob')]);
    assert.deepEqual([countedIn(standing), standing.rejections.length], [['bob'], 1]);
  });

  it('does not bring an approval back when it expires', () => {
    const result = count([approvalBy('alice', { expiresAt: hoursAfterNoon(23) }), rejection('alice', -0.5, 1)], {
      now: hoursAfterNoon(2),
    });
    assert.deepEqual([countedIn(result), result.rejections.length], [[], 1]);
  });

  it('of the same moment as an approval is the later one', () => {
    assert.deepEqual(countedIn(count([approvalBy('alice'), rejection('alice', -1)])), []);
  });

  it('of another change says nothing of this one', () => {
    const other = { ...rejection('alice', -0.5), change: { ...CHANGE, headCommit: '0'.repeat(40) } };
    assert.deepEqual(countedIn(count([approvalBy('alice'), other])), ['alice']);
  });
});

describe('breaking the glass', () => {
  const breaker = (approver: string, other: Partial<Approval> = {}): Approval =>
    approvalBy(approver, { breakGlass: true, ...other });

  it('needs two people, each with a reason', () => {
    const both = count([breaker('alice'), breaker('bob')]);
    assert.deepEqual([countedIn(both), both.breakGlass], [['alice', 'bob'], true]);
    const alone = count([
      breaker('alice'),
      breaker('alice', { decidedAt: hoursAfterNoon(-2), expiresAt: hoursAfterNoon(20) }),
      approvalBy('bob'),
    ]);
    assert.deepEqual([countedIn(alone), alone.breakGlass], [['bob'], false]);
    assert.deepEqual(refusedIn(alone), ['alone', 'alone']);
    const silent = count([breaker('alice'), breaker('bob', { reason: '  ' })]);
    assert.deepEqual(refusedIn(silent), ['no-reason', 'alone']);
  });

  it('is not for whoever asked for the change, and not for longer than a day', () => {
    const people = { ...NOBODY, requester: 'bob' };
    assert.deepEqual(refusedIn(count([breaker('alice'), breaker('bob')], { people })), ['requester', 'alone']);
    const long = breaker('bob', { expiresAt: hoursAfterNoon(24) });
    assert.deepEqual(refusedIn(count([breaker('alice'), long])), ['too-long', 'alone']);
  });

  it('by one person does not cost that person an ordinary approval', () => {
    const result = count([approvalBy('alice'), breaker('alice', { decidedAt: hoursAfterNoon(-0.5) })]);
    assert.deepEqual([countedIn(result), refusedIn(result)], [['alice'], ['alone']]);
  });
});

describe('counting', () => {
  it('gives each approval one answer, in any order, and never one person twice', () => {
    const pool = ['alice', 'bob', 'carol'].flatMap((approver) =>
      [-4, -3, -2].flatMap((hours) =>
        (['approve', 'reject'] as const).map((decision) =>
          approvalBy(approver, { decision, decidedAt: hoursAfterNoon(hours), breakGlass: hours === -3 }),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(pool), (approvals) => {
        const result = count(approvals);
        const again = count([...approvals].reverse());
        assert.deepEqual(result, again);
        const people = countedIn(result);
        assert.equal(new Set(people).size, people.length);
        const answered = [...result.counted, ...result.refused.map(({ approval }) => approval)];
        const given = approvals.filter(({ decision }) => decision === 'approve');
        assert.equal(answered.length, given.length);
        for (const { approver } of result.rejections) assert.ok(!people.includes(approver));
      }),
      { numRuns: 200 },
    );
  });
});
