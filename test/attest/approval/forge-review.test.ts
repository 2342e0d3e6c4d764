/** Reviews that a forge asserts: whose they are, what they are for, and when they count beside signatures. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Approval,
  type AssertedReview,
  approvalsOfReviews,
  type CountInput,
  countApprovals,
} from '../../../src/attest/index.ts';
import { approvalBy, CHANGE, foundTown, hoursAfterNoon } from './support/approvals.ts';

const TOWN = await foundTown([
  { id: 'alice', rest: 'logins: { github: Alice-A }' },
  { id: 'bob', rest: 'logins: { github: bob }' },
  { id: 'gate', roles: '[gate]', rest: 'logins: { github: gatekeeper }' },
]);

function review(login: string, other: Partial<AssertedReview> = {}): AssertedReview {
  return { login, state: 'approved', commit: CHANGE.headCommit, at: hoursAfterNoon(-1), bot: false, ...other };
}

const read = (...reviews: readonly AssertedReview[]) =>
  approvalsOfReviews({ forge: 'github', reviews }, CHANGE, TOWN.trust);

const PEOPLE = { requester: 'dora', author: 'dora', lastPusher: 'dora' };

function count(approvals: readonly Approval[], other: Partial<CountInput> = {}) {
  return countApprovals({
    approvals,
    change: CHANGE,
    people: PEOPLE,
    presented: 'd'.repeat(64),
    now: hoursAfterNoon(0),
    forgeReviews: 'count',
    ...other,
  });
}

const refusalsOf = (reviews: readonly AssertedReview[], other: Partial<CountInput> = {}) =>
  count(read(...reviews).approvals, other).refused.map(({ code }) => code);

const signed = (approver: string, other: Partial<Approval> = {}) =>
  approvalBy(approver, { presented: 'd'.repeat(64), ...other });

describe('a review in a forge', () => {
  it('counts where the policy counts such reviews, and nowhere else', () => {
    const { approvals } = read(review('alice-a'));
    assert.deepEqual(
      count(approvals).counted.map(({ approver }) => approver),
      ['alice'],
    );
    assert.deepEqual(refusalsOf([review('alice-a')], { forgeReviews: 'support' }), ['forge-review']);

    assert.deepEqual(countApprovals({ approvals, change: CHANGE, people: PEOPLE, now: hoursAfterNoon(0) }).counted, []);
  });

  it('is nobody’s without an approver of the trust store behind the account', () => {
    const { approvals, left } = read(review('mallory'), review('gatekeeper'), review('alice-a', { bot: true }));
    assert.deepEqual(approvals, []);
    assert.deepEqual(left, [
      'alice-a of github is no person',
      'gatekeeper of github is no approver in .sallyport/trust.yaml',
      'mallory of github is nobody in .sallyport/trust.yaml',
    ]);
    assert.deepEqual(
      approvalsOfReviews({ forge: 'gitlab', reviews: [review('bob')] }, CHANGE, TOWN.trust).approvals,
      [],
    );
    assert.deepEqual(
      approvalsOfReviews({ forge: 'github', reviews: [review('bob')] }, CHANGE, undefined).approvals,
      [],
    );
  });

  it('is for the commit that was looked at, and for nothing where the forge does not tell', () => {
    assert.deepEqual(refusalsOf([review('bob', { commit: '9'.repeat(40) })]), ['other-change']);
    assert.deepEqual(refusalsOf([review('bob', { commit: null })]), ['other-change']);
  });

  it('is none of the author, the requester, the last pusher or an agent, nor where nobody knows who pushed', () => {
    for (const [people, code] of [
      [{ ...PEOPLE, author: 'bob' }, 'author'],
      [{ ...PEOPLE, requester: 'BOB' }, 'requester'],
      [{ ...PEOPLE, lastPusher: '@bob' }, 'last-pusher'],
      [{ ...PEOPLE, agents: ['bob'] }, 'agent'],
      [{ ...PEOPLE, lastPusher: undefined }, 'unknown-pusher'],
    ] as const)
      assert.deepEqual(refusalsOf([review('bob')], { people }), [code]);
  });

  it('ends after thirty days, and never comes from the future or from no moment', () => {
    assert.deepEqual(refusalsOf([review('bob', { at: hoursAfterNoon(-24 * 31) })]), ['expired']);
    assert.deepEqual(refusalsOf([review('bob', { at: hoursAfterNoon(2) })]), ['from-the-future']);
    assert.deepEqual(refusalsOf([review('bob', { at: '' })]), ['from-the-future']);
  });

  it('of no known moment takes back nothing that was said at one', () => {
    const [only, ...others] = read(
      review('bob', { state: 'changes-requested' }),
      review('bob', { at: 'soon' }),
    ).approvals;
    assert.deepEqual([only?.decision, others.length], ['reject', 0]);
  });

  it('does not stand in for a signature of the same person, though it came later', () => {
    const { approvals } = read(review('bob', { at: hoursAfterNoon(-0.1) }));
    const { counted, refused } = count([signed('bob', { scope: ['GATE021'] }), ...approvals]);
    assert.deepEqual(
      counted.map(({ method, scope }) => [method, scope]),
      [['ssh', ['GATE021']]],
    );
    assert.deepEqual(
      refused.map(({ code }) => code),
      ['twice'],
    );
  });

  it('is the person’s last word: a dismissal takes it back, a remark does not', () => {
    const later = hoursAfterNoon(-0.5);
    assert.equal(read(review('bob'), review('bob', { state: 'dismissed', at: later })).approvals.length, 0);
    assert.equal(read(review('bob'), review('bob', { state: 'commented', at: later })).approvals.length, 1);
  });
});

describe('signed approvals and reviews of a forge', () => {
  it('are one person’s once, and the signed one is kept with what it accepts', () => {
    const { counted, refused } = count([signed('bob', { scope: ['GATE021'] }), ...read(review('bob')).approvals]);
    assert.deepEqual(
      counted.map(({ method, scope }) => [method, scope]),
      [['ssh', ['GATE021']]],
    );
    assert.deepEqual(
      refused.map(({ code }) => code),
      ['twice'],
    );
  });

  it('a wish for changes stands against the change and takes the person’s signature back', () => {
    const wish = read(review('bob', { state: 'changes-requested', commit: null, at: hoursAfterNoon(-0.5) })).approvals;
    const { counted, rejections } = count([signed('bob'), ...wish]);
    assert.deepEqual([counted.length, rejections.length], [0, 1]);
    assert.equal(count(wish, { forgeReviews: 'support' }).rejections.length, 0);
  });

  it('a signed rejection is not taken back by what a forge asserts', () => {
    const rejection = signed('bob', { decision: 'reject' });
    const { rejections } = count([rejection, ...read(review('bob', { at: hoursAfterNoon(-0.5) })).approvals]);
    assert.deepEqual(rejections, [rejection]);
  });
});

describe('hostile reviews', () => {
  it('are values whatever stands in them', () => {
    const anything = fc.record({
      login: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\ud800'), fc.constantFrom('bob', 'Alice-A')),
      state: fc.constantFrom('approved', 'changes-requested', 'commented', 'dismissed'),
      commit: fc.oneof(fc.constant(null), fc.string(), fc.constant(CHANGE.headCommit)),
      at: fc.oneof(fc.string(), fc.constant(hoursAfterNoon(-1)), fc.constant('+275760-09-13T00:00:00Z')),
      bot: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 6 }), (reviews) => {
        const { counted } = count(read(...reviews).approvals);
        for (const { approver } of counted)
          assert.ok(
            reviews.some(
              ({ login, state, commit, bot }) =>
                (approver === 'bob' ? login === 'bob' : login.toLowerCase() === 'alice-a') &&
                state === 'approved' &&
                commit === CHANGE.headCommit &&
                !bot,
            ),
          );
      }),
      { numRuns: Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 200) },
    );
  });
});

describe('an account that the trust store knows by its number', async () => {
  const { trust } = await foundTown([
    { id: 'alice', rest: 'logins: { github: alice-a }\n    accountIds: { github: "17" }' },
    { id: 'bob', rest: 'logins: { github: bob }' },
  ]);
  const whose = (login: string, accountId?: string | null) =>
    approvalsOfReviews({ forge: 'github', reviews: [review(login, { accountId })] }, CHANGE, trust).approvals.map(
      ({ approver }) => approver,
    );

  it('is nobody for who has taken the login since it was given up', () => {
    assert.deepEqual(whose('alice-a', '99'), []);
    assert.deepEqual(whose('alice-a', null), [], 'the forge does not tell');
    assert.deepEqual(whose('alice-a'), [], 'an older statement');
    assert.deepEqual(whose('alice-a', '17'), ['alice']);
    assert.deepEqual(whose('bob', '99'), ['bob'], 'without a number the login counts');
  });

  it('stays the same person under a new name, and cannot approve what it pushed under that name', () => {
    const reviews = [review('alice-b', { accountId: '17' })];
    const { approvals } = approvalsOfReviews({ forge: 'github', reviews }, CHANGE, trust);
    assert.deepEqual(count(approvals).counted.length, 1);
    const pushed = count(approvals, { people: { ...PEOPLE, lastPusher: 'alice-b' } });
    assert.deepEqual(
      pushed.refused.map(({ code }) => code),
      ['last-pusher'],
    );
  });

  it('is not another signer, too', async () => {
    const rest = 'accountIds: { github: "17" }';
    await assert.rejects(
      foundTown([
        { id: 'carol', rest },
        { id: 'dan', rest },
      ]),
      { code: 'SP2501' },
    );
  });
});
