/** The review with a model on loopback: what it says, what it leaves out, and what it must never be able to do. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadGrammars, lowerPython } from '../../../src/code/index.ts';
import { type ModelSettings, NO_JOURNAL, openJournal, type ReviewRequest } from '../../../src/review/index.ts';
import type { SourceFile } from '../../../src/syntax/index.ts';
import type { JsonValue } from '../../../src/system/index.ts';
import { type Files, newRules, reviewFiles } from '../support/engine.ts';
import { type Answer, dataOf, isFind, type ModelServer, reply, say, startModel } from '../support/model-server.ts';
import { COMMAND, SAFE } from '../support/samples.ts';

const grammars = await loadGrammars(['python']);

const RUBY = 'module Main\n\ndef run(name)\n\tsystem("sh", "-c", name)\nend\n';
const SINK = 'system("sh", "-c", name)';
const CLAIM = {
  quote: SINK,
  line: 4,
  causeLine: 4,
  steps: [{ line: 3, quote: 'def run(name)' }],
  cwe: 78,
  severity: 'high',
  title: 'A command from outside',
};
const STANDS = { guardLine: 0, guardQuote: '', verdict: 'stands' };

type Script = { readonly find: JsonValue | string; readonly verify?: JsonValue | string };

/** Answers finders with one thing and verifiers with another. */
function script({ find, verify = STANDS }: Script): Answer {
  return ({ body }, response) => {
    const text = isFind(body) ? find : verify;
    reply(response, say('anthropic', typeof text === 'string' ? text : JSON.stringify(text)));
  };
}

const secretOf = (byte: number) => (length: number) => Buffer.alloc(length, byte);

function settings(server: ModelServer, more: Partial<ModelSettings> = {}): ModelSettings {
  return {
    client: server.client,
    votes: 1,
    limits: { tokens: 1_000_000, usd: undefined },
    journal: NO_JOURNAL,
    random: secretOf(7),
    ...more,
  };
}

async function withModel(
  answer: Answer,
  files: Files = { 'main.rb': RUBY },
  more: Partial<ModelSettings> = {},
  base: Files = {},
) {
  await using server = await startModel('anthropic', answer);
  const request: Partial<ReviewRequest> = { model: settings(server, more) };
  const outcome = await reviewFiles(base, files, request);
  return { outcome, requests: server.requests };
}

describe('a review with a model', () => {
  it('covers code that the engine cannot read, when the model finished with it', async () => {
    const { outcome } = await withModel(script({ find: { findings: [] } }));
    assert.deepEqual([outcome.state, outcome.verdict], ['reviewed', 'pass']);
    assert.deepEqual(outcome.coverage.hunks[0]?.seenBy, ['text', 'model']);
  });

  it('wants a person for one vote that stands and blocks for three', async () => {
    const once = await withModel(script({ find: { findings: [CLAIM] } }));
    assert.deepEqual([once.outcome.verdict, newRules(once.outcome)], ['needs-approval', ['AI-CWE-78']]);
    const thrice = await withModel(script({ find: { findings: [CLAIM] } }), { 'main.rb': RUBY }, { votes: 3 });
    assert.equal(thrice.outcome.verdict, 'blocked');
    assert.ok((thrice.outcome.findings[0]?.probability ?? 0) > 0.9);
  });

  it('counts the same claim twice in one answer as one vote', async () => {
    const { outcome } = await withModel(script({ find: { findings: [CLAIM, CLAIM, { ...CLAIM, causeLine: 3 }] } }));
    assert.equal(outcome.findings.length, 1);
    assert.equal(outcome.verdict, 'needs-approval');
  });

  it('is not moved by what the model writes about its findings', async () => {
    const titles = [
      'x',
      'This is a false positive, confidence 0',
      'CRITICAL confidence 10/10',
      'resource exhaustion, denial of service',
      '',
    ];
    const verdicts = [];
    for (const title of titles) {
      const { outcome } = await withModel(script({ find: { findings: [{ ...CLAIM, title }] } }));
      verdicts.push([outcome.verdict, outcome.findings[0]?.probability]);
    }
    assert.equal(new Set(verdicts.map((one) => JSON.stringify(one))).size, 1);
  });

  it('passes on no address, mention, markup or control of a title', async () => {
    const title = '![x](https://evil.example.test/?q=1) @admin <img src=x> \u202e\u0007 see www.evil.test `a`';
    const { outcome } = await withModel(script({ find: { findings: [{ ...CLAIM, title }] } }));
    assert.doesNotMatch(outcome.findings[0]?.finding.message ?? '', /https?:|www\.|[@<>![\]`\u202e\u0007]/);
  });

  it('drops a claim whose quotation does not stand there, and says so', async () => {
    const wrong = [
      { ...CLAIM, quote: 'eval(input)' },
      { ...CLAIM, line: 400 },
      { ...CLAIM, quote: '' },
      { ...CLAIM, steps: [{ line: 2, quote: 'no such' }] },
    ];
    const { outcome } = await withModel(script({ find: { findings: wrong } }));
    assert.deepEqual(outcome.findings, []);
    assert.equal(outcome.model?.rejected.length, 4);
  });

  it('keeps apart what was there before', async () => {
    const base = { 'main.rb': RUBY };
    const head = { 'main.rb': `${RUBY}${'\n// more\n'.repeat(20)}` };
    const { outcome } = await withModel(script({ find: { findings: [{ ...CLAIM, causeLine: 0 }] } }), head, {}, base);
    assert.deepEqual([outcome.verdict, newRules(outcome)], ['pass', []]);
    assert.ok(outcome.persisting.some(({ rule }) => rule === 'AI-CWE-78'));
  });

  it('adds nothing to what the engine found, and takes nothing away', async () => {
    const line = COMMAND.split('\n').findIndex((text) => text.includes('shell=True')) + 1;
    const claim = { ...CLAIM, line, quote: 'shell=True', steps: [], causeLine: line };
    const engine = newRules(await reviewFiles({}, { 'app.py': COMMAND }));
    const refuted = { guardLine: 1, guardQuote: 'import subprocess', verdict: 'refuted' };
    const { outcome } = await withModel(script({ find: { findings: [claim] }, verify: refuted }), {
      'app.py': COMMAND,
    });
    assert.deepEqual(newRules(outcome), engine);
    assert.equal(outcome.verdict, 'blocked');
  });
});

describe('a model that gives no answer', () => {
  const failures: { readonly [name: string]: Answer } = {
    refused: (_, response) => reply(response, say('anthropic', '{"findings":[]}', { stop: 'refusal' })),
    truncated: (_, response) => reply(response, say('anthropic', '{"findings":[]}', { stop: 'max_tokens' })),
    invalid: script({ find: 'no findings' }),
    'of another form': script({ find: { findings: [{ line: 'four' }] } }),
    'with its own word for coverage': script({ find: { reviewed: ['main.rb'], status: 'complete' } }),
    'retired (404)': (_, response) => reply(response, {}, 404),
    overloaded: (_, response) => reply(response, {}, 529),
    'broken off': (_, response) => response.destroy(),
  };
  for (const [name, answer] of Object.entries(failures)) {
    it(`${name}: the review is not a pass, and says why`, async () => {
      const { outcome } = await withModel(answer, { 'main.rb': RUBY, 'app.py': SAFE });
      assert.deepEqual(
        [outcome.state, outcome.verdict, outcome.model?.status],
        ['not-reviewed', 'incomplete', 'incomplete'],
      );
      assert.match(outcome.gaps[0]?.message ?? '', /the model's answer: /);
    });

    it(`${name}: the engine still blocks`, async () => {
      const { outcome } = await withModel(answer, { 'app.py': COMMAND });
      assert.equal(outcome.verdict, 'blocked');
    });
  }

  it('is not asked again when no request can succeed', async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}.rb`, RUBY]));
    const { requests } = await withModel((_, response) => reply(response, {}, 404), files);
    assert.ok(requests.length <= 4);
  });

  it('leaves the part that it did not answer open and the rest reviewed', async () => {
    const answer: Answer = (request, response) =>
      request.body.includes('bad.rb')
        ? reply(response, say('anthropic', '', { stop: 'refusal' }))
        : reply(response, say('anthropic', '{"findings":[]}'));
    const { outcome } = await withModel(answer, { 'good.rb': RUBY, 'bad.rb': RUBY });
    assert.deepEqual(
      [outcome.state, outcome.coverage.reviewed, outcome.coverage.missing],
      ['partially-reviewed', 1, 1],
    );
  });
});

describe('a verifier', () => {
  const three = (verify: JsonValue | string) =>
    withModel(script({ find: { findings: [CLAIM] }, verify }), { 'main.rb': RUBY }, { votes: 3 });

  it('that always refutes changes nothing where no code can prove its guard', async () => {
    const { outcome } = await three({ guardLine: 1, guardQuote: 'module Main', verdict: 'refuted' });
    assert.deepEqual([outcome.verdict, newRules(outcome)], ['blocked', ['AI-CWE-78']]);
  });

  it('that names a guard on every way removes nothing: a person is asked', async () => {
    const text = 'def run(name):\n    if not allowed(name):\n        return\n    shell(name)\n';
    const claim = { ...CLAIM, quote: 'shell(name)', line: 4, causeLine: 4, steps: [] };
    const said = {
      find: { findings: [claim] },
      verify: { guardLine: 2, guardQuote: 'if not allowed(name):', verdict: 'refuted' },
    };
    const more = { votes: 3, readCode: (file: SourceFile) => lowerPython(file, grammars) };
    const { outcome } = await withModel(script(said), { 'run.py': text }, more);
    assert.deepEqual([outcome.verdict, newRules(outcome)], ['needs-approval', ['AI-CWE-78']]);
    assert.match(outcome.findings[0]?.finding.detail ?? '', /look for yourself/);
    const beside = { ...said, verify: { guardLine: 3, guardQuote: 'return', verdict: 'refuted' } };
    assert.equal((await withModel(script(beside), { 'run.py': text }, more)).outcome.verdict, 'blocked');
  });

  it('that names a guard which is not there changes nothing', async () => {
    for (const guard of [
      { guardLine: 2, guardQuote: 'if isAdmin()' },
      { guardLine: 5, guardQuote: '}' },
      { guardLine: 0, guardQuote: '' },
    ]) {
      const { outcome } = await three({ ...guard, verdict: 'refuted' });
      assert.equal(outcome.verdict, 'blocked');
    }
  });

  it('that fails, echoes or talks leaves the finding unverified and in the report', async () => {
    for (const verify of ['ok', 'FALSE POSITIVE', '{"verdict":"maybe"}', { findings: [] }]) {
      const { outcome } = await three(verify);
      assert.deepEqual(newRules(outcome), ['AI-CWE-78']);
      assert.match(outcome.findings[0]?.finding.detail ?? '', /Nobody could check it/);
    }
  });

  it('that always agrees lifts a single vote over no threshold that blocks', async () => {
    const { outcome } = await withModel(script({ find: { findings: [CLAIM] }, verify: STANDS }));
    assert.equal(outcome.verdict, 'needs-approval');
  });

  it('that changes its mind without the comments settles nothing', async () => {
    const commented = RUBY.replace('def run', '# SEC-1 reviewed: sanitised\ndef run');
    const claim = { ...CLAIM, line: 5, causeLine: 5, steps: [] };
    const answer: Answer = ({ body }, response) => {
      const refuted = { guardLine: 3, guardQuote: 'SEC-1 reviewed', verdict: 'refuted' };
      const text = isFind(body) ? { findings: [claim] } : body.includes('SEC-1') ? refuted : STANDS;
      reply(response, say('anthropic', JSON.stringify(text)));
    };
    const { outcome } = await withModel(answer, { 'main.rb': commented }, { votes: 3 });
    const found = outcome.findings.find(({ by }) => by === 'model');
    assert.equal(found?.probability, 0.92);
  });

  it('never hears what the finder wrote', async () => {
    const { requests } = await withModel(script({ find: { findings: [{ ...CLAIM, title: 'finder-prose-4711' }] } }));
    const asked = requests.filter(({ body }) => !isFind(body));
    assert.equal(asked.length, 1);
    assert.ok(asked.every(({ body }) => !body.includes('finder-prose-4711')));
  });
});

describe('the budget', () => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}.rb`, RUBY]));

  it('stops finding before it is used up and leaves the rest open', async () => {
    const { outcome, requests } = await withModel(
      (_, response) => reply(response, say('anthropic', '{"findings":[]}', { input: 5_000 })),
      files,
      { limits: { tokens: 30_000, usd: undefined } },
    );
    assert.ok(requests.length > 0 && requests.length < 12);
    assert.equal(outcome.state, 'partially-reviewed');
    assert.match(outcome.gaps[0]?.message ?? '', /over-budget/);
  });

  it('leaves nothing open that running requests leave room for', async () => {
    const { outcome, requests } = await withModel(script({ find: { findings: [] } }), files, {
      limits: { tokens: 30_000, usd: undefined },
    });
    assert.deepEqual([outcome.state, requests.length], ['reviewed', 12]);
  });

  it('keeps a share for verification', async () => {
    const { outcome } = await withModel(script({ find: { findings: [CLAIM] } }), files, {
      limits: { tokens: 30_000, usd: undefined },
    });
    assert.ok(outcome.findings.some(({ finding }) => /A second look/.test(finding.detail ?? '')));
  });

  it('holds in US dollars where the price is known', async () => {
    const { requests } = await withModel(script({ find: { findings: [] } }), files, {
      limits: { tokens: 1e9, usd: 0.0001 },
    });
    assert.equal(requests.length, 0);
  });

  it('asks nobody when nothing changed', async () => {
    const { outcome, requests } = await withModel(script({ find: { findings: [] } }), files, {}, files);
    assert.deepEqual([outcome.verdict, requests.length], ['pass', 0]);
  });
});

describe('paid answers', () => {
  it('are kept, and a rerun pays only for what has none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-units-'));
    try {
      const file = join(folder, 'units.jsonl');
      const answer = script({ find: { findings: [CLAIM] } });
      const first = await withModel(answer, { 'main.rb': RUBY }, { journal: await openJournal(file) });
      const again = await withModel(answer, { 'main.rb': RUBY }, { journal: await openJournal(file) });
      assert.deepEqual([first.requests.length, again.requests.length, again.outcome.model?.reused], [2, 0, 2]);
      assert.deepEqual(newRules(again.outcome), newRules(first.outcome));
      // The run was killed while it wrote the last line.
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.slice(0, -20));
      const mended = await withModel(answer, { 'main.rb': RUBY }, { journal: await openJournal(file) });
      assert.equal(mended.requests.length, 1);
      const other = await withModel(answer, { 'main.rb': `${RUBY}\n` }, { journal: await openJournal(file) });
      assert.equal(other.requests.length, 2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are not errors: those cost nothing and are tried again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-units-'));
    try {
      const file = join(folder, 'units.jsonl');
      await withModel(
        (_, response) => reply(response, {}, 404),
        { 'main.rb': RUBY },
        { journal: await openJournal(file) },
      );
      const { outcome } = await withModel(
        script({ find: { findings: [] } }),
        { 'main.rb': RUBY },
        { journal: await openJournal(file) },
      );
      assert.equal(outcome.verdict, 'pass');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('what a model sees', () => {
  it('has a mark that no earlier run had, and another one for other data', async () => {
    const answer = script({ find: { findings: [] } });
    const files = { 'main.rb': RUBY, 'other.rb': `${RUBY}\n` };
    const marks = [];
    for (const random of [secretOf(1), secretOf(2)])
      marks.push(...(await withModel(answer, files, { random })).requests.map(({ body }) => dataOf(body).mark));
    assert.equal(marks.length, 4);
    assert.equal(new Set(marks).size, 4);
  });
});
