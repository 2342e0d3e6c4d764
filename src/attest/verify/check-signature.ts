import { type KeyObject, verify } from 'node:crypto';
import type { StatementFault } from '../model.ts';
import { isValidAt, type TrustedKey, type TrustedSigner, type TrustStore } from '../trust-store/index.ts';
import { faultAt } from './fault.ts';

/** Who signed, and within which time the key may be used. */
export interface Attribution {
  readonly signer: TrustedSigner;
  /** Whether a moment lies within the validity of key or certificate. */
  readonly holdsAt: (moment: number) => boolean;
}

/**
 * Step 5 for a key of the trust store. The library consults the validity of a key only for timestamps, and a bundle
 * with a key has none: an expired key would verify for ever. So the key must be valid now.
 */
export function checkKeySignature(
  message: Buffer,
  signature: Buffer,
  hint: string,
  trust: TrustStore,
  now: number,
): Attribution | StatementFault {
  const found = findKey(trust, hint);
  if (found === undefined)
    return faultAt('signature', `no key ${JSON.stringify(hint)} in ${trust.file}`, 'unknown-key');
  const { signer, key } = found;
  if (!verifies(message, signature, key.key))
    return faultAt('signature', `the signature is not of ${signer.id}'s key`, 'wrong');
  if (!isValidAt(key, now)) return faultAt('signature', `the key of ${signer.id} is not valid now`, 'expired-key');
  return { signer, holdsAt: (moment) => isValidAt(key, moment) };
}

type PlainKey = Exclude<TrustedKey, { readonly kind: 'passkey' }>;

/**
 * Passkeys and hardware keys sign other bytes than a statement; approvals with them have a form of their own. Longer
 * curves and RSA are for approvals, too: what other verifiers accept under a statement is P-256 and Ed25519.
 */
const SIGNING_TYPES: ReadonlySet<string> = new Set(['ssh-ed25519', 'ecdsa-sha2-nistp256']);

function findKey(
  trust: TrustStore,
  hint: string,
): { readonly signer: TrustedSigner; readonly key: PlainKey } | undefined {
  for (const signer of trust.signers)
    for (const key of signer.keys)
      if (key.kind !== 'passkey' && key.fingerprint === hint && (key.kind === 'p256' || SIGNING_TYPES.has(key.type)))
        return { signer, key };
  return undefined;
}

/** P-256 with SHA-256 in DER, or Ed25519. Anything that goes wrong inside is a signature that does not fit. */
export function verifies(message: Buffer, signature: Buffer, key: KeyObject): boolean {
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', message, key, signature);
  } catch {
    // A signature of another form than the key's.
    return false;
  }
}
