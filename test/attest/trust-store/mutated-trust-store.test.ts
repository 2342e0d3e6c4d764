import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTrustStore } from '../../../src/attest/index.ts';
import { SallyportError } from '../../../src/errors/index.ts';
import { mutationsOf } from '../../support/mutations.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = JSON.stringify(publicKey.export({ type: 'spki', format: 'pem' }));
const STORE = `version: 1
signers:
  - id: ada
    roles: [approver]
    logins: { github: ada }
    keys:
      - { kind: p256, publicKey: ${PEM}, validUntil: "2030-01-01T00:00:00Z" }
      - { kind: ssh, publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA8Ch90ElyEZaGzLdZxNKAmMaZUjYekIQu3AFlmuQWnt" }
  - id: release
    roles: [runner]
    keyless: [{ issuer: "https://accounts.example.test", subject: "release@example.test" }]
`;

test('a trust store that was tampered with is a trust store or an error with a place, and never another exception', async () => {
  await readTrustStore({ path: 'trust.yaml', text: STORE });
  await fc.assert(
    fc.asyncProperty(mutationsOf([Buffer.from(STORE)]), async (bytes) => {
      try {
        const store = await readTrustStore({ path: 'trust.yaml', text: bytes.toString('utf8') });
        // Nobody has a role or a key that is not in the text.
        for (const signer of store.signers) assert.ok(signer.roles.length > 0 && signer.id !== '');
      } catch (error) {
        assert.ok(error instanceof SallyportError, String(error));
      }
    }),
    { numRuns: Math.min(RUNS, 20_000) },
  );
});
