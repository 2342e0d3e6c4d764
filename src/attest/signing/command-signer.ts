import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { SallyportError } from '../../errors/index.ts';
import { run } from '../../system/index.ts';
import { fingerprintOf } from '../trust-store/index.ts';
import { verifies } from '../verify/check-signature.ts';
import type { Signer } from './signer.ts';

/** Key services answer over a network. Milliseconds. */
const TIMEOUT = 60_000;
/** No ECDSA signature over P-256 is longer in DER. */
const MAX_SIGNATURE = 72;

export interface CommandSignerOptions {
  /** Absolute path of the program and its arguments. It is started without a shell. */
  readonly command: readonly string[];
  /** The public half of the key, P-256, in PEM. */
  readonly publicKey: string;
  /** What the program needs to reach the service; nothing else of the environment is handed on. */
  readonly environment: { readonly [name: string]: string };
}

/**
 * A signer whose key lies in a key service. The program gets the SHA-256 of the message, 32 bytes, on standard input,
 * and writes the signature, ECDSA P-256 in DER, raw or in base64. What it writes is checked against the public key
 * before anything is made of it.
 * @throws SallyportError SP2502 for a key that is not P-256, SP2503 when signing fails.
 */
export function commandSigner({ command, publicKey, environment }: CommandSignerOptions): Signer {
  const [program, ...args] = command;
  if (program === undefined) throw new SallyportError('SP2503', 'no program is named');
  const key = readPublicKey(publicKey);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new SallyportError('SP2502', 'the public key is not of the curve P-256');
  return {
    hint: fingerprintOf(key),
    sign: async (message) => {
      const input = createHash('sha256').update(message).digest();
      const result = await run(program, args, { input, environment, timeout: TIMEOUT, maxOutput: 64 * 1024 });
      if (result.code !== 0)
        throw new SallyportError('SP2503', `${program} ended with ${result.killed ?? `code ${result.code}`}`);
      const signature = readSignature(result.stdout);
      if (!verifies(message, signature, key))
        throw new SallyportError('SP2503', `what ${program} wrote is no signature of the given key`);
      return signature;
    },
  };
}

function readSignature(output: Buffer): Buffer {
  if (output.length <= MAX_SIGNATURE && output[0] === 0x30) return output;
  return Buffer.from(output.toString('latin1').trim(), 'base64');
}

function readPublicKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new SallyportError('SP2502', 'the public key is not in PEM', { cause });
  }
}
