/** `sallyport review --batch` as a nightly job starts it, against a service on loopback. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { batchService, succeeded } from '../../review/support/batch-service.ts';
import { reply, say, startModel } from '../../review/support/model-server.ts';
import { openRepository } from '../support/repository.ts';

const WORDS = ['review', '--all', '--model', 'claude-sonnet-5', '--batch'];

describe('sallyport review --batch', () => {
  it('hands in, ends incomplete, and a later run takes it up', { timeout: 120_000 }, async () => {
    let isReady = false;
    const service = batchService({
      result: (request) => succeeded(request, say('anthropic', '{"findings":[]}')),
      isDone: () => isReady,
    });
    await using server = await startModel('anthropic', service.answer);
    using repository = openRepository();
    repository.commit({ 'main.rb': 'module Main\nend\n', 'other.rb': 'module Other\nend\n' });
    const environment = { ANTHROPIC_BASE_URL: server.address, ANTHROPIC_API_KEY: 'test-key' };
    const units = ['--units', join(repository.root, '.git', 'units.jsonl')];
    const first = await repository.sallyportBeside(environment, ...WORDS, ...units, '--wait', '0');
    assert.equal(first.code, 3, first.stderr);
    assert.match(first.stderr, /^Batch msgbatch_\S+: 2 requests handed in\.$/m);
    assert.match(first.stdout, /the batch is not done yet/);
    isReady = true;
    const second = await repository.sallyportBeside(environment, ...WORDS, ...units);
    assert.equal(second.code, 0, second.stdout);
    assert.match(second.stderr, /^Taking up batch msgbatch_\S+ of an earlier run: 2 requests\.$/m);
    assert.equal(service.batches.length, 1);
  });

  it('needs a model, a units file and a provider that has batches', async () => {
    await using server = await startModel('anthropic', (_, response) => reply(response, {}));
    using repository = openRepository();
    repository.commit({ 'main.rb': 'module Main\nend\n' });
    const environment = {
      ANTHROPIC_BASE_URL: server.address,
      ANTHROPIC_API_KEY: 'test-key',
      OPENAI_BASE_URL: server.address,
      OPENAI_API_KEY: 'test-key',
    };
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['review', '--all', '--batch'], /--batch needs --model/],
      [WORDS, /--batch needs --units/],
      [[...WORDS, '--units', 'u.jsonl', '--provider', 'openai'], /not known for the provider openai/],
    ];
    for (const [words, reason] of wrong) {
      const { code, stderr } = await repository.sallyportBeside(environment, ...words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, reason);
    }
    assert.equal(server.requests.length, 0);
  });
});
