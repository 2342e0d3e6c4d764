import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { modelPlaceholder } from '../../src/run/placeholder.ts';

test("the model placeholder has the vendor's shape also when there is no key or a gateway's own token", () => {
  for (const real of [undefined, 'gateway-token-1234567890'])
    assert.match(modelPlaceholder(real, randomBytes), /^sk-ant-api03-[a-z]{93}[A-Z]{2}$/);
});
