import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rememberTexts } from '../../src/text/index.ts';

describe('a function that remembers', () => {
  it('answers as before, and reads each text once', () => {
    const read: string[] = [];
    const length = rememberTexts((text) => {
      read.push(text);
      return text === '' ? undefined : text.length;
    });
    assert.deepEqual(['a', 'bb', 'a', '', 'bb', ''].map(length), [1, 2, 1, undefined, 2, undefined]);
    assert.deepEqual(read, ['a', 'bb', '']);
  });

  it('forgets when it would hold more than a megabyte of texts', () => {
    let calls = 0;
    const count = rememberTexts((text) => {
      calls++;
      return text.length;
    });
    const large = 'x'.repeat(700_000);
    for (const text of ['a', large, 'a', `${large}y`, 'a', large]) assert.equal(count(text), text.length);
    assert.equal(calls, 5);
    const huge = 'z'.repeat(2_000_000);
    assert.equal(count(huge), huge.length);
    assert.equal(count(huge), huge.length);
    assert.equal(calls, 7);
  });
});
