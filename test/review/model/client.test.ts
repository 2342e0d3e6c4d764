/** Every way in which a request can end, over real sockets, in both dialects: only an answer is an answer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModelRequest } from '../../../src/review/index.ts';
import { type Answer, type Dialect, MODEL, reply, say, startModel } from '../support/model-server.ts';

const REQUEST: ModelRequest = {
  id: 'unit',
  stage: 'find',
  system: 'system',
  data: ['{"mark":"m"}'],
  isRepeated: false,
  question: 'what?',
  schema: { type: 'object' },
  maxOutputTokens: 100,
};

interface Case {
  readonly name: string;
  readonly answer: (dialect: Dialect) => Answer;
  readonly status: string;
  readonly reason?: RegExp;
  readonly requests: number;
}

const STOPS = {
  refusal: { anthropic: 'refusal', openai: 'content_filter' },
  full: { anthropic: 'max_tokens', openai: 'length' },
} as const;

const CASES: readonly Case[] = [
  {
    name: 'an answer',
    answer: (dialect) => (_, response) => reply(response, say(dialect, '{"findings":[]}')),
    status: 'ok',
    requests: 1,
  },
  {
    name: 'a dated name of the model',
    answer: (d) => (_, response) => reply(response, say(d, '{}', { model: `${MODEL}-20260203` })),
    status: 'ok',
    requests: 1,
  },
  {
    name: 'a refusal',
    answer: (d) => (_, response) => reply(response, say(d, '', { stop: STOPS.refusal[d] })),
    status: 'refused',
    requests: 1,
  },
  {
    name: 'a refusal behind an answer',
    answer: (d) => (_, response) => reply(response, say(d, '{"findings":[]}', { stop: STOPS.refusal[d] })),
    status: 'refused',
    requests: 1,
  },
  {
    name: 'an answer that is cut',
    answer: (d) => (_, response) => reply(response, say(d, '{"findings":[', { stop: STOPS.full[d] })),
    status: 'truncated',
    requests: 1,
  },
  {
    name: 'a whole answer that says it was cut',
    answer: (d) => (_, response) => reply(response, say(d, '{"findings":[]}', { stop: STOPS.full[d] })),
    status: 'truncated',
    requests: 1,
  },
  {
    name: 'an unknown end',
    answer: (d) => (_, response) => reply(response, say(d, '{}', { stop: 'pause_turn' })),
    status: 'invalid',
    requests: 1,
  },
  {
    name: 'prose',
    answer: (d) => (_, response) => reply(response, say(d, 'I found nothing.')),
    status: 'invalid',
    reason: /not JSON/,
    requests: 1,
  },
  { name: 'nothing', answer: (d) => (_, response) => reply(response, say(d, '')), status: 'invalid', requests: 1 },
  {
    name: 'another model',
    answer: (d) => (_, response) => reply(response, say(d, '{}', { model: 'other-model' })),
    status: 'invalid',
    reason: /other-model answered/,
    requests: 1,
  },
  {
    name: 'an error body with 200',
    answer: () => (_, response) => reply(response, { error: { message: 'prompt too long' } }),
    status: 'error',
    requests: 1,
  },
  {
    name: 'a page instead of JSON',
    answer: () => (_, response) => response.end('<html>'),
    status: 'error',
    requests: 3,
  },
  {
    name: '404: no such model',
    answer: () => (_, response) => reply(response, {}, 404),
    status: 'error',
    reason: /404/,
    requests: 1,
  },
  {
    name: '401: a wrong key',
    answer: () => (_, response) => reply(response, {}, 401),
    status: 'error',
    reason: /401/,
    requests: 1,
  },
  {
    name: '400: a wrong request',
    answer: () => (_, response) => reply(response, {}, 400),
    status: 'error',
    reason: /400/,
    requests: 1,
  },
  { name: '429', answer: () => (_, response) => reply(response, {}, 429), status: 'error', reason: /429/, requests: 3 },
  {
    name: '529: overloaded',
    answer: () => (_, response) => reply(response, {}, 529),
    status: 'error',
    reason: /529/,
    requests: 3,
  },
  { name: '500', answer: () => (_, response) => reply(response, {}, 500), status: 'error', requests: 3 },
  {
    name: 'a line that breaks',
    answer: () => (_, response) => response.destroy(),
    status: 'error',
    reason: /cannot be reached/,
    requests: 3,
  },
  {
    name: 'a redirect',
    answer: () => (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    status: 'error',
    requests: 3,
  },
  {
    name: 'an endless answer',
    answer: () => (_, response) => response.end('x'.repeat(5 * 1024 * 1024)),
    status: 'error',
    reason: /too long/,
    requests: 3,
  },
];

describe('a request to a model', () => {
  for (const dialect of ['anthropic', 'openai'] as const) {
    for (const { name, answer, status, reason, requests } of CASES) {
      it(`${dialect}: ${name} is ${status}`, async () => {
        await using server = await startModel(dialect, answer(dialect));
        const result = await server.client.complete(REQUEST);
        assert.equal(result.status, status);
        if (reason && 'reason' in result) assert.match(result.reason, reason);
        assert.equal(server.requests.length, requests);
      });
    }

    it(`${dialect}: a busy service is asked again and may then answer`, async () => {
      let tries = 0;
      await using server = await startModel(dialect, (_, response) => {
        tries++;
        if (tries < 3) reply(response, {}, 529, { 'retry-after': tries === 1 ? '7' : '4000' });
        else reply(response, say(dialect, '{}'));
      });
      assert.equal((await server.client.complete(REQUEST)).status, 'ok');
      assert.deepEqual(server.waits, [7_000, 30_000]);
    });

    it(`${dialect}: one that never answers is given up`, async () => {
      await using server = await startModel(dialect, () => undefined, 40);
      const result = await server.client.complete(REQUEST);
      assert.equal(result.status, 'error');
    });

    it(`${dialect}: no redirection takes the key to another host`, async () => {
      await using other = await startModel(dialect, (_, response) => reply(response, say(dialect, '{}')));
      await using server = await startModel(dialect, (_, response) =>
        response.writeHead(307, { location: `${other.address}/v1/messages` }).end(),
      );
      assert.equal((await server.client.complete(REQUEST)).status, 'error');
      assert.equal(other.requests.length, 0);
    });

    it(`${dialect}: an answer that drips is given up`, async () => {
      await using server = await startModel(dialect, (_, response) => response.write('{'), 40);
      assert.equal((await server.client.complete(REQUEST)).status, 'error');
    });

    it(`${dialect}: the request has no sampling parameter, and the data only in the result of a tool`, async () => {
      await using server = await startModel(dialect, (_, response) => reply(response, say(dialect, '{}')));
      await server.client.complete({ ...REQUEST, data: ['{"mark":"marker-4711"}'] });
      const body = server.requests[0]?.body ?? '';
      for (const name of ['temperature', 'top_p', 'top_k', 'seed']) assert.ok(!body.includes(`"${name}"`), name);
      const holders = JSON.parse(body).messages.filter((message: unknown) =>
        JSON.stringify(message).includes('marker-4711'),
      );
      assert.equal(holders.length, 1);
      assert.ok(
        holders[0].role === 'tool' ||
          holders[0].content.some(
            (block: { type: string; content?: string }) =>
              block.type === 'tool_result' && block.content?.includes('marker-4711'),
          ),
      );
    });
  }
});
