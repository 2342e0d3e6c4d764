import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  commandSigner,
  isFault,
  openBundle,
  PAYLOAD_TYPE,
  PREDICATES,
  readSigningKey,
  readTrustStore,
  sealWithKey,
} from '../../../src/attest/index.ts';
import { SallyportError } from '../../../src/errors/index.ts';
import { NOW, STATEMENTS } from '../scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
after(() => rmSync(folder, { recursive: true }));
const STATEMENT = STATEMENTS['ai-change']?.statement ?? assert.fail();

function makeSshKey(type: 'ed25519' | 'ecdsa', passphrase = ''): string {
  const path = join(folder, `${type}${passphrase}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', path]);
  return path;
}

function makePem(name: string, namedCurve: string): { readonly path: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const path = join(folder, name);
  writeFileSync(path, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  return { path, publicPem: String(publicKey.export({ type: 'spki', format: 'pem' })) };
}

async function refusal(promise: Promise<unknown>): Promise<SallyportError> {
  const error = await promise.then(
    () => assert.fail('was accepted'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof SallyportError);
  return error;
}

for (const type of ['ed25519', 'ecdsa'] as const)
  test(`a statement signed with an OpenSSH key of type ${type} verifies with its .pub line`, async () => {
    const path = makeSshKey(type);
    const text = await sealWithKey(await readSigningKey(path))(STATEMENT);
    const line = readFileSync(`${path}.pub`, 'utf8').trim();
    const trust = `version: 1\nsigners: [{id: r, roles: [runner], keys: [{kind: ssh, publicKey: "${line}"}]}]\n`;
    const store = await readTrustStore({ path: 'trust.yaml', text: trust });
    const opened = await openBundle(Buffer.from(text), { store, root: undefined }, [PREDICATES.aiChange], NOW);
    assert.ok(!isFault(opened), JSON.stringify(opened));
    assert.equal(opened.signer.id, 'r');
  });

test('openssl verifies the signature over the pre-authentication encoding, without us', async () => {
  const { path, publicPem } = makePem('p256.pem', 'P-256');
  const bundle = JSON.parse(await sealWithKey(await readSigningKey(path))(STATEMENT));
  const { payload, payloadType, signatures } = bundle.dsseEnvelope;
  const bytes = Buffer.from(payload, 'base64');
  const head = `DSSEv1 ${PAYLOAD_TYPE.length} ${payloadType} ${bytes.length} `;
  const files = { key: join(folder, 'p256.pub'), pae: join(folder, 'pae'), sig: join(folder, 'sig') };
  writeFileSync(files.key, publicPem);
  writeFileSync(files.pae, Buffer.concat([Buffer.from(head), bytes]));
  writeFileSync(files.sig, Buffer.from(signatures[0].sig, 'base64'));
  const args = ['dgst', '-sha256', '-verify', files.key, '-signature', files.sig, files.pae];
  assert.equal(execFileSync('openssl', args).toString(), 'Verified OK\n');
  writeFileSync(files.pae, 'x', { flag: 'a' });
  assert.throws(() => execFileSync('openssl', args, { stdio: 'pipe' }));
});

test('the shell verifier of the documentation says the same', async () => {
  const { path, publicPem } = makePem('shell.pem', 'P-256');
  const bundle = join(folder, 'shell.sigstore.json');
  writeFileSync(bundle, await sealWithKey(await readSigningKey(path))(STATEMENT));
  writeFileSync(join(folder, 'shell.pub'), publicPem);
  const script = join(import.meta.dirname, '../../../docs/formats/verify-bundle.sh');
  const statement = execFileSync('sh', [script, join(folder, 'shell.pub'), bundle]).toString();
  assert.equal(JSON.parse(statement).predicateType, PREDICATES.aiChange);
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('"payload": "ey', '"payload": "eX'));
  assert.throws(() => execFileSync('sh', [script, join(folder, 'shell.pub'), bundle], { stdio: 'pipe' }));
});

test('a key with a passphrase, of another curve or type is refused, and the message holds nothing of it', async () => {
  const locked = await refusal(readSigningKey(makeSshKey('ed25519', 'secret')));
  assert.match(locked.message, /has a passphrase/);
  const other = await refusal(readSigningKey(makePem('p384.pem', 'P-384').path));
  assert.match(other.message, /not of the curve P-256/);
  const broken = join(folder, 'broken.pem');
  writeFileSync(broken, '-----BEGIN PRIVATE KEY-----\nTOPSECRETKEYMATERIAL\n-----END PRIVATE KEY-----\n');
  const fault = await refusal(readSigningKey(broken));
  assert.doesNotMatch(`${fault.message} ${String(fault.cause)} ${fault.stack}`, /TOPSECRET/);
});

test('a key service gets the digest and nothing else, and its signature verifies', async () => {
  const { path, publicPem } = makePem('service.pem', 'P-256');
  const command = ['/usr/bin/openssl', 'pkeyutl', '-sign', '-inkey', path];
  const signer = commandSigner({ command, publicKey: publicPem, environment: {} });
  const message = Buffer.from('message');
  assert.ok(verify('sha256', message, publicPem, await signer.sign(message)));
});

test('what a key service writes is checked before it is used', async () => {
  const { path } = makePem('one.pem', 'P-256');
  const { publicPem } = makePem('other.pem', 'P-256');
  const command = ['/usr/bin/openssl', 'pkeyutl', '-sign', '-inkey', path];
  const wrong = commandSigner({ command, publicKey: publicPem, environment: {} });
  assert.equal((await refusal(wrong.sign(Buffer.from('message')))).code, 'SP2503');
  const failing = commandSigner({ command: ['/bin/false'], publicKey: publicPem, environment: {} });
  assert.equal((await refusal(failing.sign(Buffer.from('message')))).code, 'SP2503');
});
