/** Signatures that must not count, and bytes that are none. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SshFormatError, signSsh, verifySshSignature } from '../../../src/attest/ssh/index.ts';
import { readPublicKey, readPublicKeyLine, toSshPublicKey } from '../../../src/attest/ssh/public-key.ts';
import { formatSignature, readSignature } from '../../../src/attest/ssh/signature.ts';
import { encodePositive, encodeString } from '../../../src/attest/ssh/wire.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 300);
const NAMESPACE = 'approval@example.test';
const MESSAGE = Buffer.from('a statement');
const KEY = generateKeyPairSync('ed25519').privateKey;
const GOOD = signSsh(MESSAGE, KEY, NAMESPACE);

function codeOf(signature: string, message = MESSAGE): string {
  const result = verifySshSignature(message, signature, NAMESPACE);
  return result.valid ? 'valid' : result.code;
}

/** The same signature with its bytes changed. */
function rewrite(change: (bytes: Buffer) => Buffer): string {
  const base64 = GOOD.split('\n').slice(1, -2).join('');
  const changed = change(Buffer.from(base64, 'base64')).toString('base64');
  return `-----BEGIN SSH SIGNATURE-----\n${changed}\n-----END SSH SIGNATURE-----\n`;
}

describe('a signature of SSH', () => {
  it('counts as it is, and with the line ends of another system', () => {
    assert.equal(codeOf(GOOD), 'valid');
    assert.equal(codeOf(GOOD.replaceAll('\n', '\r\n')), 'valid');
  });

  it('of another namespace is refused: one that signed a commit signs no approval', () => {
    assert.equal(codeOf(signSsh(MESSAGE, KEY, 'git')), 'namespace');
  });

  it('whose namespace was rewritten is refused: the namespace is signed', () => {
    const parts = readSignature(signSsh(MESSAGE, KEY, 'git'));
    assert.equal(codeOf(formatSignature({ ...parts, namespace: NAMESPACE })), 'signature');
  });

  it('of another text, or under another key, is refused', () => {
    assert.equal(codeOf(GOOD, Buffer.from('another statement')), 'signature');
    const other = toSshPublicKey(generateKeyPairSync('ed25519').publicKey);
    assert.equal(codeOf(formatSignature({ ...readSignature(GOOD), publicKey: other.blob })), 'signature');
  });

  it('with a weak hash is refused, whatever the key', () => {
    for (const hash of ['md5', 'sha1', 'none']) {
      const named = rewrite((bytes) => {
        const at = bytes.indexOf(encodeString('sha512'));
        return Buffer.concat([bytes.subarray(0, at), encodeString(hash), bytes.subarray(at + 10)]);
      });
      assert.equal(codeOf(named), 'format');
    }
  });

  it('with the algorithm of another key, or SHA-1 of RSA, is refused', () => {
    const parts = readSignature(GOOD);
    for (const name of [
      'rsa-sha2-256',
      'ssh-rsa',
      'ssh-dss',
      'toString',
      'webauthn-sk-ecdsa-sha2-nistp256@openssh.com',
    ]) {
      const signature = Buffer.concat([encodeString(name), encodeString(Buffer.alloc(64))]);
      assert.equal(codeOf(formatSignature({ ...parts, signature })), 'algorithm', name);
    }
  });

  it('that is cut off or has something behind it is refused, at every place', () => {
    const length = readSignatureBytes().length;
    for (let cut = 0; cut < length; cut++) assert.notEqual(codeOf(rewrite((bytes) => bytes.subarray(0, cut))), 'valid');
    assert.equal(codeOf(rewrite((bytes) => Buffer.concat([bytes, Buffer.of(0)]))), 'format');
    assert.equal(codeOf(`${GOOD}more`), 'format');
    assert.equal(codeOf(`more${GOOD}`), 'format');
    const parts = readSignature(GOOD);
    const longer = Buffer.concat([parts.signature, Buffer.of(0)]);
    assert.equal(codeOf(formatSignature({ ...parts, signature: longer })), 'format');
  });

  it('with any one bit changed is refused', () => {
    const length = readSignatureBytes().length;
    for (let bit = 0; bit < length * 8; bit++) {
      const flipped = rewrite((bytes) => {
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return bytes;
      });
      assert.notEqual(codeOf(flipped), 'valid', `bit ${bit}`);
    }
  });

  it('is a fault and never an exception, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, framed) => {
        const body = framed ? Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01', 'latin1'), bytes]) : Buffer.from(bytes);
        assert.notEqual(codeOf(rewrite(() => body)), 'valid');
      }),
      { numRuns: RUNS },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        assert.equal(codeOf(text), 'format');
        assert.equal(codeOf(`-----BEGIN SSH SIGNATURE-----\n${text}\n-----END SSH SIGNATURE-----`), 'format');
      }),
      { numRuns: RUNS },
    );
  });

  it('of any size is answered at once', () => {
    assert.equal(codeOf(`-----BEGIN SSH SIGNATURE-----\n${'A'.repeat(10_000_000)}`), 'format');
  });
});

describe('a public key of SSH', () => {
  it('is refused when it is weak, of an unknown type, off its curve, or not in its one form', () => {
    const small = toModulus(Buffer.alloc(128, 0xff));
    const even = Buffer.concat([
      encodeString('ssh-rsa'),
      encodePositive(Buffer.of(2)),
      encodePositive(Buffer.alloc(256, 0xff)),
    ]);
    const off = Buffer.concat(['ecdsa-sha2-nistp256', 'nistp256', Buffer.alloc(65, 4)].map(encodeString));
    const curve = Buffer.concat(['ecdsa-sha2-nistp256', 'nistp384', Buffer.alloc(97, 4)].map(encodeString));
    const padded = Buffer.concat([
      encodeString('ssh-rsa'),
      encodeString(Buffer.of(0, 1, 0, 1)),
      encodePositive(Buffer.alloc(256, 0xff)),
    ]);
    const dsa = Buffer.concat(['ssh-dss', 'x'].map(encodeString));
    for (const blob of [small, even, off, curve, padded, dsa, Buffer.alloc(0)])
      assert.throws(() => readPublicKey(blob), SshFormatError);
  });

  it('line that names one type and holds another is refused', () => {
    const { blob } = toSshPublicKey(generateKeyPairSync('ed25519').publicKey);
    assert.equal(readPublicKeyLine(`ssh-ed25519 ${blob.toString('base64')} me@example.test`).type, 'ssh-ed25519');
    assert.throws(() => readPublicKeyLine(`ssh-rsa ${blob.toString('base64')}`), SshFormatError);
    assert.throws(() => readPublicKeyLine('ssh-ed25519'), SshFormatError);
  });

  it('reader never throws anything but its own error', () => {
    const prefixes = ['ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'sk-ssh-ed25519@openssh.com'].map(encodeString);
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), fc.uint8Array({ maxLength: 200 }), (prefix, rest) => {
        try {
          readPublicKey(Buffer.concat([prefix, rest]));
        } catch (error) {
          assert.ok(error instanceof SshFormatError);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

function readSignatureBytes(): Buffer {
  return Buffer.from(GOOD.split('\n').slice(1, -2).join(''), 'base64');
}

function toModulus(n: Buffer): Buffer {
  return Buffer.concat([encodeString('ssh-rsa'), encodePositive(Buffer.of(1, 0, 1)), encodePositive(n)]);
}
