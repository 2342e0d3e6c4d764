import {
  type ApprovalPredicate,
  type ApprovalSignature,
  digestPresentation,
  digestStatement,
  encodeStatement,
  formatBundle,
  makeApprovalStatement,
  type TrustedKey,
  type TrustStore,
  verifyApproval,
} from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import type { Clock, RandomBytes } from '../../system/index.ts';
import type { ApprovalView } from './view.ts';

/** What is needed to make a statement of a decision, besides what was shown. */
export interface DecisionSetting {
  readonly view: ApprovalView;
  readonly key: TrustedKey;
  /** Which picture was shown, and its digest. */
  readonly shown: ApprovalPredicate['presented']['interface'];
  /** Milliseconds. */
  readonly openedAt: number;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

const NONCE_BYTES = 18;

/** The bytes that are to be signed, decided now. */
export function statementOfDecision(setting: DecisionSetting, reason: string): Buffer {
  const { view, key, shown, openedAt, clock, random } = setting;
  const decidedAt = clock.now();
  const statement = makeApprovalStatement({
    change: view.change,
    breakGlass: view.breakGlass,
    predicate: {
      decision: view.decision,
      scope: [...view.scope],
      changeDigest: view.changeDigest,
      presented: { ...digestPresentation(view.evidence), interface: shown },
      approver: {
        id: view.approver,
        authenticator: authenticatorOf(key),
        userVerification: key.kind === 'passkey' ? 'required' : 'not-asked',
        credential: key.fingerprint,
      },
      roles: [...view.roles],
      requester: view.requester ?? null,
      reason,
      openedAt: momentOf(openedAt),
      decidedAt: momentOf(decidedAt),
      expiresAt: momentOf(decidedAt + view.lifetime),
      nonce: random(NONCE_BYTES).toString('base64url'),
    },
  });
  return encodeStatement(statement);
}

function authenticatorOf(key: TrustedKey): ApprovalPredicate['approver']['authenticator'] {
  if (key.kind !== 'ssh') return 'passkey';
  return key.application === undefined ? 'ssh' : 'ssh-hardware';
}

/** Whole seconds: what a person reads and types again. */
function momentOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** A bundle that was checked as every reader will check it. */
export interface SignedDecision {
  readonly bundle: string;
  /** Hexadecimal digest of the statement: the name of the bundle. */
  readonly digest: string;
}

/**
 * Makes statement and signature into a bundle, if they hold.
 * @throws SallyportError SP2608 when they do not
 */
export async function sealDecision(
  bytes: Buffer,
  signature: ApprovalSignature,
  trust: TrustStore,
  clock: Clock,
): Promise<SignedDecision> {
  const bundle = formatBundle(bytes, signature);
  const result = await verifyApproval(bundle, trust, clock.now());
  if ('fault' in result) throw new SallyportError('SP2608', result.fault.message);
  return { bundle, digest: digestStatement(bytes) };
}
