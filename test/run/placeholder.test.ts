import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { modelPlaceholder, placeholderFor } from '../../src/run/placeholder.ts';

const KEYS = [
  'sk-ant-api03-AbCdEf0123456789-_xyzXYZ',
  'ghp_0123456789abcdefABCDEF0123456789abcd',
  'glpat-AbCdEf0123456789xyz',
  'AKIAABCDEFGHIJKLMNOP',
];

test('a placeholder keeps length, vendor prefix and character classes', () => {
  const shape = (value: string): string => value.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A').replace(/\d/g, '0');
  for (const key of KEYS) {
    const placeholder = placeholderFor(key, randomBytes);
    assert.equal(shape(placeholder), shape(key));
    assert.notEqual(placeholder, key);
  }
});

test('a placeholder shares no run of eight characters with the real value beyond the vendor prefix', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9]{32,64}$/), (body) => {
      const placeholder = placeholderFor(`ghp_${body}`, randomBytes).slice(4);
      for (let at = 0; at + 8 <= body.length; at++) assert.ok(!placeholder.includes(body.slice(at, at + 8)));
    }),
  );
});

test("the model placeholder has the vendor's shape also when there is no key or a gateway's own token", () => {
  for (const real of [undefined, 'gateway-token-1234567890'])
    assert.match(modelPlaceholder(real, randomBytes), /^sk-ant-api03-[a-z]{93}[A-Z]{2}$/);
});
