import { z } from 'zod';
import { repeatsKey } from '../bundle/limits.ts';
import { PAYLOAD_TYPE } from '../model.ts';

/** The file that holds one person's approval; docs/formats/approval.md is the specification. */
const APPROVAL_MEDIA_TYPE = 'application/vnd.sallyport.approval.v1+json';
/** What an SSH signature must have been made for. */
export const APPROVAL_NAMESPACE = 'approval@sallyport';
/** Bytes of the largest bundle that is read. */
export const MAX_BUNDLE = 256 * 1024;

const bytes = z.base64().max(MAX_BUNDLE);
const urlBytes = z.base64url().min(1).max(8192);

const bundleSchema = z.strictObject({
  mediaType: z.literal(APPROVAL_MEDIA_TYPE),
  payloadType: z.literal(PAYLOAD_TYPE),
  /** Base64 of the statement's canonical bytes. */
  payload: bytes,
  signature: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('ssh'), armored: z.string().max(8192) }),
    z.strictObject({
      kind: z.literal('passkey'),
      credentialId: urlBytes,
      authenticatorData: urlBytes,
      clientDataJSON: urlBytes,
      signature: urlBytes,
    }),
  ]),
});

export type ApprovalBundle = z.infer<typeof bundleSchema>;
export type ApprovalSignature = ApprovalBundle['signature'];
export type PasskeyAssertion = Extract<ApprovalSignature, { readonly kind: 'passkey' }>;

/** A signed statement as a file. */
export function formatBundle(payload: Uint8Array, signature: ApprovalSignature): string {
  const bundle: ApprovalBundle = {
    mediaType: APPROVAL_MEDIA_TYPE,
    payloadType: PAYLOAD_TYPE,
    payload: Buffer.from(payload).toString('base64'),
    signature,
  };
  return `${JSON.stringify(bundle, undefined, 2)}\n`;
}

/** A bundle, or what is wrong with the file. The caller has checked its size. */
export function readBundle(text: string): ApprovalBundle | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (repeatsKey(text)) return 'an object has a key twice';
  const parsed = bundleSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return `it is not valid at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}`;
}

/** Is this file an approval at all? For a store that keeps other bundles beside them. */
export function isApprovalBundle(text: string): boolean {
  return text.length <= MAX_BUNDLE && text.includes(APPROVAL_MEDIA_TYPE);
}
