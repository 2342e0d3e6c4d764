import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { message, request, text } from '../support/messages.ts';
import { PLACEHOLDER, REAL_KEY, type Rig, startRig } from '../support/rig.ts';
import { answerJson, startUpstream, type TestUpstream } from '../support/upstream.ts';

const ANSWER = message([text('hi')]);

async function withRig(work: (rig: Rig, upstream: TestUpstream) => Promise<void>): Promise<void> {
  await using upstream = await startUpstream((_request, response) => answerJson(response, ANSWER));
  await using rig = await startRig(upstream.url);
  await work(rig, upstream);
}

/** What the broker answers to bytes that no client library would send. */
async function exchangeRaw(rig: Rig, bytes: string): Promise<string> {
  const socket = rig.dial();
  socket.write(bytes);
  let reply = '';
  for await (const chunk of socket) {
    reply += chunk;
    if (reply.includes('\r\n\r\n')) break;
  }
  return reply;
}

describe('the credential of a model request', () => {
  test('is exchanged for the real key in the header the provider reads, and nowhere else', () =>
    withRig(async (rig, upstream) => {
      const body = request({ messages: [{ role: 'user', content: `my key is ${PLACEHOLDER}` }] });
      const reply = await rig.post(body, { headers: { 'x-note': PLACEHOLDER } });
      assert.equal(reply.status, 200);
      const [seen] = upstream.requests;
      assert.equal(seen?.headers['x-api-key'], REAL_KEY);
      assert.equal(seen?.headers['x-note'], undefined);
      assert.equal(seen?.body, JSON.stringify(body));
    }));

  test('may come as a bearer token and leaves as the provider expects it', () =>
    withRig(async (rig, upstream) => {
      const reply = await rig.post(request(), { headers: { 'x-api-key': '', authorization: `Bearer ${PLACEHOLDER}` } });
      assert.equal(reply.status, 200);
      assert.equal(upstream.requests[0]?.headers['x-api-key'], REAL_KEY);
      assert.equal(upstream.requests[0]?.headers.authorization, undefined);
    }));

  for (const [name, headers] of [
    ['missing', { 'x-api-key': '' }],
    ['somebody else’s', { 'x-api-key': 'sk-ant-api03-FOREIGN' }],
    ['somebody else’s bearer token', { 'x-api-key': '', authorization: 'Bearer sk-ant-FOREIGN' }],
    ['the real key itself', { 'x-api-key': REAL_KEY }],
  ] as const) {
    test(`is refused when it is ${name}`, () =>
      withRig(async (rig, upstream) => {
        const reply = await rig.post(request(), { headers });
        assert.equal(reply.status, 401);
        assert.match(reply.body, /"type":"authentication_error"/);
        assert.equal(upstream.requests.length, 0);
        assert.equal(rig.tape.of('model.request')[0]?.decision?.rule, 'credential');
        assert.doesNotMatch(JSON.stringify(rig.tape.events), new RegExp(REAL_KEY));
      }));
  }

  test('of another kind beside the right one is dropped', () =>
    withRig(async (rig, upstream) => {
      const foreign = {
        authorization: 'Bearer sk-ant-FOREIGN',
        cookie: 'a=FOREIGN',
        'proxy-authorization': 'Basic FOREIGN',
      };
      await rig.post(request(), { headers: { ...foreign, 'api-key': 'FOREIGN' } });
      assert.doesNotMatch(upstream.requests[0]?.rawHeaders.join('\n') ?? '', /FOREIGN/);
    }));

  test('under a name of a gateway, or one that a server could take for it, is dropped', () =>
    withRig(async (rig, upstream) => {
      const names = ['x-litellm-api-key', 'anthropic-api-key', 'helicone-auth', 'cf-aig-authorization', 'x_api_key'];
      const steering = ['x-portkey-custom-host', 'helicone-target-url', 'x-api-base', 'x_forwarded_host'];
      const foreign = Object.fromEntries([...names, ...steering].map((name) => [name, 'FOREIGN']));
      const reply = await rig.post(request(), { headers: { ...foreign, 'x-max-tokens': '9', 'x-tokenizer': 'a' } });
      assert.equal(reply.status, 200);
      const [seen] = upstream.requests;
      assert.doesNotMatch(seen?.rawHeaders.join('\n') ?? '', /FOREIGN/);
      assert.deepEqual([seen?.headers['x-max-tokens'], seen?.headers['x-tokenizer']], ['9', 'a']);
    }));

  test('that says another method or address is meant is dropped', () =>
    withRig(async (rig, upstream) => {
      const names = ['x-http-method-override', 'x-method-override', 'x-rewrite-url', 'x-original-url', 'x-real-ip'];
      const reply = await rig.post(request(), { headers: Object.fromEntries(names.map((name) => [name, 'FOREIGN'])) });
      assert.equal(reply.status, 200);
      assert.doesNotMatch(upstream.requests[0]?.rawHeaders.join('\n') ?? '', /FOREIGN/);
    }));

  test('that looks like a key is dropped under any name, and what only resembles one is not', () =>
    withRig(async (rig, upstream) => {
      const foreign = {
        'anthropic-organization-id': 'sk-ant-FOREIGN-000',
        'x-stainless-helper': 'a, sk-proj-FOREIGN0001',
        'x-note': 'AIzaFOREIGN0123456789',
      };
      const honest = { 'x-stainless-lang': 'js', 'x-app': 'task-runner', 'x-session': 'ask-antonia-about-it' };
      assert.equal((await rig.post(request(), { headers: { ...foreign, ...honest } })).status, 200);
      const [seen] = upstream.requests;
      assert.doesNotMatch(seen?.rawHeaders.join('\n') ?? '', /FOREIGN/);
      for (const [name, value] of Object.entries(honest)) assert.equal(seen?.headers[name], value);
    }));
});

describe('the endpoints of the model route', () => {
  for (const path of ['/v1/messages', '/v1/messages?beta=true', '/v1/messages/count_tokens?beta=true']) {
    test(`let POST ${path} through`, () =>
      withRig(async (rig, upstream) => {
        const reply = await rig.post(request(), { path });
        assert.equal(reply.status, 200);
        assert.equal(upstream.requests[0]?.url, path);
      }));
  }

  test('answer HEAD / without asking the provider', () =>
    withRig(async (rig, upstream) => {
      const reply = await rig.post('', { path: '/', method: 'HEAD' });
      assert.equal(reply.status, 200);
      assert.equal(upstream.requests.length, 0);
    }));

  for (const [method, path] of [
    ['POST', '/v1/files'],
    ['POST', '/v1/messages/batches'],
    ['GET', '/v1/messages'],
    ['GET', '/v1/organizations/me'],
    ['GET', '/'],
    ['POST', '/v1/messages/'],
    ['POST', '/v1//messages'],
    ['POST', '/v1/x/../messages'],
    ['POST', '/v1/%6dessages'],
    ['POST', '/v1\\messages'],
    ['POST', '/V1/messages'],
    ['POST', '/v1/messages?x=%41'],
    ['POST', `/v1/messages?x=${'a'.repeat(300)}`],
    ['POST', `/v1/messages?x=${REAL_KEY}`],
    ['POST', '/v1/messages?x=1?y=2/../'],
    ['POST', '/v1/messages?beta=true&x-api-key=FOREIGN'],
    ['POST', '/v1/messages?key=FOREIGN'],
    ['POST', '/v1/messages?access_token=FOREIGN'],
  ] as const) {
    test(`refuse ${method} ${path.slice(0, 40)}`, () =>
      withRig(async (rig, upstream) => {
        const reply = await rig.post(request(), { path, method });
        assert.equal(reply.status, 403);
        assert.match(reply.body, /"type":"permission_error"/);
        assert.equal(upstream.requests.length, 0);
      }));
  }
});

describe('the headers of a model request', () => {
  test('reach the provider byte for byte when they are the client’s own', () =>
    withRig(async (rig, upstream) => {
      const headers = {
        'anthropic-version': '2023-06-01',
        'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14',
        'anthropic-dangerous-direct-browser-access': 'true',
        'User-Agent': 'claude-cli/2.1.197 (external, cli)',
        'X-Stainless-Retry-Count': '0',
        'X-Stainless-Timeout': '600',
        'x-app': 'cli',
        accept: 'application/json',
        'X-Claude-Code-Session-Id': 'abc',
      };
      await rig.post(request(), { headers });
      const raw = upstream.requests[0]?.rawHeaders ?? [];
      for (const [name, value] of Object.entries(headers)) {
        const at = raw.indexOf(name);
        assert.notEqual(at, -1, `${name} is missing or spelled differently`);
        assert.equal(raw[at + 1], value);
      }
    }));

  test('name the provider as host, whatever the client claims', () =>
    withRig(async (rig, upstream) => {
      await rig.post(request(), {
        headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test', forwarded: 'host=evil.test', via: 'evil.test' },
      });
      const [seen] = upstream.requests;
      assert.equal(`http://${seen?.headers.host}`, upstream.url);
      assert.doesNotMatch(seen?.rawHeaders.join('\n') ?? '', /evil/);
    }));

  test('lose what belongs to the connection, also when Connection names it', () =>
    withRig(async (rig, upstream) => {
      await rig.post(request(), {
        headers: { connection: 'x-hop', 'x-hop': '1', te: 'trailers', 'accept-encoding': 'gzip' },
      });
      const headers = upstream.requests[0]?.headers ?? {};
      assert.equal(headers['x-hop'], undefined);
      assert.equal(headers['te'], undefined);
      assert.equal(headers['accept-encoding'], 'identity');
    }));

  test('are refused when one carries a secret', () =>
    withRig(async (rig, upstream) => {
      const reply = await rig.post(request(), { headers: { 'x-note': Buffer.from(REAL_KEY).toString('base64') } });
      assert.equal(reply.status, 403);
      assert.equal(upstream.requests.length, 0);
    }));
});

describe('a request that two parsers could read differently', () => {
  const body = JSON.stringify(request());
  const head = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: ${PLACEHOLDER}\r\n`;
  const inner = `GET /echo HTTP/1.1\r\nHost: x\r\nx-api-key: ${PLACEHOLDER}\r\n\r\n`;
  for (const [name, bytes] of [
    ['length and chunks', `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
    ['two encodings', `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${inner}`],
    ['a space before the colon', `${head}Content-Length : ${body.length}\r\n\r\n${body}`],
    ['a header line that is folded', `${head}X-A: b\r\n c: d\r\nContent-Length : 0\r\n\r\n`],
    ['too long a head', `${head}X-Long: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['no host', `POST /v1/messages HTTP/1.1\r\nContent-Length: 0\r\n\r\n`],
  ] as const) {
    test(`by ${name} ends the connection`, () =>
      withRig(async (rig, upstream) => {
        const reply = await exchangeRaw(rig, bytes);
        assert.match(reply, /^HTTP\/1\.1 400/);
        assert.equal(upstream.requests.length, 0);
      }));
  }

  test('by one length is served', () =>
    withRig(async (rig) => {
      const reply = await exchangeRaw(rig, `${head}Content-Length: ${body.length}\r\n\r\n${body}`);
      assert.match(reply, /^HTTP\/1\.1 200/);
    }));

  test('by chunks alone is served, and leaves with a length', () =>
    withRig(async (rig, upstream) => {
      const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      const reply = await exchangeRaw(rig, `${head}Transfer-Encoding: chunked\r\n\r\n${chunked}`);
      assert.match(reply, /^HTTP\/1\.1 200/);
      assert.equal(upstream.requests[0]?.headers['content-length'], String(body.length));
    }));

  test('by an offer of HTTP/2 is served as if there were none, and the offer does not leave', () =>
    withRig(async (rig, upstream) => {
      const offer =
        'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n';
      const reply = await exchangeRaw(rig, `${head}${offer}Content-Length: ${body.length}\r\n\r\n${body}`);
      assert.match(reply, /^HTTP\/1\.1 200/);
      const { upgrade, 'http2-settings': settings } = upstream.requests[0]?.headers ?? {};
      assert.deepEqual([upgrade, settings], [undefined, undefined]);
    }));

  test('by a change of protocol is refused', () =>
    withRig(async (rig, upstream) => {
      const reply = await exchangeRaw(
        rig,
        `GET /v1/messages HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      assert.match(reply, /^HTTP\/1\.1 403/);
      assert.equal(upstream.requests.length, 0);
    }));
});

describe('the upstream', () => {
  test('gives the agent no cookie, and no other way to itself', async () => {
    await using upstream = await startUpstream((_request, response) => {
      const leading = { 'set-cookie': 'a=b', 'alt-svc': 'h3=":9"', 'www-authenticate': 'Basic', 'proxy-note': 'x' };
      for (const [name, value] of Object.entries({ ...leading, 'x-kept': 'yes' })) response.setHeader(name, value);
      answerJson(response, ANSWER);
    });
    await using rig = await startRig(upstream.url);
    const { headers } = await rig.post(request());
    assert.equal(headers['x-kept'], 'yes');
    for (const name of ['set-cookie', 'alt-svc', 'www-authenticate', 'proxy-note'])
      assert.equal(headers[name], undefined);
  });

  test('may be a gateway with a base path', async () => {
    await using upstream = await startUpstream((_request, response) => answerJson(response, ANSWER));
    await using rig = await startRig(`${upstream.url}/gateway/anthropic/`);
    await rig.post(request(), { path: '/v1/messages?beta=true' });
    assert.equal(upstream.requests[0]?.url, '/gateway/anthropic/v1/messages?beta=true');
  });

  for (const status of [301, 302, 307, 308]) {
    test(`is not followed when it answers ${status}`, async () => {
      await using thief = await startUpstream((_request, response) => answerJson(response, ANSWER));
      await using upstream = await startUpstream((_request, response) => {
        response.writeHead(status, { location: `${thief.url}/v1/messages` }).end();
      });
      await using rig = await startRig(upstream.url);
      const reply = await rig.post(request());
      assert.equal(reply.status, 502);
      assert.equal(reply.headers.location, undefined);
      assert.equal(thief.requests.length, 0);
    });
  }

  for (const [status, type] of [
    [400, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [529, 'overloaded_error'],
  ] as const) {
    test(`hands its ${status} through with body and headers`, async () => {
      const error = { type: 'error', error: { type, message: 'as documented' } };
      await using upstream = await startUpstream((_request, response) => {
        response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '7', 'request-id': 'req_9' });
        response.end(JSON.stringify(error));
      });
      await using rig = await startRig(upstream.url);
      const reply = await rig.post(request());
      assert.equal(reply.status, status);
      assert.equal(reply.body, JSON.stringify(error));
      assert.equal(reply.headers['retry-after'], '7');
      assert.equal(reply.headers['request-id'], 'req_9');
    });
  }

  test('that cannot be reached gives a clear error and a record', async () => {
    await using rig = await startRig('http://127.0.0.1:9');
    const reply = await rig.post(request());
    assert.equal(reply.status, 502);
    assert.match(reply.body, /cannot be reached/);
    assert.equal(rig.tape.of('model.response')[0]?.observed?.['outcome'], 'unreachable');
  });
});
