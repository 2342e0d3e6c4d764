import type { TrustedRoot } from '@sigstore/protobuf-specs';
import type { FileBundle, StatementBundle } from '../bundle/bundle.ts';
import type { StatementFault } from '../model.ts';
import type { KeylessIdentity } from '../trust-store/index.ts';
import { faultAt } from './fault.ts';

/** What a certificate that was verified says, and the moment at which it was used. */
export interface CertifiedIdentity extends KeylessIdentity {
  readonly validFrom: number;
  readonly validUntil: number;
}

/**
 * Step 5 for a certificate: path to a root of ours, signed certificate timestamp, a vouched moment within its minutes of
 * life, the log entry where the root names logs, and the signature. The library's own comparison of names is not used:
 * it matches anywhere in the name. Whatever it throws, of whatever type, is a failure.
 *
 * @param artifact The signed file, for a bundle that is not around a statement.
 */
export async function checkCertificate(
  bundle: StatementBundle | FileBundle,
  root: TrustedRoot,
  artifact?: Buffer,
): Promise<CertifiedIdentity | StatementFault> {
  try {
    const [{ bundleFromJSON }, { toSignedEntity, toTrustMaterial, Verifier }, { X509Certificate }] = await Promise.all([
      import('@sigstore/bundle'),
      import('@sigstore/verify'),
      import('@sigstore/core'),
    ]);
    const verifier = new Verifier(toTrustMaterial(root), {
      // Without a vouched moment the library tests the certificate's life against nothing.
      timestampThreshold: 1,
      ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
      tlogThreshold: root.tlogs.length > 0 ? 1 : 0,
    });
    const signer = verifier.verify(toSignedEntity(bundleFromJSON(bundle), artifact));
    const issuer = signer.identity?.extensions?.issuer;
    const subject = signer.identity?.subjectAlternativeName;
    if (!issuer || !subject) return faultAt('signature', 'the certificate names nobody', 'no-identity');
    const leaf = X509Certificate.parse(certificateOf(bundle));
    return { issuer, subject, validFrom: leaf.notBefore.getTime(), validUntil: leaf.notAfter.getTime() };
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    return faultAt('signature', `the certificate does not hold: ${reason}`, 'certificate');
  }
}

function certificateOf({ verificationMaterial: material }: StatementBundle | FileBundle): Buffer<ArrayBuffer> {
  return Buffer.from('certificate' in material ? material.certificate.rawBytes : '', 'base64');
}
