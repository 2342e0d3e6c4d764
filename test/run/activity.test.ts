import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LedgerEvent } from '../../src/ledger/index.ts';
import { ActivityMeter } from '../../src/run/activity.ts';

function snapshotOf(...events: readonly LedgerEvent[]) {
  const meter = new ActivityMeter();
  for (const event of events) meter.observe(event);
  return meter.snapshot();
}

const DECISION = { verdict: 'allow', rule: 'r', reason: 'why', policy: 'd' } as const;
const DENIED = { ...DECISION, verdict: 'deny' } as const;

test('a tool call is shown by the field of its input that tells most', () => {
  const inputs = [
    [{ description: 'look', command: 'ls -la' }, 'ls -la'],
    [{ content: 'x', file_path: 'src/a.ts' }, 'src/a.ts'],
    [{ prompt: 'read', url: 'https://example.org/' }, 'https://example.org/'],
    [{ other: 1 }, '{"other":1}'],
    [{ command: '', path: 'src' }, 'src'],
  ] as const;
  for (const [input, summary] of inputs) {
    const { tools } = snapshotOf({ kind: 'tool.call', subject: { id: '1', tool: 'T', input }, decision: DECISION });
    assert.equal(tools[0]?.summary, summary);
  }
});

test('an input that was cut is shown by the file it names', () => {
  const subject = { id: '1', tool: 'Write', input: '{"content":"xxx', truncated: true, writes: ['src/a.ts', 7] };
  const { tools } = snapshotOf({ kind: 'tool.call', subject, decision: DECISION });
  assert.deepEqual([tools[0]?.summary, tools[0]?.writes], ['src/a.ts', ['src/a.ts']]);
});

test('a call that was decided twice counts once, with the last decision', () => {
  const event: LedgerEvent = { kind: 'tool.call', subject: { id: '1', tool: 'Bash' }, decision: DECISION };
  const { tools } = snapshotOf(event, { ...event, decision: DENIED });
  assert.deepEqual(
    tools.map(({ verdict }) => verdict),
    ['deny'],
  );
});

test('model requests, refusals and usage add up, and nonsense in usage counts nothing', () => {
  const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 2, cacheWriteTokens: 1, usd: 0.5 };
  const { model } = snapshotOf(
    { kind: 'model.request', subject: { model: 'a' }, decision: DECISION },
    { kind: 'model.request', subject: { model: 'b' }, decision: DENIED },
    { kind: 'model.response', subject: {}, observed: { usage } },
    { kind: 'model.response', subject: {}, observed: { usage: { inputTokens: 'many', outputTokens: null } } },
    { kind: 'model.response', subject: {} },
  );
  assert.deepEqual(model, {
    requests: 1,
    refused: 1,
    inputTokens: 10,
    outputTokens: 5,
    cacheTokens: 3,
    usd: 0.5,
    models: ['a', 'b'],
  });
});

test('refused connections to one place for one reason are one line with a count; granted ones are none', () => {
  const refused: LedgerEvent = { kind: 'network.request', subject: { host: 'x.example', port: 443 }, decision: DENIED };
  const { refusedConnections } = snapshotOf(
    refused,
    refused,
    { ...refused, subject: { host: 'y.example', port: 80 } },
    { ...refused, decision: DECISION },
  );
  assert.deepEqual(
    refusedConnections.map(({ target, times }) => [target, times]),
    [
      ['x.example:443', 2],
      ['y.example:80', 1],
    ],
  );
});

test('records, gaps and agreements are counted', () => {
  const { records, gaps, agreement } = snapshotOf(
    { kind: 'capture.gap', subject: {} },
    { kind: 'tool.result', subject: {}, agreement: 'match' },
    { kind: 'file.change', subject: {}, agreement: 'mismatch' },
    { kind: 'file.change', subject: {} },
  );
  assert.deepEqual([records, gaps, agreement], [4, 1, { match: 1, mismatch: 1, unobserved: 0 }]);
});

test('a refused connection without a readable host is shown by what was written, or by the broker', () => {
  const refuse = (subject: LedgerEvent['subject']): LedgerEvent => ({
    kind: 'network.request',
    subject,
    decision: DENIED,
  });
  const { refusedConnections } = snapshotOf(
    refuse({ passage: 'tunnel', spelled: 'evil.test](http://x):443' }),
    refuse({ target: 'broker', connections: 3 }),
    refuse({ passage: 'plain' }),
  );
  assert.deepEqual(
    refusedConnections.map(({ target }) => target),
    ['evil.test](http://x):443', 'broker', 'no readable host'],
  );
});
