import { z } from 'zod';

/** Longest time that an approval may be open, in milliseconds: what nobody merged by then is looked at again. */
export const LONGEST_APPROVAL = 30 * 24 * 3_600_000;
/** Break-glass is for the hour of need. */
export const LONGEST_BREAK_GLASS = 24 * 3_600_000;
const MAX_REASON = 2000;

const objectName = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'a full object name is needed');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest is needed');
const moment = z.iso.datetime({ offset: false });
const text = (most: number) => z.string().max(most);

/** Digests of what the person saw before deciding; the gate makes them again from its own evidence. */
const presented = z.strictObject({
  /** Paths and kinds of the changed files. */
  files: sha256,
  /** What the change does to security controls. */
  controls: sha256,
  findings: sha256,
  /** The policy at the protected ref. */
  policy: sha256,
  /** The page or the terminal text: it is the trusted display, so its own digest is kept. */
  interface: z.strictObject({ name: z.enum(['terminal', 'web']), version: text(64), digest: sha256 }),
});

export const approvalPredicate = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  scope: z.array(text(200)).max(1000),
  targetRef: z.string().regex(/^refs\/[^\s]{1,1000}$/, 'the full name of a ref is needed'),
  fromID: objectName,
  targetID: objectName,
  changeDigest: sha256,
  presented,
  approver: z.strictObject({
    id: text(128),
    authenticator: z.enum(['ssh', 'ssh-hardware', 'passkey']),
    userVerification: z.enum(['required', 'not-asked']),
    /** Fingerprint of the key, or the credential's id. */
    credential: text(1400),
  }),
  /** Groups of the trust store that the person acts for. */
  roles: z.array(text(128)).max(100),
  requester: text(255).nullable(),
  reason: text(MAX_REASON),
  openedAt: moment,
  decidedAt: moment,
  expiresAt: moment,
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/, 'a nonce has at least 128 bits'),
});

export type ApprovalPredicate = z.infer<typeof approvalPredicate>;
export type Presented = z.infer<typeof presented>;
