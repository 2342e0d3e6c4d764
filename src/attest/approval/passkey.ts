import type { Passkey } from '../trust-store/index.ts';
import type { PasskeyAssertion } from './bundle.ts';

export type PasskeyVerification =
  | {
      readonly valid: true;
      /** The passkey is copied between devices by its maker's account. */
      readonly backedUp: boolean;
    }
  | { readonly valid: false; readonly message: string };

/**
 * Checks what an authenticator signed, from stored parts alone: no server, no session, any number of years later. The
 * challenge must be the digest of the statement, the page and the relying party those of the trust store to the letter,
 * and the authenticator must have asked for a PIN or a finger.
 *
 * The counter is not compared: a store that many machines read has no last value of it, and synced passkeys keep it at 0.
 *
 * @param digest hexadecimal SHA-256 of the statement's bytes
 */
export async function verifyPasskey(
  assertion: PasskeyAssertion,
  passkey: Passkey,
  digest: string,
): Promise<PasskeyVerification> {
  if (assertion.credentialId !== passkey.credentialId) return fault('another passkey than the one of the trust store');
  if (isFramed(assertion.clientDataJSON)) return fault('the page was shown inside another one');
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { credentialId: id, authenticatorData, clientDataJSON, signature } = assertion;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { authenticatorData, clientDataJSON, signature },
      },
      expectedChallenge: Buffer.from(digest, 'hex').toString('base64url'),
      expectedOrigin: passkey.origin,
      expectedRPID: passkey.rpId,
      requireUserVerification: true,
      credential: { id, publicKey: new Uint8Array(passkey.publicKey), counter: 0 },
    });
    if (!verified) return fault('the signature does not belong to this statement and this passkey');
    return { valid: true, backedUp: authenticationInfo.credentialBackedUp };
  } catch (error) {
    // The library throws for every expected refusal, and whatever its decoders meet in hostile bytes is one, too.
    return fault(error instanceof Error ? error.message : 'the answer of the authenticator cannot be read');
  }
}

/** A page in a frame can be covered by another page: the person saw something else than what was signed. */
function isFramed(clientDataJSON: string): boolean {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    return typeof data === 'object' && data !== null && 'crossOrigin' in data && data.crossOrigin !== false;
  } catch {
    // The library says what is wrong with it.
    return false;
  }
}

function fault(message: string): PasskeyVerification {
  return { valid: false, message };
}
