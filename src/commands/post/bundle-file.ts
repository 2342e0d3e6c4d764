import { createPrivateKey, type KeyObject } from 'node:crypto';
import { formatPublicKey, readPublicKeyLine, SshFormatError, signSsh, verifySshSignature } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { type PostingBundle, readBundle, writeBundle } from '../../forges/index.ts';
import { readFileNoFollow } from '../../system/index.ts';
import { writeOutput } from '../output-file.ts';

/** A signature for another purpose is none here. */
const NAMESPACE = 'sallyport-posting';
const MAX_FILE = 16 * 1024 * 1024;
const MAX_KEY = 64 * 1024;

/**
 * Writes the bundle and, with a key, `FILE.sig` beside it: an SSH signature over the bytes of the file.
 * @param key path of a private key in PKCS#8 PEM: Ed25519, P-256, P-384 or RSA
 * @throws SallyportError SP2409 for a key that cannot be used, SP2704 when it cannot be written
 */
export async function saveBundle(path: string, bundle: PostingBundle, key: string | undefined): Promise<void> {
  const text = writeBundle(bundle);
  const signature = key === undefined ? undefined : signSsh(Buffer.from(text), await readKey(key), NAMESPACE);
  await writeOutput(path, text);
  if (signature !== undefined) await writeOutput(`${path}.sig`, signature);
}

/**
 * Reads a bundle; with signers its signature must be of one of them.
 * @param signers path of a file with public keys as in `id_ed25519.pub`, one a line
 * @throws SallyportError SP2409 when a file cannot be read, SP2408 when the bundle is not to be believed
 */
export async function loadBundle(path: string, signers: string | undefined): Promise<PostingBundle> {
  const content = await readInput(path, MAX_FILE);
  if (signers !== undefined) {
    const signature = (await readInput(`${path}.sig`, MAX_KEY)).toString('utf8');
    checkSignature(content, signature, (await readInput(signers, MAX_KEY)).toString('utf8'));
  }
  return readBundle(content);
}

function checkSignature(content: Uint8Array, signature: string, signers: string): void {
  const checked = verifySshSignature(content, signature, NAMESPACE);
  if (!checked.valid) throw new SallyportError('SP2408', `the signature of the bundle: ${checked.message}`);
  const line = formatPublicKey(checked.key);
  if (!readSigners(signers).includes(line))
    throw new SallyportError('SP2408', 'the bundle is signed with a key that is not among the signers');
}

function readSigners(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  try {
    return lines.map((line) => formatPublicKey(readPublicKeyLine(line)));
  } catch (error) {
    if (error instanceof SshFormatError) throw new SallyportError('SP2409', `a line of the signers ${error.message}`);
    throw error;
  }
}

async function readInput(path: string, limit: number): Promise<Buffer> {
  try {
    return await readFileNoFollow(path, limit);
  } catch (cause) {
    throw new SallyportError('SP2409', `'${path}' cannot be read`, { cause });
  }
}

/** The reason of the library may hold parts of what it read: only that it failed is said. */
async function readKey(path: string): Promise<KeyObject> {
  const text = await readInput(path, MAX_KEY);
  try {
    return createPrivateKey(text);
  } catch {
    throw new SallyportError('SP2409', `'${path}' holds no private key in PKCS#8`);
  }
}
