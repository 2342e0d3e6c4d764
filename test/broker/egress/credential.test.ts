import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askThrough, grantFor, startProxy, startUpstream } from './fixture.ts';
import { withInspection } from './inspected-scene.ts';

const SECRET = { name: 'REAL_TOKEN', value: 'tok-Qm4XyZ81LpRvW7sKd0Tn' };
const CREDENTIAL = {
  name: 'REAL_TOKEN',
  placeholder: 'tok-PLACEHOLDER0000000000',
  real: SECRET.value,
  header: 'authorization',
};

test('the placeholder is exchanged in the bound header at the bound host and port, also in Basic', async () => {
  for (const [sent, received] of [
    [`Bearer ${CREDENTIAL.placeholder}`, `Bearer ${SECRET.value}`],
    [CREDENTIAL.placeholder, SECRET.value],
    [`Basic ${btoa(`x-access-token:${CREDENTIAL.placeholder}`)}`, `Basic ${btoa(`x-access-token:${SECRET.value}`)}`],
    [`Basic ${btoa(`${CREDENTIAL.placeholder}:x-oauth-basic`)}`, `Basic ${btoa(`${SECRET.value}:x-oauth-basic`)}`],
  ] as const) {
    await using upstream = await startUpstream({ tls: true });
    const host = `allowed.test:${upstream.port}`;
    const credentials = [{ ...CREDENTIAL, hosts: [host] }];
    await using proxy = await startProxy({
      grants: [grantFor(upstream.port, { caFile: upstream.caFile })],
      credentials,
      secrets: [SECRET],
    });
    const answer = await askThrough(
      proxy,
      upstream.port,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${sent}\r\nConnection: close\r\n\r\n`,
      proxy.authority.pem,
    );
    assert.match(answer, / 200 OK/);
    assert.equal(upstream.requests[0]?.headers.authorization, received);
    assert.ok(proxy.events.some(({ kind, subject }) => kind === 'credential.use' && subject['name'] === 'REAL_TOKEN'));
  }
});

test('the placeholder in query, body or another header stays what it is', async () => {
  await using upstream = await startUpstream({ tls: true });
  const host = `allowed.test:${upstream.port}`;
  await using proxy = await startProxy({
    grants: [grantFor(upstream.port, { caFile: upstream.caFile })],
    credentials: [{ ...CREDENTIAL, hosts: [host] }],
    secrets: [SECRET],
  });
  const body = `{"k":"${CREDENTIAL.placeholder}"}`;
  await askThrough(
    proxy,
    upstream.port,
    `POST /?k=${CREDENTIAL.placeholder} HTTP/1.1\r\nHost: ${host}\r\nX-Note: ${CREDENTIAL.placeholder}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    proxy.authority.pem,
  );
  assert.equal(JSON.stringify(upstream.requests).includes(SECRET.value), false);
  assert.equal(upstream.requests[0]?.headers['x-note'], CREDENTIAL.placeholder);
});

test('the placeholder is not exchanged at another port of the bound host', () =>
  withInspection({ credentials: [{ ...CREDENTIAL, hosts: ['allowed.test:1'] }] }, async ({ ask, upstream }) => {
    await ask(`GET / HTTP/1.1\r\nAuthorization: Bearer ${CREDENTIAL.placeholder}`);
    assert.equal(upstream.requests[0]?.headers.authorization, `Bearer ${CREDENTIAL.placeholder}`);
  }));

for (const header of [
  'Authorization: Bearer another-key',
  'X-Api-Key: another-key',
  'Private-Token: another',
  `Authorization: Bearer ${CREDENTIAL.placeholder}x`,
]) {
  test(`a foreign credential (${header.split(':')[0]}) at a bound host is refused`, async () => {
    await using upstream = await startUpstream({ tls: true });
    const host = `allowed.test:${upstream.port}`;
    await using proxy = await startProxy({
      grants: [grantFor(upstream.port, { caFile: upstream.caFile })],
      credentials: [{ ...CREDENTIAL, hosts: [host] }],
    });
    const answer = await askThrough(
      proxy,
      upstream.port,
      `GET / HTTP/1.1\r\nHost: ${host}\r\n${header}\r\nConnection: close\r\n\r\n`,
      proxy.authority.pem,
    );
    assert.match(answer, /^HTTP\/1\.1 403 foreign-credential/);
    assert.equal(upstream.requests.length, 0);
  });
}

test('a host that gets a credential is not asked for slices, in which a reflection would hide', async () => {
  await using upstream = await startUpstream({ tls: true });
  const host = `allowed.test:${upstream.port}`;
  const grants = [grantFor(upstream.port, { caFile: upstream.caFile })];
  await using proxy = await startProxy({ grants, credentials: [{ ...CREDENTIAL, hosts: [host] }] });
  const request = `GET / HTTP/1.1\r\nHost: ${host}\r\nRange: bytes=0-5\r\nConnection: close\r\n\r\n`;
  assert.match(await askThrough(proxy, upstream.port, request, proxy.authority.pem), / 200 OK/);
  assert.equal(upstream.requests[0]?.headers.range, undefined);
});

const PLACED = CREDENTIAL.placeholder;
const FOREIGN_KEY = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;

/** One request at a host that has a credential of ours, in the `Authorization` header. */
async function askBound(path: string, authorization?: string) {
  await using upstream = await startUpstream({ tls: true });
  const host = `allowed.test:${upstream.port}`;
  const grants = [grantFor(upstream.port, { caFile: upstream.caFile })];
  await using proxy = await startProxy({ grants, credentials: [{ ...CREDENTIAL, hosts: [host] }], secrets: [SECRET] });
  const header = authorization === undefined ? '' : `Authorization: ${authorization}\r\n`;
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${header}Connection: close\r\n\r\n`;
  const answer = await askThrough(proxy, upstream.port, request, proxy.authority.pem);
  return { answer, requests: upstream.requests };
}

for (const query of [
  'private_token=another',
  'a=b&access_token=another',
  'PRIVATE-TOKEN=another',
  'job%5Ftoken=another',
  'token=another',
  'api_key=another',
  'X-Amz-Signature=00&X-Amz-Credential=another',
  `private_token=${PLACED}&private_token=another`,
]) {
  test(`a foreign credential in the query (${query}) at a bound host is refused`, async () => {
    const { answer, requests } = await askBound(`/api/v4/projects?${query}`, `Bearer ${PLACED}`);
    assert.match(answer, /^HTTP\/1\.1 403 foreign-credential/);
    assert.equal(requests.length, 0);
  });
}

for (const query of [
  'page_token=abc&per_page=100',
  'continuation-token=abc',
  'key=value',
  'q=token+access_token',
  `private_token=${PLACED}`,
  'token=',
]) {
  test(`a query that names no foreign credential (${query}) passes at a bound host`, async () => {
    const { answer, requests } = await askBound(`/api/v4/projects?${query}`, `Bearer ${PLACED}`);
    assert.match(answer, / 200 OK/);
    assert.equal(requests[0]?.url, `/api/v4/projects?${query}`);
  });
}

for (const pair of [`${PLACED}:${FOREIGN_KEY}`, `${PLACED}:another`, `${FOREIGN_KEY}:${PLACED}`]) {
  test(`a second credential beside the placeholder (${pair.replaceAll(PLACED, 'OURS')}) is refused`, async () => {
    const { answer, requests } = await askBound('/', `Basic ${btoa(pair)}`);
    assert.match(answer, /^HTTP\/1\.1 403 foreign-credential/);
    assert.equal(requests.length, 0);
  });
}

for (const [pair, received] of [
  [`${PLACED}:`, `${SECRET.value}:`],
  [`oauth2:${PLACED}`, `oauth2:${SECRET.value}`],
  [`ada@example.test:${PLACED}`, `ada@example.test:${SECRET.value}`],
  [`:${PLACED}`, `:${SECRET.value}`],
] as const) {
  test(`a user beside the placeholder (${pair.replaceAll(PLACED, 'OURS')}) passes`, async () => {
    const { requests } = await askBound('/', `Basic ${btoa(pair)}`);
    assert.equal(requests[0]?.headers.authorization, `Basic ${btoa(received)}`);
  });
}
