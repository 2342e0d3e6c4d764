import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult, sign } from 'node:crypto';
import { formatSignature, signedBytes } from '../../../../src/attest/ssh/signature.ts';
import { encodePositive, encodeString, encodeUint32 } from '../../../../src/attest/ssh/wire.ts';

export type HardwareKind = 'sk-ssh-ed25519@openssh.com' | 'sk-ecdsa-sha2-nistp256@openssh.com';

const APPLICATION = 'ssh:';

/** What a FIDO key would answer (OpenSSH PROTOCOL.u2f), with the flags that a test wants. */
export function signWithHardware(
  kind: HardwareKind,
  message: Uint8Array,
  namespace: string,
  { flags, counter }: { readonly flags: number; readonly counter: number },
  pair: KeyPairKeyObjectResult = makePair(kind),
): { readonly line: string; readonly signature: string } {
  const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
  const data = Buffer.concat([
    sha256(APPLICATION),
    Buffer.of(flags),
    encodeUint32(counter),
    sha256(signedBytes(namespace, 'sha512', createHash('sha512').update(message).digest())),
  ]);
  const { blob, raw } =
    kind === 'sk-ssh-ed25519@openssh.com' ? signEd25519(kind, data, pair) : signEcdsa(kind, data, pair);
  const signature = Buffer.concat([encodeString(kind), encodeString(raw), Buffer.of(flags), encodeUint32(counter)]);
  return {
    line: `${kind} ${blob.toString('base64')}`,
    signature: formatSignature({ publicKey: blob, namespace, hash: 'sha512', signature }),
  };
}

interface Signed {
  readonly blob: Buffer;
  readonly raw: Buffer;
}

function makePair(kind: HardwareKind): KeyPairKeyObjectResult {
  return kind === 'sk-ssh-ed25519@openssh.com'
    ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function signEd25519(kind: string, data: Buffer, { publicKey, privateKey }: KeyPairKeyObjectResult): Signed {
  const x = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return { blob: Buffer.concat([kind, x, APPLICATION].map(encodeString)), raw: sign(null, data, privateKey) };
}

function signEcdsa(kind: string, data: Buffer, { publicKey, privateKey }: KeyPairKeyObjectResult): Signed {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const pair = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return {
    blob: Buffer.concat([kind, 'nistp256', point, APPLICATION].map(encodeString)),
    raw: Buffer.concat([encodePositive(pair.subarray(0, 32)), encodePositive(pair.subarray(32))]),
  };
}
