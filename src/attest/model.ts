import type { JsonObject } from '../system/index.ts';

/** Names that statements of ours carry. The specification of each is in docs/formats/. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** in-toto Statement v1. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

/** Names are for people: whoever verifies matches by digest alone. */
export interface Subject {
  readonly name: string;
  /** Algorithm (`gitCommit`, `gitTree`, `sha256`) to lower-case hexadecimal. */
  readonly digest: { readonly [algorithm: string]: string };
  /** The repository, for a subject that is a commit. */
  readonly uri?: string;
  /** For a commit: where it is to be merged (`sourceRefs`, SLSA Source v1.2), and what it was compared with. */
  readonly annotations?: { readonly sourceRefs: readonly string[]; readonly baseCommit: string };
}

/** What a change is, by content: approvals and verdicts are bound to all of it. */
export interface ChangeIdentity {
  /** `git+https://host/owner/name`, or a path-free name for a repository without a remote. */
  readonly repository: string;
  /** Full name of the ref it will be merged into: `refs/heads/main`. */
  readonly targetRef: string;
  /** Full object names. */
  readonly baseCommit: string;
  readonly headCommit: string;
  readonly headTree: string;
}

/** Forges whose reviews can be read; `logins` of the trust store name accounts there. */
export const REVIEW_FORGES = ['github', 'gitlab', 'gitea', 'azure'] as const;
export type ReviewForge = (typeof REVIEW_FORGES)[number];

/** What a signer may say; the trust store of the base ref gives each key its roles. */
export type SignerRole = 'runner' | 'reviewer' | 'gate' | 'approver';

export interface VerifiedStatement {
  readonly statement: Statement;
  readonly signer: { readonly id: string; readonly roles: readonly SignerRole[] };
}

/** Why a bundle is not believed: the step of the fixed order at which it fell, and what was wrong. */
export interface StatementFault {
  /** From 1, as in docs/formats/attestations.md. */
  readonly step: number;
  readonly code: string;
  readonly message: string;
}

/** SHA-256 of each list that an approver was shown, and of the policy file at the target. */
export interface PresentedDigests {
  readonly files: string;
  readonly controls: string;
  readonly findings: string;
  readonly policy: string;
}

/** A human's verified approval of exactly one change. */
export interface Approval {
  readonly decision: 'approve' | 'reject';
  /** Identity in the trust store of the base ref. */
  readonly approver: string;
  /** Every name of this person there, in lower case: identity, accounts at forges, addresses. */
  readonly names: readonly string[];
  /** Groups of the trust store that the person is in: the teams of CODEOWNERS. */
  readonly roles: readonly string[];
  /** `forge-review`: nobody signed; a forge asserts it. */
  readonly method: 'ssh' | 'ssh-hardware' | 'passkey' | 'forge-review';
  /** The authenticator asked for a PIN or a finger. */
  readonly userVerified: boolean;
  readonly change: ChangeIdentity;
  /** Fingerprints or classes that are accepted; empty: the change as it was shown. */
  readonly scope: readonly string[];
  readonly reason: string;
  /** RFC 3339. */
  readonly decidedAt: string;
  readonly expiresAt: string;
  readonly nonce: string;
  /** Digest of what the approver was shown; the gate recomputes it. `undefined`: a forge does not tell. */
  readonly presented: string | undefined;
  /** The digests that it is made of, as the approver signed them; `undefined`: a forge does not tell. */
  readonly presentedParts?: PresentedDigests | undefined;
  /** A break-glass approval wants two people. */
  readonly breakGlass: boolean;
  /** The head that was approved, where the approval counts for another one that is the same on a base that moved. */
  readonly carriedFrom?: string;
  /** SHA-256 of the signed statement, hexadecimal: its name in the log and in a list of used ones. */
  readonly statement: string;
}
