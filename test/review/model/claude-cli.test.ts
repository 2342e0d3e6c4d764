/** Claude Code as a model: what its answers mean. The real program is started in the tests of the command. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CliOutcome, claudeCliClient, type ModelAnswer, type ModelRequest } from '../../../src/review/index.ts';
import type { JsonObject } from '../../../src/system/index.ts';

const ANSWER: JsonObject = {
  type: 'result',
  subtype: 'success',
  is_error: false,
  stop_reason: 'end_turn',
  session_id: 's1',
  result: '',
  structured_output: { findings: [] },
  usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 2, cache_creation_input_tokens: 1 },
  modelUsage: { 'claude-sonnet-5-20260401': {} },
};

const { structured_output: _said, ...SILENT } = ANSWER;

const ended = (json: JsonObject | string, exitCode = 0): CliOutcome => {
  return { kind: 'ended', exitCode, output: typeof json === 'string' ? json : JSON.stringify(json) };
};

async function complete(
  outcome: CliOutcome,
): Promise<{ readonly answer: ModelAnswer; readonly args: readonly string[]; readonly input: string }> {
  let seen: { args: readonly string[]; input: string } = { args: [], input: '' };
  const client = claudeCliClient({
    model: 'claude-sonnet-5',
    execute: async (args, input) => {
      seen = { args, input };
      return outcome;
    },
  });
  const request: ModelRequest = {
    id: 'unit',
    isRepeated: false,
    stage: 'find',
    system: 'You find.',
    data: ['{"mark":"m"}'],
    question: 'Which?',
    schema: {},
    maxOutputTokens: 9,
  };
  return { answer: await client.complete(request), ...seen };
}

describe('Claude Code as a model', () => {
  it('answers in the form that was asked for, with what it took', async () => {
    const { answer } = await complete(ended(ANSWER));
    assert.deepEqual(answer.status === 'ok' && [answer.json, answer.usage, answer.modelActual], [
      { findings: [] },
      { input: 13, cacheRead: 2, cacheWrite: 1, output: 5 },
      'claude-sonnet-5-20260401',
    ]);
  });

  it('is started bare and without tools, and the data is in front of the question', async () => {
    const { args, input } = await complete(ended(ANSWER));
    assert.ok(args.includes('--bare'));
    assert.equal(args[args.indexOf('--tools') + 1], '');
    assert.equal(args[args.indexOf('--system-prompt') + 1], 'You find.');
    assert.equal(input, '{"mark":"m"}\n\nWhich?\n');
    assert.ok(!args.some((arg) => arg.includes('"mark"')), 'data is in no argument');
  });

  it('is not believed when only one sign says success', async () => {
    const cases: readonly (readonly [CliOutcome, ModelAnswer['status']])[] = [
      [ended({ ...ANSWER, is_error: true, stop_reason: 'refusal' }, 1), 'refused'],
      [ended({ ...ANSWER, stop_reason: 'refusal' }), 'refused'],
      [ended({ ...ANSWER, stop_reason: 'max_tokens' }), 'truncated'],
      [ended({ ...ANSWER, is_error: true }), 'error'],
      [ended(ANSWER, 1), 'error'],
      [ended(SILENT), 'invalid'],
      [ended({ ...ANSWER, modelUsage: { 'claude-haiku-4-5': {} } }), 'invalid'],
      [ended({ ...ANSWER, modelUsage: {} }), 'invalid'],
      [ended('not json'), 'error'],
      [ended(''), 'error'],
      [{ kind: 'stopped', reason: 'timeout' }, 'error'],
    ];
    for (const [outcome, status] of cases)
      assert.equal((await complete(outcome)).answer.status, status, JSON.stringify(outcome));
  });

  it('is not asked again when the key, the model or the program is wrong', async () => {
    for (const outcome of [
      ended({ ...ANSWER, is_error: true, api_error_status: 401 }, 1),
      ended('command not found', 127),
    ]) {
      const { answer } = await complete(outcome);
      assert.ok(answer.status === 'error' && answer.final);
    }
    const { answer } = await complete(ended({ ...ANSWER, is_error: true, api_error_status: 529 }, 1));
    assert.ok(answer.status === 'error' && !answer.final);
  });
});
