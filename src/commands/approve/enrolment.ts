import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { z } from 'zod';
import type { RandomBytes } from '../../system/index.ts';
import { renderEnrolPage } from './page.ts';
import { type StepAnswer, servePage } from './page-server.ts';

/** The passkey as a row of the trust store wants it. */
export interface EnrolledPasskey {
  readonly credentialId: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  readonly rpId: string;
  readonly origin: string;
  /** Copied between devices by its maker's account. */
  readonly backedUp: boolean;
}

export interface EnrolmentRequest {
  readonly id: string;
  /** 0: any that is free; it becomes part of the passkey's origin. */
  readonly port: number;
  readonly random: RandomBytes;
  /** Milliseconds. */
  readonly timeLimit: number;
  readonly announce: (address: string) => void;
}

const RP_ID = 'localhost';
const TOKEN_BYTES = 24;
const CHALLENGE_BYTES = 32;
const USER_BYTES = 16;
const part = z.base64url().min(1).max(65_536);
const registration = z.strictObject({ id: part, attestationObject: part, clientDataJSON: part });

/**
 * Serves a page on which a passkey is made. It counts for nothing before its row stands in the trust store.
 * @throws SallyportError SP2605 and SP2606 of the page
 */
export async function enrolPasskey({
  id,
  port,
  random,
  timeLimit,
  announce,
}: EnrolmentRequest): Promise<EnrolledPasskey> {
  const challenge = random(CHALLENGE_BYTES).toString('base64url');
  const options = async (): Promise<StepAnswer<EnrolledPasskey>> => ({
    kind: 'answer',
    body: { challenge, rpId: RP_ID, user: id, userId: random(USER_BYTES).toString('base64url') },
  });
  const register = async (body: unknown, origin: string): Promise<StepAnswer<EnrolledPasskey>> => {
    const parsed = registration.safeParse(body);
    if (!parsed.success) return { kind: 'refused', error: 'the answer of the authenticator cannot be read' };
    return checkRegistration(parsed.data, challenge, origin);
  };
  const token = random(TOKEN_BYTES).toString('base64url');
  return servePage({
    port,
    token,
    page: renderEnrolPage(id),
    steps: { options, registration: register },
    timeLimit,
    announce,
  });
}

async function checkRegistration(
  { id, attestationObject, clientDataJSON }: z.infer<typeof registration>,
  challenge: string,
  origin: string,
): Promise<StepAnswer<EnrolledPasskey>> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { attestationObject, clientDataJSON },
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: RP_ID,
      requireUserVerification: true,
      supportedAlgorithmIDs: [-7, -8, -257],
    });
    if (!verified) return { kind: 'refused', error: 'the answer of the authenticator is not valid' };
    const { credential, credentialBackedUp } = registrationInfo;
    const publicKey = Buffer.from(credential.publicKey).toString('base64url');
    return {
      kind: 'done',
      result: { credentialId: credential.id, publicKey, rpId: RP_ID, origin, backedUp: credentialBackedUp },
    };
  } catch (error) {
    // The library throws for every refusal, and for whatever its decoders meet in hostile bytes.
    return { kind: 'refused', error: error instanceof Error ? error.message : 'the authenticator was not understood' };
  }
}

/** The row to add to a signer of `.sallyport/trust.yaml`. */
export function formatRow({ credentialId, publicKey, rpId, origin }: EnrolledPasskey): string {
  return [
    '      - kind: passkey',
    `        credentialId: ${credentialId}`,
    `        publicKey: ${publicKey}`,
    `        rpId: ${rpId}`,
    `        origin: ${origin}`,
    '',
  ].join('\n');
}
