/** Patches are paid from what finding left: one cap for all of it, and one account. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_JOURNAL, proposePatches, type ReviewOutcome } from '../../../src/review/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { engine, reviewFiles } from '../support/engine.ts';
import { reply, say, startModel } from '../support/model-server.ts';
import { COMMAND } from '../support/samples.ts';

const FILES = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`app${index}.py`, COMMAND]));

/** Every request of finding and patching takes 100,000 tokens: 0.2 US dollars, and 0.0002 for the answer. */
async function patched(limits: { readonly tokens: number; readonly usd: number | undefined }) {
  await using server = await startModel('anthropic', ({ body }, response) => {
    const said = body.includes('Which edit removes') ? { edits: [] } : { findings: [] };
    reply(response, say('anthropic', JSON.stringify(said), { input: 100_000 }));
  });
  const random = (length: number) => Buffer.alloc(length, 7);
  const model = { client: server.client, votes: 1, limits, journal: NO_JOURNAL, random };
  const found = await reviewFiles({}, FILES, { model: { ...model, limits: { tokens: 1e9, usd: undefined } } });
  const asked = server.requests.length;
  const tree = memoryTree(FILES);
  const staged = await proposePatches(found, { tree, engine, threatModel: 'service', model, most: 4 });
  return { found, staged, requests: server.requests.length - asked };
}

const usageOf = ({ model }: ReviewOutcome): number => (model ? model.usage.input + model.usage.output : 0);

describe('what patches may take', () => {
  it('is what finding left of the tokens, for all of them together', async () => {
    const { found, staged, requests } = await patched({ tokens: 630_000, usd: undefined });
    assert.equal(usageOf(found), 400_080);
    assert.equal(staged.account.asked, 4);
    // The third would still fit in 30,000 by its estimate, and is over it by what it took.
    assert.equal(requests, 3);
    assert.equal(usageOf(staged.outcome), 700_140);
    assert.equal(staged.outcome.model?.requests, 7);
  });

  it('is what finding left of the money, for all of them together', async () => {
    const { found, requests, staged } = await patched({ tokens: 1e9, usd: 1.1 });
    assert.ok(Math.abs((found.model?.usd ?? 0) - 0.8008) < 1e-9);
    assert.equal(requests, 2);
    assert.ok(Math.abs((staged.outcome.model?.usd ?? 0) - 1.2012) < 1e-9);
  });

  it('is nothing when nothing is left', async () => {
    const { requests } = await patched({ tokens: 400_000, usd: undefined });
    assert.equal(requests, 0);
  });
});
