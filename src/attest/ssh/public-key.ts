import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { encodePositive, encodeString, SshFormatError, WireReader } from './wire.ts';

/** A public key of SSH that can sign an approval. */
export interface SshPublicKey {
  readonly type: SshKeyType;
  /** The key as it goes over the wire; two keys are the same when these bytes are. */
  readonly blob: Buffer;
  readonly key: KeyObject;
  /** Of a hardware key (`sk-…`): what it was made for, usually `ssh:`. */
  readonly application: Buffer | undefined;
}

/** `ssh-rsa` names the key; its SHA-1 signatures are refused all the same. DSA is not in the list. */
const SSH_KEY_TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ssh-rsa',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
] as const;
export type SshKeyType = (typeof SSH_KEY_TYPES)[number];

interface Curve {
  readonly ssh: string;
  readonly jwk: string;
  readonly bytes: number;
}

const P256: Curve = { ssh: 'nistp256', jwk: 'P-256', bytes: 32 };
const P384: Curve = { ssh: 'nistp384', jwk: 'P-384', bytes: 48 };
const ED25519_BYTES = 32;
/** Below that a factoring budget suffices; above, one verification takes longer than a person waits. */
const RSA_BITS = { least: 2048, most: 8192 } as const;

const READERS: { readonly [type in SshKeyType]: (reader: WireReader) => KeyObject } = {
  'ssh-ed25519': readEd25519,
  'sk-ssh-ed25519@openssh.com': readEd25519,
  'ecdsa-sha2-nistp256': (reader) => readEcdsa(reader, P256),
  'sk-ecdsa-sha2-nistp256@openssh.com': (reader) => readEcdsa(reader, P256),
  'ecdsa-sha2-nistp384': (reader) => readEcdsa(reader, P384),
  'ssh-rsa': readRsa,
};

/**
 * The key in a blob (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, OpenSSH PROTOCOL.u2f).
 * @throws SshFormatError for everything else
 */
export function readPublicKey(blob: Buffer): SshPublicKey {
  const reader = new WireReader(blob);
  const name = reader.name();
  const type = SSH_KEY_TYPES.find((known) => known === name);
  if (type === undefined)
    throw new SshFormatError(`is of type ${JSON.stringify(name.slice(0, 40))}; use ${SSH_KEY_TYPES.join(', ')}`);
  const key = READERS[type](reader);
  const application = type.startsWith('sk-') ? reader.string() : undefined;
  reader.end();
  return { type, blob, key, application };
}

/**
 * A line as in `id_ed25519.pub`: type, base64, and a comment that is not looked at.
 * @throws SshFormatError for everything else
 */
export function readPublicKeyLine(line: string): SshPublicKey {
  const [type = '', base64 = ''] = line.trim().split(/[ \t]+/, 2);
  const blob = Buffer.from(base64, 'base64');
  if (base64 === '' || blob.toString('base64') !== base64) throw new SshFormatError('holds no base64 behind the type');
  const key = readPublicKey(blob);
  if (key.type !== type) throw new SshFormatError('names one type and holds another');
  return key;
}

/** `ssh-ed25519 AAAA…`, without a comment. */
export function formatPublicKey({ type, blob }: Pick<SshPublicKey, 'type' | 'blob'>): string {
  return `${type} ${blob.toString('base64')}`;
}

/** As `ssh-keygen -l` prints it. */
export function sshFingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/**
 * The SSH form of a key pair's public half.
 * @throws SshFormatError for a kind of key that is not accepted
 */
export function toSshPublicKey(key: KeyObject): SshPublicKey {
  const { kty, crv, x = '', y = '', e = '', n = '' } = key.export({ format: 'jwk' });
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
  const curve = [P256, P384].find(({ jwk }) => jwk === crv);
  if (kty === 'OKP' && crv === 'Ed25519')
    return readPublicKey(Buffer.concat([encodeString('ssh-ed25519'), encodeString(bytes(x))]));
  if (kty === 'EC' && curve !== undefined) {
    const point = Buffer.concat([Buffer.of(UNCOMPRESSED), bytes(x), bytes(y)]);
    return readPublicKey(
      Buffer.concat([encodeString(`ecdsa-sha2-${curve.ssh}`), encodeString(curve.ssh), encodeString(point)]),
    );
  }
  if (kty === 'RSA')
    return readPublicKey(Buffer.concat([encodeString('ssh-rsa'), encodePositive(bytes(e)), encodePositive(bytes(n))]));
  throw new SshFormatError('is of a type that cannot sign here');
}

const UNCOMPRESSED = 4;

function readEd25519(reader: WireReader): KeyObject {
  const x = reader.string();
  if (x.length !== ED25519_BYTES) throw new SshFormatError('has not the 32 bytes of its type');
  return importKey({ kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') });
}

function readEcdsa(reader: WireReader, curve: Curve): KeyObject {
  if (reader.name() !== curve.ssh) throw new SshFormatError('is of another curve');
  const point = reader.string();
  if (point.length !== 2 * curve.bytes + 1 || point[0] !== UNCOMPRESSED)
    throw new SshFormatError('is no uncompressed point');
  const x = point.subarray(1, curve.bytes + 1).toString('base64url');
  const y = point.subarray(curve.bytes + 1).toString('base64url');
  return importKey({ kty: 'EC', crv: curve.jwk, x, y });
}

function readRsa(reader: WireReader): KeyObject {
  const e = reader.positive();
  const n = reader.positive();
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  if (bits < RSA_BITS.least || bits > RSA_BITS.most || e.length > 4 || ((e.at(-1) ?? 0) & 1) === 0)
    throw new SshFormatError(`has not ${RSA_BITS.least} to ${RSA_BITS.most} bits and a small odd exponent`);
  return importKey({ kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') });
}

/** The library refuses a point that is not on its curve. */
function importKey(key: { readonly [member: string]: string }): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch (cause) {
    throw new SshFormatError('holds no point of its curve', { cause });
  }
}
