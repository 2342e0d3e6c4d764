import { createHash } from 'node:crypto';
import { z } from 'zod';
import { digestStatement, isValidAt, type Passkey, type TrustedSigner, type TrustStore } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { Clock, RandomBytes } from '../../system/index.ts';
import { type DecisionSetting, type SignedDecision, sealDecision, statementOfDecision } from './decision.ts';
import { PAGE_VERSION, renderApprovalPage } from './page.ts';
import { type StepAnswer, servePage } from './page-server.ts';
import type { ApprovalView } from './view.ts';

export interface PasskeyRequest {
  readonly view: ApprovalView;
  readonly signer: TrustedSigner;
  readonly trust: TrustStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Milliseconds. */
  readonly timeLimit: number;
  readonly announce: (address: string) => void;
}

const reasonBody = z.strictObject({ reason: z.string().max(2000) });
const part = z.base64url().min(1).max(8192);
const assertionBody = z.strictObject({
  credentialId: part,
  authenticatorData: part,
  clientDataJSON: part,
  signature: part,
});
const LOCAL_ORIGIN = /^http:\/\/localhost:(\d{1,5})$/;
const TOKEN_BYTES = 24;

/**
 * Serves the page on which `signer` approves with a passkey, and gives back what was signed there.
 * @throws SallyportError SP2607 without a passkey of this machine, SP2605 and SP2606 of the page
 */
export async function approveOnPage(request: PasskeyRequest): Promise<SignedDecision> {
  const { view, trust, clock, random, timeLimit, announce } = request;
  const { port, key } = localPasskey(request.signer, clock.now());
  const page = renderApprovalPage(view);
  const shown = { name: 'web', version: PAGE_VERSION, digest: sha256(page.html) } as const;
  const openedAt = clock.now();
  /** Statements that the page was given: only they can be signed, each by the passkey that it names. */
  const offered = new Map<string, Buffer>();

  const offer = async (body: unknown): Promise<StepAnswer<SignedDecision>> => {
    const parsed = reasonBody.safeParse(body);
    if (!parsed.success) return { kind: 'refused', error: 'the reason cannot be read' };
    if (view.reasonNeeded && parsed.data.reason.trim() === '')
      return { kind: 'refused', error: 'a reason is needed for this change' };
    const setting: DecisionSetting = { view, key, shown, openedAt, clock, random };
    const bytes = statementOfDecision(setting, parsed.data.reason.trim());
    const digest = digestStatement(bytes);
    const challenge = Buffer.from(digest, 'hex').toString('base64url');
    offered.set(challenge, bytes);
    return { kind: 'answer', body: { challenge, rpId: key.rpId, credentials: [key.credentialId] } };
  };

  const accept = async (body: unknown): Promise<StepAnswer<SignedDecision>> => {
    const parsed = assertionBody.safeParse(body);
    const bytes = parsed.success ? offered.get(challengeIn(parsed.data.clientDataJSON)) : undefined;
    if (!parsed.success || bytes === undefined) return { kind: 'refused', error: 'this page did not ask for that' };
    try {
      const result = await sealDecision(bytes, { kind: 'passkey', ...parsed.data }, trust, clock);
      return { kind: 'done', result };
    } catch (error) {
      if (error instanceof SallyportError) return { kind: 'refused', error: error.message };
      throw error;
    }
  };

  const token = random(TOKEN_BYTES).toString('base64url');
  return servePage({ port, token, page, steps: { statement: offer, assertion: accept }, timeLimit, announce });
}

/**
 * The passkey of the signer that was made on this machine's page, the newest of them: it is bound to the origin at which
 * it was made, so the page must stand at that port again.
 */
function localPasskey({ id, keys }: TrustedSigner, now: number): { readonly port: number; readonly key: Passkey } {
  const local = keys.flatMap((key) => {
    const port = key.kind === 'passkey' && key.rpId === 'localhost' ? LOCAL_ORIGIN.exec(key.origin)?.[1] : undefined;
    return key.kind === 'passkey' && port !== undefined && isValidAt(key, now) ? [{ key, port: Number(port) }] : [];
  });
  const newest = local.at(-1);
  if (newest === undefined)
    throw new SallyportError('SP2607', `${id} has no passkey of a local page in the trust store`);
  return newest;
}

function challengeIn(clientDataJSON: string): string {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    return z.looseObject({ challenge: z.string() }).parse(data).challenge;
  } catch {
    // The empty challenge was offered to nobody.
    return '';
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
