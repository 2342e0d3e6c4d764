import { encodeString, encodeUint32, SshFormatError, WireReader } from './wire.ts';

/** A signature in the form of OpenSSH's PROTOCOL.sshsig. */
export interface SshSignature {
  /** Blob of the key that is said to have signed. */
  readonly publicKey: Buffer;
  readonly namespace: string;
  readonly hash: SshHash;
  /** Algorithm and signature, still encoded. */
  readonly signature: Buffer;
}

/** The only two that PROTOCOL.sshsig allows: the name stands in the signature, and so is the signer's choice. */
const SSH_HASHES = ['sha256', 'sha512'] as const;
export type SshHash = (typeof SSH_HASHES)[number];

const MAGIC = 'SSHSIG';
const VERSION = 1;
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
/** The largest key is 1 KiB and so is its signature. */
const MAX_ARMORED = 8192;
const LINE = 70;

/**
 * What stands between the marks. Lines end with LF or CRLF; nothing may stand before or after.
 * @throws SshFormatError for everything else
 */
export function readSignature(armored: string): SshSignature {
  if (armored.length > MAX_ARMORED) throw new SshFormatError('is too long');
  const text = armored.replaceAll('\r\n', '\n').trim();
  if (!text.startsWith(`${BEGIN}\n`) || !text.endsWith(`\n${END}`) || text.length < BEGIN.length + END.length + 2)
    throw new SshFormatError('does not stand between the marks of an SSH signature');
  const base64 = text.slice(BEGIN.length + 1, -END.length - 1).replaceAll('\n', '');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw new SshFormatError('is not base64');
  return readBlob(bytes);
}

function readBlob(bytes: Buffer): SshSignature {
  const reader = new WireReader(bytes);
  if (reader.take(MAGIC.length).toString('latin1') !== MAGIC) throw new SshFormatError('does not begin with SSHSIG');
  if (reader.uint32() !== VERSION) throw new SshFormatError('is of a version that is not known');
  const publicKey = reader.string();
  const namespace = reader.name();
  // Readers ignore the reserved string, but it is signed; none of ours is ever filled.
  if (reader.string().length > 0) throw new SshFormatError('has something in the reserved field');
  const name = reader.name();
  const hash = SSH_HASHES.find((known) => known === name);
  if (hash === undefined) throw new SshFormatError('names a hash that is neither sha256 nor sha512');
  const signature = reader.string();
  reader.end();
  return { publicKey, namespace, hash, signature };
}

/** The text form, as `ssh-keygen -Y sign` writes it. */
export function formatSignature({ publicKey, namespace, hash, signature }: SshSignature): string {
  const bytes = Buffer.concat([
    Buffer.from(MAGIC),
    encodeUint32(VERSION),
    ...[publicKey, namespace, '', hash, signature].map(encodeString),
  ]);
  const lines = bytes.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [BEGIN, ...lines, END, ''].join('\n');
}

/** The bytes that the key really signs: the namespace is among them, so that no signature serves two purposes. */
export function signedBytes(namespace: string, hash: SshHash, digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(MAGIC), ...[namespace, '', hash, digest].map(encodeString)]);
}
