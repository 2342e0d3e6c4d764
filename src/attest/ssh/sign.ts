import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { type SshKeyType, type SshPublicKey, toSshPublicKey } from './public-key.ts';
import { formatSignature, signedBytes } from './signature.ts';
import { encodePositive, encodeString, SshFormatError } from './wire.ts';

const ALGORITHM: { readonly [type in SshKeyType]?: { readonly name: string; readonly digest: string | null } } = {
  'ssh-ed25519': { name: 'ssh-ed25519', digest: null },
  'ecdsa-sha2-nistp256': { name: 'ecdsa-sha2-nistp256', digest: 'sha256' },
  'ecdsa-sha2-nistp384': { name: 'ecdsa-sha2-nistp384', digest: 'sha384' },
  'ssh-rsa': { name: 'rsa-sha2-512', digest: 'sha512' },
};

/**
 * Signs as `ssh-keygen -Y sign` does, with a key in memory (PKCS#8). Keys in OpenSSH's own file format, in an agent or
 * in hardware are used through `ssh-keygen` itself.
 * @throws SshFormatError for a kind of key that is not accepted
 */
export function signSsh(message: Uint8Array, privateKey: KeyObject, namespace: string): string {
  const key = toSshPublicKey(createPublicKey(privateKey));
  const algorithm = ALGORITHM[key.type];
  if (algorithm === undefined) throw new SshFormatError('is of a type that cannot sign here');
  const hash = 'sha512';
  const data = signedBytes(namespace, hash, createHash(hash).update(message).digest());
  const raw = sign(algorithm.digest, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const signature = Buffer.concat([encodeString(algorithm.name), encodeString(encodeRaw(key, raw))]);
  return formatSignature({ publicKey: key.blob, namespace, hash, signature });
}

function encodeRaw(key: SshPublicKey, raw: Buffer): Buffer {
  if (!key.type.startsWith('ecdsa-')) return raw;
  const half = raw.length / 2;
  return Buffer.concat([encodePositive(raw.subarray(0, half)), encodePositive(raw.subarray(half))]);
}
