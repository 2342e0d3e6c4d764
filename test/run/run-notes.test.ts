import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPolicy } from '../../src/policy/index.ts';
import { keyNotes, stagingNotes } from '../../src/run/run-notes.ts';

test('that there is no key is news only where a model was asked', () => {
  const policy = defaultPolicy('generic');
  const model = { upstream: 'https://model.example', placeholder: 'p', caPem: undefined };
  const without = { policy, model: { ...model, realKey: undefined } };
  assert.deepEqual(keyNotes(without, { requests: 0 }), []);
  assert.match(keyNotes(without, { requests: 1 }).join(), /^ANTHROPIC_API_KEY is not set/);
  assert.deepEqual(keyNotes({ policy, model: { ...model, realKey: 'k' } }, { requests: 1 }), []);
});

test('links that were left out are named, with what to do about it', () => {
  const link = (path: string) => ({ path, target: '/srv/python/bin/python3', reason: 'leaves the tree' });
  assert.deepEqual(stagingNotes({ removedLinks: [] }), []);
  assert.match(stagingNotes({ removedLinks: [link('.venv/bin/python')] }).join(), /\.venv\/bin\/python .*readOnly/);
  assert.match(stagingNotes({ removedLinks: [link('a'), link('b'), link('c')] }).join(), /and 2 more/);
});
