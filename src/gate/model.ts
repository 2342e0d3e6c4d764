import type { Approval, ChangeIdentity, ForgeReviewRecord } from '../attest/index.ts';
import type { ControlDiff } from '../controls/index.ts';
import type { Finding } from '../findings/index.ts';
import type { MergeSize } from '../policy/index.ts';
import type { Gap, Place } from '../syntax/index.ts';
import type { CommitRecord, MergeResult, TreeChange } from '../workspace/index.ts';

export type GateVerdict = 'pass' | 'needs-approval' | 'blocked' | 'incomplete';

/** Where a change comes from, as our own signed record says; author fields and trailers prove nothing. */
export type Origin =
  | { readonly kind: 'agent-run'; readonly run: RunEvidence }
  /** No record, but signs of an agent: trailer, author, branch, configuration. */
  | { readonly kind: 'unknown-origin'; readonly signs: readonly string[] }
  | { readonly kind: 'human' };

/** What a verified run ledger proves of a change. */
export interface RunEvidence {
  readonly runId: string;
  /** Verdict of `verifyLedger`. */
  readonly ledger: string;
  readonly agent: string;
  readonly model: string | undefined;
  readonly requestedBy: string | undefined;
  /** Digest of the policy that was in force, and of the one at the protected ref. */
  readonly policyDigest: string;
  readonly baseCommit: string | undefined;
  readonly resultTree: string;
  readonly patchSha256: string;
  /** Paths that the run withheld from its patch; `undefined`: the record does not tell. */
  readonly withheld: readonly string[] | undefined;
}

/** People around the change. None of them can approve it. */
export interface People {
  readonly requester: string | undefined;
  readonly author: string | undefined;
  readonly lastPusher: string | undefined;
  /** Everybody who is known to have pushed a part of the change. */
  readonly pushers?: readonly string[];
  /** Further authors and committers of commits in the change. */
  readonly authors: readonly string[];
  /** Accounts that agents act under. */
  readonly agents: readonly string[];
}

/** What the approvals of a change may not be taken for twice: every statement that is kept beside the repository. */
export interface KnownStatement {
  readonly approver: string;
  readonly nonce: string;
  readonly statement: string;
}

/** A file or an image without the signature that the policy asks for. */
export interface UnsignedThing {
  readonly kind: 'file' | 'image';
  /** Path, or name of the image as it is written. */
  readonly name: string;
  /** Who of the trust store must have signed. */
  readonly signer: string;
  /** What is missing or wrong, in words. */
  readonly fault: string;
  readonly place: Place;
}

/** What one section of CODEOWNERS asks for at a changed path. */
export interface PathOwners {
  readonly path: string;
  readonly owners: readonly string[];
  /** How many of them must agree. Default: one. */
  readonly approvals?: number;
}

/** Everything the gate decides on; all of it was verified before, nothing of it is fetched by the gate. */
export interface GateEvidence {
  readonly change: ChangeIdentity;
  readonly files: readonly TreeChange[];
  readonly origin: Origin;
  readonly people: People;
  /** Digest of the policy at the protected ref. */
  readonly policyDigest: string;
  readonly controls: ControlDiff;
  /** New findings of the engine, of a model, and of scans that were handed in. */
  readonly findings: readonly Finding[];
  /** `undefined`: no review was made. */
  readonly review:
    | {
        readonly state: 'reviewed' | 'partially-reviewed' | 'not-reviewed';
        readonly reason: string;
        /** Made by the gate itself, by the engine alone: nobody asked for it, and it knows some languages only. */
        readonly own?: boolean;
      }
    | undefined;
  readonly approvals: readonly Approval[];
  /** What the forge said when it was asked; `approvals` hold what comes of it. */
  readonly forge?: ForgeReviewRecord | undefined;
  /** Predicate types that were verified for this change. */
  readonly attestations: readonly string[];
  /** What the policy wants signed and is not, of what the change brings or uses. */
  readonly unsigned?: readonly UnsignedThing[];
  /** Texts that go with the change and are scanned like it: commit messages, branch name. */
  readonly texts: readonly { readonly name: string; readonly text: string }[];
  /** Secrets of this pipeline that were seen in the change, in any encoding; never their values. */
  readonly knownSecrets: readonly { readonly name: string; readonly encoding: string; readonly where: string }[];
  /** RFC 3339; approvals expire. */
  readonly now: string;
  /** Every commit that would be merged, the oldest first. */
  readonly commits: readonly CommitRecord[];
  /** The change merged into the target as it is now; `files` and `controls` are about its tree when it is clean. */
  readonly merge: MergeResult;
  /** What of the evidence could not be read. */
  readonly gaps: readonly Gap[];
  /** Digest of what an approver must have been shown; `undefined` where it was not recomputed. */
  readonly presented: string | undefined;
  readonly knownStatements: readonly KnownStatement[];
  /** Code owners at the base: who must agree to what lies at a path. Several rows of one path must all be met. */
  readonly owners: readonly PathOwners[];
}

/** One reason of the verdict, with what lifts it. */
export interface GateReason {
  /** `GATE012`; documented in docs/gate.md. */
  readonly code: string;
  readonly verdict: Exclude<GateVerdict, 'pass'>;
  readonly message: string;
  /** What proves it: findings, control changes, files. */
  readonly evidence: readonly string[];
  /** Who can lift it: `a code owner of src/auth`, `nobody; change the code`. */
  readonly liftedBy: string;
  /** Where each line of `evidence` stands; as long as `evidence`. */
  readonly places: readonly (Place | undefined)[];
}

export interface GateResult {
  readonly verdict: GateVerdict;
  /** Most severe first. Empty only with `pass`. */
  readonly reasons: readonly GateReason[];
  readonly label: 'ai-assisted' | 'unknown-origin' | 'human';
  /** How many more human approvals would lift every `needs-approval`. */
  readonly approvalsMissing: number;
  /** What approvals lifted; the evidence stays in the report. */
  readonly lifted: readonly GateReason[];
  /** Who approved, and which approvals do not count. */
  readonly approvals: {
    readonly counted: readonly string[];
    /** Those among them that were given on another base. */
    readonly carried: readonly { readonly approver: string; readonly from: string }[];
    readonly refused: readonly { readonly approver: string; readonly reason: string }[];
    readonly breakGlass: boolean;
    /** The forge was asked and does not tell everybody who pushed: who is not named could approve his own code. */
    readonly pushersUnknown?: true;
  };
  /** What the policy plane `merge` said, and on what. */
  readonly policy: { readonly verdict: 'allow' | 'ask' | 'deny'; readonly rule: string; readonly reason: string };
  readonly size: MergeSize;
}
