import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  agentSigner,
  commandSigner,
  isFault,
  openBundle,
  PAYLOAD_TYPE,
  PREDICATES,
  readPublicKeyLine,
  readSigningKey,
  readTrustStore,
  sealWithKey,
} from '../../../src/attest/index.ts';
import { encodeString } from '../../../src/attest/ssh/wire.ts';
import { verifies } from '../../../src/attest/verify/check-signature.ts';
import { SallyportError } from '../../../src/errors/index.ts';
import { NOW, STATEMENTS } from '../scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
after(() => rmSync(folder, { recursive: true }));
const STATEMENT = STATEMENTS['ai-change']?.statement ?? assert.fail();

function makeSshKey(type: 'ed25519' | 'ecdsa', passphrase = '', name = `${type}${passphrase}`): string {
  const path = join(folder, name);
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

test('a key in an SSH agent signs, of either type, and its private half is in no file', async () => {
  for (const type of ['ed25519', 'ecdsa'] as const) {
    const path = makeSshKey(type, '', `agent-${type}`);
    const socket = join(folder, `${type}.sock`);
    const started = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    const agent = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
    try {
      const publicKey = readFileSync(`${path}.pub`, 'utf8');
      const signer = agentSigner({ socket, publicKey });
      assert.match((await refusal(signer.sign(Buffer.from('x')))).message, /does not sign with this key/);
      execFileSync('ssh-add', ['-q', path], { env: { PATH: '/usr/bin:/bin', SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
      rmSync(path);
      const message = Buffer.from('message');
      assert.ok(verifies(message, await signer.sign(message), readPublicKeyLine(publicKey).key));
      assert.match(signer.hint, /^SHA256:/);
    } finally {
      process.kill(agent);
    }
  }
});

test('an agent that lies, falls silent or is not there is an error, and nothing is made of its answer', async () => {
  const publicKey = readFileSync(`${makeSshKey('ed25519', '', 'liar')}.pub`, 'utf8');
  const name = encodeString(Buffer.concat([encodeString('ssh-ed25519'), encodeString(Buffer.alloc(64))]));
  const answers = [
    Buffer.concat([Buffer.of(14), name]),
    Buffer.of(5),
    Buffer.of(14, 0, 0, 0, 99),
    Buffer.alloc(0),
    Buffer.alloc(70_000, 14),
  ];
  for (const [index, answer] of answers.entries()) {
    const socket = join(folder, `liar-${index}.sock`);
    const server = createServer((connection) => connection.end(encodeString(answer))).listen(socket);
    try {
      const signer = agentSigner({ socket, publicKey });
      assert.equal((await refusal(signer.sign(Buffer.from('message')))).code, 'SP2503');
    } finally {
      server.close();
    }
  }
  const nobody = agentSigner({ socket: join(folder, 'nobody.sock'), publicKey });
  assert.equal((await refusal(nobody.sign(Buffer.from('message')))).code, 'SP2503');
});
