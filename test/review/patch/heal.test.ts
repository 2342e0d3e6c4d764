/** A model that makes patches, on loopback: what it may do, what it sees, and what it cannot reach. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEdits } from '../../../src/findings/index.ts';
import { fixOf, type Healing, heal, Interviewer, NO_JOURNAL, proposePatches } from '../../../src/review/index.ts';
import type { JsonValue } from '../../../src/system/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { engine, reviewFiles } from '../support/engine.ts';
import { dataOf, reply, say, startModel } from '../support/model-server.ts';
import { COMMAND, SAFE } from '../support/samples.ts';

const LINE = COMMAND.split('\n').findIndex((line) => line.includes('shell=True')) + 1;
const OLD = "    subprocess.run('ls ' + name, shell=True)";
const NEW = "    subprocess.run(['ls', '--', name])";
const EDIT = { startLine: LINE, endLine: LINE, oldText: OLD, newText: NEW };
const AGREES = { evidenceLine: LINE, evidenceQuote: NEW, behaviour: 'kept', verdict: 'fixed' };

async function healed(patch: JsonValue | string, check: JsonValue = AGREES) {
  await using server = await startModel('anthropic', ({ body }, response) => {
    const said = body.includes('Which edit removes') ? patch : check;
    reply(response, say('anthropic', typeof said === 'string' ? said : JSON.stringify(said)));
  });
  const files = { 'app.py': COMMAND };
  const outcome = await reviewFiles(undefined, files);
  const target = outcome.findings.find(({ finding }) => finding.rule === 'CODE03')?.finding;
  assert.ok(target);
  const model = {
    client: server.client,
    votes: 1,
    limits: { tokens: 1_000_000, usd: undefined },
    journal: NO_JOURNAL,
    random: (length: number) => Buffer.alloc(length, 7),
  };
  const request = { tree: memoryTree(files), engine, threatModel: 'service', model } as const;
  const interviewer = new Interviewer(model);
  const healing = await heal({ ...request, target, rules: outcome.rules, patch: undefined, interviewer });
  const staged = await proposePatches(outcome, { ...request, most: 1 });
  return { healing, staged, requests: server.requests };
}

function judged(healing: Awaited<ReturnType<typeof heal>>): Healing {
  assert.ok('judgement' in healing, JSON.stringify(healing));
  return healing;
}

describe('a patch by a model', () => {
  it('is verified when every check agrees, and is offered, not applied', async () => {
    const { healing, staged } = await healed({ edits: [EDIT] });
    assert.equal(judged(healing).judgement.state, 'verified');
    const fix = fixOf(judged(healing));
    assert.deepEqual([fix?.title, fix?.safety], ['Verified patch', 'unsafe']);
    assert.deepEqual(applyEdits(COMMAND, fix?.edits ?? []), { kind: 'applied', text: SAFE });
    assert.equal(staged.account.states.verified, 1);
    assert.equal(staged.outcome.verdict, 'blocked');
    assert.equal(staged.outcome.findings.filter(({ finding }) => finding.fixes.length > 0).length, 1);
  });

  it('is rejected by the engine whatever the model says about it', async () => {
    const same = { ...EDIT, newText: "    subprocess.run(f'ls {name}', shell=True)" };
    const { healing, staged } = await healed({ edits: [same] }, { ...AGREES, evidenceQuote: same.newText });
    assert.equal(judged(healing).judgement.state, 'rejected');
    assert.equal(fixOf(judged(healing)), undefined);
    assert.ok(staged.outcome.findings.every(({ finding }) => finding.fixes.length === 0));
  });

  it('is none when it quotes what does not stand there, or touches no line that there is', async () => {
    for (const edits of [
      [{ ...EDIT, oldText: 'something else' }],
      [{ ...EDIT, startLine: 0 }],
      [{ ...EDIT, endLine: 4_000 }],
      [EDIT, EDIT],
      [],
    ])
      assert.ok('kind' in (await healed({ edits })).healing, JSON.stringify(edits));
    for (const text of ['{"edits":[', '{"patch":"x"}']) assert.ok('kind' in (await healed(text)).healing);
  });

  it('needs a second look that names a line which stands there', async () => {
    const looks: readonly (readonly [JsonValue, string])[] = [
      [{ ...AGREES, verdict: 'still-vulnerable' }, 'rejected'],
      [{ ...AGREES, behaviour: 'changed' }, 'unverified'],
      [{ ...AGREES, verdict: 'inconclusive' }, 'unverified'],
      [{ ...AGREES, evidenceQuote: 'is_safe(name)' }, 'unverified'],
      [{ ...AGREES, evidenceQuote: '' }, 'unverified'],
    ];
    for (const [look, state] of looks) {
      const { healing } = await healed({ edits: [EDIT] }, look);
      assert.equal(judged(healing).judgement.state, state, JSON.stringify(look));
    }
  });

  it('is made and checked from code alone, each in a request of its own', async () => {
    const { requests } = await healed({ edits: [EDIT] });
    const [first, second] = requests.map(({ body }) => dataOf(body).content);
    assert.deepEqual(Object.keys(first ?? {}).sort(), ['line', 'lines', 'path', 'steps', 'weakness']);
    assert.deepEqual(Object.keys(second ?? {}).sort(), ['after', 'before', 'line', 'path', 'weakness']);
    assert.equal(first?.['weakness'], 'CWE-78');
  });
});
