/** The server of one page: who gets an answer from it, and how long it stays. */
import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { describe, it } from 'node:test';
import { renderApprovalPage, renderEnrolPage } from '../../src/commands/approve/page.ts';
import { type PageRequest, servePage } from '../../src/commands/approve/page-server.ts';
import { formatView } from '../../src/commands/approve/text.ts';
import type { ApprovalView } from '../../src/commands/approve/view.ts';
import { SallyportError } from '../../src/errors/index.ts';

const TOKEN = 'dG9rZW4tdG9rZW4tdG9rZW4';
const PAGE = { html: '<p>page</p>', contentSecurityPolicy: "default-src 'none'" };

interface Reply {
  readonly status: number | undefined;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

interface Open {
  readonly origin: string;
  readonly result: Promise<string>;
  ask(path: string, body?: string, headers?: { readonly [name: string]: string }): Promise<Reply>;
}

async function open(more: Partial<PageRequest<string>> = {}): Promise<Open> {
  const announced = Promise.withResolvers<string>();
  const result = servePage<string>({
    port: 0,
    token: TOKEN,
    page: PAGE,
    steps: {
      echo: async (body) => ({ kind: 'answer', body: { body } }),
      no: async () => ({ kind: 'refused', error: 'no' }),
      end: async () => ({ kind: 'done', result: 'the result' }),
    },
    timeLimit: 60_000,
    announce: announced.resolve,
    ...more,
  });
  result.catch(announced.reject);
  const origin = new URL(await announced.promise).origin;
  return { origin, result, ask: (path, body, headers) => send(origin, path, body, headers) };
}

function send(
  origin: string,
  path: string,
  body?: string,
  headers: { readonly [name: string]: string } = {},
): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const { port } = new URL(origin);
  const usual = {
    host: `localhost:${port}`,
    ...(body === undefined ? {} : { origin, 'content-type': 'application/json' }),
  };
  const method = body === undefined ? 'GET' : 'POST';
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { ...usual, ...headers } }, (incoming) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => {
      text += chunk;
    });
    incoming.on('end', () => resolve({ status: incoming.statusCode, body: text, headers: incoming.headers }));
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

describe('the page for one person', () => {
  it('is there for who has its address, and nothing else is', async () => {
    const page = await open();
    const good = await page.ask(`/${TOKEN}`);
    assert.deepEqual([good.status, good.body], [200, PAGE.html]);
    assert.equal(good.headers['content-security-policy'], PAGE.contentSecurityPolicy);
    assert.equal(good.headers['cache-control'], 'no-store');
    for (const path of ['/', '/x', `/${TOKEN}x`, `/${TOKEN}/echo`, `/${TOKEN}/echo/x`, `//${TOKEN}`, '/favicon.ico'])
      assert.equal((await page.ask(path)).status, 404, path);
    await page.ask(`/${TOKEN}/end`, '{}');
    await page.result;
  });

  it('answers to its own name only: another name that leads to this machine gets nothing', async () => {
    const page = await open();
    const { port } = new URL(page.origin);
    for (const host of [`evil.example:${port}`, `127.0.0.1:${port}`, 'localhost', `localhost:${port}.evil.example`])
      assert.equal((await page.ask(`/${TOKEN}`, undefined, { host })).status, 404, host);
    await page.ask(`/${TOKEN}/end`, '{}');
    await page.result;
  });

  it('takes answers from itself only, as JSON and of a sane size', async () => {
    const page = await open();
    const echo = `/${TOKEN}/echo`;
    assert.deepEqual(JSON.parse((await page.ask(echo, '{"a":1}')).body), { body: { a: 1 } });
    assert.equal((await page.ask(echo, '{}', { origin: 'http://evil.example' })).status, 404);
    assert.equal((await page.ask(echo, '{}', { origin: 'null' })).status, 404);
    assert.equal((await page.ask(echo, '{}', { 'content-type': 'text/plain' })).status, 400);
    assert.equal((await page.ask(echo, '{')).status, 400);
    assert.equal((await page.ask(`/${TOKEN}/toString`, '{}')).status, 404);
    assert.deepEqual(JSON.parse((await page.ask(`/${TOKEN}/no`, '{}')).body), { error: 'no' });
    const large = await page.ask(echo, JSON.stringify('x'.repeat(100_000))).catch(() => undefined);
    assert.notEqual(large?.status, 200);
    await page.ask(`/${TOKEN}/end`, '{}');
    await page.result;
  });

  it('ends when it was used, and answers nobody after', async () => {
    const page = await open();
    assert.equal((await page.ask(`/${TOKEN}/end`, '{}')).status, 200);
    assert.equal(await page.result, 'the result');
    await assert.rejects(page.ask(`/${TOKEN}`));
  });

  it('ends after its time', async () => {
    const page = await open({ timeLimit: 20 });
    await assert.rejects(page.result, (error) => error instanceof SallyportError && error.code === 'SP2606');
  });

  it('ends when it is asked too often', async () => {
    const page = await open();
    for (let count = 0; count < 50; count++) await page.ask(`/${TOKEN}/no`, '{}');
    await page.ask(`/${TOKEN}/echo`, '{}').catch(() => undefined);
    await assert.rejects(page.result, (error) => error instanceof SallyportError && error.code === 'SP2606');
  });

  it('is refused a port that another program has, on either address', async () => {
    const page = await open();
    const port = Number(new URL(page.origin).port);
    await assert.rejects(open({ port }), (error) => error instanceof SallyportError && error.code === 'SP2605');
    await page.ask(`/${TOKEN}/end`, '{}');
    await page.result;
  });
});

const HOSTILE = '</li><script>alert(1)</script><img src=x onerror="alert(2)">\u202e\u001b[2Jnothing to see';

function viewWith(hostile: string): ApprovalView {
  const place = { file: hostile };
  const control = {
    control: 'guard-removed',
    direction: 'weakened',
    severity: 'high',
    scope: hostile,
    subject: hostile,
  };
  return {
    decision: 'approve',
    breakGlass: false,
    change: {
      repository: hostile,
      targetRef: `refs/heads/${hostile}`,
      baseCommit: 'b'.repeat(40),
      headCommit: 'a'.repeat(40),
      headTree: 'e'.repeat(40),
    },
    changeDigest: 'c'.repeat(64),
    evidence: {
      files: [{ path: hostile, kind: 'renamed', previousPath: hostile }],
      controls: [{ ...control, message: hostile, meta: true, before: place, after: undefined }],
      findings: [{ rule: 'X', severity: 'low', message: hostile, fingerprint: 'f'.repeat(64), place }],
      policyDigest: 'f'.repeat(64),
    },
    warnings: [hostile],
    gaps: [hostile],
    requester: hostile,
    demands: [{ section: hostile, owners: [hostile], approvals: 1, paths: [hostile] }],
    approvers: [hostile],
    approver: hostile,
    roles: [hostile],
    scope: [hostile],
    lifetime: 3_600_000,
    reasonNeeded: true,
  };
}

describe('what an approver sees', () => {
  it('shows hostile text as text, on the page and on the terminal', () => {
    const { html } = renderApprovalPage(viewWith(HOSTILE));
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.ok(!html.includes('<img') && !html.includes('\u202e') && !html.includes('\u001b'));
    assert.ok(html.includes('&lt;script&gt;') && html.includes('&lt;U+202E&gt;'));
    assert.equal(renderEnrolPage(HOSTILE).html.match(/<script/g)?.length, 1);
    const text = formatView(viewWith(`${HOSTILE}\nFiles (0)\n  none`));
    assert.ok(!text.includes('\u001b') && !text.includes('\u202e'));
    assert.equal(text.match(/^Files/gm)?.length, 1);
  });

  it('is the same for the same evidence, so that its digest says something', () => {
    const one = renderApprovalPage(viewWith('a'));
    assert.deepEqual(renderApprovalPage(viewWith('a')), one);
    assert.notEqual(renderApprovalPage(viewWith('b')).html, one.html);
    assert.equal(formatView(viewWith('a')), formatView(viewWith('a')));
  });

  it('is told where nothing was found and what was not looked at', () => {
    const view = viewWith('src/a.ts');
    const empty = { ...view, evidence: { ...view.evidence, controls: [], findings: [] }, gaps: ['b.bin: no text'] };
    const text = formatView({ ...empty, demands: [], roles: [], scope: [], warnings: [] });
    assert.match(text, /security controls\n {2}none\n\nNew findings\n {2}none/);
    assert.match(text, /Not looked at\n {2}b\.bin: no text/);
    assert.match(text, /CODEOWNERS of the base asks for nobody/);
  });
});
