/** Signatures of the real `ssh-keygen`, and ours before it. */
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import { formatPublicKey, readPublicKeyLine, signSsh, verifySshSignature } from '../../../src/attest/ssh/index.ts';
import { toSshPublicKey } from '../../../src/attest/ssh/public-key.ts';
import { signWithHardware } from './support/hardware-key.ts';
import { openWorkshop } from './support/ssh-keygen.ts';

const NAMESPACE = 'approval@example.test';
const MESSAGE = Buffer.from('{"what":"a statement"}');

const KINDS: readonly { readonly name: string; readonly options: readonly string[]; readonly pair: () => KeyObject }[] =
  [
    { name: 'ed25519', options: ['-t', 'ed25519'], pair: () => generateKeyPairSync('ed25519').privateKey },
    {
      name: 'ecdsa P-256',
      options: ['-t', 'ecdsa', '-b', '256'],
      pair: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    },
    {
      name: 'ecdsa P-384',
      options: ['-t', 'ecdsa', '-b', '384'],
      pair: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
    },
    {
      name: 'rsa',
      options: ['-t', 'rsa', '-b', '2048'],
      pair: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    },
  ];

describe('signatures of OpenSSH', () => {
  for (const { name, options, pair } of KINDS) {
    it(`of an ${name} key made by ssh-keygen are believed here, with either hash`, () => {
      using workshop = openWorkshop();
      const line = workshop.makeKey('key', ...options);
      for (const hash of ['sha256', 'sha512']) {
        const signature = workshop.sign('key', MESSAGE, NAMESPACE, '-O', `hashalg=${hash}`);
        const result = verifySshSignature(MESSAGE, signature, NAMESPACE);
        assert.ok(result.valid, JSON.stringify(result));
        assert.deepEqual(result.key.blob, readPublicKeyLine(line).blob);
        assert.equal(verifySshSignature(Buffer.from('{"what":"another"}'), signature, NAMESPACE).valid, false);
      }
    });

    it(`of an ${name} key made here are believed by ssh-keygen and by us`, () => {
      using workshop = openWorkshop();
      const key = pair();
      const signature = signSsh(MESSAGE, key, NAMESPACE);
      const allowed = `alice namespaces="${NAMESPACE}" ${formatPublicKey(toSshPublicKey(key))}\n`;
      assert.ok(workshop.verifies(signature, MESSAGE, NAMESPACE, allowed));
      assert.ok(!workshop.verifies(signature, MESSAGE, 'git', allowed));
      assert.ok(verifySshSignature(MESSAGE, signature, NAMESPACE).valid);
    });
  }

  for (const kind of ['sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'] as const) {
    it(`of a ${kind} key tell of touch and PIN, and none counts without a touch`, () => {
      using workshop = openWorkshop();
      for (const [flags, userVerified] of [
        [0x01, false],
        [0x05, true],
      ] as const) {
        const { line, signature } = signWithHardware(kind, MESSAGE, NAMESPACE, { flags, counter: 7 });
        const result = verifySshSignature(MESSAGE, signature, NAMESPACE);
        assert.ok(result.valid, JSON.stringify(result));
        assert.deepEqual(result.hardware, { userPresent: true, userVerified });
        assert.ok(workshop.verifies(signature, MESSAGE, NAMESPACE, `alice ${line}\n`));
      }
      const untouched = signWithHardware(kind, MESSAGE, NAMESPACE, { flags: 0x00, counter: 7 });
      const result = verifySshSignature(MESSAGE, untouched.signature, NAMESPACE);
      assert.equal(!result.valid && result.code, 'touch');
      // `ssh-keygen` of OpenSSH 9.2 asks for no touch here; sshd does. An approval without a hand is none.
      assert.ok(workshop.verifies(untouched.signature, MESSAGE, NAMESPACE, `alice ${untouched.line}\n`));
    });
  }

  it('made here can be made again from the same PKCS#8 text', () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const again = createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }));
    assert.equal(signSsh(MESSAGE, key, NAMESPACE), signSsh(MESSAGE, again, NAMESPACE));
  });
});
