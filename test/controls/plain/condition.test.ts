import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareConditions, normalise } from '../../../src/controls/plain/condition.ts';

/** A refusal `if (…)` before and after, and what the difference comes to. */
const ROWS: readonly (readonly [was: string, now: string, difference: string])[] = [
  ['a', ' a ', 'same'],
  ['!(a)', 'a', 'negated'],
  ['a || b', 'b || a', 'same'],
  ['a || b', 'a', 'looser'],
  ['a || b', 'a || b || c', 'stricter'],
  ['!a', '!a && name != "svc"', 'looser'],
  ['a && b', 'a', 'stricter'],
  ['n >= LIMIT', 'n > LIMIT', 'looser'],
  ['n > 5', 'n > 500', 'looser'],
  ['a or b', 'a', 'looser'],
  ['user.blocked', 'actor.blocked', 'same'],
  ['user.blocked', 'user.deleted', 'other'],
];

describe('two conditions of a refusal', () => {
  const isRenamed = (from: string, to: string): boolean => from === 'user' && to === 'actor';
  for (const [was, now, difference] of ROWS)
    it(`are ${difference}: ${was} | ${now}`, () => {
      assert.equal(compareConditions(normalise(was, false), normalise(now, false), isRenamed), difference);
    });

  it('are the other way round where they must hold', () => {
    const compare = (was: string, now: string) =>
      compareConditions(normalise(was, true), normalise(now, true), () => false);
    assert.equal(compare('a && b', 'a'), 'looser');
    assert.equal(compare('a', 'a || b'), 'looser');
    assert.equal(compare('a', 'a && b'), 'stricter');
  });

  it('are one where a negation turns a demand into a refusal', () => {
    const [refusal, demand] = [normalise('!(user.admin?)', false), normalise('user.admin?', true)];
    assert.equal(
      compareConditions(refusal, demand, () => false),
      'same',
    );
  });
});
