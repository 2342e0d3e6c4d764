import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { SshFormatError, WireReader } from '../ssh/index.ts';

const MAGIC = Buffer.from('openssh-key-v1\0', 'latin1');
const P256_BYTES = 32;

/**
 * A private key as `ssh-keygen` writes it (OpenSSH PROTOCOL.key), without passphrase.
 * @throws SshFormatError saying what is wrong with it, never the content.
 */
export function readOpensshPrivateKey(pem: string): { readonly key: KeyObject; readonly blob: Buffer } {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/.exec(pem)?.[1];
  const file = new WireReader(Buffer.from(body ?? '', 'base64'));
  if (!file.take(MAGIC.length).equals(MAGIC)) throw new SshFormatError('is no key file of OpenSSH');
  const [cipher, derivation] = [file.name(), file.name()];
  file.string();
  if (cipher !== 'none' || derivation !== 'none')
    throw new SshFormatError('has a passphrase; use a key service, or a key of its own for signing');
  if (file.uint32() !== 1) throw new SshFormatError('holds more than one key');
  const blob = file.string();
  const inner = new WireReader(file.string());
  const [check, again] = [inner.uint32(), inner.uint32()];
  if (check !== again) throw new SshFormatError('is damaged');
  return { key: readKey(inner), blob };
}

function readKey(reader: WireReader): KeyObject {
  const type = reader.name();
  if (type === 'ssh-ed25519') {
    const x = reader.string().toString('base64url');
    // The seed, and behind it the public key again.
    const d = reader.string().subarray(0, 32).toString('base64url');
    return keyOf({ kty: 'OKP', crv: 'Ed25519', x, d });
  }
  if (type === 'ecdsa-sha2-nistp256') {
    reader.name();
    const point = reader.string();
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
    const secret = reader.positive();
    if (secret.length > P256_BYTES) throw new SshFormatError('is damaged');
    const d = Buffer.concat([Buffer.alloc(P256_BYTES - secret.length), secret]).toString('base64url');
    return keyOf({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '', d });
  }
  throw new SshFormatError(`is of type ${JSON.stringify(type.slice(0, 40))}; Ed25519 and P-256 can sign statements`);
}

/** What the runtime says of a key that is none may repeat a part of it. */
function keyOf(key: JsonWebKey): KeyObject {
  try {
    return createPrivateKey({ key, format: 'jwk' });
  } catch {
    throw new SshFormatError('is damaged');
  }
}
