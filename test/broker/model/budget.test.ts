import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readRequest } from '../../../src/broker/model/anthropic/request.ts';
import { Budget } from '../../../src/broker/model/budget.ts';
import { unfinishedUsage } from '../../../src/broker/model/estimate.ts';
import { costOf, PRICES, priceOf } from '../../../src/broker/model/prices.ts';
import { isObject, type JsonObject } from '../../../src/system/index.ts';
import { event, message, open, request, start, stream, text } from '../support/messages.ts';
import { PLACEHOLDER, type Reply, startRig } from '../support/rig.ts';
import { answerJson, startUpstream } from '../support/upstream.ts';

const NONE = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWriteLongTokens: 0 };
const output = (maxTokens: number) => ({ inputTokens: 0, maxTokens });
const NO_LIMIT = { maxRequests: 1e9, maxTokens: 1e9, maxUsd: undefined };

function isReserved(outcome: ReturnType<Budget['reserve']>): outcome is Exclude<typeof outcome, { unit: unknown }> {
  return !('unit' in outcome);
}

describe('the budget', () => {
  test('ends with the last request', () => {
    const budget = new Budget({ ...NO_LIMIT, maxRequests: 2 });
    assert.ok(isReserved(budget.reserve('m', output(1))));
    assert.ok(isReserved(budget.reserve('m', output(1))));
    assert.deepEqual(budget.reserve('m', output(1)), { unit: 'requests', used: 2, limit: 2 });
  });

  test('counts tokens of every kind', () => {
    const budget = new Budget({ ...NO_LIMIT, maxTokens: 100 });
    const first = budget.reserve('m', output(10));
    assert.ok(isReserved(first));
    first.settle({ ...NONE, inputTokens: 25, outputTokens: 25, cacheReadTokens: 25, cacheWriteTokens: 25 });
    assert.deepEqual(budget.reserve('m', output(10)), { unit: 'tokens', used: 100, limit: 100 });
  });

  test('counts what requests in flight may still produce', () => {
    const budget = new Budget({ ...NO_LIMIT, maxTokens: 100 });
    const first = budget.reserve('m', output(100));
    assert.ok(isReserved(first));
    assert.ok(!isReserved(budget.reserve('m', output(100))), 'a second one in parallel must wait');
    first.settle(NONE);
    assert.ok(isReserved(budget.reserve('m', output(100))), 'what was not used is free again');
  });

  test('counts what requests in flight have been given to read', () => {
    const budget = new Budget({ ...NO_LIMIT, maxUsd: 1 });
    assert.ok(isReserved(budget.reserve('claude-sonnet-4-5', { inputTokens: 400_000, maxTokens: 1 })));
    const second = budget.reserve('claude-sonnet-4-5', { inputTokens: 400_000, maxTokens: 1 });
    assert.ok(!isReserved(second) && second.unit === 'usd', 'a second one in parallel must wait');
  });

  test('books a request once', () => {
    const budget = new Budget({ ...NO_LIMIT, maxTokens: 100 });
    const first = budget.reserve('m', output(50));
    assert.ok(isReserved(first));
    first.settle({ ...NONE, inputTokens: 60 });
    first.settle({ ...NONE, inputTokens: 60 });
    assert.ok(isReserved(budget.reserve('m', output(40))));
    assert.deepEqual(budget.exhaustion(), { unit: 'tokens', used: 100, limit: 100 });
  });

  test('ends with the money', () => {
    const budget = new Budget({ ...NO_LIMIT, maxUsd: 1 });
    const first = budget.reserve('claude-sonnet-4-5', output(1000));
    assert.ok(isReserved(first));
    first.settle({ ...NONE, outputTokens: 70_000 });
    const outcome = budget.reserve('claude-sonnet-4-5', output(1000));
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

describe('a fast answer', () => {
  const usage = { ...NONE, inputTokens: 1000, outputTokens: 1000 };

  test('costs the multiple that was published for the model, else the dearest', () => {
    assert.equal(costOf('claude-opus-5', usage, true), 2 * costOf('claude-opus-5', usage));
    assert.equal(costOf('claude-opus-4-6', usage, true), 6 * costOf('claude-opus-4-6', usage));
    assert.equal(priceOf('model-of-tomorrow', true).output, 6 * priceOf('model-of-tomorrow').output);
  });

  test('takes as much out of the money that is left', () => {
    const take = (isFast: boolean): number => {
      const budget = new Budget({ ...NO_LIMIT, maxUsd: 1 });
      let reserved = 0;
      while (isReserved(budget.reserve('claude-opus-4-6', { ...output(8000), isFast }))) reserved += 1;
      return reserved;
    };
    assert.deepEqual([take(false), take(true)], [5, 1]);
  });

  test('is what a request means by any speed but the ordinary one', () => {
    const isFast = (fields: JsonObject): boolean => {
      const reading = readRequest({ model: 'm', messages: [], ...fields }, []);
      assert.ok(typeof reading !== 'string');
      return reading.isFast;
    };
    assert.deepEqual([{ speed: 'fast' }, { speed: 'FAST' }, { speed: 7 }].map(isFast), [true, true, true]);
    assert.deepEqual([{}, { speed: 'standard' }, { speed: null }].map(isFast), [false, false, false]);
  });
});

describe('an answer that is not waited for', () => {
  const expected = { inputTokens: 1000, maxTokens: 4096 };

  test('costs its input, and what a model writes in that time', () => {
    assert.deepEqual(unfinishedUsage(expected, 2000), { ...NONE, inputTokens: 1000, outputTokens: 200 });
    assert.equal(unfinishedUsage(expected, 3_600_000).outputTokens, 4096, 'never more than was asked for');
  });

  test('costs at least what was counted and seen', () => {
    const known = { ...NONE, inputTokens: 7, cacheReadTokens: 900, outputTokens: 1 };
    assert.deepEqual(unfinishedUsage(expected, 0, known, 500), { ...known, outputTokens: 500 });
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

/** Asks, and hangs up once `isEnough` came back. Resolves with what the run is charged for it. */
async function hangUp(reply: string | undefined, isEnough: (heard: string) => boolean): Promise<JsonObject> {
  const asked = Promise.withResolvers<void>();
  await using upstream = await startUpstream((_request, response) => {
    asked.resolve();
    if (reply === undefined) return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(reply);
  });
  await using rig = await startRig(upstream.url);
  const socket = rig.dial();
  const body = JSON.stringify(request({ stream: true, messages: [{ role: 'user', content: 'word '.repeat(4000) }] }));
  const head = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: ${PLACEHOLDER}\r\nContent-Length: ${body.length}`;
  socket.write(`${head}\r\n\r\n${body}`);
  await asked.promise;
  let heard = '';
  if (!isEnough(heard))
    for await (const chunk of socket) {
      heard += String(chunk);
      if (isEnough(heard)) break;
    }
  socket.destroy();
  await upstream.abandoned;
  await rig.broker.close();
  const usage = rig.tape.of('model.response')[0]?.observed?.['usage'];
  return isObject(usage) ? usage : {};
}

test('who hangs up before the provider has counted is charged for what was written until then', async () => {
  const delta = { type: 'text_delta', text: 'x'.repeat(40_000) };
  const spoken = start() + open(0, { type: 'text', text: '' }) + event('content_block_delta', { index: 0, delta });
  const usage = await hangUp(spoken, (heard) => heard.includes('message_start'));
  assert.deepEqual([usage['inputTokens'], usage['outputTokens'], usage['estimated']], [100, 10_000, true]);
});

test('who hangs up before a word has come is charged for the question', async () => {
  const usage = await hangUp(undefined, () => true);
  assert.ok(Number(usage['inputTokens']) > 5000, JSON.stringify(usage));
});

test('who hangs up after the last word is charged what the provider counted', async () => {
  const usage = await hangUp(stream([text('hi')]), (heard) => heard.includes('message_stop'));
  assert.deepEqual([usage['inputTokens'], usage['outputTokens'], usage['estimated']], [100, 50, false]);
});

test('an image in a request is not taken for text', async () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(400_000) } };
  const messages = [{ role: 'user', content: [image, { type: 'text', text: 'what is it?' }] }];
  const released = Promise.withResolvers<void>();
  await using upstream = await startUpstream(async (_request, response) => {
    await released.promise;
    answerJson(response, message([text('hi')]));
  });
  await using rig = await startRig(upstream.url, { model: { maxTokens: 50_000 } });
  const both = [rig.post(request({ messages })), rig.post(request({ messages }))];
  while (upstream.requests.length < 2) await new Promise((later) => setTimeout(later, 5));
  released.resolve();
  for (const reply of await Promise.all(both)) assert.equal(reply.status, 200);
});

test('requests at the same time do not read more than there is money for', async () => {
  const released = Promise.withResolvers<void>();
  await using upstream = await startUpstream(async (_request, response) => {
    await released.promise;
    answerJson(response, message([text('hi')]));
  });
  await using rig = await startRig(upstream.url, { model: { maxTokens: 50_000 } });
  const long = request({ messages: [{ role: 'user', content: 'word '.repeat(50_000) }] });
  const first = rig.post(long);
  while (upstream.requests.length === 0) await new Promise((later) => setTimeout(later, 5));
  const others = await Promise.all([rig.post(long), rig.post(long)]);
  assert.deepEqual(
    others.map(({ status }) => status),
    [403, 403],
  );
  released.resolve();
  assert.equal((await first).status, 200);
});
