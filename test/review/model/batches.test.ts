/** Questions in batches: half the price, paid once, and never taken for an answer that they do not have. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { anthropicBatchClient, type Journal, NO_JOURNAL, openJournal } from '../../../src/review/index.ts';
import type { JsonValue } from '../../../src/system/index.ts';
import { type BatchScript, batchService, succeeded } from '../support/batch-service.ts';
import { newRules, reviewFiles } from '../support/engine.ts';
import { type Answer, isFind, MODEL, reply, say, startModel } from '../support/model-server.ts';

const RUBY = 'module Main\n\ndef run(name)\n\tsystem("sh", "-c", name)\nend\n';
const FILES = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`f${index}.rb`, RUBY]));
const CLAIM = {
  quote: 'system("sh", "-c", name)',
  line: 4,
  causeLine: 4,
  steps: [],
  cwe: 78,
  severity: 'high',
  title: 'A command from outside',
};
const STANDS = { guardLine: 0, guardQuote: '', verdict: 'stands' };

/** Answers a finder with one claim and a verifier with its agreement. */
function answerOf(params: JsonValue): JsonValue {
  const isFinder = isFind(JSON.stringify(params));
  return say('anthropic', JSON.stringify(isFinder ? { findings: [CLAIM] } : STANDS));
}
const honest: BatchScript = { result: (request) => succeeded(request, answerOf(request.params)) };

interface Trial {
  readonly answer: Answer;
  readonly journal?: Journal;
  readonly patience?: number;
  readonly files?: { readonly [path: string]: string };
}

async function reviewInBatches({ answer, journal = NO_JOURNAL, patience = 3_600_000, files = FILES }: Trial) {
  await using server = await startModel('anthropic', answer);
  const told: string[] = [];
  const waits: number[] = [];
  const client = anthropicBatchClient({
    baseUrl: server.address,
    key: 'test-key',
    model: MODEL,
    timeout: 5_000,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    journal,
    patience,
    tell: (message) => void told.push(message),
  });
  const random = (length: number) => Buffer.alloc(length, 7);
  const limits = { tokens: 1_000_000, usd: undefined };
  const outcome = await reviewFiles({}, files, { model: { client, votes: 1, limits, journal, random } });
  return { outcome, told, waits, requests: server.requests };
}

async function withUnits(test: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-batches-'));
  try {
    await test(join(folder, 'units.jsonl'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const reasonsOf = ({ outcome }: Awaited<ReturnType<typeof reviewInBatches>>): readonly string[] =>
  outcome.gaps.map(({ message }) => message);

describe('questions in batches', () => {
  it('are handed in together, answered in any order, and cost half', async () => {
    const service = batchService(honest);
    const batched = await reviewInBatches({ answer: service.answer });
    assert.deepEqual(
      service.batches.map(({ requests }) => requests.length),
      [6, 6],
    );
    await using server = await startModel('anthropic', ({ body }, response) =>
      reply(response, answerOf(JSON.parse(body))),
    );
    const random = (length: number) => Buffer.alloc(length, 7);
    const limits = { tokens: 1_000_000, usd: undefined };
    const model = { client: server.client, votes: 1, limits, journal: NO_JOURNAL, random };
    const direct = await reviewFiles({}, FILES, { model });
    assert.deepEqual(newRules(batched.outcome), newRules(direct));
    assert.equal(batched.outcome.state, 'reviewed');
    assert.equal((batched.outcome.model?.usd ?? 0) * 2, direct.model?.usd);
  });

  it('that are refused are followed up in another batch', async () => {
    const service = batchService({
      result: (request, batch) =>
        succeeded(
          request,
          batch === 0 ? say('anthropic', '', { stop: 'refusal' }) : say('anthropic', '{"findings":[],"skipped":[]}'),
        ),
    });
    const { outcome } = await reviewInBatches({ answer: service.answer });
    assert.deepEqual([outcome.state, service.batches.length], ['reviewed', 2]);
  });

  it('are waited for with growing pauses', async () => {
    const service = batchService({ ...honest, isDone: (look) => look > 6 });
    const { outcome, waits } = await reviewInBatches({ answer: service.answer });
    assert.equal(outcome.state, 'reviewed');
    assert.deepEqual(waits.slice(0, 6), [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('are looked for at the service alone, wherever it says that they are', async () => {
    await using elsewhere = await startModel('anthropic', (_, response) => reply(response, {}));
    const service = batchService({ ...honest, resultsUrl: `${elsewhere.address}/v1/results` });
    const { outcome, requests } = await reviewInBatches({ answer: service.answer });
    assert.equal(outcome.state, 'reviewed');
    assert.equal(elsewhere.requests.length, 0);
    assert.ok(requests.every(({ headers }) => headers['x-api-key'] === 'test-key'));
  });
});

describe('a batch that is not done in time', () => {
  it('is no answer, and the next run takes it up without paying again', async () => {
    await withUnits(async (file) => {
      let isReady = false;
      const service = batchService({ ...honest, isDone: () => isReady });
      const first = await reviewInBatches({ answer: service.answer, journal: await openJournal(file), patience: 0 });
      assert.equal(first.outcome.state, 'not-reviewed');
      assert.match(reasonsOf(first)[0] ?? '', /not done yet/);
      assert.equal(service.batches.length, 1);
      isReady = true;
      const second = await reviewInBatches({ answer: service.answer, journal: await openJournal(file) });
      assert.equal(second.outcome.state, 'reviewed');
      assert.match(second.told[0] ?? '', /Taking up batch msgbatch_.*: 6 requests/);
      // The second batch is of verifiers.
      assert.deepEqual(
        service.batches.map(({ requests }) => requests.length),
        [6, 6],
      );
      const third = await reviewInBatches({ answer: service.answer, journal: await openJournal(file) });
      assert.deepEqual([third.requests.length, third.outcome.model?.reused], [0, 12]);
    });
  });

  it('that the service has forgotten is handed in again', async () => {
    await withUnits(async (file) => {
      const never = batchService({ ...honest, isDone: () => false });
      await reviewInBatches({ answer: never.answer, journal: await openJournal(file), patience: 0 });
      const service = batchService(honest);
      const { outcome } = await reviewInBatches({ answer: service.answer, journal: await openJournal(file) });
      assert.deepEqual([outcome.state, service.batches.length], ['reviewed', 2]);
    });
  });
});

describe('requests of a batch without an answer', () => {
  const lost: BatchScript = {
    result: (request, batch) => {
      const index = Number(/f(\d)\.rb/.exec(JSON.stringify(request.params))?.[1]);
      if (batch > 0 || index > 2) return succeeded(request, say('anthropic', '{"findings":[]}'));
      if (index === 0) return { custom_id: request.custom_id, result: { type: 'expired' } };
      if (index === 1) return { custom_id: request.custom_id, result: { type: 'errored', error: { type: 'error' } } };
      return undefined;
    },
  };

  it('leave their stretches open, and only they are handed in again by the next run', async () => {
    await withUnits(async (file) => {
      const service = batchService(lost);
      const first = await reviewInBatches({ answer: service.answer, journal: await openJournal(file) });
      assert.equal(first.outcome.state, 'partially-reviewed');
      assert.equal(first.outcome.model?.reasons.get('error'), 3);
      const second = await reviewInBatches({ answer: service.answer, journal: await openJournal(file) });
      assert.equal(second.outcome.state, 'reviewed');
      assert.deepEqual(
        service.batches.map(({ requests }) => requests.length),
        [6, 3],
      );
    });
  });

  it('are not answered by lines of another form or for somebody else', async () => {
    const service = batchService({
      result: (request) => ({
        custom_id: `${request.custom_id}x`,
        result: { type: 'succeeded', message: answerOf(request.params) },
      }),
    });
    const { outcome } = await reviewInBatches({ answer: service.answer });
    assert.equal(outcome.state, 'not-reviewed');
  });
});

describe('a service that does not take batches', () => {
  const cases: readonly (readonly [string, Answer])[] = [
    ['a wrong key', (_, response) => reply(response, {}, 401)],
    ['an overload', (_, response) => reply(response, {}, 529)],
    ['an answer without a name', (_, response) => reply(response, {})],
    ['a name that is a path', (_, response) => reply(response, { id: '../../v1/files' })],
    ['a line that breaks', (_, response) => response.destroy()],
  ];
  for (const [name, answer] of cases)
    it(`${name}: nothing is reviewed, and nothing waits for ever`, async () => {
      const { outcome, requests } = await reviewInBatches({ answer });
      assert.equal(outcome.state, 'not-reviewed');
      assert.ok(requests.every(({ path }) => path === '/v1/messages/batches'));
    });
});

describe('a batch that cannot be noted', () => {
  it('is told by its name, and the review ends', async () => {
    const service = batchService(honest);
    const journal: Journal = {
      ...NO_JOURNAL,
      keepBatch: () => {
        throw new Error('ENOSPC: no space left');
      },
    };
    const trial = await reviewInBatches({ answer: service.answer, journal });
    assert.equal(trial.outcome.state, 'not-reviewed');
    assert.match(reasonsOf(trial)[0] ?? '', /no space left/);
    assert.match(trial.told[0] ?? '', new RegExp(service.batches[0]?.id ?? 'none'));
  });
});

describe('paid answers in another form', () => {
  it('are asked for again by another run, refusals are not', async () => {
    await withUnits(async (file) => {
      const said = { 'f0.rb': 'prose', 'f1.rb': '' };
      const service = batchService({
        result: (request, batch) => {
          const isOdd = JSON.stringify(request.params).includes('f0.rb');
          if (batch > 1) return succeeded(request, say('anthropic', '{"findings":[]}'));
          return succeeded(
            request,
            isOdd ? say('anthropic', said['f0.rb']) : say('anthropic', '', { stop: 'refusal' }),
          );
        },
      });
      const files = { 'f0.rb': RUBY, 'f1.rb': `${RUBY}\n` };
      await reviewInBatches({ answer: service.answer, journal: await openJournal(file), files });
      assert.match(readFileSync(file, 'utf8'), /"invalid"/);
      await reviewInBatches({ answer: service.answer, journal: await openJournal(file), files });
      const handedIn = service.batches.map(({ requests }) => requests.length);
      assert.deepEqual(handedIn, [2, 1, 1]);
    });
  });
});
