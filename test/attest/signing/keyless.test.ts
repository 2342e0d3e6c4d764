import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault, openBundle, PREDICATES, readTrustStore, sealKeyless, type Trust } from '../../../src/attest/index.ts';
import { SallyportError } from '../../../src/errors/index.ts';
import type { JsonObject } from '../../../src/system/index.ts';
import { STATEMENTS } from '../scene.ts';
import { mutantsOf } from '../support/mutants.ts';
import { type SigstoreServer, startSigstore } from './sigstore-server.ts';

const ISSUER = 'https://token.issuer.example.test';
const WORKFLOW = 'https://forge.example.test/acme/app/.ci/sallyport.yml@refs/heads/main';
const STATEMENT = STATEMENTS['ai-change']?.statement ?? assert.fail();

function token(claims: { readonly [claim: string]: string | boolean }): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ iss: ISSUER, aud: 'sigstore', ...claims })}.c2lnbmF0dXJl`;
}

function optionsFor({ url }: SigstoreServer, identity: string) {
  const identityToken = async (): Promise<string> => identity;
  return { identityToken, fulcioUrl: url, tsaUrl: url, rekorUrl: url, timeout: 5000 };
}

async function trustIn(root: Trust['root'], subject = WORKFLOW, issuer = ISSUER): Promise<Trust> {
  const text = `version: 1\nsigners: [{id: ci, roles: [runner], keyless: [{issuer: "${issuer}", subject: "${subject}"}]}]\n`;
  return { store: await readTrustStore({ path: 'trust.yaml', text }), root };
}

async function codeOf(text: string | object, trust: Trust): Promise<string> {
  const bytes = Buffer.from(typeof text === 'string' ? text : JSON.stringify(text));
  const opened = await openBundle(bytes, trust, [PREDICATES.aiChange], Date.now());
  return isFault(opened) ? opened.code : opened.signer.id;
}

test('a statement signed with the identity of a job verifies as that identity', async () => {
  await using server = await startSigstore();
  const text = await sealKeyless(optionsFor(server, token({ sub: WORKFLOW })))(STATEMENT);
  assert.equal(await codeOf(text, await trustIn(server.root)), 'ci');
});

test('a name that only contains the trusted one is somebody else', async () => {
  await using server = await startSigstore();
  const seal = (subject: string) => sealKeyless(optionsFor(server, token({ sub: subject })))(STATEMENT);
  const text = await seal(WORKFLOW);
  for (const near of [
    'acme/app',
    WORKFLOW.slice(0, -1),
    `${WORKFLOW}x`,
    `x${WORKFLOW}`,
    WORKFLOW.replace('.', '-'),
    '.*',
  ])
    assert.equal(await codeOf(text, await trustIn(server.root, near)), 'signature/unknown-identity', near);
  for (const evil of [
    `https://evil.example.test/?${WORKFLOW}`,
    `${WORKFLOW}-evil`,
    WORKFLOW.replace('acme/', 'evil-acme/'),
  ])
    assert.equal(await codeOf(await seal(evil), await trustIn(server.root)), 'signature/unknown-identity', evil);
});

test('the right name from another issuer is somebody else', async () => {
  await using server = await startSigstore();
  const text = await sealKeyless(optionsFor(server, token({ sub: WORKFLOW })))(STATEMENT);
  const trust = await trustIn(server.root, WORKFLOW, `${ISSUER}/other`);
  assert.equal(await codeOf(text, trust), 'signature/unknown-identity');
});

test('a certificate of another authority, or none that is trusted, proves nothing', async () => {
  await using server = await startSigstore();
  await using other = await startSigstore();
  const text = await sealKeyless(optionsFor(server, token({ sub: WORKFLOW })))(STATEMENT);
  assert.equal(await codeOf(text, await trustIn(other.root)), 'signature/certificate');
  assert.equal(await codeOf(text, await trustIn(undefined)), 'signature/no-root');
});

test('without a vouched moment, a log entry or an intact payload a certificate proves nothing', async () => {
  await using server = await startSigstore();
  const trust = await trustIn(server.root);
  const bundle = JSON.parse(await sealKeyless(optionsFor(server, token({ sub: WORKFLOW })))(STATEMENT));
  const material = bundle.verificationMaterial;
  const variants: { readonly [name: string]: object } = {
    'no time': { ...bundle, verificationMaterial: { ...material, timestampVerificationData: {}, tlogEntries: [] } },
    'no log entry': { ...bundle, verificationMaterial: { ...material, tlogEntries: [] } },
    'log entry twice': {
      ...bundle,
      verificationMaterial: { ...material, tlogEntries: [...material.tlogEntries, ...material.tlogEntries] },
    },
    'rubbish as time': {
      ...bundle,
      verificationMaterial: {
        ...material,
        timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: 'AAAA' }] },
      },
    },
    'rubbish as certificate': { ...bundle, verificationMaterial: { ...material, certificate: { rawBytes: 'AAAA' } } },
    'other payload': {
      ...bundle,
      dsseEnvelope: { ...bundle.dsseEnvelope, payload: Buffer.from('{}').toString('base64') },
    },
    'other signature': {
      ...bundle,
      dsseEnvelope: { ...bundle.dsseEnvelope, signatures: [{ sig: 'AAAA', keyid: '' }] },
    },
  };
  for (const [name, variant] of Object.entries(variants))
    assert.equal(await codeOf(variant, trust), 'signature/certificate', name);
});

test('nothing is sent to a transparency log that was not named', async () => {
  await using server = await startSigstore();
  const options = { ...optionsFor(server, token({ sub: WORKFLOW })), rekorUrl: undefined };
  const text = await sealKeyless(options)(STATEMENT);
  assert.deepEqual(server.requests, ['/api/v2/signingCert', '/api/v1/timestamp']);
  // A root without logs trusts the time authority alone: a private Sigstore.
  assert.equal(await codeOf(text, await trustIn({ ...server.root, tlogs: [] })), 'ci');
  assert.throws(() => sealKeyless({ ...options, tsaUrl: undefined }), SallyportError);
});

const MARKER = 'MARKER-THAT-MUST-NOT-BE-SEEN';

for (const [name, identity] of [
  ['is no token', `${MARKER}${MARKER}`],
  ['has an unreadable middle', `e30.${MARKER}.${MARKER}`],
  ['has an address that nobody verified', token({ email: `${MARKER}@example.test`, sub: MARKER })],
] as const)
  test(`a token that ${name} is an error without the token`, async () => {
    await using server = await startSigstore();
    const error = await sealKeyless(optionsFor(server, identity))(STATEMENT).then(
      () => assert.fail('was accepted'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof SallyportError && error.code === 'SP2503');
    const shown = `${error.message} ${error.stack} ${String(error.cause)}`;
    for (const part of identity.split('.').filter((text) => text.length > 8)) assert.ok(!shown.includes(part));
    assert.ok(!shown.includes(MARKER));
  });

test('an authority that quotes the token in its refusal does not make us print it', async () => {
  await using server = await startSigstore();
  server.refuse('bad token');
  const identity = token({ sub: WORKFLOW });
  await assert.rejects(sealKeyless(optionsFor(server, identity))(STATEMENT), (error: unknown) => {
    assert.ok(error instanceof SallyportError);
    return !identity.split('.').some((part) => error.message.includes(part));
  });
});

/** What the program says when the authority refuses in these words. */
async function refusalOf(identity: string, words: string): Promise<string> {
  await using server = await startSigstore();
  server.refuse(words);
  return await sealKeyless(optionsFor(server, identity))(STATEMENT).then(
    () => assert.fail('was accepted'),
    (error: unknown) => (error instanceof SallyportError ? error.message : assert.fail(String(error))),
  );
}

const [HEAD = '', CLAIMS = '', SIGNATURE = ''] = token({ sub: WORKFLOW }).split('.');
/** Whole, each of the three alone, pieces that were cut, and with something around them. */
const QUOTED: readonly string[] = [
  `${HEAD}.${CLAIMS}.${SIGNATURE}`,
  HEAD,
  CLAIMS,
  SIGNATURE,
  `${HEAD}.${CLAIMS.slice(0, 20)}`,
  CLAIMS.slice(9, 30),
  `"${CLAIMS}"`,
  `token=${SIGNATURE}`,
  `for${CLAIMS}and${CLAIMS}once`,
];

test('of a token that an authority quotes nothing is printed, in whatever pieces, and the rest of what it says is', async () => {
  const message = await refusalOf(`${HEAD}.${CLAIMS}.${SIGNATURE}`, `not accepted: ${QUOTED.join(' | ')} is too old`);
  assert.match(message, /^keyless signing failed: .*not accepted: .* is too old/);
  assert.equal(message.split(' is too old')[0]?.split(' | ').length, QUOTED.length);
  for (const part of [HEAD, CLAIMS, SIGNATURE, CLAIMS.slice(0, 20), CLAIMS.slice(9, 30)])
    assert.ok(!message.includes(part), part);
});

test('words that are shorter than any part worth hiding stay, and a reason has an end', async () => {
  const identity = `${HEAD}.${CLAIMS}.c2ln`;
  assert.match(await refusalOf(identity, 'c2ln is no signature'), /c2ln is no signature/);
  const long = await refusalOf(identity, 'why '.repeat(1000));
  assert.equal(long.length, 'keyless signing failed: '.length + 500);
});

test('a token that cannot be had is told, and nothing is sent', async () => {
  await using server = await startSigstore();
  const identityToken = (): Promise<string> => Promise.reject(new Error('the file is gone'));
  const options = { ...optionsFor(server, ''), identityToken };
  await assert.rejects(sealKeyless(options)(STATEMENT), /keyless signing failed: the file is gone$/);
  assert.deepEqual(server.requests, []);
});

/**
 * What a verifier has no use for: the log's own index and names of its entry are bound by what it signed, and a field
 * that is not there is its default.
 */
test('no field of a keyless bundle can be changed so that another statement, signer or time is believed', async () => {
  await using server = await startSigstore();
  const text = await sealKeyless(optionsFor(server, token({ sub: WORKFLOW })))(STATEMENT);
  const trust = await trustIn(server.root);
  const bundle: JsonObject = JSON.parse(text);
  const accepted: string[] = [];
  for (const { route, value } of mutantsOf(bundle, 'bundle')) {
    if (JSON.stringify(value) === JSON.stringify(bundle)) continue;
    const opened = await openBundle(Buffer.from(JSON.stringify(value)), trust, [PREDICATES.aiChange], Date.now());
    if (isFault(opened)) continue;
    assert.deepEqual([opened.statement, opened.signer.id], [STATEMENT, 'ci'], route);
    accepted.push(route);
  }
  const material = /^bundle\.verificationMaterial\.(tlogEntries|timestampVerificationData)/;
  assert.deepEqual(
    accepted.filter((route) => !material.test(route)),
    ['bundle.dsseEnvelope.signatures[0].keyid removed'].filter((route) => accepted.includes(route)),
  );
  assert.ok(
    !accepted.some((route) => /(signedTimestamp|canonicalizedBody|inclusionPromise\S*) other$/.test(route)),
    accepted.join(),
  );
});
