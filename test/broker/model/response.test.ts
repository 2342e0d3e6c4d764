import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { block, end, event, message, open, request, start, stream, text } from '../support/messages.ts';
import { PLACEHOLDER, REAL_KEY, startRig } from '../support/rig.ts';
import { answerJson, answerStream, startUpstream } from '../support/upstream.ts';

const SECRET = new RegExp(REAL_KEY.slice(14, 40));

describe('a provider that echoes the key', () => {
  test('in body and headers of an error does not hand it to the agent', async () => {
    await using upstream = await startUpstream(({ headers }, response) => {
      response.writeHead(401, { 'content-type': 'application/json', 'x-echo': String(headers['x-api-key']) });
      response.end(
        JSON.stringify({
          type: 'error',
          error: { type: 'authentication_error', message: `bad key ${headers['x-api-key']}` },
        }),
      );
    });
    await using rig = await startRig(upstream.url);
    const reply = await rig.post(request());
    assert.equal(reply.status, 401);
    assert.match(reply.body, /bad key \[redacted:ANTHROPIC_API_KEY\]/);
    assert.doesNotMatch(JSON.stringify(reply), SECRET);
  });

  test('as plain text does not hand it to the agent', async () => {
    await using upstream = await startUpstream(({ headers }, response) => {
      response.writeHead(500).end(`<p>${headers['x-api-key']}</p>`);
    });
    await using rig = await startRig(upstream.url);
    assert.equal((await rig.post(request())).body, '<p>[redacted:ANTHROPIC_API_KEY]</p>');
  });

  test('in a stream, cut anywhere, does not hand it to the agent', async () => {
    const bytes = stream([text(`key: ${REAL_KEY}.`), text(Buffer.from(REAL_KEY).toString('base64'))]);
    for (const size of [1, 3, 17, 1000]) {
      await using upstream = await startUpstream((_request, response) => answerStream(response, bytes, size));
      await using rig = await startRig(upstream.url);
      const { body } = await rig.post(request({ stream: true }));
      assert.match(body, /key: \[redacted:ANTHROPIC_API_KEY\]/);
      assert.doesNotMatch(body, SECRET);
      assert.ok(body.endsWith(end()), 'the stream goes on behind it');
    }
  });

  for (const piece of [1, 5, 20]) {
    test(`in text deltas of ${piece} characters ends the stream before the agent has it`, async () => {
      const said = `key: ${REAL_KEY}. And so on, at some length.`;
      const parts = said.match(new RegExp(`.{1,${piece}}`, 'g')) ?? [];
      const deltas = parts.map((part) =>
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: part } }),
      );
      const bytes = start() + open(0, text('')) + deltas.join('') + event('content_block_stop', { index: 0 }) + end();
      await using upstream = await startUpstream((_request, response) => answerStream(response, bytes));
      await using rig = await startRig(upstream.url);
      const { body } = await rig.post(request({ stream: true }));
      const heard = [...body.matchAll(/"text_delta","text":("(?:[^"\\]|\\.)*")/g)]
        .map((match) => JSON.parse(match[1] ?? '""'))
        .join('');
      assert.ok(`key: ${REAL_KEY}`.startsWith(heard) && heard.length < 'key: '.length + 10, heard);
      assert.match(body, /event: error\ndata: .*a secret of this run in pieces/);
    });
  }

  const pieces = REAL_KEY.match(/.{1,12}/g) ?? [];
  const deltas = (parts: readonly string[], fields: (part: string) => object) =>
    parts.map((part) => event('content_block_delta', { index: 0, delta: fields(part) })).join('');
  for (const [where, parts] of [
    [
      'over the start of a block and its deltas',
      open(0, text(pieces.slice(0, 2).join(''))) +
        deltas(pieces.slice(2), (part) => ({ type: 'text_delta', text: part })),
    ],
    [
      'over signatures',
      open(0, { type: 'thinking', thinking: '' }) +
        deltas(pieces, (part) => ({ type: 'signature_delta', signature: part })),
    ],
    [
      'over citations',
      open(0, text('')) + deltas(pieces, (part) => ({ type: 'citations_delta', citation: { cited_text: part } })),
    ],
    [
      'over deltas of a kind that nobody knows yet',
      open(0, text('')) + deltas(pieces, (part) => ({ type: 'new_delta', parts: [part] })),
    ],
  ] as const) {
    test(`cut ${where} ends the stream before the agent has it`, async () => {
      const bytes = start() + parts + event('content_block_stop', { index: 0 }) + end();
      await using upstream = await startUpstream((_request, response) => answerStream(response, bytes));
      await using rig = await startRig(upstream.url);
      const { body } = await rig.post(request({ stream: true }));
      assert.ok(!body.includes(pieces.at(-2) ?? ''), body);
      assert.match(body, /event: error\ndata: .*a secret of this run in pieces/);
    });
  }

  test('as a list of numbers does not hand it to the agent', async () => {
    const numbers = [...Buffer.from(REAL_KEY)];
    await using upstream = await startUpstream((_request, response) =>
      answerJson(response, { ...message([text('hello')]), numbers }),
    );
    await using rig = await startRig(upstream.url);
    const { body } = await rig.post(request());
    assert.match(body, /"numbers":"\[redacted:ANTHROPIC_API_KEY\]"/);
    assert.ok(!body.includes(numbers.slice(5, 15).join(',')));
  });

  test('in pieces that are each no secret is refused', async () => {
    const pieces = REAL_KEY.match(/.{1,6}/g);
    await using upstream = await startUpstream((_request, response) =>
      answerJson(response, { ...message([text('hello')]), pieces }),
    );
    await using rig = await startRig(upstream.url);
    const { status, body } = await rig.post(request());
    assert.equal(status, 502);
    assert.match(body, /a secret in pieces/);
  });

  test('compressed is refused, because nobody could look', async () => {
    await using upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify(message([text(REAL_KEY)]))));
    });
    await using rig = await startRig(upstream.url);
    assert.equal((await rig.post(request())).status, 502);
  });
});

describe('a streamed answer', () => {
  test('starts before it ends', async () => {
    const release = Promise.withResolvers<void>();
    await using upstream = await startUpstream(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(start() + block(0, text('early')));
      await release.promise;
      response.end(end());
    });
    await using rig = await startRig(upstream.url);
    const socket = rig.dial();
    const body = JSON.stringify(request({ stream: true }));
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: ${PLACEHOLDER}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    let heard = '';
    for await (const chunk of socket) {
      heard += chunk;
      if (heard.includes('early')) break;
    }
    assert.match(heard, /early/);
    release.resolve();
  });

  test('that the client leaves is ended at the provider too', async () => {
    await using upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(start());
    });
    await using rig = await startRig(upstream.url);
    const socket = rig.dial();
    const body = JSON.stringify(request({ stream: true }));
    socket.write(
      `POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: ${PLACEHOLDER}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    for await (const chunk of socket) if (String(chunk).includes('message_start')) break;
    await upstream.abandoned;
    await rig.broker.close();
    assert.equal(rig.tape.of('model.response')[0]?.observed?.['outcome'], 'client-gone');
  });

  for (const [name, drip] of [
    ['that falls silent', false],
    ['that drips bytes without completing an event', true],
  ] as const) {
    test(`${name} ends with a clear error`, async () => {
      await using upstream = await startUpstream(async (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(start());
        while (drip && !response.destroyed) {
          response.write('x');
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      });
      await using rig = await startRig(upstream.url, { modelIdleMilliseconds: 150 });
      const { body } = await rig.post(request({ stream: true }));
      assert.match(body, /event: error\ndata: .*nothing complete for too long/);
      assert.equal(rig.tape.of('model.response')[0]?.observed?.['outcome'], 'timeout');
    });
  }

  test('that the client does not take is given up, and its connection with it', async () => {
    await using upstream = await startUpstream(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(start() + open(0, text('')));
      const delta = event('content_block_delta', {
        index: 0,
        delta: { type: 'text_delta', text: 'much '.repeat(2000) },
      });
      for (let count = 0; count < 3000 && !response.destroyed; count++) {
        if (!response.write(delta)) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    });
    await using rig = await startRig(upstream.url, { modelIdleMilliseconds: 300 });
    const socket = rig.dial();
    const body = JSON.stringify(request({ stream: true }));
    const head = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: ${PLACEHOLDER}\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.pause();
    const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
    socket.write(head + body);
    await upstream.abandoned;
    // Read only now: the connection is closed, and not merely ended in order with a last event.
    socket.resume();
    assert.ok(await closed);
    const observed = rig.tape.of('model.response')[0]?.observed;
    assert.equal(observed?.['outcome'], 'timeout');
    assert.equal(observed['reason'], 'the client did not take the answer');
  });

  test('that breaks off ends with a clear error', async () => {
    await using upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(start(), () => response.destroy());
    });
    await using rig = await startRig(upstream.url);
    assert.match(
      (await rig.post(request({ stream: true }))).body,
      /event: error\ndata: .*connection to the provider broke/,
    );
  });

  test('hands an error event of the provider through', async () => {
    const bytes = start() + event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
    await using upstream = await startUpstream((_request, response) => answerStream(response, bytes));
    await using rig = await startRig(upstream.url);
    assert.equal((await rig.post(request({ stream: true }))).body, bytes);
  });
});

describe('an answer that never comes', () => {
  test('ends with a timeout of the provider’s shape', async () => {
    await using upstream = await startUpstream(() => undefined);
    await using rig = await startRig(upstream.url, { modelIdleMilliseconds: 100 });
    const reply = await rig.post(request());
    assert.equal(reply.status, 504);
    assert.match(reply.body, /timeout_error.*did not answer in time/);
  });

  test('completely ends the same way', async () => {
    await using upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"type":');
    });
    await using rig = await startRig(upstream.url, { modelIdleMilliseconds: 100 });
    assert.equal((await rig.post(request())).status, 504);
  });
});

test('the record of an answer has what it cost and how it ended', async () => {
  await using upstream = await startUpstream((_request, response) => answerStream(response, stream([text('hi')])));
  await using rig = await startRig(upstream.url);
  await rig.post(request({ stream: true, model: 'claude-sonnet-4-5' }));
  const observed = rig.tape.of('model.response')[0]?.observed;
  assert.equal(observed?.['outcome'], 'complete');
  assert.equal(observed?.['stopReason'], 'end_turn');
  const cost = (100 * 3 + 20 * 0.3 + 8 * 3.75 + 50 * 15) / 1e6;
  assert.deepEqual(observed?.['usage'], {
    inputTokens: 100,
    outputTokens: 50,
    cacheReadTokens: 20,
    cacheWriteTokens: 8,
    cacheWriteLongTokens: 0,
    usd: cost,
    estimated: false,
  });
});

test('count_tokens is answered and costs nothing', async () => {
  await using upstream = await startUpstream((_request, response) => answerJson(response, { input_tokens: 10 }));
  await using rig = await startRig(upstream.url);
  const reply = await rig.post({ model: 'claude-test-1', messages: [] }, { path: '/v1/messages/count_tokens' });
  assert.equal(reply.body, '{"input_tokens":10}');
  const usage = rig.tape.of('model.response')[0]?.observed?.['usage'];
  assert.deepEqual(usage, {
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWriteLongTokens: 0,
    usd: 0,
    estimated: true,
  });
});
