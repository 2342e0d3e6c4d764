import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readOpensshPrivateKey } from '../../../src/attest/signing/openssh-private-key.ts';
import { SshFormatError } from '../../../src/attest/ssh/index.ts';
import { mutationsOf } from '../../support/mutations.ts';
import { openWorkshop } from '../ssh/support/ssh-keygen.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const [BEGIN, END] = ['-----BEGIN OPENSSH PRIVATE KEY-----', '-----END OPENSSH PRIVATE KEY-----'];

for (const options of [
  ['-t', 'ed25519'],
  ['-t', 'ecdsa', '-b', '256'],
])
  test(`a key file (${options.join(' ')}) that was tampered with is a key, or a reason that holds nothing of it`, () => {
    using workshop = openWorkshop();
    workshop.makeKey('key', ...options);
    const pem = readFileSync(join(workshop.folder, 'key'), 'utf8');
    const secret = String(readOpensshPrivateKey(pem).key.export({ format: 'jwk' })['d']);
    const body = Buffer.from(pem.replace(BEGIN, '').replace(END, ''), 'base64');
    fc.assert(
      fc.property(mutationsOf([body]), (bytes) => {
        try {
          readOpensshPrivateKey(`${BEGIN}\n${bytes.toString('base64')}\n${END}\n`);
        } catch (error) {
          assert.ok(error instanceof SshFormatError, String(error));
          assert.equal(error.cause, undefined);
          assert.ok(!error.message.includes(secret));
        }
      }),
      { numRuns: Math.min(RUNS, 100_000) },
    );
  });
