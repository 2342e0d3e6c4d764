import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicy, type Policy, parsePolicy } from '../../src/policy/index.ts';

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
