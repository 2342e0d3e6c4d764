import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPolicy, INITIAL_STATE, type NetworkAction, type SessionState } from '../../src/policy/index.ts';
import { policyOf } from './support/compile.ts';

const SEEN_BOTH: SessionState = { labels: { untrusted: true, secret: true }, counters: {} };

function request(url: string, method?: string): NetworkAction {
  const { protocol, hostname, port, pathname } = new URL(url);
  const secure = protocol === 'https:';
  const base = {
    plane: 'network' as const,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
  };
  return { ...base, protocol: secure ? 'https' : 'http', ...(method ? { method, path: pathname } : {}) };
}

test('the built-in default lets an agent work in its tree and nowhere else', () => {
  const policy = defaultPolicy('claude-code', { workspaceRoot: '/work' });
  const write = (path: string) => policy.decide({ plane: 'file', operation: 'write', path }, INITIAL_STATE);
  assert.deepEqual(policy.origins, ['built-in default for claude-code']);
  assert.deepEqual(policy.network, []);
  assert.equal(write('src/a.ts').verdict, 'allow');
  for (const path of [
    '.git/hooks/pre-commit',
    'sub/.GIT/config',
    '.claude/settings.json',
    'pkg/CLAUDE.md',
    '.github/workflows/x.yml',
    '.mcp.json',
    'sallyport.yaml',
    '../x',
    '/etc/passwd',
  ]) {
    assert.equal(write(path).verdict, 'deny', path);
  }
  for (const path of ['package.json', 'pkg/Makefile', 'Dockerfile', 'package-lock.json', 'test/a.test.ts'])
    assert.equal(write(path).verdict, 'allow', path);
  for (const path of ['gradlew', '.npmrc', '.vscode/tasks.json', '.envrc', '.husky/pre-commit']) {
    assert.equal(write(path).verdict, 'ask', path);
  }
  assert.equal(policy.decide(request('https://example.org/'), INITIAL_STATE).verdict, 'deny');
  for (const tool of ['Bash', 'Edit', 'Read'])
    assert.equal(policy.decide({ plane: 'tool', tool, input: {} }, INITIAL_STATE).verdict, 'allow');
  for (const tool of ['WebFetch', 'mcp__x__y', 'CronCreate'])
    assert.equal(policy.decide({ plane: 'tool', tool, input: {} }, INITIAL_STATE).verdict, 'deny');
});

test('a connection is granted by host, port, protocol, method and path together', async () => {
  const policy = await policyOf(
    `network: { allow: ["GET https://docs.example.org/v1/*", "*.pkg.example.org", "https://api.example.org:8443", "http://127.0.0.2:8080"] }`,
  );
  const verdict = (url: string, method?: string) => policy.decide(request(url, method), INITIAL_STATE).verdict;
  for (const [url, method] of [
    ['https://docs.example.org/v1/a', 'GET'],
    ['https://docs.example.org/', undefined],
    ['https://a.b.pkg.example.org/x', 'PUT'],
    ['https://api.example.org:8443/', 'POST'],
    ['http://127.0.0.2:8080/', 'GET'],
  ] as const)
    assert.equal(verdict(url, method), 'allow', url);
  for (const [url, method] of [
    ['https://docs.example.org/v1/a', 'POST'],
    ['https://docs.example.org/v2', 'GET'],
    ['https://pkg.example.org/', 'GET'],
    ['https://evilpkg.example.org/', 'GET'],
    ['https://api.example.org/', 'GET'],
    ['http://docs.example.org/v1/a', 'GET'],
    ['http://127.0.0.3:8080/', 'GET'],
    ['https://docs.example.org.evil.example/v1/a', 'GET'],
  ] as const)
    assert.equal(verdict(url, method), 'deny', url);
});

test('a path that a server may read as another is refused', async () => {
  const policy = await policyOf('network: { allow: ["GET https://docs.example.org/v1/*"] }');
  const verdict = (path: string) =>
    policy.decide({ ...request('https://docs.example.org/', 'GET'), path }, INITIAL_STATE).verdict;
  for (const path of [
    '/v1/../admin',
    '/v1/%2e%2e/admin',
    '/v1/.%2E/admin',
    '/v1/a%2fb',
    '/v1/a\\..\\b',
    '/v1/..;/x',
    '/v1/\u0000',
  ])
    assert.equal(verdict(path), 'deny', path);
  assert.equal(verdict('/v1/a..b/c%20d'), 'allow');
});

test('a path is judged without its query, and its escapes of plain letters resolved', async () => {
  const policy = await policyOf('network: { allow: ["GET https://docs.example.org/v1/item"] }');
  const decide = (path: string) =>
    policy.decide({ ...request('https://docs.example.org/', 'GET'), path }, INITIAL_STATE);
  for (const path of ['/v1/item', '/v1/item?x=/v2', '/%761/%69tem']) assert.equal(decide(path).verdict, 'allow', path);
  for (const path of ['/v1/items', '/v2?x=/v1/item', '/v1/item/']) assert.equal(decide(path).verdict, 'deny', path);
  const twofold = decide('/v1/../item');
  assert.deepEqual([twofold.rule, twofold.reason], ['builtin/ambiguous-path', "'/v1/../item' reads as two paths"]);
});

test('a host where a credential is exchanged is looked into, whichever of its hosts it is, and cannot be a tunnel', async () => {
  const secrets =
    'secrets: [{ name: T, env: T, from: { env: T }, hosts: ["b.example.org:443", "[2001:db8::1]:8443"], header: x-key }]';
  const { network } = await policyOf(
    `network: { allow: [a.example.org, b.example.org, "b.example.org:8443", "https://[2001:db8::1]:8443"] }\n${secrets}`,
  );
  assert.deepEqual(
    network.map(({ tls }) => tls),
    ['tunnel', 'inspect', 'tunnel', 'inspect'],
  );
  const tunnel = (host: string) => policyOf(`network: { allow: [{ host: ${host}, tls: tunnel }] }\n${secrets}`);
  await assert.rejects(tunnel('b.example.org'), { code: 'SP1101', message: /needs to see the request/ });
  assert.equal((await tunnel('a.example.org')).network[0]?.tls, 'tunnel');
});

test('a denied path is denied in every spelling that a server may take for it, and no other path with it', async () => {
  const policy = await policyOf(
    'network: { allow: ["https://docs.example.org"], deny: ["https://docs.example.org/admin*", "https://docs.example.org/a:b/*"] }',
  );
  const verdict = (path: string) =>
    policy.decide({ ...request('https://docs.example.org/', 'GET'), path }, INITIAL_STATE).verdict;
  for (const path of ['/admin', '//admin', '///admin/x', '/%61dmin', '//%61dmin', '/a%3Ab/c', '//a%3ab//c'])
    assert.equal(verdict(path), 'deny', path);
  for (const path of ['/', '/v1//admin', '/v1/a%3Ab/c', '/a%253Ab/c', '/user%20name', '/https://x.example/'])
    assert.equal(verdict(path), 'allow', path);
});

test('an allowed path is allowed as it is written and in no other spelling', async () => {
  const policy = await policyOf('network: { allow: ["GET https://docs.example.org/v1/*"] }');
  const verdict = (path: string) =>
    policy.decide({ ...request('https://docs.example.org/', 'GET'), path }, INITIAL_STATE).verdict;
  assert.deepEqual(['/v1/a', '//v1/a', '/v1//a'].map(verdict), ['allow', 'deny', 'allow']);
});

test('nothing leaves after a secret was read and untrusted text was seen', async () => {
  const policy = await policyOf('network: { allow: [docs.example.org] }\ntool: { allow: [WebFetch, Read] }');
  const fetch = request('https://docs.example.org/');
  let state = INITIAL_STATE;
  for (const action of [
    { plane: 'tool' as const, tool: 'WebFetch', input: {} },
    { plane: 'tool' as const, tool: 'Read', input: {}, reads: ['/work/.env'] },
  ]) {
    assert.equal(policy.decide(fetch, state).verdict, 'allow');
    state = policy.advance(state, action, policy.decide(action, state));
  }
  assert.deepEqual(state.labels, { untrusted: true, secret: true });
  assert.equal(policy.decide(fetch, state).rule, 'builtin/no-egress-after-secret');
  const off = await policyOf('network: { allow: [docs.example.org] }\ndisable: [builtin/no-egress-after-secret]');
  assert.equal(off.decide(fetch, SEEN_BOTH).verdict, 'allow');
});

test('a file that was read gives its label, one that was written does not', () => {
  const policy = defaultPolicy('claude-code', { workspaceRoot: '/work' });
  const after = (operation: 'read' | 'write' | 'delete', path: string) => {
    const action = { plane: 'file' as const, operation, path };
    return policy.advance(INITIAL_STATE, action, { verdict: 'allow', rule: 'x', reason: 'x' }).labels.secret;
  };
  assert.deepEqual([after('read', 'a/.env'), after('read', 'a/env')], [true, false]);
  assert.deepEqual([after('write', 'a/.env'), after('delete', 'a/.env')], [false, false]);
});

test('a denied action sets no label and is counted apart', async () => {
  const policy = await policyOf('tool: { allow: [Read] }');
  const action = { plane: 'tool' as const, tool: 'WebFetch', input: {} };
  const state = policy.advance(INITIAL_STATE, action, policy.decide(action, INITIAL_STATE));
  assert.deepEqual(state, { labels: { untrusted: false, secret: false }, counters: { 'denied:tool': 1 } });
});

test('the model plane refuses other models, hosted tools, fetched URLs and the request after the last', async () => {
  const policy = await policyOf('model: { allow: ["claude-*"], budget: { requests: 2 } }');
  const call = {
    plane: 'model' as const,
    provider: 'anthropic',
    endpoint: '/v1/messages',
    model: 'claude-opus-5',
    hostedTools: [],
    urlInputs: 0,
  };
  assert.equal(policy.decide(call, INITIAL_STATE).verdict, 'allow');
  assert.equal(policy.decide({ ...call, model: 'gpt' }, INITIAL_STATE).verdict, 'deny');
  assert.equal(policy.decide({ ...call, hostedTools: ['web_search'] }, INITIAL_STATE).rule, 'model.hostedTools');
  assert.equal(policy.decide({ ...call, urlInputs: 1 }, INITIAL_STATE).rule, 'model.urlInputs');
  assert.equal(
    policy.decide(call, { ...INITIAL_STATE, counters: { 'model:request': 2 } }).rule,
    'model.budget.requests',
  );
});

test('a merge needs every requirement that applies', async () => {
  const policy = await policyOf(`merge:
  require:
    - { id: base, approvals: 1, findings: { high: 0 } }
    - { id: auth, when: '"auth" in action.weakened', approvals: 2 }`);
  const change = {
    plane: 'merge' as const,
    paths: ['src/a'],
    pathClasses: [],
    approvals: 1,
    findings: { critical: 0, high: 0, medium: 3, low: 0 },
    weakened: [],
    attestations: [],
  };
  assert.equal(policy.decide(change, INITIAL_STATE).verdict, 'allow');
  assert.deepEqual(Object.values(policy.decide({ ...change, weakened: ['auth'] }, INITIAL_STATE)).slice(0, 2), [
    'ask',
    'auth',
  ]);
  assert.equal(policy.decide({ ...change, approvals: 0 }, INITIAL_STATE).verdict, 'ask');
  assert.equal(policy.decide({ ...change, findings: { ...change.findings, high: 1 } }, INITIAL_STATE).verdict, 'deny');
  assert.equal(
    policy.decide({ ...change, findings: { ...change.findings, high: Number.NaN } }, INITIAL_STATE).verdict,
    'deny',
  );
});

test('an observed rule is only noted until its date, and enforced when no date is known', async () => {
  const text = 'tool: { allow: [Read], deny: [{ tool: Read, id: later, observe: true, until: 2027-01-01 }] }';
  const call = { plane: 'tool' as const, tool: 'Read', input: {} };
  const before = await policyOf(text, { now: Date.parse('2026-12-31') });
  const after = await policyOf(text, { now: Date.parse('2027-01-01') });
  assert.deepEqual(
    [before.decide(call, INITIAL_STATE).verdict, before.decide(call, INITIAL_STATE).observed],
    ['allow', ['later']],
  );
  assert.equal(after.decide(call, INITIAL_STATE).rule, 'later');
  assert.equal((await policyOf(text)).decide(call, INITIAL_STATE).rule, 'later');
  const grant = 'tool: { allow: [{ tool: Read, until: 2027-01-01 }] }';
  assert.equal((await policyOf(grant, { now: 0 })).decide(call, INITIAL_STATE).verdict, 'allow');
  assert.equal((await policyOf(grant)).decide(call, INITIAL_STATE).verdict, 'deny');
});

test('a host whose rule or credential needs the request is inspected, another is not', async () => {
  const policy =
    await policyOf(`network: { allow: [a.example.org, b.example.org, c.example.org, "https://d.example.org/x/*"], deny: ["DELETE https://b.example.org"] }
secrets: [{ name: T, env: T, from: { env: T }, hosts: ["c.example.org:443"], header: Authorization }]`);
  assert.deepEqual(
    policy.network.map(({ host, tls }) => [host, tls]),
    [
      ['a.example.org', 'tunnel'],
      ['b.example.org', 'inspect'],
      ['c.example.org', 'inspect'],
      ['d.example.org', 'inspect'],
    ],
  );
  assert.equal(policy.secrets[0]?.header, 'authorization');
});
