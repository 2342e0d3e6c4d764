import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adapterFor } from '../../../src/agents/index.ts';
import { compilePolicy, parsePolicy } from '../../../src/policy/index.ts';
import {
  type Block,
  block,
  close,
  end,
  event,
  message,
  open,
  request,
  start,
  stream,
  text,
  toolUse,
} from '../support/messages.ts';
import { REAL_KEY, type Rig, startRig } from '../support/rig.ts';
import { answerJson, answerStream, startUpstream } from '../support/upstream.ts';

const TOOLS = [{ name: 'Bash', input_schema: { type: 'object' } }];
const LS = toolUse('toolu_ls', 'Bash', { command: 'ls' });
const FORBIDDEN = toolUse('toolu_no', 'Bash', { command: 'forbidden' });

/** What the agent receives when the provider streams these bytes. */
async function receive(
  bytes: string,
  tools: readonly object[] = TOOLS,
  size?: number,
): Promise<{ readonly body: string; readonly rig: Rig }> {
  await using upstream = await startUpstream((_request, response) => answerStream(response, bytes, size));
  await using rig = await startRig(upstream.url);
  const { body } = await rig.post(request({ stream: true, tools }));
  return { body, rig };
}

/** The tool calls in a streamed body, put together as a client does. */
function callsIn(body: string): readonly { readonly id: string; readonly name: string; readonly input: unknown }[] {
  const calls = new Map<number, { id: string; name: string; json: string }>();
  for (const line of body.split('\n')) {
    if (!line.startsWith('data: ')) continue;
    const data = JSON.parse(line.slice(6));
    if (data.content_block?.type === 'tool_use') calls.set(data.index, { ...data.content_block, json: '' });
    const call = calls.get(data.index);
    if (call && data.delta?.type === 'input_json_delta') call.json += data.delta.partial_json;
  }
  return [...calls.values()].map(({ id, name, json }) => ({ id, name, input: JSON.parse(json || '{}') }));
}

describe('a streamed tool call', () => {
  test('that is allowed reaches the agent byte for byte', async () => {
    const bytes = stream([text('I look.'), LS, text('And more.')]);
    for (const size of [1, 2, 7, 64, 100_000])
      assert.equal((await receive(bytes, TOOLS, size)).body, bytes, `cut every ${size}`);
  });

  test('that is denied reaches the agent as a call of a tool it does not have, and the rest unchanged', async () => {
    const { body, rig } = await receive(stream([text('I look.'), LS, FORBIDDEN]));
    assert.ok(body.startsWith(start() + block(0, text('I look.')) + block(1, LS)));
    assert.ok(body.endsWith(end('tool_use')));
    const [, denied] = callsIn(body);
    const input = { tool: 'Bash', rule: 'test.deny', reason: 'that word is forbidden' };
    assert.deepEqual(denied, { id: 'toolu_no', name: 'SallyportDenied', input });
    assert.doesNotMatch(body, /"command":"forbidden/);
    const [allowed, refused] = rig.tape.of('tool.call');
    assert.equal(allowed?.decision?.verdict, 'allow');
    assert.deepEqual(refused?.subject, { id: 'toolu_no', tool: 'Bash', input: { command: 'forbidden' } });
    assert.equal(refused?.decision?.rule, 'test.deny');
  });

  test('that needs approval is denied, because nobody is there to give it', async () => {
    const { body } = await receive(stream([toolUse('t', 'Bash', { command: 'approval' })]));
    assert.match(body, /needs approval, and nobody can approve in an unattended run/);
  });

  test('is replaced under a name that no tool of the request has', async () => {
    const { body } = await receive(stream([FORBIDDEN]), [{ name: 'SallyportDenied' }, { name: 'SallyportDenied2' }]);
    assert.equal(callsIn(body)[0]?.name, 'SallyportDenied3');
  });

  test('is held while text and pings of the same answer pass', async () => {
    const calls = block(1, LS)
      .split('\n\n')
      .slice(0, -1)
      .map((part) => `${part}\n\n`);
    const [opening = '', ...rest] = calls;
    const mixed = start() + open(0, text('')) + opening;
    const between =
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'meanwhile' } }) + event('ping', {});
    const { body } = await receive(mixed + between + rest.join('') + close(0) + end('tool_use'));
    assert.equal(body, start() + open(0, text('')) + between + opening + rest.join('') + close(0) + end('tool_use'));
  });

  test('and a parallel one that interleaves are judged each for itself', async () => {
    const one = block(0, LS).match(/event: [\s\S]*?\n\n/g) ?? [];
    const two = block(1, FORBIDDEN).match(/event: [\s\S]*?\n\n/g) ?? [];
    const woven = one.flatMap((part, at) => [part, two[at] ?? '']).join('');
    const { body } = await receive(start() + woven + end('tool_use'));
    assert.deepEqual(
      callsIn(body).map(({ id, name }) => [id, name]),
      [
        ['toolu_ls', 'Bash'],
        ['toolu_no', 'SallyportDenied'],
      ],
    );
  });

  const delta = (index: number, partial_json: string): string =>
    event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
  const opened = open(0, { type: 'tool_use', id: 't', name: 'Bash', input: {} });
  for (const [name, bytes, reason] of [
    ['whose input is not JSON', opened + delta(0, '{"command":') + close(0), /not JSON/],
    ['whose input is a list', opened + delta(0, '["ls"]') + close(0), /not an object/],
    ['with a key twice', opened + delta(0, '{"command":"ls","command":"forbidden"}') + close(0), /duplicate key/],
    ['with its input given twice', open(0, LS) + delta(0, '{"command":"forbidden"}') + close(0), /twice/],
    ['that never ends', opened + delta(0, '{"command":"ls"}'), /never ended/],
    [
      'that holds something else',
      opened + event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'x' } }) + close(0),
      /something other/,
    ],
    ['that is too large', opened + delta(0, `{"command":"${'x'.repeat(5 << 20)}"}`) + close(0), /larger than/],
    ['that the adapter cannot read', block(0, toolUse('t', 'Broken', {})), /cannot be told \(TypeError\)/],
    ['that stands for nothing known', block(0, toolUse('t', 'Unknown', {})), /not known/],
    [
      'that carries a secret',
      block(0, toolUse('t', 'Bash', { command: `echo ${Buffer.from(REAL_KEY).toString('hex')}` })),
      /contains a secret of this run/,
    ],
  ] as const) {
    test(`${name} is denied`, async () => {
      const { body } = await receive(start() + bytes + end('tool_use'));
      const [call] = callsIn(body);
      assert.equal(call?.name, 'SallyportDenied');
      assert.match(JSON.stringify(call?.input), reason);
      assert.ok(body.endsWith(end('tool_use')));
    });
  }

  test('without input is judged with an empty one', async () => {
    const bytes = start() + opened + close(0) + end('tool_use');
    assert.equal((await receive(bytes)).body, bytes);
  });

  for (const [name, bytes] of [
    ['changes after its end', block(0, LS) + delta(0, '{"command":"forbidden"}')],
    ['comes again under its index', block(0, LS) + block(0, toolUse('other', 'Bash', { command: 'ls' }))],
    ['comes again under its id', block(0, LS) + block(1, LS)],
    ['hides in a text block', open(0, { type: 'text', text: '', extra: FORBIDDEN })],
    ['hides in an event of two types', 'event: content_block_start\ndata: {"type":"ping"}\n\n'],
    ['hides in an unknown event', event('content_block_bonus', { block: FORBIDDEN })],
    ['hides in the message itself', event('message_start', { message: message([FORBIDDEN]) })],
    ['grows out of a text block', open(0, text('')) + delta(0, '{"command":"forbidden"}')],
    [
      'has a type twice',
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","type":"text","id":"t","name":"Bash","input":{}}}\n\n',
    ],
    ['is in an event that is not JSON', 'event: content_block_start\ndata: {"type":\n\n'],
    [
      'hides inside a search over the tools',
      open(0, { type: 'server_tool_use', id: 's', name: 'tool_search_tool_regex', input: {}, extra: FORBIDDEN }),
    ],
    ['grows under an index between two', block(0, LS) + delta(0.5, '{"command":"forbidden"}')],
    [
      'grows under an index between two that a search took',
      block(0, LS) +
        open(0.5, { type: 'server_tool_use', id: 's', name: 'tool_search_tool_regex', input: {} }) +
        delta(0.5, '{"command":"forbidden"}'),
    ],
    ['is addressed from the end', block(0, LS) + open(-1, text('')) + delta(-1, '{"command":"forbidden"}')],
    ['stands between the events', `{"type":"message","content":[${JSON.stringify(FORBIDDEN)}]}\n\n`],
    ['stands within an event', `event: ping\n${JSON.stringify(FORBIDDEN)}\ndata: {"type":"ping"}\n\n`],
    ['runs on the provider’s side', open(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} })],
    ['runs on a connector', open(0, { type: 'mcp_tool_use', id: 's', name: 'x', server_name: 'y', input: {} })],
  ] as const) {
    test(`that ${name} ends the stream`, async () => {
      const after = block(7, text('LATER'));
      const { body, rig } = await receive(start() + bytes + after + end());
      assert.doesNotMatch(body, /LATER|forbidden/);
      assert.match(body, /event: error\ndata: .*Sallyport ended the answer/);
      assert.equal(rig.tape.of('model.response')[0]?.observed?.['outcome'], 'cut');
    });
  }

  test('is not released when its record cannot be kept', async () => {
    await using upstream = await startUpstream((_request, response) => answerStream(response, stream([LS])));
    await using rig = await startRig(upstream.url, {
      recorder: {
        record: async (happened) => {
          if (happened.kind === 'tool.call') throw new Error('disk full');
          return { sequence: 0 };
        },
      },
    });
    const { body } = await rig.post(request({ stream: true }));
    assert.doesNotMatch(body, /"command/);
    assert.match(body, /event: error\ndata: .*could not be recorded/);
  });

  test('with much input is recorded with its head and a commitment to the whole', async () => {
    const command = `echo ${'long '.repeat(2000)}`;
    const { rig } = await receive(stream([toolUse('t', 'Bash', { command })]));
    const [record] = rig.tape.of('tool.call');
    assert.equal(record?.subject['truncated'], true);
    assert.equal(String(record?.subject['input']).length, 4096);
    assert.equal(record?.committed?.['input'], JSON.stringify({ command }));
  });
});

describe('a tool call in a whole answer', () => {
  async function receiveWhole(content: readonly Block[]): Promise<{ readonly status: number; readonly body: string }> {
    await using upstream = await startUpstream((_request, response) => answerJson(response, message(content)));
    await using rig = await startRig(upstream.url);
    return await rig.post(request({ tools: TOOLS }));
  }

  test('that is allowed reaches the agent byte for byte', async () => {
    const { body } = await receiveWhole([text('x'), LS]);
    assert.equal(body, JSON.stringify(message([text('x'), LS])));
  });

  test('that is denied is replaced under its id', async () => {
    const { content } = JSON.parse((await receiveWhole([text('x'), FORBIDDEN, LS])).body);
    assert.deepEqual(content[0], text('x'));
    assert.deepEqual(content[1], {
      type: 'tool_use',
      id: 'toolu_no',
      name: 'SallyportDenied',
      input: { tool: 'Bash', rule: 'test.deny', reason: 'that word is forbidden' },
    });
    assert.deepEqual(content[2], LS);
  });

  test('that carries a secret is denied, not released without it', async () => {
    const { content } = JSON.parse((await receiveWhole([toolUse('t', 'Bash', { command: `echo ${REAL_KEY}` })])).body);
    assert.equal(content[0].name, 'SallyportDenied');
    assert.equal(content[0].input.rule, 'known-secret');
  });

  test('that speaks of tool calls in its input is judged as the one call it is', async () => {
    const call = toolUse('toolu_1', 'Bash', { command: 'ls', note: { type: 'tool_use' } });
    const { body } = await receiveWhole([text('a "tool_use" block'), call]);
    assert.deepEqual(JSON.parse(body).content[1], call);
  });

  for (const [name, content] of [
    ['comes twice under one id', [LS, LS]],
    ['stands in another block', [{ type: 'text', text: 'look', citations: [LS] }]],
    ['has no id', [{ type: 'tool_use', name: 'Bash', input: {} }]],
    ['runs on the provider’s side', [{ type: 'server_tool_use', id: 's', name: 'web_fetch', input: {} }]],
  ] as const) {
    test(`that ${name} is refused with the answer`, async () => {
      const reply = await receiveWhole(content);
      assert.equal(reply.status, 502);
      assert.match(reply.body, /Sallyport/);
    });
  }

  for (const [name, body] of [
    ['has one beside its content', JSON.stringify(message([text('x')], { extra: { deep: [LS] } }))],
    ['is not JSON', '{"type":"message","content":[{"type":"tool_use"'],
    ['has a key twice', '{"content":[],"content":[{"type":"tool_use","id":"t","name":"Bash","input":{}}]}'],
  ] as const) {
    test(`is refused when the answer ${name}`, async () => {
      await using upstream = await startUpstream((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      });
      await using rig = await startRig(upstream.url);
      assert.equal((await rig.post(request())).status, 502);
    });
  }
});

describe('the request after a denied call', () => {
  const history = (denied: Block, result: Block): object =>
    request({
      tools: TOOLS,
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [text('I try.'), denied] },
        { role: 'user', content: [result] },
      ],
    });

  async function exchangeTwice(
    result: Block,
    rename = 'SallyportDenied',
  ): Promise<{ readonly sent: string; readonly rig: Rig }> {
    await using upstream = await startUpstream(({ body }, response) =>
      answerJson(response, message(body.includes('tool_result') ? [text('I see.')] : [FORBIDDEN])),
    );
    await using rig = await startRig(upstream.url);
    const { content } = JSON.parse((await rig.post(request({ tools: TOOLS }))).body);
    const body = history({ ...content[0], name: rename }, result);
    await rig.post(body);
    await rig.post(body);
    return { sent: upstream.requests[1]?.body ?? '', rig };
  }

  const noSuchTool = {
    type: 'tool_result',
    tool_use_id: 'toolu_no',
    is_error: true,
    content: 'No such tool: SallyportDenied',
  };

  test('shows the model its own call and why it was refused', async () => {
    const { sent, rig } = await exchangeTwice(noSuchTool);
    const { messages } = JSON.parse(sent);
    assert.deepEqual(messages[1].content, [text('I try.'), FORBIDDEN]);
    const [result] = messages[2].content;
    assert.equal(result.is_error, true);
    assert.match(
      result.content,
      /refused this call of Bash before it ran.*that word is forbidden \(rule test\.deny\)/s,
    );
    assert.deepEqual(
      rig.tape.of('tool.result').map(({ agreement }) => agreement),
      ['match'],
      'recorded once, although the history was sent twice',
    );
  });

  test('does so also when the agent renamed the call', async () => {
    assert.deepEqual(JSON.parse((await exchangeTwice(noSuchTool, 'invalid')).sent).messages[1].content[1], FORBIDDEN);
  });

  test('with a result that claims success is a mismatch, and the model reads the refusal all the same', async () => {
    const { sent, rig } = await exchangeTwice({ ...noSuchTool, is_error: false, content: 'it worked' });
    assert.doesNotMatch(sent, /it worked/);
    assert.equal(rig.tape.of('tool.result')[0]?.agreement, 'mismatch');
  });

  test('with the result of a call nobody saw records it as unobserved', async () => {
    const { rig } = await exchangeTwice({ ...noSuchTool, tool_use_id: 'toolu_made_up' });
    assert.equal(rig.tape.of('tool.result')[0]?.agreement, 'unobserved');
  });
});

test('a flood of results of calls nobody saw is recorded up to a limit, which is on record too', async () => {
  await using upstream = await startUpstream((_request, response) => answerJson(response, message([text('hi')])));
  await using rig = await startRig(upstream.url);
  const content = Array.from({ length: 700 }, (_, at) => ({ type: 'tool_result', tool_use_id: `toolu_${at}` }));
  await rig.post(request({ messages: [{ role: 'user', content }] }));
  assert.equal(rig.tape.of('tool.result').length, 500);
  assert.deepEqual(
    rig.tape.of('limit').map(({ subject }) => subject),
    [{ limit: 'unobserved results', recorded: 500 }],
  );
});

describe('a call that changes a file', () => {
  const POLICY = `version: 1
agent: claude-code
tool: { allow: [Write, Read, Bash], ask: ["Bash(npm publish *)"] }
file:
  read: { ask: [{ path: private/**, reason: a person looks first }] }
  write: { allow: [src/**, package.json], ask: [package.json], deny: [{ id: generated, path: src/gen/**, reason: made by a tool }] }
`;

  async function judge(name: string, input: { readonly [field: string]: string }) {
    const bytes = stream([toolUse('t', name, input)]);
    await using upstream = await startUpstream((_request, response) => answerStream(response, bytes));
    const policy = await compilePolicy({
      repository: await parsePolicy(POLICY, 'sallyport.yaml'),
      workspaceRoot: '/work',
    });
    const { actions } = adapterFor(['/usr/bin/claude']);
    await using rig = await startRig(upstream.url, { policy, actionsOf: (call) => actions(call, '/work') });
    const { body } = await rig.post(request({ stream: true, tools: TOOLS }));
    const [record] = rig.tape.of('tool.call');
    return { released: body === bytes, shown: callsIn(body)[0]?.input, record };
  }

  test('that the file plane asks about goes through: its change waits for review', async () => {
    const { released, record } = await judge('Write', { file_path: '/work/package.json', content: '{}' });
    assert.equal(released, true);
    assert.equal(record?.decision?.verdict, 'allow');
    assert.equal(record?.decision?.rule, 'file.write.ask:package.json');
    assert.match(record?.decision?.reason ?? '', /^the change waits for review: /);
  });

  test('that the file plane denies is refused with the reason of the rule', async () => {
    const { released, shown } = await judge('Write', { file_path: './src/gen/x.ts', content: '' });
    assert.equal(released, false);
    assert.deepEqual(shown, { tool: 'Write', rule: 'generated', reason: 'made by a tool' });
  });

  test('that both planes allow is released, and its record names the file however long the input', async () => {
    const { released, record } = await judge('Write', { content: 'x'.repeat(10_000), file_path: '/work/src/a.ts' });
    assert.equal(released, true);
    assert.deepEqual(record?.subject['writes'], ['/work/src/a.ts']);
    assert.equal(record?.subject['truncated'], true);
  });

  test('is not what an ask of the tool plane or of a read is: both are refused', async () => {
    assert.equal((await judge('Bash', { command: 'npm publish --tag x' })).released, false);
    const read = await judge('Read', { file_path: '/work/private/notes.md' });
    assert.equal(read.released, false);
    assert.match(JSON.stringify(read.shown), /nobody can approve in an unattended run: a person looks first/);
  });
});
