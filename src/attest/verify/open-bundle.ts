import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { preAuthEncoding } from '../bundle/pae.ts';
import { PAYLOAD_TYPE, type Statement, type StatementFault, type VerifiedStatement } from '../model.ts';
import { PREDICATE_ROLES } from '../predicate-roles.ts';
import { readStatement } from '../statement/read-statement.ts';
import type { TrustStore } from '../trust-store/index.ts';
import { checkCertificate } from './check-certificate.ts';
import { type Attribution, checkKeySignature } from './check-signature.ts';
import { faultAt, isFault } from './fault.ts';
import { readBundle, type UnverifiedBundle } from './read-bundle.ts';

/** Whom to believe. All of it comes from the protected ref. */
export interface Trust {
  readonly store: TrustStore;
  /** Sigstore's roots for keyless signatures; without them none is accepted. */
  readonly root: TrustedRoot | undefined;
}

/** A statement whose signer is known and may say this, and the span in which the signature counts. */
export interface OpenedStatement extends VerifiedStatement {
  readonly holdsAt: (moment: number) => boolean;
}

/**
 * Steps 1 to 7: form, signature, role, type. What the statement says is compared with the change afterwards.
 *
 * @param predicateTypes What the caller expects; anything else is refused, however well it is signed.
 * @param now Milliseconds since the epoch.
 */
export async function openBundle(
  text: Buffer,
  trust: Trust,
  predicateTypes: readonly string[],
  now: number,
): Promise<OpenedStatement | StatementFault> {
  const bundle = readBundle(text);
  if (isFault(bundle)) return bundle;
  const attribution = await attribute(bundle, trust, now);
  if (isFault(attribution)) return attribution;
  const statement = readStatement(bundle.payload);
  if (isFault(statement)) return statement;
  const { id, roles } = attribution.signer;
  const wanted = PREDICATE_ROLES.get(statement.predicateType) ?? trust.store.predicates.get(statement.predicateType);
  if (wanted === undefined || !wanted.some((role) => roles.includes(role)))
    return faultAt('role', `${id} (${roles.join(', ')}) may not sign ${statement.predicateType}`);
  const fault = checkType(statement, predicateTypes);
  if (fault !== undefined) return fault;
  return { statement, signer: { id, roles }, holdsAt: attribution.holdsAt };
}

async function attribute(
  { payload, signature, material }: UnverifiedBundle,
  trust: Trust,
  now: number,
): Promise<Attribution | StatementFault> {
  if (material.kind === 'key')
    return checkKeySignature(preAuthEncoding(PAYLOAD_TYPE, payload), signature, material.hint, trust.store, now);
  if (trust.root === undefined)
    return faultAt('signature', 'signed with a certificate, and no roots are trusted', 'no-root');
  const certified = await checkCertificate(material.bundle, trust.root);
  if (isFault(certified)) return certified;
  const signer = trust.store.signers.find(({ keyless }) =>
    keyless.some(({ issuer, subject }) => issuer === certified.issuer && subject === certified.subject),
  );
  if (signer === undefined) {
    const { subject, issuer } = certified;
    return faultAt('signature', `${subject} of ${issuer} is not in ${trust.store.file}`, 'unknown-identity');
  }
  const holdsAt = (moment: number): boolean => moment >= certified.validFrom && moment <= certified.validUntil;
  return { signer, holdsAt };
}

function checkType(statement: Statement, predicateTypes: readonly string[]): StatementFault | undefined {
  if (predicateTypes.includes(statement.predicateType)) return undefined;
  return faultAt('predicate-type', `${statement.predicateType} was not asked for`);
}
