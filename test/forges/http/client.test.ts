/** The one way to a forge: it waits when asked, gives up in time, and takes the token nowhere else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { type ErrorCode, SallyportError } from '../../../src/errors/index.ts';
import { ask, askAll, tell } from '../../../src/forges/http/answer.ts';
import { createHttpClient, type HttpClient, type HttpTime } from '../../../src/forges/http/client.ts';
import { MAX_REPLY } from '../../../src/forges/http/reply.ts';
import { openForge } from '../../../src/forges/index.ts';
import { type ForgeReply, type ForgeServer, manualTime, pageOf, startForge } from '../support/forge-server.ts';

const TOKEN = 'ghs_secret_of_the_job';

function clientOf(url: string, time: HttpTime = manualTime()): HttpClient {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return createHttpClient({ apiUrl: url, headers, secret: TOKEN, paging: 'per_page=100', time });
}

/** A forge that answers one call after the other with these, and then with success. */
async function forgeThatAnswers(...replies: readonly ForgeReply[]): Promise<ForgeServer> {
  const left = [...replies];
  return startForge('/api', () => left.shift() ?? { status: 200, body: { ok: true } });
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error === undefined || error instanceof SallyportError, String(error));
  if (error !== undefined) assert.doesNotMatch(`${error.message} ${error.advice} ${error.stack}`, new RegExp(TOKEN));
  return error?.code;
}

const GET = { method: 'GET', target: '/x' } as const;
const Ok = z.object({ ok: z.boolean() });

for (const [what, reply, wait] of [
  ['429 with Retry-After in seconds', { status: 429, headers: { 'retry-after': '7' } }, 7000],
  [
    '429 with Retry-After as a date',
    { status: 429, headers: { 'retry-after': new Date(Date.UTC(2026, 0, 1, 0, 0, 9)).toUTCString() } },
    9000,
  ],
  [
    '403 with an exhausted quota, until its reset',
    {
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.UTC(2026, 0, 1, 0, 0, 30) / 1000) },
    },
    31_000,
  ],
  [
    'a secondary rate limit without a time, a minute',
    { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } },
    60_000,
  ],
  ['a server error, a second', { status: 502, raw: '<html>Bad gateway</html>' }, 1000],
  ['the fault of a proxy before the forge, a second', { status: 522, raw: 'timed out' }, 1000],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '3' } }, 3000],
  ['a reply that breaks off', { status: 200, body: { ok: true }, broken: true }, 1000],
] as const) {
  test(`the client waits after ${what}, and asks again`, async () => {
    await using forge = await forgeThatAnswers(reply);
    const time = manualTime();
    assert.deepEqual(await ask(clientOf(forge.url, time), GET, Ok, 'it'), { ok: true });
    assert.deepEqual(time.waits, [wait]);
  });
}

test('waits grow, and after five tries it is over', async () => {
  await using forge = await startForge('/api', () => ({ status: 500 }));
  const time = manualTime();
  assert.equal(await codeOf(clientOf(forge.url, time).send(GET)), 'SP2405');
  assert.deepEqual(time.waits, [1000, 2000, 4000, 8000]);
});

test('a wait that is longer than the budget is not waited', async () => {
  await using forge = await forgeThatAnswers({ status: 429, headers: { 'retry-after': '3600' } });
  const time = manualTime();
  assert.equal(await codeOf(clientOf(forge.url, time).send(GET)), 'SP2405');
  assert.deepEqual(time.waits, []);
});

test('the budget counts for all requests together', async () => {
  await using forge = await startForge('/api', () => ({ status: 429, headers: { 'retry-after': '100' } }));
  const time = manualTime();
  const client = clientOf(forge.url, time);
  assert.equal(await codeOf(client.send(GET)), 'SP2405');
  assert.equal(await codeOf(client.send(GET)), 'SP2405');
  assert.deepEqual(time.waits, [100_000, 100_000, 100_000]);
});

test('a forge that never answers is given up', async () => {
  await using forge = await startForge('/api', () => ({ status: 200, silent: true }));
  assert.equal(await codeOf(clientOf(forge.url, { ...manualTime(), timeout: 20 }).send(GET)), 'SP2405');
});

test('a host that is not there is told by name, and the token is not', async () => {
  assert.equal(await codeOf(clientOf('http://127.0.0.1:1/api').send(GET)), 'SP2405');
});

for (const [status, code] of [
  [401, 'SP2403'],
  [403, 'SP2403'],
  [404, 'SP2404'],
  [410, 'SP2404'],
  [409, 'SP2406'],
  [422, 'SP2406'],
] as const) {
  test(`${status} is final and has its own error`, async () => {
    await using forge = await forgeThatAnswers({ status, body: { message: 'No.' } });
    const time = manualTime();
    assert.equal(await codeOf(ask(clientOf(forge.url, time), GET, Ok, 'it')), code);
    assert.deepEqual(time.waits, []);
  });
}

test('what the forge says about a refusal is one short visible line without the token', async () => {
  const message = `no\n\u202e${TOKEN} ${'x'.repeat(1000)}`;
  await using forge = await forgeThatAnswers({ status: 403, body: { message } });
  await assert.rejects(ask(clientOf(forge.url), GET, Ok, 'it'), (error: Error) => {
    assert.match(error.message, /^it: the forge answers 403 \(no <U\+202E>\[token\] x+\)$/);
    return error.message.length < 300;
  });
});

test('neither the header with the token nor the token as JSON spells it comes out of a reply', async () => {
  const secret = 'pat"with\\marks';
  const basic = Buffer.from(`:${secret}`).toString('base64');
  await using forge = await forgeThatAnswers({ status: 403, body: { message: `Basic ${basic} or ${secret}` } });
  const settings = { apiUrl: forge.url, headers: { authorization: `Basic ${basic}` }, secret, paging: '' };
  const client = createHttpClient({ ...settings, time: manualTime() });
  assert.equal((await client.send(GET)).text, '{"message":"Basic [token] or [token]"}');
});

test('an answer that is no JSON, or another one, is refused', async () => {
  for (const raw of ['', '{', '[1]', '{"ok": 1}', 'null', '{"ok":true}garbage']) {
    await using forge = await forgeThatAnswers({ status: 200, raw });
    assert.equal(await codeOf(ask(clientOf(forge.url), GET, Ok, 'it')), 'SP2406', raw);
  }
});

test('a page in place of an answer is no success, whatever its status, and what has no content is one', async () => {
  const page = { raw: '<html>Sign in</html>', headers: { 'content-type': 'text/html; charset=utf-8' } };
  const request = { method: 'POST', target: '/x', body: {} } as const;
  for (const [status, code] of [
    [200, 'SP2406'],
    [201, 'SP2406'],
    [203, 'SP2403'],
    [404, 'SP2404'],
  ] as const) {
    await using forge = await forgeThatAnswers({ status, ...page });
    assert.equal(await codeOf(tell(clientOf(forge.url), request, 'it')), code);
  }
  for (const reply of [{ status: 204 }, { status: 200, raw: 'diff', headers: { 'content-type': 'text/plain' } }]) {
    await using forge = await forgeThatAnswers(reply);
    await tell(clientOf(forge.url), request, 'it');
  }
});

test('an answer without end is cut off', async () => {
  await using forge = await forgeThatAnswers({ status: 200, raw: Buffer.alloc(MAX_REPLY + 1, 'x') });
  assert.equal(await codeOf(clientOf(forge.url).send(GET)), 'SP2406');
});

test('a redirect at the same origin is followed, one to another host is not', async () => {
  await using other = await startForge('', () => ({ status: 200, body: { ok: true } }));
  await using forge = await forgeThatAnswers({ status: 301, headers: { location: '/api/y' } });
  assert.deepEqual(await ask(clientOf(forge.url), GET, Ok, 'it'), { ok: true });
  forge.faults.push({ method: 'GET', path: /^/, reply: { status: 302, headers: { location: `${other.url}/steal` } } });
  assert.equal(await codeOf(clientOf(forge.url).send(GET)), 'SP2406');
  assert.equal(other.calls.length, 0);
});

test('a redirect out of the API is not followed, though it is the same host: others may write there', async () => {
  await using forge = await forgeThatAnswers({ status: 200, body: { ok: true } });
  for (const place of ['/uploads/x', '/apis/y', '/api/../pages/x', '/api/%2e%2e/pages', '/', '/api']) {
    forge.faults.push({ method: 'GET', path: /^/, reply: { status: 302, headers: { location: place } } });
    const before = forge.calls.length;
    assert.equal(await codeOf(clientOf(forge.url).send(GET)), 'SP2406', place);
    assert.equal(forge.calls.length, before + 1, place);
  }
});

test('a write is not turned into a read by a redirect', async () => {
  await using forge = await forgeThatAnswers({ status: 301, headers: { location: '/api/y' } });
  assert.equal(await codeOf(clientOf(forge.url).send({ method: 'POST', target: '/x', body: {} })), 'SP2404');
  assert.equal(forge.calls.length, 1);
});

test('redirects in a circle end', async () => {
  await using forge = await startForge('/api', () => ({ status: 302, headers: { location: '/api/x' } }));
  assert.equal(await codeOf(clientOf(forge.url).send(GET)), 'SP2406');
  assert.equal(forge.calls.length, 4);
});

test('every page of a list is read, and a next page at another host is not', async () => {
  const list = Array.from({ length: 250 }, (_, id) => ({ id }));
  await using forge: ForgeServer = await startForge('/api', (call) => pageOf(call, forge.url, list));
  const Entry = z.object({ id: z.number() });
  assert.deepEqual(await askAll(clientOf(forge.url), '/list', Entry, 'the list'), list);
  assert.equal(forge.calls.length, 3);
  const headers = { link: '<https://evil.test/list>; rel="next"' };
  forge.faults.push({ method: 'GET', path: /^/, reply: { status: 200, body: [], headers } });
  assert.equal(await codeOf(askAll(clientOf(forge.url), '/list', Entry, 'the list')), 'SP2406');
});

test('a list that is only counted is read page by page, and one that knows no pages once', async () => {
  const list = Array.from({ length: 250 }, (_, id) => ({ id }));
  const Entry = z.object({ id: z.number() });
  for (const [hidden, calls] of [
    [0, 3],
    [5, 4],
  ] as const) {
    await using forge: ForgeServer = await startForge('/api', (call) => {
      const { status, body } = pageOf(call, forge.url, list);
      return { status, body, headers: { 'x-total-count': String(list.length + hidden) } };
    });
    assert.deepEqual(await askAll(clientOf(forge.url), '/list', Entry, 'the list'), list);
    assert.equal(forge.calls.length, calls);
  }
  await using whole = await startForge('/api', () => {
    return { status: 200, body: list, headers: { 'x-total-count': '300' } };
  });
  assert.deepEqual(await askAll(clientOf(whole.url), '/list', Entry, 'the list'), list);
});

test('the address of a next page may hold a comma', async () => {
  await using forge: ForgeServer = await startForge('/api', (call) => {
    const link = `<${forge.url}/list?of=a,b&page=2>; rel="next", <${forge.url}/list?page=1>; rel="first"`;
    return call.query.get('page') === '2'
      ? { status: 200, body: [{ id: 2 }] }
      : { status: 200, body: [{ id: 1 }], headers: { link } };
  });
  const Entry = z.object({ id: z.number() });
  assert.deepEqual(await askAll(clientOf(forge.url), '/list', Entry, 'the list'), [{ id: 1 }, { id: 2 }]);
});

test('a list that never ends is given up', async () => {
  await using forge: ForgeServer = await startForge('/api', () => {
    return { status: 200, body: [], headers: { link: `<${forge.url}/list>; rel="next"` } };
  });
  assert.equal(await codeOf(askAll(clientOf(forge.url), '/list', z.object({}), 'the list')), 'SP2406');
  assert.equal(forge.calls.length, 50);
});

test('an address that must not get the token is refused before anything is sent', () => {
  const open = (apiUrl: string) => () => openForge({ forge: 'github', apiUrl, token: TOKEN }, manualTime());
  for (const apiUrl of [
    'http://forge.test/api',
    'https://user:pass@forge.test/api',
    'https://forge.test/api?x=1',
    'https://forge.test/#x',
    'ftp://forge.test',
    'http://127.0.0.1.evil.test/',
    'http://localhost.evil.test/',
    'forge.test',
  ])
    assert.throws(open(apiUrl), { code: 'SP2401' }, apiUrl);
  for (const apiUrl of ['https://forge.test/api/', 'http://127.0.0.1:3000', 'http://localhost/api', 'http://[::1]:1/'])
    open(apiUrl)();
});

test('a token that would break a header is refused without being told', () => {
  for (const token of ['', '  ', 'a b', 'line\nbreak', 'naïve', `x${'y'.repeat(9000)}`])
    assert.throws(
      () => openForge({ forge: 'github', apiUrl: 'https://forge.test', token }, manualTime()),
      (error: unknown) => {
        assert.ok(error instanceof SallyportError && error.code === 'SP2402');
        assert.ok(token.trim() === '' || !error.message.includes(token));
        return true;
      },
    );
});
