/** What several requests have in common stands at their beginning, is marked for the provider to keep, and is priced. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_JOURNAL } from '../../../src/review/index.ts';
import { reviewFiles } from '../support/engine.ts';
import { type Dialect, isFind, partsOf, reply, say, startModel } from '../support/model-server.ts';

const RUBY = 'module Main\n\ndef run(name)\n\tsystem("sh", "-c", name)\n\tFile.read(name)\nend\n';
const claim = (line: number, quote: string, cwe: number) => {
  return { quote, line, causeLine: line, steps: [], cwe, severity: 'high', title: 'A way in' };
};
const TWO = { findings: [claim(4, 'system("sh", "-c", name)', 78), claim(5, 'File.read(name)', 22)] };
const STANDS = { guardLine: 0, guardQuote: '', verdict: 'stands' };

interface Seen {
  readonly body: string;
  /** Requests that were answered before this one came. */
  readonly behind: number;
}

async function asked(dialect: Dialect, votes: number, findings: unknown = TWO, usage?: unknown) {
  const seen: Seen[] = [];
  let answered = 0;
  await using server = await startModel(dialect, ({ body }, response) => {
    seen.push({ body, behind: answered });
    const said = say(dialect, JSON.stringify(isFind(body) ? findings : STANDS));
    // Requests that were sent at the same moment have all arrived by then.
    setTimeout(() => {
      answered++;
      reply(response, usage === undefined ? said : (Object.assign(said as object, { usage }) as typeof said));
    }, 30);
  });
  const random = (length: number) => Buffer.alloc(length, 7);
  const limits = { tokens: 1_000_000, usd: undefined };
  const model = { client: server.client, votes, limits, journal: NO_JOURNAL, random };
  const outcome = await reviewFiles({}, { 'main.rb': RUBY }, { model });
  return {
    outcome,
    finds: seen.filter(({ body }) => isFind(body)),
    verifies: seen.filter(({ body }) => !isFind(body)),
  };
}

/** Everything up to the mark behind what is kept. */
function prefixOf(body: string): string {
  const end = body.lastIndexOf('"cache_control"');
  return body.slice(0, end);
}

describe('looks at one slice', () => {
  it('begin with the same bytes, marked to be kept, and the first is answered before the others start', async () => {
    const { finds } = await asked('anthropic', 3);
    assert.equal(finds.length, 3);
    assert.equal(new Set(finds.map(({ body }) => prefixOf(body))).size, 1);
    for (const { body } of finds) assert.ok(prefixOf(body).includes('File.read(name)'), 'the slice is kept');
    assert.deepEqual(
      finds.map(({ behind }) => behind > 0),
      [false, true, true],
    );
  });

  it('are not marked when there is one: keeping costs more than reading', async () => {
    const { finds } = await asked('anthropic', 1);
    for (const { body } of finds) assert.ok(!prefixOf(body).includes('File.read(name)'));
  });

  it('begin alike for a provider that keeps by itself', async () => {
    const { finds } = await asked('openai', 2);
    assert.equal(new Set(finds.map(({ body }) => partsOf(body)[0])).size, 1);
  });
});

describe('claims about one slice', () => {
  it('are checked with the code first and the claim behind it, one ahead of the others', async () => {
    const { verifies } = await asked('anthropic', 1);
    assert.equal(verifies.length, 2);
    const [first, second] = verifies.map(({ body }) => partsOf(body));
    assert.equal(first?.[0], second?.[0]);
    assert.notEqual(first?.[1], second?.[1]);
    assert.match(first?.[1] ?? '', /"claim"/);
    assert.ok((verifies[1]?.behind ?? 0) > (verifies[0]?.behind ?? 0));
    for (const { body } of verifies) assert.ok(prefixOf(body).includes('File.read(name)'));
  });

  it('that stand alone are not kept', async () => {
    const { verifies } = await asked('anthropic', 1, { findings: TWO.findings.slice(0, 1) });
    assert.equal(verifies.length, 1);
    for (const { body } of verifies) assert.ok(!prefixOf(body).includes('File.read(name)'));
  });
});

describe('the cost', () => {
  it('counts what was kept dearer and what was there already cheaper', async () => {
    const none = { findings: [] };
    // claude-sonnet-5: 2 and 10 US dollars a million.
    const cost = async (usage: unknown) => (await asked('anthropic', 1, none, usage)).outcome.model?.usd ?? 0;
    const plain = { input_tokens: 1_000_000, output_tokens: 100_000 };
    assert.ok(Math.abs((await cost(plain)) - 3) < 1e-9);
    assert.ok(Math.abs((await cost({ ...plain, cache_read_input_tokens: 1_000_000 })) - 3.2) < 1e-9);
    assert.ok(Math.abs((await cost({ ...plain, cache_creation_input_tokens: 1_000_000 })) - 5.5) < 1e-9);
  });
});
