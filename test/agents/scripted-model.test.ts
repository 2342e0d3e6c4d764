/** The scripted model is what every end-to-end test believes; so it is tested itself. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type MessageScript, type ScriptedModelOptions, startScriptedModel } from '../support/scripted-model.ts';

const TOOLS = [{ name: 'Read' }];

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask(url: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/v1/messages?beta=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'k', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

async function withModel<T>(
  script: MessageScript,
  options: ScriptedModelOptions,
  use: (url: string) => Promise<T>,
): Promise<T> {
  await using model = await startScriptedModel(script, options);
  return await use(model.url);
}

describe('the scripted model', () => {
  const call = { tool: 'Read', input: { file_path: '{{HERE}}/a', note: '{{LAST_RESULT}}' } };

  test('plays turn by turn with placeholders filled, then its final text', async () => {
    await using model = await startScriptedModel(
      { turns: [{ calls: [call] }], final: 'End.' },
      { variables: { HERE: '/w' } },
    );
    const messages = [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'text', text: 'seen' }] }] }];
    const first = JSON.parse((await ask(model.url, { tools: TOOLS, messages })).text);
    assert.equal(first.stop_reason, 'tool_use');
    assert.deepEqual(first.content[0].input, { file_path: '/w/a', note: 'seen' });
    const second = JSON.parse((await ask(model.url, { tools: TOOLS })).text);
    assert.deepEqual([second.stop_reason, second.content[0].text], ['end_turn', 'End.']);
    assert.deepEqual(model.played, [{ tool: 'Read', input: { file_path: '/w/a', note: 'seen' } }]);
    assert.equal(model.requests.length, 2);
  });

  test('streams the same message, whatever the size of the pieces', async () => {
    const script: MessageScript = { turns: [{ text: 'A späte Antwort', thinking: 'hm', calls: [call] }] };
    const texts = await Promise.all(
      [undefined, 1, 13].map((chunkBytes) =>
        withModel(script, chunkBytes === undefined ? {} : { chunkBytes }, (url) =>
          ask(url, { tools: TOOLS, stream: true }),
        ),
      ),
    );
    const [whole] = texts;
    assert.deepEqual(new Set(texts.map(({ text }) => text)).size, 1);
    const events = [...(whole?.text ?? '').matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
    assert.deepEqual([events[0], events[1], events.at(-1)], ['message_start', 'ping', 'message_stop']);
    const data = [...(whole?.text ?? '').matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? ''));
    const text = data.flatMap((entry) => (entry.delta?.type === 'text_delta' ? [entry.delta.text] : [])).join('');
    const input = data
      .flatMap((entry) => (entry.delta?.type === 'input_json_delta' ? [entry.delta.partial_json] : []))
      .join('');
    assert.equal(text, 'A späte Antwort');
    assert.equal(JSON.parse(input).file_path, '{{HERE}}/a');
  });

  test('answers another key with 401, and keeps the request', async () => {
    await using model = await startScriptedModel({ turns: [] }, { key: 'right' });
    assert.equal((await ask(model.url, { tools: TOOLS })).status, 401);
    assert.equal((await ask(model.url, { tools: TOOLS }, { 'x-api-key': 'right' })).status, 200);
    assert.equal(model.requests.length, 2);
  });

  test('fails as told, once, and then plays the turn behind the fault', async () => {
    const fault = { status: 529, type: 'overloaded_error', message: 'Overloaded', headers: { 'retry-after': '1' } };
    await withModel({ turns: [{ text: 'after', fault }] }, {}, async (url) => {
      assert.equal((await ask(url, { tools: TOOLS })).status, 529);
      assert.match((await ask(url, { tools: TOOLS })).text, /after/);
    });
  });

  test('fails in the middle of a stream, by an event or by the connection', async () => {
    const streamed = { tools: TOOLS, stream: true };
    await withModel({ turns: [{ text: 'x', fault: { streamError: 'overloaded_error' } }] }, {}, async (url) => {
      assert.match((await ask(url, streamed)).text, /event: error\n.*overloaded_error/);
    });
    await withModel({ turns: [{ text: 'x', fault: { cut: true } }] }, {}, async (url) => {
      await assert.rejects(ask(url, streamed));
    });
  });

  test('gives a second session nothing to do, unless told to play for each', async () => {
    const turns = [{ calls: [{ tool: 'Read', input: {} }] }];
    const second = (everySession: boolean): Promise<Answer> =>
      withModel({ turns, everySession }, {}, async (url) => {
        await ask(url, { tools: TOOLS }, { 'x-session-id': 'one' });
        return ask(url, { tools: TOOLS }, { 'x-session-id': 'two' });
      });
    assert.doesNotMatch((await second(false)).text, /tool_use/);
    assert.match((await second(true)).text, /tool_use/);
  });

  test('requests without tools do not advance the script', async () => {
    await withModel({ turns: [{ text: 'first' }], side: 'title' }, {}, async (url) => {
      assert.match((await ask(url, {})).text, /title/);
      assert.match((await ask(url, { tools: TOOLS })).text, /first/);
    });
  });

  test('counts tokens, and knows no other endpoint', async () => {
    await using model = await startScriptedModel({ turns: [] });
    const count = await fetch(`${model.url}/v1/messages/count_tokens`, { method: 'POST', body: '{}' });
    assert.equal(typeof JSON.parse(await count.text()).input_tokens, 'number');
    assert.equal((await fetch(`${model.url}/v1/files`)).status, 404);
  });
});
