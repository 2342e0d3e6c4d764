import type { Approval, StatementFault } from '../model.ts';
import { verifySshSignature } from '../ssh/index.ts';
import { readStatement } from '../statement/read-statement.ts';
import { isValidAt, type TrustedKey, type TrustedSigner, type TrustStore } from '../trust-store/index.ts';
import { APPROVAL_NAMESPACE, type ApprovalBundle, MAX_BUNDLE, readBundle } from './bundle.ts';
import { verifyPasskey } from './passkey.ts';
import { digestPresented } from './presented.ts';
import { digestStatement, type ReadApproval, readApprovalStatement } from './statement.ts';

export type ApprovalVerification =
  | { readonly approval: Approval; readonly bytes: Buffer }
  | { readonly fault: StatementFault };

/** The steps, in order; a bundle falls at the first one that it does not pass. */
const STEPS = ['size', 'bundle', 'payload', 'key', 'signature', 'role', 'statement', 'approver', 'validity'] as const;
type Step = (typeof STEPS)[number];

/** A check that did not hold, on its way out of the sequence. */
class Refusal {
  readonly step: Step;
  readonly message: string;

  constructor(step: Step, message: string) {
    this.step = step;
    this.message = message;
  }
}

/** Who signed, with which key, and what the authenticator said of the moment. */
interface Signing {
  readonly signer: TrustedSigner;
  readonly key: TrustedKey;
  readonly method: Approval['method'];
  readonly userVerified: boolean;
}

/**
 * Checks one person's approval: that somebody of the trust store signed exactly these bytes, for this purpose, with a
 * key that may be used. Whether it counts for a change is what `countApprovals` says.
 *
 * Never throws for what stands in the bundle.
 *
 * @param trust of the base ref, never of the change
 * @param at the moment for which it should hold, milliseconds: now at a gate; the time of the verdict years later
 */
export async function verifyApproval(text: string, trust: TrustStore, at: number): Promise<ApprovalVerification> {
  if (text.length > MAX_BUNDLE) return faultAt(new Refusal('size', 'it is too large'));
  const bundle = readBundle(text);
  if (typeof bundle === 'string') return faultAt(new Refusal('bundle', bundle));
  const bytes = Buffer.from(bundle.payload, 'base64');
  const statement = readStatement(bytes);
  if ('step' in statement) return faultAt(new Refusal('payload', statement.message));
  const signing = await findSigning(bundle, bytes, trust);
  if (signing instanceof Refusal) return faultAt(signing);
  if (!signing.signer.roles.includes('approver'))
    return faultAt(new Refusal('role', `${signing.signer.id} is no approver in ${trust.file}`));
  const read = readApprovalStatement(statement);
  if (typeof read === 'string') return faultAt(new Refusal('statement', read));
  const refusal = contradiction(read, signing, trust) ?? invalidity(read, signing, at);
  if (refusal) return faultAt(refusal);
  return { approval: toApproval(read, signing, trust, digestStatement(bytes)), bytes };
}

async function findSigning(bundle: ApprovalBundle, bytes: Buffer, trust: TrustStore): Promise<Signing | Refusal> {
  return bundle.signature.kind === 'ssh'
    ? sshSigning(bundle.signature.armored, bytes, trust)
    : passkeySigning(bundle.signature, bytes, trust);
}

function sshSigning(armored: string, bytes: Buffer, trust: TrustStore): Signing | Refusal {
  const result = verifySshSignature(bytes, armored, APPROVAL_NAMESPACE);
  if (!result.valid) return new Refusal('signature', result.message);
  const owned = keysOf(trust).find(({ key }) => key.kind === 'ssh' && key.blob.equals(result.key.blob));
  if (owned === undefined) return new Refusal('key', `the key is nobody's in ${trust.file}`);
  return {
    ...owned,
    method: result.hardware ? 'ssh-hardware' : 'ssh',
    userVerified: result.hardware?.userVerified === true,
  };
}

async function passkeySigning(
  assertion: Extract<ApprovalBundle['signature'], { readonly kind: 'passkey' }>,
  bytes: Buffer,
  trust: TrustStore,
): Promise<Signing | Refusal> {
  for (const { signer, key } of keysOf(trust)) {
    if (key.kind !== 'passkey' || key.credentialId !== assertion.credentialId) continue;
    const result = await verifyPasskey(assertion, key, digestStatement(bytes));
    return result.valid
      ? { signer, key, method: 'passkey', userVerified: true }
      : new Refusal('signature', result.message);
  }
  return new Refusal('key', `the passkey is nobody's in ${trust.file}`);
}

function keysOf(trust: TrustStore): readonly { readonly signer: TrustedSigner; readonly key: TrustedKey }[] {
  return trust.signers.flatMap((signer) => signer.keys.map((key) => ({ signer, key })));
}

/** What the statement says of its signer must be what was seen: an auditor reads the statement. */
function contradiction({ predicate }: ReadApproval, signing: Signing, trust: TrustStore): Refusal | undefined {
  const { approver, roles } = predicate;
  const refuse = (what: string): Refusal =>
    new Refusal('approver', `it names another ${what} than the one that signed`);
  if (approver.id !== signing.signer.id) return refuse('person');
  if (approver.authenticator !== signing.method) return refuse('kind of key');
  if (approver.credential !== signing.key.fingerprint) return refuse('key');
  if (approver.userVerification === 'required' && !signing.userVerified)
    return new Refusal('approver', 'it says that a PIN or a finger was asked for, and none was');
  const held = groupsOf(signing.signer, trust);
  const claimed = roles.find((role) => !held.includes(role));
  return claimed === undefined
    ? undefined
    : new Refusal('approver', `${approver.id} is not in the group '${claimed}' of ${trust.file}`);
}

/** A key counts at the moment asked for and when it was used; only the signer says when that was. */
function invalidity({ predicate }: ReadApproval, { key }: Signing, at: number): Refusal | undefined {
  const [opened, decided, expires] = [predicate.openedAt, predicate.decidedAt, predicate.expiresAt].map(Date.parse);
  if (
    opened === undefined ||
    decided === undefined ||
    expires === undefined ||
    !(opened <= decided && decided < expires)
  )
    return new Refusal('validity', 'it expires before it was decided');
  if (!isValidAt(key, at)) return new Refusal('validity', 'the key is not valid now');
  return isValidAt(key, decided) ? undefined : new Refusal('validity', 'the key was not valid when it was used');
}

function toApproval(read: ReadApproval, signing: Signing, trust: TrustStore, statement: string): Approval {
  const { predicate, change, breakGlass } = read;
  const { signer, method, userVerified } = signing;
  return {
    decision: predicate.decision,
    approver: signer.id,
    names: namesOfSigner(signer),
    roles: groupsOf(signer, trust),
    method,
    userVerified,
    change,
    scope: predicate.scope,
    reason: predicate.reason,
    decidedAt: predicate.decidedAt,
    expiresAt: predicate.expiresAt,
    nonce: predicate.nonce,
    presented: digestPresented(predicate.presented),
    presentedParts: predicate.presented,
    breakGlass,
    statement,
  };
}

/** Everything that may stand for this person elsewhere. */
export function namesOfSigner({ id, logins, emails }: TrustedSigner): readonly string[] {
  return [...new Set([id, ...logins.values(), ...emails].map((name) => name.toLowerCase()))];
}

/** Groups of the trust store that a signer is in. */
export function groupsOf({ id }: TrustedSigner, trust: TrustStore): readonly string[] {
  return [...trust.groups].filter(([, members]) => members.includes(id)).map(([group]) => group);
}

function faultAt({ step, message }: Refusal): ApprovalVerification {
  return { fault: { step: STEPS.indexOf(step) + 1, code: `approval-${step}`, message } };
}
