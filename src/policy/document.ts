import type { SourceLocation } from '../errors/index.ts';
import type { MergeAction, MergeOrigin, MergeSize, Verdict } from './action.ts';
import type { HiddenForm, Limits, OutputForm, SecretGrant } from './policy.ts';

/** What the session has met so far; see `SessionState.labels`. */
export type Label = 'untrusted' | 'secret';

/** Package registries are named by kind; their hosts come from the machine's own package client configuration. */
export const REGISTRY_KINDS = ['npm', 'pypi', 'go', 'cargo', 'maven', 'apt'] as const;
export type RegistryKind = (typeof REGISTRY_KINDS)[number];

/** What every rule has, whatever it selects. */
export interface RuleHead {
  /** Unique in the document. A short form gets one from what it says, so that it does not depend on its position. */
  readonly id: string;
  readonly effect: Verdict;
  /** CEL expression; the rule applies only when it is true. */
  readonly when?: string;
  /** The rule applies only once the session carries all of these labels. */
  readonly after?: readonly Label[];
  readonly reason?: string;
  /** The rule is only noted, not enforced, before the date in `until`. */
  readonly observe?: boolean;
  /** ISO date. An observed rule is enforced from then on; an allow rule no longer grants. */
  readonly until?: string;
  readonly at?: SourceLocation;
}

/** What `Tool(spec)` selects, by the kind of tool. */
export type ToolSpec =
  | { readonly kind: 'command'; readonly pattern: string }
  | { readonly kind: 'path'; readonly glob: string }
  | { readonly kind: 'host'; readonly pattern: string };

export interface ToolRule extends RuleHead {
  /** Tool name, with `*`. */
  readonly tool: string;
  readonly spec?: ToolSpec;
}

export type FileOperation = 'read' | 'write' | 'delete';

export interface FileRule extends RuleHead {
  readonly operations: readonly FileOperation[];
  /** The rule is about a path that any of these selects. */
  readonly globs: readonly string[];
  readonly maxBytes?: number;
  /** A deletion is none to this rule when the file lives on under another path that the globs select. */
  readonly sparesMoves?: true;
}

export interface NetworkRule extends RuleHead {
  readonly target: NetworkTarget;
}

export type NetworkTarget = HostTarget | { readonly kind: 'registry'; readonly registry: RegistryKind };

export interface HostTarget {
  readonly kind: 'host';
  /** `example.org`, `*.example.org`, an IP literal; `*` in deny and ask rules only. */
  readonly host: string;
  /** Undefined in deny and ask rules: every port. */
  readonly port?: number;
  readonly protocol?: 'http' | 'https';
  readonly tls?: 'inspect' | 'tunnel';
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
  readonly maxBytesOut?: number;
  readonly address?: string;
  readonly caFile?: string;
}

export interface ModelRule extends RuleHead {
  /** Model name, with `*`. */
  readonly model: string;
}

/** What a change must bring to be merged. Approvals that are missing give `ask`, anything else `deny`. */
export interface MergeRequirement {
  readonly approvals?: number;
  /** Largest number of findings by severity. */
  readonly findings?: Partial<MergeAction['findings']>;
  readonly attestations?: readonly string[];
  /** The dispatcher of the agent counts as one of `approvals`, where the signed run record names them. */
  readonly countDispatcher?: boolean;
  /** The whole change was reviewed. */
  readonly review?: 'reviewed';
  /** A signed run record stands behind the change. */
  readonly runRecord?: boolean;
  readonly size?: Partial<MergeSize>;
}

export interface MergeRule extends RuleHead {
  /** The rule applies when a changed path matches one of these; undefined: to every change. */
  readonly paths?: readonly string[];
  /** The rule applies when the change touches one of these path classes. */
  readonly classes?: readonly string[];
  /** The rule applies when one of these controls, or groups of controls, is weakened; `*` for any. */
  readonly weakened?: readonly string[];
  /** The rule applies when one of these meta classes is touched; `*` for any. */
  readonly meta?: readonly string[];
  /** Narrows the rule to changes of these origins, whatever else it selects. */
  readonly origins?: readonly MergeOrigin[];
  /** Present for `require` rules, whose effect is `deny`. */
  readonly require?: MergeRequirement;
}

/** Whether the reviews that a forge asserts are only shown, or count as approvals. */
export const FORGE_REVIEWS = ['support', 'count'] as const;
export type ForgeReviews = (typeof FORGE_REVIEWS)[number];

/** Whether approvals outlive a base that moved. */
export const CARRY_OVER = ['never', 'clean-merge'] as const;
export type CarryOver = (typeof CARRY_OVER)[number];

/** Something that must be signed, in cosign's formats, by one signer of the trust store. */
export interface SignedDemand {
  readonly kind: 'file' | 'image';
  /** A glob of paths; the name of an image with `*`, without tag and digest. */
  readonly pattern: string;
  readonly signer: string;
}

export interface ModelSettings {
  readonly upstream?: string;
  readonly caFile?: string;
  readonly keyEnv?: string;
  readonly hostedTools?: 'off' | readonly string[];
  readonly urlInputs?: 'off' | 'on';
  readonly maxRequests?: number;
  readonly maxTokens?: number;
  readonly maxUsd?: number;
}

/** Which data sets a label: the tools whose results carry it, the paths whose content carries it. */
export interface LabelSource {
  readonly tools: readonly string[];
  readonly reads: readonly string[];
}

export interface PolicyTest {
  readonly name: string;
  readonly given: TestSubject;
  readonly labels: readonly Label[];
  readonly expect: Verdict;
  /** Id of the rule that must have decided. */
  readonly by?: string;
  readonly at?: SourceLocation;
}

export type TestSubject =
  | { readonly kind: 'tool'; readonly tool: string; readonly argument?: string }
  | { readonly kind: 'file'; readonly operation: FileOperation; readonly path: string }
  | { readonly kind: 'fetch'; readonly method: string; readonly url: string }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'merge'; readonly change: Partial<Omit<MergeAction, 'plane'>> };

export interface PlaneRules {
  readonly tool?: readonly ToolRule[];
  readonly file?: readonly FileRule[];
  readonly network?: readonly NetworkRule[];
  readonly model?: readonly ModelRule[];
  readonly merge?: readonly MergeRule[];
}

/** One finding of the audit that somebody accepts. */
export interface AuditIgnore {
  /** As reports show it: 64 hexadecimal digits. */
  readonly fingerprint: string;
  readonly reason: string;
  /** The last day it holds, ISO date. */
  readonly until: string | undefined;
  readonly at: SourceLocation;
}

/** What `sallyport audit` must not find: a rule, a family of rules, or a severity and everything above it. */
export interface AuditRequirement {
  /** As written; that it exists is checked where the rules are known. */
  readonly none: string;
  readonly at: SourceLocation;
}

/** What the audit of a repository accepts and demands. It has no part in a run. */
export interface AuditSection {
  readonly ignore: readonly AuditIgnore[];
  readonly require: readonly AuditRequirement[];
  /** The severity from which the audit fails. */
  readonly failOn: 'critical' | 'high' | 'medium' | 'low' | 'info' | 'never' | undefined;
}

/** What a person decided about one finding of the review. */
export interface ReviewDecision {
  /** As reports show it: 64 hexadecimal digits. */
  readonly fingerprint: string;
  readonly decision: 'false-positive' | 'accepted-risk';
  readonly reason: string;
  readonly author: string;
  /** The last day it holds, ISO date. */
  readonly until: string | undefined;
  readonly at: SourceLocation;
}

/** Paths that the review leaves out; every report lists what that was. */
export interface ReviewExclusion {
  readonly paths: readonly string[];
  readonly reason: string;
}

/** What `sallyport review` leaves out and accepts. It has no part in a run. */
export interface ReviewSection {
  readonly exclude: readonly ReviewExclusion[];
  readonly decisions: readonly ReviewDecision[];
  readonly failOn: AuditSection['failOn'];
  readonly threatModel: 'service' | 'library' | undefined;
}

/** The places in a policy file where grants are listed. */
export type AllowList = 'tool' | 'file.read' | 'file.write' | 'file.delete' | 'network' | 'model' | 'merge';

/**
 * One policy file as data: the intermediate form that is compiled, digested and compared. A section that the file
 * does not have is absent here; what absence means is decided when it is compiled (`compile.ts`).
 */
export interface PolicyDocument {
  readonly version: 1;
  /** Where it was read: shown in messages, no part of the digest. */
  readonly file: string;
  readonly agent?: string;
  /** Built-in protection rules that this file switches off, by id. */
  readonly disable: readonly string[];
  /** Allow lists that the file has, even when empty. A list that it does not have takes the built-in default. */
  readonly allowLists: readonly AllowList[];
  readonly rules: PlaneRules;
  readonly forgeReviews?: ForgeReviews;
  readonly carryOver?: CarryOver;
  readonly signed?: readonly SignedDemand[];
  readonly model?: ModelSettings;
  readonly secrets?: readonly SecretGrant[];
  readonly limits?: Partial<Limits>;
  readonly output?: OutputForm;
  readonly workspace?: {
    readonly hide: readonly string[];
    readonly hidden?: HiddenForm;
    readonly readOnly?: readonly string[];
  };
  readonly labels?: { readonly [label in Label]?: LabelSource };
  readonly audit?: AuditSection;
  readonly review?: ReviewSection;
  readonly tests?: readonly PolicyTest[];
}
