import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { SallyportError } from '../../errors/index.ts';
import { parseYaml, type SourceFile, type YamlFile, type YamlPath } from '../../syntax/index.ts';
import { namesOf } from '../approval/person.ts';
import { PREDICATE_ROLES } from '../predicate-roles.ts';
import { readPublicKeyLine, sshFingerprint } from '../ssh/index.ts';
import type { SshKey, TrustedKey, TrustedSigner, TrustStore, Validity } from './model.ts';
import { type KeyInput, type SignerInput, type TrustInput, trustSchema } from './schema.ts';

/**
 * Read a trust store. One that is wrong in any place is refused as a whole: a key that is left out might be the one
 * that was to be revoked.
 * @throws SallyportError SP2501 (SP1801, SP1802 for the YAML itself) with file:line:column.
 */
export async function readTrustStore(source: SourceFile): Promise<TrustStore> {
  const yaml = await parseYaml(source.text, source.path);
  const input = validate(yaml);
  const signers = input.signers.map((signer, index) => readSigner(signer, ['signers', index], yaml));
  refuseDoubles(signers, yaml);
  const known = new Set(signers.map(({ id }) => id));
  for (const [group, members] of Object.entries(input.groups ?? {}))
    for (const [index, member] of members.entries())
      if (!known.has(member)) fail(yaml, ['groups', group, index], `there is no signer '${member}'`);
  for (const predicate of Object.keys(input.predicates ?? {}))
    if (PREDICATE_ROLES.has(predicate)) fail(yaml, ['predicates', predicate], 'the roles of this type are fixed');
  return {
    file: source.path,
    repository: input.repository,
    signers,
    groups: new Map(Object.entries(input.groups ?? {})),
    predicates: new Map(Object.entries(input.predicates ?? {})),
  };
}

function validate(yaml: YamlFile): TrustInput {
  const result = trustSchema.safeParse(yaml.value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => describe(issue)).map((fault) => ({ ...fault, yaml }));
  const [first] = faults.sort((one, other) => yaml.locate(one.path).line - yaml.locate(other.path).line);
  return fail(yaml, first?.path ?? [], first?.message ?? 'is not valid');
}

function describe(issue: z.core.$ZodIssue): { readonly path: YamlPath; readonly message: string } {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return { path: [...path, key], message: `unknown key '${key}'` };
  }
  const name = path.length === 0 ? 'the trust store' : `'${path.join('.')}'`;
  return { path, message: `${name}: ${issue.message.replace(/^Invalid input: /, '')}` };
}

function readSigner(input: SignerInput, path: YamlPath, yaml: YamlFile): TrustedSigner {
  return {
    id: input.id,
    roles: input.roles,
    logins: new Map(Object.entries(input.logins ?? {})),
    accountIds: new Map(Object.entries(input.accountIds ?? {})),
    emails: input.emails ?? [],
    keys: (input.keys ?? []).map((key, index) => readKey(key, [...path, 'keys', index], yaml)),
    keyless: input.keyless ?? [],
  };
}

function readKey(input: KeyInput, path: YamlPath, yaml: YamlFile): TrustedKey {
  const validity = readValidity(input, path, yaml);
  try {
    switch (input.kind) {
      case 'p256':
        return { kind: 'p256', ...readP256(input.publicKey), ...validity };
      case 'ssh':
        return { kind: 'ssh', ...readSsh(input.publicKey), ...validity };
      case 'passkey': {
        const { kind, credentialId, rpId, origin } = input;
        const publicKey = Buffer.from(input.publicKey, 'base64url');
        return { kind, credentialId, rpId, origin, publicKey, fingerprint: credentialId, ...validity };
      }
    }
  } catch (cause) {
    return fail(yaml, [...path, 'publicKey'], `the key ${cause instanceof Error ? cause.message : 'is not valid'}`);
  }
}

function readValidity(input: KeyInput, path: YamlPath, yaml: YamlFile): Validity {
  const [validFrom, validUntil] = [input.validFrom, input.validUntil].map((text) =>
    text === undefined ? undefined : Date.parse(text),
  );
  if (validFrom !== undefined && validUntil !== undefined && validFrom >= validUntil)
    fail(yaml, [...path, 'validUntil'], 'the key ends before it begins');
  return { validFrom, validUntil };
}

function readP256(pem: string): { readonly key: KeyObject; readonly fingerprint: string } {
  // Node would take a private key here and derive the public one: a secret that was committed must not go unnoticed.
  if (!/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----$/.test(pem.trim()))
    throw new RangeError('is not a public key in PEM form');
  const key = createPublicKey(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new RangeError('is not of the curve P-256');
  return { key, fingerprint: fingerprintOf(key) };
}

function readSsh(line: string): Omit<SshKey, 'kind' | keyof Validity> {
  const key = readPublicKeyLine(line);
  return { ...key, fingerprint: sshFingerprint(key.blob) };
}

/** `sha256:` and the digest of the SubjectPublicKeyInfo. */
export function fingerprintOf(key: KeyObject): string {
  return `sha256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;
}

/**
 * The same key, account or name under two ids would let one person count as two. An account that is called like another
 * signer's id would make both of them the `@name` of a CODEOWNERS file.
 */
function refuseDoubles(signers: readonly TrustedSigner[], yaml: YamlFile): void {
  const seen = new Set<string>();
  const once = (what: string, path: YamlPath, message: string): void => {
    if (seen.has(what)) fail(yaml, path, message);
    seen.add(what);
  };
  for (const [index, signer] of signers.entries()) {
    const at = ['signers', index];
    once(`id ${signer.id.toLowerCase()}`, [...at, 'id'], `the signer '${signer.id}' is named twice`);
    for (const [forge, login] of signer.logins)
      once(`login ${forge} ${login.toLowerCase()}`, [...at, 'logins', forge], `'${login}' is another signer, too`);
    for (const [forge, account] of signer.accountIds)
      once(`account ${forge} ${account}`, [...at, 'accountIds', forge], `'${account}' is another signer, too`);
    for (const [place, email] of signer.emails.entries())
      once(`email ${email.toLowerCase()}`, [...at, 'emails', place], `'${email}' is another signer's, too`);
    for (const [place, key] of signer.keys.entries())
      once(`key ${materialOf(key)}`, [...at, 'keys', place], 'this key is listed twice');
    for (const [place, { issuer, subject }] of signer.keyless.entries())
      once(`keyless ${issuer} ${subject}`, [...at, 'keyless', place], 'this identity is listed twice');
  }
  refuseSharedNames(signers, yaml);
}

/** Across the kinds of names: an id, an address, the account in an address, and the logins of every other signer. */
function refuseSharedNames(signers: readonly TrustedSigner[], yaml: YamlFile): void {
  const owners = new Map<string, string>();
  const check = (signer: TrustedSigner, text: string, path: YamlPath): void => {
    const other = [...namesOf(text)].map((name) => owners.get(name)).find((id) => id !== undefined && id !== signer.id);
    if (other !== undefined) fail(yaml, path, `'${text}' means the signer '${other}', too`);
  };
  for (const [index, signer] of signers.entries())
    for (const text of [signer.id, ...signer.emails]) {
      check(signer, text, ['signers', index, 'id']);
      for (const name of namesOf(text)) owners.set(name, signer.id);
    }
  // Two forges may have one account name for two people: logins are compared with what holds everywhere.
  for (const [index, signer] of signers.entries())
    for (const [forge, login] of signer.logins) check(signer, login, ['signers', index, 'logins', forge]);
}

/** The key itself, whatever form it was written in: one P-256 key can stand as PEM and as SSH key. */
function materialOf(key: TrustedKey): string {
  return key.kind === 'passkey' ? `passkey ${key.publicKey.toString('hex')}` : fingerprintOf(key.key);
}

function fail(yaml: YamlFile, path: YamlPath, message: string): never {
  throw new SallyportError('SP2501', message, { at: yaml.locate(path) });
}
