import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Budget } from '../../../src/broker/model/budget.ts';
import { costOf, PRICES, priceOf } from '../../../src/broker/model/prices.ts';
import { message, request, text } from '../support/messages.ts';
import { type Reply, startRig } from '../support/rig.ts';
import { answerJson, startUpstream } from '../support/upstream.ts';

const NONE = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWriteLongTokens: 0 };
const NO_LIMIT = { maxRequests: 1e9, maxTokens: 1e9, maxUsd: undefined };

function isReserved(outcome: ReturnType<Budget['reserve']>): outcome is Exclude<typeof outcome, { unit: unknown }> {
  return !('unit' in outcome);
}

describe('the budget', () => {
  test('ends with the last request', () => {
    const budget = new Budget({ ...NO_LIMIT, maxRequests: 2 });
    assert.ok(isReserved(budget.reserve('m', 1)));
    assert.ok(isReserved(budget.reserve('m', 1)));
    assert.deepEqual(budget.reserve('m', 1), { unit: 'requests', used: 2, limit: 2 });
  });

  test('counts tokens of every kind', () => {
    const budget = new Budget({ ...NO_LIMIT, maxTokens: 100 });
    const first = budget.reserve('m', 10);
    assert.ok(isReserved(first));
    first.settle({ ...NONE, inputTokens: 25, outputTokens: 25, cacheReadTokens: 25, cacheWriteTokens: 25 });
    assert.deepEqual(budget.reserve('m', 10), { unit: 'tokens', used: 100, limit: 100 });
  });

  test('counts what requests in flight may still produce', () => {
    const budget = new Budget({ ...NO_LIMIT, maxTokens: 100 });
    const first = budget.reserve('m', 100);
    assert.ok(isReserved(first));
    assert.ok(!isReserved(budget.reserve('m', 100)), 'a second one in parallel must wait');
    first.settle(NONE);
    assert.ok(isReserved(budget.reserve('m', 100)), 'what was not used is free again');
  });

  test('books a request once', () => {
    const budget = new Budget({ ...NO_LIMIT, maxTokens: 100 });
    const first = budget.reserve('m', 50);
    assert.ok(isReserved(first));
    first.settle({ ...NONE, inputTokens: 60 });
    first.settle({ ...NONE, inputTokens: 60 });
    assert.ok(isReserved(budget.reserve('m', 40)));
    assert.deepEqual(budget.exhaustion(), { unit: 'tokens', used: 100, limit: 100 });
  });

  test('ends with the money', () => {
    const budget = new Budget({ ...NO_LIMIT, maxUsd: 1 });
    const first = budget.reserve('claude-sonnet-4-5', 1000);
    assert.ok(isReserved(first));
    first.settle({ ...NONE, outputTokens: 70_000 });
    const outcome = budget.reserve('claude-sonnet-4-5', 1000);
    assert.ok(!isReserved(outcome) && outcome.unit === 'usd');
  });
});

describe('prices', () => {
  test('of a model nobody listed are the dearest', () => {
    const dearest = Math.max(...PRICES.map(({ output }) => output));
    assert.equal(priceOf('model-of-tomorrow').output, dearest);
  });

  test('make reading from the cache cheap and writing to it dear', () => {
    const million = 100_000;
    const cost = (usage: object): number => costOf('claude-sonnet-4-5', { ...NONE, ...usage });
    const plain = cost({ inputTokens: million });
    assert.equal(cost({ cacheReadTokens: million }), plain * 0.1);
    assert.equal(cost({ cacheWriteTokens: million }), plain * 1.25);
    assert.equal(cost({ cacheWriteTokens: million, cacheWriteLongTokens: million }), plain * 2);
  });

  test('are higher for a long input, wherever it is taken from', () => {
    const micros = (usage: object): number => Math.round(costOf('claude-sonnet-4-5', { ...NONE, ...usage }) * 1e6);
    assert.equal(micros({ inputTokens: 200_000, outputTokens: 1000 }), 600_000 + 15_000);
    assert.equal(micros({ inputTokens: 200_001, outputTokens: 1000 }), 2 * 600_003 + 1.5 * 15_000);
    assert.equal(micros({ cacheReadTokens: 400_000 }), 2 * 2 * micros({ cacheReadTokens: 200_000 }));
  });
});

async function spend(
  limits: object,
  times: number,
): Promise<{ readonly replies: readonly Reply[]; readonly budgets: number; readonly sent: number }> {
  await using upstream = await startUpstream((_request, response) => answerJson(response, message([text('hi')])));
  await using rig = await startRig(upstream.url, { model: limits });
  const replies: Reply[] = [];
  for (let count = 0; count < times; count++) replies.push(await rig.post(request()));
  return { replies, budgets: rig.tape.of('budget').length, sent: upstream.requests.length };
}

for (const [unit, limits] of [
  ['requests', { maxRequests: 2 }],
  ['tokens', { maxTokens: 300 }],
  ['money', { maxUsd: 0.008 }],
] as const) {
  test(`a run whose ${unit} are used up is told so in a way no client retries`, async () => {
    const { replies, budgets, sent } = await spend(limits, 4);
    assert.deepEqual(
      replies.map(({ status }) => status).toSorted((a, b) => a - b),
      replies.map(({ status }) => status),
      'once used up it stays so',
    );
    const last = replies.at(-1);
    assert.equal(last?.status, 403);
    assert.match(last?.body ?? '', new RegExp(`permission_error.*the run's budget of ${unit} is used up`));
    assert.equal(sent, 2);
    assert.equal(budgets, 2);
  });
}

test('what a request under way may still produce is not there for another', async () => {
  const answered = Promise.withResolvers<void>();
  await using upstream = await startUpstream(async (_request, response) => {
    await answered.promise;
    answerJson(response, message([text('hi')]));
  });
  await using rig = await startRig(upstream.url, { model: { maxTokens: 1500 } });
  const first = rig.post(request({ max_tokens: 1500 }));
  while (upstream.requests.length === 0) await new Promise((later) => setImmediate(later));
  const second = await rig.post(request({ max_tokens: 1 }));
  assert.match(second.body, /the run's budget of tokens is used up/);
  answered.resolve();
  assert.equal((await first).status, 200);
  assert.equal((await rig.post(request({ max_tokens: 1 }))).status, 200);
});
