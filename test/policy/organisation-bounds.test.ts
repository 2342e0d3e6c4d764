import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Action,
  compileHiddenFiles,
  compilePolicy,
  INITIAL_STATE,
  type Policy,
  parsePolicy,
} from '../../src/policy/index.ts';

/** The effective policy of a repository's file under an organisation's. */
async function bounded(organisation: string, repository: string): Promise<Policy> {
  return compilePolicy({
    organisation: await parsePolicy(`version: 1\n${organisation}`, 'org.yaml'),
    repository: await parsePolicy(`version: 1\n${repository}`, 'sallyport.yaml'),
    agent: 'claude-code',
  });
}

const secret = (name: string, from: string, hosts: string, header = 'authorization'): string =>
  `{ name: ${name}, env: ${name}, from: { env: ${from} }, hosts: [${hosts}], header: ${header} }`;

test('a credential of the repository is the value, and goes to the hosts, that the organisation says', async () => {
  const { secrets } = await bounded(
    `secrets: [${secret('TOKEN', 'ORG_TOKEN', '"a.example.org:443", "b.example.org:443"')}]`,
    `secrets:
  - ${secret('TOKEN', 'ADMIN_TOKEN', '"a.example.org:443", "c.example.org:443"')}
  - ${secret('OTHER', 'OTHER', '"a.example.org:443"')}`,
  );
  assert.deepEqual(
    secrets.map(({ name, from, hosts }) => ({ name, from, hosts })),
    [{ name: 'TOKEN', from: { env: 'ORG_TOKEN' }, hosts: ['a.example.org:443'] }],
  );
});

test('a credential under another header, or for no common host, is none', async () => {
  const organisation = `secrets: [${secret('TOKEN', 'T', '"a.example.org:443"')}]`;
  for (const own of [
    secret('TOKEN', 'T', '"a.example.org:443"', 'x-api-key'),
    secret('TOKEN', 'T', '"c.example.org:443"'),
  ])
    assert.deepEqual((await bounded(organisation, `secrets: [${own}]`)).secrets, []);
});

test('an organisation that says nothing of credentials leaves the repository its own', async () => {
  const { secrets } = await bounded('limits: { minutes: 5 }', `secrets: [${secret('T', 'T', '"a.example.org:443"')}]`);
  assert.equal(secrets.length, 1);
});

test('of the model the smaller budget holds, and what either switches off is off', async () => {
  const { model } = await bounded(
    'model: { upstream: "https://gw.example.org", keyEnv: ORG_KEY, hostedTools: [web_search], urlInputs: off, budget: { usd: 2, tokens: 900, requests: 50 } }',
    'model: { upstream: "https://own.example.org", keyEnv: OWN_KEY, ca: /own.pem, hostedTools: [web_search, code_execution], urlInputs: on, budget: { usd: 9, tokens: 500, requests: 70 } }',
  );
  assert.deepEqual(
    { ...model, allow: undefined },
    {
      provider: 'anthropic',
      upstream: 'https://gw.example.org',
      keyEnv: 'ORG_KEY',
      allow: undefined,
      hostedTools: ['web_search'],
      urlInputs: 'off',
      maxRequests: 50,
      maxTokens: 500,
      maxUsd: 2,
    },
    'the authority that the repository named is not for the address of the organisation',
  );
});

test('of a host what both let through holds: the same port and protocol, and the narrower paths', async () => {
  const organisation = 'network: { allow: [{ host: a.example.org, paths: ["/v1/*"] }] }';
  const grantsOf = async (own: string): Promise<readonly string[]> => {
    const policy = await bounded(organisation, `network: { allow: [{ host: a.example.org, ${own} }] }`);
    assert.deepEqual(policy.origins, ['org.yaml (organisation)', 'sallyport.yaml']);
    return policy.network.map(({ protocol, port, paths }) => `${protocol} ${port} ${paths?.join()}`);
  };
  for (const own of ['port: 8443', 'port: 443, protocol: http', 'port: 8443, protocol: http', 'paths: ["/v2/*"]'])
    assert.deepEqual(await grantsOf(own), [], own);
  assert.deepEqual(await grantsOf('port: 443'), ['https 443 /v1/*']);
  assert.deepEqual(await grantsOf('paths: ["/*"]'), ['https 443 /v1/*'], 'the narrower of the organisation');
  assert.deepEqual(
    await grantsOf('paths: ["/v1/x/*", "/v2"]'),
    ['https 443 /v1/x/*'],
    'the narrower of the repository',
  );
});

test('an authority or an address that only the repository pins opens no host of the organisation', async () => {
  const organisation = 'network: { allow: [{ host: a.example.org, ca: /org.pem }, b.example.org] }';
  const hostsWith = async (own: string): Promise<readonly (string | undefined)[]> =>
    (await bounded(organisation, `network: { allow: [${own}] }`)).network.map(
      ({ host, caFile }) => `${host} ${caFile}`,
    );
  assert.deepEqual(await hostsWith('{ host: a.example.org, ca: /org.pem }'), ['a.example.org /org.pem']);
  assert.deepEqual(await hostsWith('{ host: a.example.org, ca: /own.pem }'), []);
  assert.deepEqual(await hostsWith('{ host: b.example.org, ca: /own.pem }'), []);
  assert.deepEqual(await hostsWith('{ host: b.example.org, address: 10.0.0.1 }'), []);
  assert.deepEqual(await hostsWith('b.example.org'), ['b.example.org undefined']);
});

test('of every limit the smaller one holds, whoever says it', async () => {
  const small =
    'limits: { minutes: 1, memory: 100MiB, processes: 10, disk: 100MiB, inodes: 10, openFiles: 10, output: 1MiB, patchFiles: 1, patch: 1MiB }';
  const large =
    'limits: { minutes: 60, memory: 9GiB, processes: 999, disk: 9GiB, inodes: 999999, openFiles: 9999, output: 99MiB, patchFiles: 999, patch: 99MiB }';
  const { limits } = await bounded(small, large);
  assert.deepEqual(limits, (await bounded(large, small)).limits);
  assert.deepEqual(limits, {
    seconds: 60,
    memoryMiB: 100,
    processes: 10,
    diskMiB: 100,
    inodes: 10,
    openFiles: 10,
    outputMiB: 1,
    patchFiles: 1,
    patchMiB: 1,
  });
});

test('of a host the common methods and paths are left, the smaller amount, and the closer look', async () => {
  const both = async (ours: string, theirs: string) =>
    (await bounded(`network: { allow: [${ours}] }`, `network: { allow: [${theirs}] }`)).network.map(
      ({ methods, paths, maxBytesOut, tls }) => ({ methods, paths, maxBytesOut, tls }),
    );
  const host = (fields: string) => `{ host: a.example.org, ${fields} }`;
  assert.deepEqual(await both(host('methods: [GET, PUT], max: 1MiB'), host('methods: [PUT, POST], max: 2MiB')), [
    { methods: ['PUT'], paths: undefined, maxBytesOut: 2 ** 20, tls: 'inspect' },
  ]);
  assert.deepEqual(await both(host('methods: [GET]'), host('methods: [POST]')), []);
  assert.deepEqual(await both(host('paths: ["/v1/*"]'), host('max: 3MiB, paths: ["/v1/a/*", "/v2/*"]')), [
    { methods: undefined, paths: ['/v1/a/*'], maxBytesOut: 3 * 2 ** 20, tls: 'inspect' },
  ]);
  assert.deepEqual(await both(host('max: 3MiB'), 'a.example.org'), [
    { methods: undefined, paths: undefined, maxBytesOut: 3 * 2 ** 20, tls: 'tunnel' },
  ]);
  assert.deepEqual(await both(host('tls: inspect'), 'a.example.org'), [
    { methods: undefined, paths: undefined, maxBytesOut: undefined, tls: 'inspect' },
  ]);
});

test('of the paths of the host that a repository shows, those stay that the organisation names, where it names any', async () => {
  const own = 'workspace: { readOnly: [/opt/a, /opt/b], hidden: decoy, hide: [own.txt] }';
  const { workspace } = await bounded(
    'workspace: { readOnly: [/opt/b, /opt/c], hidden: absent, hide: [org.txt] }',
    own,
  );
  assert.deepEqual([workspace.readOnly, workspace.hidden], [['/opt/b'], 'absent']);
  assert.ok(['own.txt', 'org.txt'].every((glob) => workspace.hide.flat().includes(glob)));
  const silent = (await bounded('limits: { minutes: 5 }', own)).workspace;
  assert.deepEqual([silent.readOnly, silent.hidden], [['/opt/a', '/opt/b'], 'decoy']);
  assert.deepEqual((await bounded('workspace: { readOnly: [] }', own)).workspace.readOnly, []);
});

test('a budget in money that only one of the two names holds', async () => {
  const budget = 'model: { budget: { usd: 3 } }';
  const other = 'limits: { minutes: 5 }';
  assert.equal((await bounded(budget, other)).model.maxUsd, 3);
  assert.equal((await bounded(other, budget)).model.maxUsd, 3);
});

test("an organisation's exception shows nothing that the repository hides, nor the repository's what it hides", async () => {
  const hides = async (organisation: string, repository: string) =>
    compileHiddenFiles(
      (await bounded(`workspace: { hide: [${organisation}] }`, `workspace: { hide: [${repository}] }`)).workspace.hide,
    );
  const attack = await hides('"!own.cfg", "!.env"', 'own.cfg');
  assert.deepEqual([attack('own.cfg'), attack('.env')], [true, true]);
  const other = await hides('org.cfg', '"!org.cfg", "!.env"');
  assert.deepEqual([other('org.cfg'), other('.env')], [true, false]);
  // Each one's exceptions from its own list hold.
  const twin = await hides('"*.cfg", "!app.cfg"', '"*.ini", "!app.ini"');
  assert.deepEqual(['x.cfg', 'app.cfg', 'x.ini', 'app.ini'].map(twin), [true, false, true, false]);
});

test('what the organisation calls untrusted or secret is so in every repository, and what the repository calls so, too', async () => {
  const labels = (tool: string, path: string) =>
    `labels: { untrusted: { tools: [${tool}], reads: [] }, secret: { tools: [], reads: ["${path}/**"] } }`;
  const policy = await bounded(labels('mcp__org__read', 'org'), labels('mcp__own__read', 'own'));
  const allowed = { verdict: 'allow', rule: 'x', reason: 'x' } as const;
  const after = (action: Action) => policy.advance(INITIAL_STATE, action, allowed).labels;
  const call = (tool: string): Action => ({ plane: 'tool', tool, input: {} });
  const read = (path: string): Action => ({ plane: 'file', operation: 'read', path });
  for (const owner of ['org', 'own']) {
    assert.deepEqual(after(call(`mcp__${owner}__read`)), { untrusted: true, secret: false }, owner);
    assert.deepEqual(after(read(`${owner}/key`)), { untrusted: false, secret: true }, owner);
  }
  assert.deepEqual(after(call('mcp__other__read')), { untrusted: false, secret: false });
  assert.deepEqual(after(read('other/key')), { untrusted: false, secret: false });
});

test('of two budgets the smaller one holds, whoever names it', async () => {
  const budget = (tokens: number, usd: number, requests: number) =>
    `model: { budget: { tokens: ${tokens}, usd: ${usd}, requests: ${requests} } }`;
  const numbers = ({ model }: Policy) => [model.maxTokens, model.maxUsd, model.maxRequests];
  assert.deepEqual(numbers(await bounded(budget(10, 2, 30), budget(20, 1, 40))), [10, 1, 30]);
  assert.deepEqual(numbers(await bounded(budget(20, 2, 40), budget(10, 3, 30))), [10, 2, 30]);
});
