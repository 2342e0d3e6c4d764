import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { SallyportError } from '../../errors/index.ts';
import { readFileNoFollow } from '../../system/index.ts';
import { SshFormatError, sshFingerprint } from '../ssh/index.ts';
import { fingerprintOf } from '../trust-store/index.ts';
import { readOpensshPrivateKey } from './openssh-private-key.ts';
import type { Signer } from './signer.ts';

const MAX_KEY_FILE = 64 * 1024;

/**
 * A signer from a private key file without passphrase: P-256 in PEM (PKCS#8 or SEC1), or an OpenSSH key (Ed25519,
 * P-256).
 * @throws SallyportError SP2502 when it cannot be read or is of another kind. The message never holds the key.
 */
export async function readSigningKey(path: string): Promise<Signer> {
  const text = await readFileNoFollow(path, MAX_KEY_FILE).catch((cause: unknown) => {
    throw new SallyportError('SP2502', `cannot read ${path}`, { cause });
  });
  try {
    return keySigner(text.toString('latin1'));
  } catch (error) {
    // Not as a cause: what a parser says of a private key may hold a piece of it.
    const reason = error instanceof SshFormatError ? error.message : 'is no private key without passphrase';
    throw new SallyportError('SP2502', `${path} ${reason}`);
  }
}

/** A signer from the text of a key file. @throws Error for everything that is no such key. */
export function keySigner(text: string): Signer {
  if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) {
    const { key, blob } = readOpensshPrivateKey(text);
    return { hint: sshFingerprint(blob), sign: (message) => signWith(key, message) };
  }
  const key = createPrivateKey(text);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new SshFormatError('is not of the curve P-256, which every verifier knows');
  return { hint: fingerprintOf(createPublicKey(key)), sign: (message) => signWith(key, message) };
}

async function signWith(key: KeyObject, message: Buffer): Promise<Buffer> {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', message, key);
}
