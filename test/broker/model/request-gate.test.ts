import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { message, request, text } from '../support/messages.ts';
import { PLACEHOLDER, REAL_KEY, type Reply, type Rig, startRig } from '../support/rig.ts';
import { answerJson, type SeenRequest, startUpstream } from '../support/upstream.ts';

interface Outcome {
  readonly reply: Reply;
  readonly sent: SeenRequest | undefined;
  readonly rig: Rig;
}

async function post(body: unknown, options: Parameters<typeof startRig>[1] = {}): Promise<Outcome> {
  await using upstream = await startUpstream((_request, response) => answerJson(response, message([text('hi')])));
  await using rig = await startRig(upstream.url, options);
  const reply = await rig.post(body);
  return { reply, sent: upstream.requests[0], rig };
}

function says(...content: readonly object[]): object {
  return { messages: [{ role: 'user', content }] };
}

/** Posts until the answer has this status; what the broker has read of other connections shows only in that. */
async function until(rig: Rig, body: unknown, wanted: number): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await rig.post(body)).status === wanted) return wanted;
    await new Promise((later) => setTimeout(later, 20));
  }
  return 0;
}

describe('what makes the provider connect or compute for the agent', () => {
  const url = 'https://evil.test/x';
  for (const [name, fields] of [
    ['a remote connector', { mcp_servers: [{ type: 'url', url, name: 'e' }] }],
    ['one whose name has a blank at its end', { 'mcp_servers ': [{ type: 'url', url, name: 'e' }] }],
    ['one whose name has a sign in it that nobody sees', { 'mcp\u200b_servers': [{ type: 'url', url, name: 'e' }] }],
    ['one in letters of full width', { ｍｃｐ_servers: [{ type: 'url', url, name: 'e' }] }],
    ['a container by a name in parts', { 'con.tainer': 'cnt_1' }],
    ['a container', { container: 'container_1' }],
    ['an image by URL', says({ type: 'image', source: { type: 'url', url } })],
    ['a document by URL', says({ type: 'document', source: { type: 'url', url } })],
    ['an uploaded file', says({ type: 'document', source: { type: 'file', file_id: 'file_1' } })],
    ['a source of a type nobody knows', says({ type: 'image', source: { type: 'bucket', url } })],
    ['a container upload', says({ type: 'container_upload', file_id: 'file_1' })],
    [
      'an image by URL in a tool result',
      says({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source: { type: 'url', url } }] }),
    ],
    [
      'an image by URL in a document',
      says({
        type: 'document',
        source: { type: 'content', content: [{ type: 'image', source: { type: 'url', url } }] },
      }),
    ],
    ['an image by URL in the form of another dialect', says({ type: 'image_url', image_url: { url } })],
    ['several sources in one block', says({ type: 'document', source: [{ type: 'url', url }] })],
    ['a connector in another spelling', { MCP_Servers: [{ type: 'url', url, name: 'n' }] }],
    ['an address for a gateway to call', { api_base: url }],
    ['fields behind a prototype', JSON.parse(`{"__proto__":{"mcp_servers":[{"type":"url","url":"${url}"}]}}`)],
    ['a key for a gateway to call with', { api_key: 'FOREIGN' }],
    ['an address for one of the providers of a gateway', { aws_bedrock_runtime_endpoint: url }],
    ['credentials for one of them', { vertex_credentials: '{}' }],
    ['a key for one of them', { 'aws-secret-access-key': 'FOREIGN' }],
    ['other models beside the one that is asked for', { models: ['granted', 'other-model'] }],
    ['other models in case that one fails', { fallbacks: [{ model: 'other-model' }] }],
    ['a search by the gateway', { plugins: [{ id: 'web' }] }],
    ['fields that a gateway puts in itself', { extra_body: { mcp_servers: [{ type: 'url', url, name: 'n' }] } }],
    [
      'a connector inside another field',
      { context: { options: [{ mcp_servers: [{ type: 'url', url, name: 'n' }] }] } },
    ],
    ['an address for a gateway inside a tool', { tools: [{ name: 'Bash', defaults: { base_url: url } }] }],
    ['a document by URL in the system prompt', { system: [{ type: 'document', source: { type: 'url', url } }] }],
    [
      'a hosted tool that is forced',
      {
        tools: [{ type: 'web_search_20250305', name: 'web_search' }],
        tool_choice: { type: 'tool', name: 'web_search' },
      },
    ],
  ] as const) {
    test(`is refused: ${name}`, async () => {
      const { reply, sent, rig } = await post(request(fields));
      assert.equal(reply.status, 403);
      assert.match(reply.body, /permission_error.*Sallyport/);
      assert.equal(sent, undefined);
      assert.equal(rig.tape.of('model.request')[0]?.decision?.verdict, 'deny');
    });
  }

  for (const [name, fields] of [
    [
      'an image in the request itself',
      says({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } }),
    ],
    [
      'a document in the request itself',
      says({ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }),
    ],
    [
      'a call whose input looks like a source',
      {
        messages: [
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 't', name: 'Add', input: { source: { type: 'url', url } } }],
          },
        ],
      },
    ],
    ['an empty list of connectors', { mcp_servers: [] }],
    [
      'a tool with fields of such names in its schema',
      {
        tools: [
          { name: 'Call', input_schema: { type: 'object', properties: { api_base: {}, source: { type: 'url' } } } },
        ],
      },
    ],
    [
      'an output whose schema has fields of such names',
      { output_format: { type: 'json_schema', schema: { properties: { container: {}, api_base: {} } } } },
    ],
    [
      'examples of a call with fields of such names',
      {
        tools: [
          { name: 'Call', input_schema: {}, input_examples: [{ mcp_servers: [{ url }], source: { type: 'url' } }] },
        ],
      },
    ],
    ['text about connectors', says({ type: 'text', text: '{"mcp_servers":[{"url":"https://example.test"}]}' })],
    [
      'tools that the agent runs',
      { tools: [{ name: 'Bash' }, { type: 'custom', name: 'x' }, { type: 'bash_20250124', name: 'bash' }] },
    ],
    [
      'settings of the client that only sound like those of a gateway',
      {
        metadata: { user_id: 'user_1_session_2' },
        service_tier: 'auto',
        thinking: { type: 'enabled', budget_tokens: 1024 },
        context_management: {
          edits: [{ type: 'clear_tool_uses_20250919', trigger: { type: 'input_tokens', value: 1 } }],
        },
        output_config: { effort: 'high' },
      },
    ],
    [
      'a search over the offered tools',
      { tools: [{ type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' }] },
    ],
  ] as const) {
    test(`is not: ${name}`, async () => {
      const body = request(fields);
      const { reply, sent } = await post(body);
      assert.equal(reply.status, 200);
      assert.equal(sent?.body, JSON.stringify(body));
    });
  }

  for (const type of [
    'web_search_20250305',
    'web_fetch_20250910',
    'code_execution_20250825',
    'mcp_toolset',
    'brand_new_20270101',
  ]) {
    test(`is taken out when it is only offered: ${type}`, async () => {
      const bash = { name: 'Bash', input_schema: { type: 'object' } };
      const { reply, sent, rig } = await post(
        request({ tools: [bash, { type, name: 'hosted' }], tool_choice: { type: 'auto' } }),
      );
      assert.equal(reply.status, 200);
      assert.deepEqual(JSON.parse(sent?.body ?? '').tools, [bash]);
      assert.equal(
        rig.tape.of('model.request')[0]?.subject['strippedTools']?.toString(),
        type.replace(/_\d{8}$/, '').replace('mcp_toolset', 'mcp'),
      );
    });
  }

  test('leaves no empty list behind when it was the only tool', async () => {
    const { sent } = await post(
      request({ tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }], tool_choice: { type: 'auto' } }),
    );
    assert.deepEqual(JSON.parse(sent?.body ?? ''), request());
  });
});

describe('a body that two parsers could read differently', () => {
  const inner = '"model":"claude-test-1","messages":[]';
  for (const [name, body] of [
    ['a key twice', `{"model":"other-1",${inner}}`],
    ['a key twice, spelled with an escape', `{"mod\\u0065l":"other-1",${inner}}`],
    ['a key twice deep inside', `{${inner},"a":[{"b":{"type":"url","type":"base64"}}]}`],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from(`{${inner},"a":"`), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
    ['a byte order mark', `\ufeff{${inner}}`],
    ['a trailing comma', `{${inner},}`],
    ['two values', `{${inner}}{}`],
    ['a list', '[]'],
    ['nothing', ''],
    ['nesting without end', `{${inner},"a":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['no model', '{"messages":[]}'],
    ['tools that are not a list', `{${inner},"tools":{"type":"web_search"}}`],
  ] as const) {
    test(`is refused: ${name}`, async () => {
      const { reply, sent } = await post(body);
      assert.equal(reply.status, 400);
      assert.match(reply.body, /invalid_request_error/);
      assert.equal(sent, undefined);
    });
  }

  test('with strings that only look like structure is served', async () => {
    const body = request(says({ type: 'text', text: '{"a":1,"a":2} \\" : [[[[ \\\\' }));
    const { reply, sent } = await post(body);
    assert.equal(reply.status, 200);
    assert.equal(sent?.body, JSON.stringify(body));
  });
});

describe('a model request', () => {
  test('for a model that is not granted is refused with the reason', async () => {
    const { reply, sent } = await post(request({ model: 'other-1' }));
    assert.equal(reply.status, 403);
    assert.match(reply.body, /the model other-1 is not granted/);
    assert.equal(sent, undefined);
  });

  test('is on record before it leaves', async () => {
    const order: string[] = [];
    await using upstream = await startUpstream((_request, response) => {
      order.push('sent');
      answerJson(response, message([]));
    });
    await using rig = await startRig(upstream.url, {
      recorder: {
        record: async ({ kind }, options) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          order.push(`${kind}${options?.durable ? ' durable' : ''}`);
          return { sequence: 0 };
        },
      },
    });
    await rig.post(request());
    await rig.broker.close();
    assert.deepEqual(order, ['model.request durable', 'sent', 'model.response']);
  });

  test('does not leave when it cannot be recorded', async () => {
    await using upstream = await startUpstream((_request, response) => answerJson(response, message([])));
    await using rig = await startRig(upstream.url);
    rig.tape.broken = true;
    const reply = await rig.post(request());
    assert.equal(reply.status, 502);
    assert.match(reply.body, /cannot be recorded/);
    assert.equal(upstream.requests.length, 0);
  });

  test('of more than 32 MiB is refused', async () => {
    const { reply, sent } = await post(request(says({ type: 'text', text: 'x'.repeat(33 << 20) })));
    assert.equal(reply.status, 413);
    assert.equal(sent, undefined);
  });

  test('is refused while others hold the room for bodies, and served once they are gone', async () => {
    await using upstream = await startUpstream((_request, response) => answerJson(response, message([])));
    await using rig = await startRig(upstream.url, { modelHeldBytes: 1 << 20 });
    const large = request(says({ type: 'text', text: 'x'.repeat(600 << 10) }));
    const unfinished = rig.dial();
    unfinished.write(
      `POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: ${PLACEHOLDER}\r\nContent-Length: ${700 << 10}\r\n\r\n`,
    );
    await new Promise((written) => unfinished.write('x'.repeat(600 << 10), written));
    assert.equal(await until(rig, large, 503), 503);
    unfinished.destroy();
    assert.equal(await until(rig, large, 200), 200);
    assert.equal((await rig.post(large)).status, 200, 'what was served holds nothing any more');
  });

  test('that is compressed is refused', async () => {
    await using rig = await startRig('http://127.0.0.1:9');
    assert.equal((await rig.post(request(), { headers: { 'content-encoding': 'gzip' } })).status, 415);
  });
});

describe('a secret in a request', () => {
  const encodings: readonly (readonly [string, string])[] = [
    ['plain', REAL_KEY],
    ['base64', Buffer.from(`x${REAL_KEY}y`).toString('base64')],
    ['hex', Buffer.from(REAL_KEY).toString('hex')],
    ['reversed', [...REAL_KEY].reverse().join('')],
    ['URL', [...REAL_KEY].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('')],
  ];
  for (const [name, secret] of encodings) {
    test(`is taken out of a tool result, and the request goes on: ${name}`, async () => {
      const result = { type: 'tool_result', tool_use_id: 't', content: `before "${secret}" after` };
      const { reply, sent, rig } = await post(request(says(result)));
      assert.equal(reply.status, 200);
      const [{ content }] = JSON.parse(sent?.body ?? '').messages[0].content;
      assert.match(content, /^before ".{0,2}\[redacted:ANTHROPIC_API_KEY\].{0,8}after$/);
      assert.deepEqual(rig.tape.of('model.request')[0]?.subject['redactions'], ['ANTHROPIC_API_KEY']);
      assert.equal(rig.broker.dataFlow().destinations[0]?.redactions, 1);
      assert.doesNotMatch(JSON.stringify(rig.tape.events), new RegExp(secret.slice(5, 40).replace(/[+]/g, '\\+')));
    });
  }

  test('that hides behind escapes of JSON is taken out', async () => {
    const escaped = [...REAL_KEY]
      .map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
    const { sent } = await post(`{"model":"claude-test-1","messages":[{"role":"user","content":"${escaped}"}]}`);
    assert.match(sent?.body ?? '', /"content":"\[redacted:ANTHROPIC_API_KEY\]"/);
  });

  test('as a list of numbers is taken out', async () => {
    const { sent } = await post(
      request(says({ type: 'tool_use', id: 't', name: 'x', input: { bytes: [...Buffer.from(REAL_KEY)] } })),
    );
    assert.deepEqual(JSON.parse(sent?.body ?? '').messages[0].content[0].input, {
      bytes: '[redacted:ANTHROPIC_API_KEY]',
    });
  });

  test('as a key of an object is taken out', async () => {
    const { sent } = await post(request({ metadata: { [REAL_KEY]: 1 } }));
    assert.doesNotMatch(sent?.body ?? '', new RegExp(REAL_KEY));
  });

  test('is taken out again each time the history is sent', async () => {
    await using upstream = await startUpstream((_request, response) => answerJson(response, message([])));
    await using rig = await startRig(upstream.url);
    const body = request(says({ type: 'text', text: `${'long text '.repeat(100)} ${REAL_KEY}` }));
    for (let turn = 0; turn < 3; turn++) await rig.post(body);
    assert.equal(upstream.requests.length, 3);
    for (const sent of upstream.requests) assert.doesNotMatch(sent.body, new RegExp(REAL_KEY));
  });

  test('that is only looked alike passes unchanged', async () => {
    const body = request(
      says({ type: 'text', text: 'sk-ant-api03-SOMEBODYelsesKEYthatNOBODYknows012345678901234567-AA' }),
    );
    assert.equal((await post(body)).sent?.body, JSON.stringify(body));
  });
});
