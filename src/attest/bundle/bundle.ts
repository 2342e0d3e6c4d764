import { z } from 'zod';
import type { JsonObject } from '../../system/index.ts';

/** The one version that we write and read (sigstore/protobuf-specs, `Bundle`). */
const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

const base64 = z.base64();
const certificate = z.strictObject({ rawBytes: base64.min(1) });
const times = z.strictObject({
  rfc3161Timestamps: z
    .array(z.strictObject({ signedTimestamp: base64 }))
    .max(8)
    .optional(),
});
const logEntries = z.array(z.record(z.string(), z.unknown())).max(8);

const keyMaterial = z.strictObject({
  publicKey: z.strictObject({ hint: z.string().max(256) }),
  tlogEntries: logEntries.optional(),
  timestampVerificationData: times.optional(),
});
const certificateMaterial = z.strictObject({
  certificate,
  tlogEntries: logEntries.optional(),
  timestampVerificationData: times.optional(),
});

const envelope = z.strictObject({
  payload: base64,
  payloadType: z.string().max(256),
  signatures: z.array(z.strictObject({ sig: base64, keyid: z.string().max(256).optional() })).max(64),
});
const messageSignature = z.strictObject({
  messageDigest: z.strictObject({ algorithm: z.literal('SHA2_256'), digest: base64 }),
  signature: base64,
});

const head = {
  mediaType: z.literal(BUNDLE_TYPE),
  verificationMaterial: z.union([keyMaterial, certificateMaterial]),
};

/** A bundle around a statement. */
export const statementBundle = z.strictObject({ ...head, dsseEnvelope: envelope });
/** A bundle around the digest of a file, as `cosign sign-blob` writes it. */
export const fileBundle = z.strictObject({ ...head, messageSignature });

export type StatementBundle = z.infer<typeof statementBundle>;
export type FileBundle = z.infer<typeof fileBundle>;

/** How the signer is named: a hint at a key of the trust store, or a certificate together with what vouches for it. */
export type SignerMaterial =
  | { readonly kind: 'key'; readonly hint: string }
  | { readonly kind: 'certificate'; readonly bundle: StatementBundle | FileBundle };

/** Whoever signed with a key of ours gets no transparency log: an entry there would be a claim that nobody checks. */
export function materialOf(bundle: StatementBundle | FileBundle): SignerMaterial {
  const material = bundle.verificationMaterial;
  if ('publicKey' in material) return { kind: 'key', hint: material.publicKey.hint };
  return { kind: 'certificate', bundle };
}

/** The bundle of a payload that was signed with a key. */
export function keyBundle(payloadType: string, payload: Uint8Array, signature: Uint8Array, hint: string): JsonObject {
  return {
    mediaType: BUNDLE_TYPE,
    verificationMaterial: { publicKey: { hint } },
    dsseEnvelope: {
      payload: Buffer.from(payload).toString('base64'),
      payloadType,
      signatures: [{ sig: Buffer.from(signature).toString('base64'), keyid: '' }],
    },
  };
}
