import { z } from 'zod';
import { REVIEW_FORGES } from '../model.ts';

/** The trust store as a schema; `docs/attestations.md` shows an example. */

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@/-]{0,127}$/, 'a name has letters, digits and . _ @ / -');
const moment = z.iso.datetime({ offset: false, message: 'write a moment as 2027-01-31T00:00:00Z' });
const role = z.enum(['runner', 'reviewer', 'gate', 'approver']);
const validity = { validFrom: moment.optional(), validUntil: moment.optional() };
const origin = z.string().regex(/^https?:\/\/[a-z0-9.-]{1,253}(?::[0-9]{1,5})?$/, 'an origin is `https://host[:port]`');

const key = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('p256'),
    publicKey: z.string().max(1024).describe('PEM, as `openssl pkey -pubout` prints it.'),
    ...validity,
  }),
  z.strictObject({
    kind: z.literal('ssh'),
    publicKey: z.string().max(2048).describe('A line as in `id_ed25519.pub`.'),
    ...validity,
  }),
  z.strictObject({
    kind: z.literal('passkey'),
    publicKey: z.base64url().min(32).max(2048).describe('The COSE key, base64url.'),
    credentialId: z.base64url().min(16).max(1400),
    rpId: z.string().regex(/^[a-z0-9.-]{1,253}$/, 'a relying party is named by its host'),
    origin,
    ...validity,
  }),
]);

const keyless = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }).max(1024),
  subject: z.string().min(1).max(1024).describe('The whole name in the certificate; nothing is a pattern here.'),
});

const signer = z.strictObject({
  id: name,
  roles: z.array(role).min(1).max(4),
  logins: z.partialRecord(z.enum([...REVIEW_FORGES, 'gerrit']), z.string().min(1).max(255)).optional(),
  accountIds: z.partialRecord(z.enum(REVIEW_FORGES), z.string().min(1).max(255)).optional(),
  emails: z.array(z.email().max(320)).max(20).optional(),
  keys: z.array(key).max(50).optional(),
  keyless: z.array(keyless).max(50).optional(),
});

export const trustSchema = z.strictObject({
  version: z.literal(1),
  repository: z
    .string()
    .regex(/^git\+[a-z]+:[^\s]{1,1000}$/, 'a repository is named as git+https://host/owner/name')
    .optional(),
  signers: z.array(signer).max(2000),
  groups: z.record(name, z.array(name).min(1).max(2000)).optional(),
  predicates: z.record(z.url().max(1024), z.array(role).min(1).max(4)).optional(),
});

export type TrustInput = z.infer<typeof trustSchema>;
export type SignerInput = TrustInput['signers'][number];
export type KeyInput = NonNullable<SignerInput['keys']>[number];
