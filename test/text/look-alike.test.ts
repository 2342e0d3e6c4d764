import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { lookAlike } from '../../src/text/index.ts';

const KEYS = [
  'sk-ant-api03-AbCdEf0123456789-_xyzXYZ',
  'ghp_0123456789abcdefABCDEF0123456789abcd',
  'glpat-AbCdEf0123456789xyz',
  'AKIAABCDEFGHIJKLMNOP',
];

test('a look-alike keeps length, vendor prefix and character classes', () => {
  const shape = (value: string): string => value.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A').replace(/\d/g, '0');
  for (const key of KEYS) {
    const made = lookAlike(key, randomBytes);
    assert.equal(shape(made), shape(key));
    assert.notEqual(made, key);
  }
});

test('a look-alike shares no run of eight characters with the real value beyond the vendor prefix', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9]{32,64}$/), (body) => {
      const made = lookAlike(`ghp_${body}`, randomBytes).slice(4);
      for (let at = 0; at + 8 <= body.length; at++) assert.ok(!made.includes(body.slice(at, at + 8)));
    }),
  );
});

test('nothing of a credential stays but its separators, whatever characters it is made of', () => {
  for (const real of ['пароль-на-сервере', '!!!###$$$%%%^^^&&&', '-=-=-=-=-=-=-=-=', 'ключ🔑ключ🔑ключ']) {
    const made = lookAlike(real, randomBytes);
    assert.equal(made.length, real.length);
    assert.match(made, /^[a-z-]+$/);
    assert.notEqual(made, real);
  }
});

test('words of a password that stand where vendors have a prefix do not stay', () => {
  for (const real of ['tiger_blue_test_1', 'hunter-live-word-2', 'Correct-horse-battery']) {
    const made = lookAlike(real, randomBytes);
    for (const word of real.split(/[_-]/).filter(({ length }) => length > 4)) assert.ok(!made.includes(word), made);
  }
});
