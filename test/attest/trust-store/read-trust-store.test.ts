import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { isValidAt, readTrustStore, type TrustStore } from '../../../src/attest/index.ts';
import { REVIEW_FORGES } from '../../../src/attest/model.ts';
import { SallyportError } from '../../../src/errors/index.ts';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA8Ch90ElyEZaGzLdZxNKAmMaZUjYekIQu3AFlmuQWnt';
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = String(P256.publicKey.export({ type: 'spki', format: 'pem' }));

function read(text: string): Promise<TrustStore> {
  return readTrustStore({ path: 'trust.yaml', text });
}

function signers(...rows: readonly string[]): string {
  return `version: 1\nsigners:\n${rows.map((row) => `  - ${row}\n`).join('')}`;
}

function pemKey(pem: string): string {
  return `{kind: p256, publicKey: ${JSON.stringify(pem)}}`;
}

async function refusal(text: string): Promise<string> {
  const error = await read(text).then(
    () => assert.fail('was accepted'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof SallyportError, String(error));
  return `${error.code} ${error.at?.line}:${error.at?.column} ${error.message}`;
}

for (const forge of REVIEW_FORGES) {
  test(`a person's account at ${forge}, whose reviews can be read, can be named`, async () => {
    const store = await read(
      `version: 1\nsigners: [{ id: alice, roles: [approver], logins: { ${forge}: alice-a } }]\n`,
    );
    assert.equal(store.signers[0]?.logins.get(forge), 'alice-a');
  });
}

test('a store with every kind of key and identity is read', async () => {
  const store = await read(`version: 1
signers:
  - id: alice
    roles: [approver]
    logins: { github: alice-a }
    keys:
      - { kind: ssh, publicKey: "${ED25519} alice@laptop", validUntil: "2027-01-31T00:00:00Z" }
      - kind: passkey
        publicKey: ${Buffer.alloc(77, 1).toString('base64url')}
        credentialId: ${Buffer.alloc(16, 2).toString('base64url')}
        rpId: localhost
        origin: http://localhost:8080
  - id: build
    roles: [runner, gate]
    keys:
      - ${pemKey(PEM)}
    keyless:
      - { issuer: "https://issuer.example.test", subject: "https://forge.example.test/acme/app/ci.yml@refs/heads/main" }
groups: { security: [alice] }
predicates: { "https://example.test/scan/v1": [reviewer] }
`);
  assert.deepEqual(
    store.signers.map(({ id, roles, keys }) => [id, roles, keys.map(({ kind }) => kind)]),
    [
      ['alice', ['approver'], ['ssh', 'passkey']],
      ['build', ['runner', 'gate'], ['p256']],
    ],
  );
  assert.equal(store.signers[0]?.keys[0]?.fingerprint, 'SHA256:MJ/aYqfTtcwHLm3MDOJiMvjAlnLnYx2DLbBwdSGdS8o');
});

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  [
    'an unknown key of the file',
    `${signers('{id: a, roles: [gate]}')}admins: [a]\n`,
    /^SP2501 4:1 unknown key 'admins'/,
  ],
  ['a role that is none', signers('{id: a, roles: [owner]}'), /^SP2501 3:\d+ 'signers\.0\.roles\.0'/],
  ['a group of a signer that is not there', `${signers('{id: a, roles: [gate]}')}groups: {g: [b]}\n`, /no signer 'b'/],
  [
    'one id twice',
    signers('{id: a, roles: [gate]}', '{id: A, roles: [gate]}'),
    /^SP2501 4:\d+ the signer 'A' is named twice/,
  ],
  [
    'one person under two ids by the same key',
    signers(...['a', 'b'].map((id) => `{id: ${id}, roles: [approver], keys: [{kind: ssh, publicKey: "${ED25519}"}]}`)),
    /this key is listed twice/,
  ],
  [
    'one person under two ids by the same account in other letters',
    signers('{id: a, roles: [approver], logins: {github: Bob}}', '{id: b, roles: [approver], logins: {github: bob}}'),
    /'bob' is another signer, too/,
  ],
  [
    'one person under two ids by the same address in other letters',
    signers(
      '{id: a, roles: [approver], emails: [bob@example.test]}',
      '{id: b, roles: [approver], emails: [Bob@example.test]}',
    ),
    /'Bob@example\.test' is another signer's, too/,
  ],
  [
    'one person under two ids by an address that is the other id',
    signers('{id: bob@example.test, roles: [approver]}', '{id: rob, roles: [approver], emails: [Bob@example.test]}'),
    /^SP2501 4:\d+ 'Bob@example\.test' means the signer 'bob@example\.test', too/,
  ],
  [
    'one person under two ids by the account in an address of a forge',
    signers(
      '{id: rob, roles: [approver], emails: [4567+bob@users.noreply.github.com]}',
      '{id: b, roles: [approver], logins: {github: Bob}}',
    ),
    /^SP2501 4:\d+ 'Bob' means the signer 'rob', too/,
  ],
  [
    'an account that is called like another signer',
    signers('{id: b, roles: [approver], logins: {gitlab: bob}}', '{id: Bob, roles: [approver]}'),
    /^SP2501 3:\d+ 'bob' means the signer 'Bob', too/,
  ],
  [
    'one workflow under two ids',
    signers(
      ...['a', 'b'].map(
        (id) => `{id: ${id}, roles: [gate], keyless: [{issuer: "https://i.example.test", subject: "ci"}]}`,
      ),
    ),
    /this identity is listed twice/,
  ],
  [
    'a private key',
    signers(
      `{id: a, roles: [gate], keys: [${pemKey(String(P256.privateKey.export({ type: 'pkcs8', format: 'pem' })))}]}`,
    ),
    /is not a public key/,
  ],
  [
    'a key of another curve',
    signers(
      `{id: a, roles: [gate], keys: [${pemKey(String(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ type: 'spki', format: 'pem' })))}]}`,
    ),
    /is not of the curve P-256/,
  ],
  [
    'an RSA key that is none',
    signers('{id: a, roles: [gate], keys: [{kind: ssh, publicKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB"}]}'),
    /has not 2048 to 8192 bits|is cut off/,
  ],
  [
    'a key that says another type than it has',
    signers(
      `{id: a, roles: [gate], keys: [{kind: ssh, publicKey: "${ED25519.replace('ssh-ed25519', 'ecdsa-sha2-nistp256')}"}]}`,
    ),
    /names one type and holds another/,
  ],
  [
    'a validity that ends before it begins',
    signers(
      `{id: a, roles: [gate], keys: [{kind: ssh, publicKey: "${ED25519}", validFrom: "2027-01-01T00:00:00Z", validUntil: "2026-01-01T00:00:00Z"}]}`,
    ),
    /ends before it begins/,
  ],
  [
    'roles for a predicate of ours',
    `${signers('{id: a, roles: [gate]}')}predicates: {"https://sallyport.dev/attestation/approval/v0.1": [runner]}\n`,
    /the roles of this type are fixed/,
  ],
];

for (const [name, text, expected] of REFUSED)
  test(`${name} is refused with its place`, async () => assert.match(await refusal(text), expected));

test('a person may be called alike everywhere, and two people alike on two forges', async () => {
  const alike =
    '{id: bob, roles: [approver], logins: {github: bob, gitlab: Bob}, emails: [1+bob@users.noreply.github.com]}';
  const other = '{id: rob, roles: [approver], logins: {gitea: robby}}';
  const { signers: read } = await readTrustStore({
    path: 'trust.yaml',
    text: signers(alike, other, '{id: bert, roles: [approver], logins: {github: robby}}'),
  });
  assert.equal(read.length, 3);
});

test('a P-256 key counts as the same key in the form of SSH', async () => {
  const { x = '', y = '' } = P256.publicKey.export({ format: 'jwk' });
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const blob = Buffer.concat([field(Buffer.from('ecdsa-sha2-nistp256')), field(Buffer.from('nistp256')), field(point)]);
  const line = `ecdsa-sha2-nistp256 ${blob.toString('base64')}`;
  const text = signers(
    `{id: a, roles: [approver], keys: [${pemKey(PEM)}]}`,
    `{id: b, roles: [approver], keys: [{kind: ssh, publicKey: "${line}"}]}`,
  );
  assert.match(await refusal(text), /this key is listed twice/);
});

test('a key is valid from its first moment until before its last', () => {
  const validity = { validFrom: 1000, validUntil: 2000 };
  assert.deepEqual(
    [999, 1000, 1999, 2000].map((moment) => isValidAt(validity, moment)),
    [false, true, true, false],
  );
});
