import { createHash } from 'node:crypto';
import { fileBundle, materialOf } from '../bundle/bundle.ts';
import { preAuthEncoding } from '../bundle/pae.ts';
import { PAYLOAD_TYPE, type StatementFault } from '../model.ts';
import { isValidAt, type TrustedSigner } from '../trust-store/index.ts';
import { checkCertificate } from './check-certificate.ts';
import { verifies } from './check-signature.ts';
import { faultAt, isFault } from './fault.ts';
import type { Trust } from './open-bundle.ts';
import { decode, parseWithin, readBundle, type UnverifiedBundle } from './read-bundle.ts';
import { valueAt } from './value-at.ts';

/** Digests of the file that a statement of others may be about. */
const MOST_SUBJECTS = 1000;

/**
 * Is a file signed by this signer? Takes what `cosign sign-blob --bundle` and `cosign attest-blob --bundle` write: the
 * signature of the file's digest, or a statement of SLSA provenance that has the digest as a subject.
 *
 * With `cosign --key` the bundle names the key by a digest that says nothing to us, so every key of the signer is tried.
 */
export async function verifyArtifactBundle(
  artifact: Buffer,
  text: Buffer,
  signer: TrustedSigner,
  trust: Trust,
  now: number,
): Promise<StatementFault | undefined> {
  const parsed = parseWithin(text);
  if (isFault(parsed)) return parsed;
  const file = fileBundle.safeParse(parsed.value);
  const digest = createHash('sha256').update(artifact).digest();
  if (!file.success) return verifyStatementBundle(digest.toString('hex'), text, signer, trust, now);
  const { messageDigest, signature } = file.data.messageSignature;
  if (decode(messageDigest.digest)?.equals(digest) !== true)
    return faultAt('subject', 'it is the signature of another file');
  const bytes = decode(signature);
  if (bytes === undefined) return faultAt('schema', 'base64 is not in its one form');
  return checkSigner(
    artifact,
    { payload: artifact, signature: bytes, material: materialOf(file.data) },
    signer,
    trust,
    now,
    artifact,
  );
}

/** What says of a file or an image that its maker put it out; that it was scanned says nothing of the kind. */
const SIGNING_TYPES: readonly string[] = [
  'https://sigstore.dev/cosign/sign/v1',
  'https://slsa.dev/provenance/v1',
  'https://slsa.dev/provenance/v0.2',
];

/**
 * Is an image signed by this signer? Takes the bundle that `cosign sign` attaches to it, or one of SLSA provenance.
 * @param digest of the image's manifest, SHA-256 in hexadecimal: a tag can be another image tomorrow
 */
export async function verifyImageBundle(
  digest: string,
  text: Buffer,
  signer: TrustedSigner,
  trust: Trust,
  now: number,
): Promise<StatementFault | undefined> {
  return verifyStatementBundle(digest, text, signer, trust, now);
}

async function verifyStatementBundle(
  digest: string,
  text: Buffer,
  signer: TrustedSigner,
  trust: Trust,
  now: number,
): Promise<StatementFault | undefined> {
  const bundle = readBundle(text);
  if (isFault(bundle)) return bundle;
  const fault = await checkSigner(preAuthEncoding(PAYLOAD_TYPE, bundle.payload), bundle, signer, trust, now);
  if (fault !== undefined) return fault;
  const statement = parseWithin(bundle.payload);
  const told = isFault(statement) ? undefined : statement.value;
  if (!SIGNING_TYPES.includes(String(valueAt(told, 'predicateType'))))
    return faultAt('predicate-type', 'the statement does not say that it was put out by its signer');
  return subjectDigests(told).includes(digest)
    ? undefined
    : faultAt('subject', 'the statement is about something else');
}

async function checkSigner(
  message: Buffer,
  { signature, material }: UnverifiedBundle,
  signer: TrustedSigner,
  trust: Trust,
  now: number,
  artifact?: Buffer,
): Promise<StatementFault | undefined> {
  if (material.kind === 'key') {
    const keys = signer.keys.filter((key) => key.kind !== 'passkey');
    const key = keys.find((one) => verifies(message, signature, one.key));
    if (key === undefined) return faultAt('signature', `the signature is of no key of ${signer.id}`, 'wrong');
    return isValidAt(key, now)
      ? undefined
      : faultAt('signature', `the key of ${signer.id} is not valid now`, 'expired-key');
  }
  if (trust.root === undefined)
    return faultAt('signature', 'signed with a certificate, and no roots are trusted', 'no-root');
  const certified = await checkCertificate(material.bundle, trust.root, artifact);
  if (isFault(certified)) return certified;
  const known = signer.keyless.some(
    ({ issuer, subject }) => issuer === certified.issuer && subject === certified.subject,
  );
  return known
    ? undefined
    : faultAt('signature', `${certified.subject} of ${certified.issuer} is not ${signer.id}`, 'unknown-identity');
}

/** Statements of others need not be canonical: the signer is trusted for this file, and only digests are read. */
function subjectDigests(statement: unknown): readonly string[] {
  const subjects = valueAt(statement, 'subject');
  if (!Array.isArray(subjects)) return [];
  return subjects.slice(0, MOST_SUBJECTS).flatMap((subject: unknown) => {
    const sha256 = valueAt(subject, 'digest', 'sha256');
    return typeof sha256 === 'string' ? [sha256] : [];
  });
}
