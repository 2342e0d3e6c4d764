import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slug } from '../src/slug.js';

test('every run of other characters becomes one dash', () => {
  assert.equal(slug('Hello, big World'), 'hello-big-world');
});
