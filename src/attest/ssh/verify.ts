import { createHash, verify } from 'node:crypto';
import { readPublicKey, type SshKeyType, type SshPublicKey } from './public-key.ts';
import { readSignature, signedBytes } from './signature.ts';
import { SshFormatError, WireReader } from './wire.ts';

/** What a hardware key says of the moment it signed (OpenSSH PROTOCOL.u2f). */
export interface HardwareFlags {
  /** Somebody touched it. */
  readonly userPresent: boolean;
  /** It asked for a PIN or a finger. */
  readonly userVerified: boolean;
}

export type SshVerification =
  | { readonly valid: true; readonly key: SshPublicKey; readonly hardware: HardwareFlags | undefined }
  | { readonly valid: false; readonly code: SshFault; readonly message: string };

export type SshFault = 'format' | 'namespace' | 'key' | 'algorithm' | 'touch' | 'signature';

const FLAG_PRESENT = 0x01;
const FLAG_VERIFIED = 0x04;
const ED25519_SIGNATURE = 64;

/** How each signature algorithm is checked, and which key it belongs to. `ssh-rsa` as an algorithm means SHA-1. */
const ALGORITHMS: {
  readonly [algorithm: string]: { readonly key: SshKeyType; readonly digest: string | null; readonly curve?: number };
} = {
  'ssh-ed25519': { key: 'ssh-ed25519', digest: null },
  'ecdsa-sha2-nistp256': { key: 'ecdsa-sha2-nistp256', digest: 'sha256', curve: 32 },
  'ecdsa-sha2-nistp384': { key: 'ecdsa-sha2-nistp384', digest: 'sha384', curve: 48 },
  'rsa-sha2-256': { key: 'ssh-rsa', digest: 'sha256' },
  'rsa-sha2-512': { key: 'ssh-rsa', digest: 'sha512' },
  'sk-ssh-ed25519@openssh.com': { key: 'sk-ssh-ed25519@openssh.com', digest: null },
  'sk-ecdsa-sha2-nistp256@openssh.com': { key: 'sk-ecdsa-sha2-nistp256@openssh.com', digest: 'sha256', curve: 32 },
};

/**
 * Checks a signature of `ssh-keygen -Y sign` over a message. Whose key it is and until when it counts is a question for
 * the trust store; that the namespace is the expected one is checked here, before anything is computed.
 *
 * Never throws: bytes that are not a signature are a fault like any other.
 */
export function verifySshSignature(message: Uint8Array, armored: string, namespace: string): SshVerification {
  try {
    return check(message, armored, namespace);
  } catch (error) {
    if (error instanceof SshFormatError)
      return { valid: false, code: 'format', message: `the signature ${error.message}` };
    throw error;
  }
}

function check(message: Uint8Array, armored: string, namespace: string): SshVerification {
  const parts = readSignature(armored);
  if (parts.namespace !== namespace)
    return fault('namespace', `the signature was made for the namespace ${JSON.stringify(parts.namespace)}`);
  const key = readPublicKey(parts.publicKey);
  const reader = new WireReader(parts.signature);
  const name = reader.name();
  const algorithm = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
  if (algorithm === undefined) return fault('algorithm', 'a signature algorithm that is not accepted');
  if (algorithm.key !== key.type) return fault('algorithm', 'the signature algorithm does not belong to the key');
  const encoded = reader.string();
  const raw = algorithm.curve === undefined ? encoded : readCurveSignature(encoded, algorithm.curve);
  if (algorithm.digest === null && raw.length !== ED25519_SIGNATURE)
    return fault('format', 'an Ed25519 signature has 64 bytes');
  const hardware = key.application === undefined ? undefined : readHardware(reader);
  reader.end();
  const digest = createHash(parts.hash).update(message).digest();
  const signed = signedBytes(parts.namespace, parts.hash, digest);
  const data = hardware && key.application ? hardwareBytes(key.application, hardware.bytes, signed) : signed;
  if (!verify(algorithm.digest, data, { key: key.key, dsaEncoding: 'ieee-p1363' }, raw))
    return fault('signature', 'the signature does not belong to this text and this key');
  if (hardware && !hardware.flags.userPresent) return fault('touch', 'nobody touched the hardware key');
  return { valid: true, key, hardware: hardware?.flags };
}

/** `r` and `s` as two numbers (RFC 5656 §3.1.2), to two fields of fixed width. */
function readCurveSignature(encoded: Buffer, width: number): Buffer {
  const reader = new WireReader(encoded);
  const numbers = [reader.positive(), reader.positive()];
  reader.end();
  if (numbers.some((number) => number.length > width))
    throw new SshFormatError('holds a number that is too large for its curve');
  return Buffer.concat(numbers.flatMap((number) => [Buffer.alloc(width - number.length), number]));
}

function readHardware(reader: WireReader): { readonly flags: HardwareFlags; readonly bytes: Buffer } {
  const bytes = reader.take(5);
  const flags = bytes.readUInt8();
  return {
    bytes,
    flags: {
      userPresent: (flags & FLAG_PRESENT) !== 0,
      userVerified: (flags & FLAG_VERIFIED) !== 0,
    },
  };
}

/** What a FIDO key signs: hash of the application, flags, counter, hash of the message. */
function hardwareBytes(application: Buffer, flagsAndCounter: Buffer, signed: Buffer): Buffer {
  const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  return Buffer.concat([sha256(application), flagsAndCounter, sha256(signed)]);
}

function fault(code: SshFault, message: string): SshVerification {
  return { valid: false, code, message };
}
