import type { KeyObject } from 'node:crypto';
import type { SignerRole } from '../model.ts';
import type { SshKeyType } from '../ssh/index.ts';

export type { SshKeyType };

/** Where a repository keeps it. It is read from the protected ref, never from the change under test. */
export const TRUST_STORE_FILE = '.sallyport/trust.yaml';

/** Whose signatures count, and for what. */
export interface TrustStore {
  /** Name of the file it came from, for messages. */
  readonly file: string;
  /** What statements must call the repository; `undefined`: the address of its remote. A fork has another name. */
  readonly repository: string | undefined;
  readonly signers: readonly TrustedSigner[];
  /** Name of a group to ids of signers: the teams that CODEOWNERS and the policy speak of. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Further predicate types and the roles that may sign them. Our own types have fixed roles. */
  readonly predicates: ReadonlyMap<string, readonly SignerRole[]>;
}

/** One person, or one machine. However many keys and accounts it has, it counts once. */
export interface TrustedSigner {
  readonly id: string;
  readonly roles: readonly SignerRole[];
  /** Forge to account name: who this is in CODEOWNERS, and as author or pusher of a change. */
  readonly logins: ReadonlyMap<string, string>;
  /**
   * Forge to the number or id of the account, which stays when it is renamed; a login that is given up can be taken by
   * anybody. Where it is there, a review counts by it alone.
   */
  readonly accountIds: ReadonlyMap<string, string>;
  /** Addresses in commits and in CODEOWNERS that are this person's. */
  readonly emails: readonly string[];
  readonly keys: readonly TrustedKey[];
  readonly keyless: readonly KeylessIdentity[];
}

export type TrustedKey = P256Key | SshKey | Passkey;

/** Milliseconds since the epoch; `validFrom` is in, `validUntil` is out. `undefined`: no limit on this side. */
export interface Validity {
  readonly validFrom: number | undefined;
  readonly validUntil: number | undefined;
}

export interface P256Key extends Validity {
  readonly kind: 'p256';
  /** `sha256:` and the hexadecimal digest of the key's SubjectPublicKeyInfo. */
  readonly fingerprint: string;
  readonly key: KeyObject;
}

export interface SshKey extends Validity {
  readonly kind: 'ssh';
  readonly type: SshKeyType;
  /** As `ssh-keygen -l` prints it: `SHA256:…`. */
  readonly fingerprint: string;
  /** The key in the wire form of RFC 4253 §6.6: what an SSHSIG carries. */
  readonly blob: Buffer;
  readonly key: KeyObject;
  /** What a hardware key binds its signatures to: `ssh:`. Only for the `sk-` types. */
  readonly application: Buffer | undefined;
}

export interface Passkey extends Validity {
  readonly kind: 'passkey';
  /** The credential's id, base64url; unique in the store. */
  readonly fingerprint: string;
  readonly credentialId: string;
  /** A COSE key (RFC 9052 §7). */
  readonly publicKey: Buffer;
  readonly rpId: string;
  readonly origin: string;
}

/** What a Fulcio certificate must say, both to the letter. */
export interface KeylessIdentity {
  /** The OIDC issuer. */
  readonly issuer: string;
  /** The certificate's only subject alternative name: an e-mail address or the URI of a workflow at a ref. */
  readonly subject: string;
}

/** May a key be used at this moment? */
export function isValidAt({ validFrom, validUntil }: Validity, moment: number): boolean {
  return (validFrom === undefined || moment >= validFrom) && (validUntil === undefined || moment < validUntil);
}
