import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  APPROVAL_NAMESPACE,
  readPublicKeyLine,
  type SshKey,
  signSsh,
  type TrustedSigner,
  type TrustStore,
  toSshPublicKey,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { describeFileError, errorCode, readFileWithin, run } from '../../system/index.ts';

/** A key that can sign here, and its public half. */
export interface SigningKey {
  readonly publicKey: Buffer;
  /** Hardware that waits for a hand. */
  readonly wantsTouch: boolean;
  /** The armored signature of these bytes, for approvals. */
  readonly sign: (bytes: Buffer) => Promise<string>;
}

const PATIENCE = 120_000;
const MAX_KEY_FILE = 256 * 1024;
const PEM = '-----BEGIN PRIVATE KEY-----';

/**
 * The key in a file: a PKCS#8 key signs here; a key of OpenSSH through `ssh-keygen`, which asks for a passphrase and
 * uses hardware. The public half (`.pub`) means the key of that name in the agent.
 * @param environment where the agent is: `SSH_AUTH_SOCK`
 * @throws SallyportError SP2602 when there is no usable key
 */
export async function openSigningKey(
  file: string,
  environment: { readonly [name: string]: string },
): Promise<SigningKey> {
  const text = readKeyFile(file);
  if (text.startsWith(PEM)) return keyInMemory(file, text);
  const line = file.endsWith('.pub') ? text : await publicHalf(file, environment);
  const { blob, application } = asUsable(file, () => readPublicKeyLine(line));
  return {
    publicKey: blob,
    wantsTouch: application !== undefined,
    sign: (bytes) => signWithProgram(file, bytes, environment),
  };
}

function keyInMemory(file: string, pem: string): SigningKey {
  const key = asUsable(file, () => createPrivateKey(pem));
  const { blob } = asUsable(file, () => toSshPublicKey(createPublicKey(key)));
  return { publicKey: blob, wantsTouch: false, sign: async (bytes) => signSsh(bytes, key, APPROVAL_NAMESPACE) };
}

function asUsable<Key>(file: string, read: () => Key): Key {
  try {
    return read();
  } catch (cause) {
    throw new SallyportError('SP2602', `${file} holds no key that can sign an approval`, { cause });
  }
}

function readKeyFile(file: string): string {
  try {
    return readFileWithin(file, MAX_KEY_FILE).toString('utf8');
  } catch (cause) {
    throw new SallyportError('SP2602', `${file}: ${describeFileError(cause)}`, { cause });
  }
}

/** The file beside it, as `ssh-keygen` makes it; else what the private key itself says. */
async function publicHalf(file: string, environment: { readonly [name: string]: string }): Promise<string> {
  try {
    return readFileWithin(`${file}.pub`, MAX_KEY_FILE).toString('utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      throw new SallyportError('SP2602', `${file}.pub: ${describeFileError(error)}`, { cause: error });
  }
  return (await sshKeygen(['-y', '-f', file], environment)).toString('utf8');
}

async function signWithProgram(
  file: string,
  bytes: Buffer,
  environment: { readonly [name: string]: string },
): Promise<string> {
  const args = ['-q', '-Y', 'sign', '-n', APPROVAL_NAMESPACE, '-f', file];
  return (await sshKeygen(args, environment, bytes)).toString('latin1');
}

async function sshKeygen(
  args: readonly string[],
  environment: { readonly [name: string]: string },
  input?: Buffer,
): Promise<Buffer> {
  try {
    const options = { environment, timeout: PATIENCE, maxOutput: 1024 * 1024, ...(input ? { input } : {}) };
    const { code, stdout, stderr } = await run('ssh-keygen', args, options);
    if (code === 0) return stdout;
    throw new SallyportError('SP2602', `ssh-keygen: ${stderr.toString('utf8').trim().split('\n').at(-1) ?? code}`);
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('SP2602', 'ssh-keygen cannot be started', { cause });
  }
}

/**
 * Whose key it is in the trust store.
 * @throws SallyportError SP2601 when it is nobody's, or not an approver's
 */
export function findSigner(
  trust: TrustStore,
  publicKey: Buffer,
): { readonly signer: TrustedSigner; readonly key: SshKey } {
  for (const signer of trust.signers) {
    const key = signer.keys.find((each) => each.kind === 'ssh' && each.blob.equals(publicKey));
    if (key?.kind !== 'ssh') continue;
    if (signer.roles.includes('approver')) return { signer, key };
    throw new SallyportError('SP2601', `${signer.id} has no role 'approver' in ${trust.file}`);
  }
  throw new SallyportError('SP2601', `the key is nobody's in ${trust.file}`);
}
