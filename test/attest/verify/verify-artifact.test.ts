import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { bundleToJSON } from '@sigstore/bundle';
import { FulcioSigner, MessageSignatureBundleBuilder, RekorWitness, TSAWitness } from '@sigstore/sign';
import { readTrustStore, type Trust, verifyArtifactBundle, verifyImageBundle } from '../../../src/attest/index.ts';
import type { JsonObject } from '../../../src/system/index.ts';
import { NOW } from '../scene.ts';
import { startSigstore } from '../signing/sigstore-server.ts';
import { mutantsOf, repeatedKeys } from '../support/mutants.ts';

const ARTIFACT = Buffer.from('an artifact\n');
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = JSON.stringify(publicKey.export({ type: 'spki', format: 'pem' }));
const SUBJECT = 'release@example.test';
const ISSUER = 'https://accounts.example.test';

async function trustIn(signer: string, root: Trust['root'] = undefined): Promise<Trust> {
  const text = `version: 1\nsigners: [{id: release, roles: [runner], ${signer}}]\n`;
  return { store: await readTrustStore({ path: 'trust.yaml', text }), root };
}

/** As `cosign sign-blob --key --new-bundle-format` writes it: the hint is cosign's own. */
function fileBundle(artifact: Buffer): string {
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'Y29zaWdu' }, tlogEntries: [] },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: createHash('sha256').update(artifact).digest('base64') },
      signature: sign('sha256', artifact, privateKey).toString('base64'),
    },
  });
}

/** As `cosign attest-blob --key` writes it: a statement that is not canonical. */
function statementBundle(artifact: Buffer, predicateType = 'https://slsa.dev/provenance/v0.2'): string {
  const type = 'application/vnd.in-toto+json';
  const digest = { sha256: createHash('sha256').update(artifact).digest('hex') };
  const statement = {
    subject: [{ name: 'app', digest }],
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType,
    predicate: {},
  };
  const payload = Buffer.from(JSON.stringify(statement, undefined, 1));
  const sig = sign(
    'sha256',
    Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]),
    privateKey,
  );
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: '' } },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: type,
      signatures: [{ sig: sig.toString('base64') }],
    },
  });
}

/** As `cosign sign` attaches it to an image. */
function imageBundle(digest: string): string {
  const told = { _type: 'https://in-toto.io/Statement/v1', predicateType: 'https://sigstore.dev/cosign/sign/v1' };
  const payload = Buffer.from(JSON.stringify({ ...told, subject: [{ digest: { sha256: digest } }] }));
  const type = 'application/vnd.in-toto+json';
  const head = `DSSEv1 ${type.length} ${type} ${payload.length} `;
  const sig = sign('sha256', Buffer.concat([Buffer.from(head), payload]), privateKey).toString('base64');
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: '' } },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType: type, signatures: [{ sig }] },
  });
}

async function codeOf(artifact: Buffer, bundle: string, trust: Trust, now = NOW): Promise<string> {
  const [signer = assert.fail()] = trust.store.signers;
  return (await verifyArtifactBundle(artifact, Buffer.from(bundle), signer, trust, now))?.code ?? 'verified';
}

test('a file that was signed with a key of the signer verifies, in either form', async () => {
  const trust = await trustIn(`keys: [{kind: p256, publicKey: ${PEM}}]`);
  for (const bundle of [fileBundle(ARTIFACT), statementBundle(ARTIFACT)])
    assert.equal(await codeOf(ARTIFACT, bundle, trust), 'verified');
});

test('a file is not signed by a statement that says something else of it', async () => {
  const trust = await trustIn(`keys: [{kind: p256, publicKey: ${PEM}}]`);
  assert.equal(await codeOf(ARTIFACT, statementBundle(ARTIFACT, 'https://slsa.dev/provenance/v1'), trust), 'verified');
  for (const type of ['https://in-toto.io/attestation/vulns/v0.2', 'https://cosign.sigstore.dev/attestation/v1', ''])
    assert.equal(await codeOf(ARTIFACT, statementBundle(ARTIFACT, type), trust), 'predicate-type', type);
});

test('another file, another signer or an expired key fails', async () => {
  const trust = await trustIn(`keys: [{kind: p256, publicKey: ${PEM}}]`);
  const other = Buffer.from('another artifact\n');
  for (const bundle of [fileBundle(ARTIFACT), statementBundle(ARTIFACT)])
    assert.equal(await codeOf(other, bundle, trust), 'subject');
  const forged = fileBundle(ARTIFACT).replace(
    /"digest":"[^"]+"/,
    `"digest":"${createHash('sha256').update(other).digest('base64')}"`,
  );
  assert.equal(await codeOf(other, forged, trust), 'signature/wrong');
  const stranger = JSON.stringify(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
  );
  assert.equal(
    await codeOf(ARTIFACT, fileBundle(ARTIFACT), await trustIn(`keys: [{kind: p256, publicKey: ${stranger}}]`)),
    'signature/wrong',
  );
  const expired = await trustIn(`keys: [{kind: p256, publicKey: ${PEM}, validUntil: "2027-01-01T00:00:00Z"}]`);
  assert.equal(await codeOf(ARTIFACT, fileBundle(ARTIFACT), expired), 'signature/expired-key');
});

test('a file that was signed with an identity verifies as exactly that identity', async () => {
  await using server = await startSigstore();
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'none' })}.${part({ iss: ISSUER, sub: SUBJECT })}.c2ln`;
  const signer = new FulcioSigner({ fulcioBaseURL: server.url, identityProvider: { getToken: async () => token } });
  const witnesses = [
    new RekorWitness({ rekorBaseURL: server.url, entryType: 'intoto' }),
    new TSAWitness({ tsaBaseURL: server.url }),
  ];
  const old = bundleToJSON(await new MessageSignatureBundleBuilder({ signer, witnesses }).create({ data: ARTIFACT }));
  // The library still writes version 0.2 here; cosign writes 0.3, which has the leaf alone.
  const { x509CertificateChain, ...material } = old.verificationMaterial;
  const certificate = x509CertificateChain?.certificates[0];
  const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
  const bundle = JSON.stringify({ ...old, mediaType, verificationMaterial: { ...material, certificate } });
  const named = (subject: string) => trustIn(`keyless: [{issuer: "${ISSUER}", subject: "${subject}"}]`, server.root);
  assert.equal(await codeOf(ARTIFACT, bundle, await named(SUBJECT)), 'verified');
  assert.equal(await codeOf(ARTIFACT, bundle, await named('example.test')), 'signature/unknown-identity');
  assert.equal(await codeOf(Buffer.from('another'), bundle, await named(SUBJECT)), 'subject');
});

/** The hint at a key says nothing here, and an empty list of log entries nothing either. */
const SAYS_NOTHING =
  /^bundle\.verificationMaterial\.(publicKey\.hint (?:longer|other|empty)|tlogEntries (?:removed|one more))$/;

test('no field of a bundle of a file or an image can be changed, added, left out or written twice', async () => {
  const trust = await trustIn(`keys: [{kind: p256, publicKey: ${PEM}}]`);
  const [signer = assert.fail()] = trust.store.signers;
  const digest = 'c'.repeat(64);
  const file = (text: string) => verifyArtifactBundle(ARTIFACT, Buffer.from(text), signer, trust, NOW);
  const image = (text: string) => verifyImageBundle(digest, Buffer.from(text), signer, trust, NOW);
  for (const [bundle, verify] of [
    [fileBundle(ARTIFACT), file],
    [statementBundle(ARTIFACT), file],
    [imageBundle(digest), image],
  ] as const) {
    const value: JsonObject = JSON.parse(bundle);
    assert.equal(await verify(bundle), undefined);
    for (const { route, value: changed } of mutantsOf(value, 'bundle')) {
      const text = JSON.stringify(changed);
      if (text !== JSON.stringify(value) && !SAYS_NOTHING.test(route)) assert.ok(await verify(text), route);
    }
    for (const { route, value: text } of repeatedKeys(value, 'bundle')) assert.ok(await verify(text), route);
  }
});

test('an image is not signed by a statement that says something else of it', async () => {
  const trust = await trustIn(`keys: [{kind: p256, publicKey: ${PEM}}]`);
  const [signer = assert.fail()] = trust.store.signers;
  const digest = createHash('sha256').update(ARTIFACT).digest('hex');
  const scan = statementBundle(ARTIFACT, 'https://in-toto.io/attestation/vulns/v0.2');
  const told = await verifyImageBundle(digest, Buffer.from(scan), signer, trust, NOW);
  assert.equal(told?.code, 'predicate-type');
  const file = await verifyImageBundle(digest, Buffer.from(fileBundle(ARTIFACT)), signer, trust, NOW);
  assert.equal(file?.code, 'schema');
});
