/** What a forge is told and asked. One client for each forge; everything here is plain data. */
import type { JsonObject } from '../system/index.ts';
import type { Pushers } from './pushers.ts';

export type ForgeName = 'github' | 'gitlab' | 'gitea' | 'azure';

/** The change under discussion: a pull or merge request, or only a commit. */
export interface ChangeReference {
  /** `owner/name`, the full path of a GitLab project, `project/repository` on Azure. */
  readonly repository: string;
  /** Number of the request; `undefined` for a commit without one. */
  readonly number: number | undefined;
  readonly headCommit: string;
  readonly baseCommit: string | undefined;
}

export type Conclusion = 'success' | 'failure' | 'neutral' | 'action-required';

/** A check run or commit status, bound to the head commit. */
export interface CheckPost {
  /** `sallyport/gate`. */
  readonly name: string;
  /**
   * The branch that the change was judged for. Where a check belongs to a commit and not to a request, it is a part of the
   * name, and that is what a ruleset requires: `sallyport/gate (main)`. Default: none.
   */
  readonly targetBranch?: string | undefined;
  readonly conclusion: Conclusion;
  readonly title: string;
  /** Markdown, already escaped. */
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
  readonly detailsUrl: string | undefined;
}

export interface CheckAnnotation {
  readonly path: string;
  /** From 1. */
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

/** The one comment that we keep up to date. */
export interface SummaryPost {
  /** Invisible in the text; finds our own comment again. Only comments of our own identity are ever touched. */
  readonly marker: string;
  readonly markdown: string;
  /** Nothing to tell: what stands there is brought up to date, and no new comment is written. Default: false. */
  readonly quiet?: boolean;
}

/** A remark at a line of the change. */
export interface LineRemark {
  /** Fingerprint of the finding: the remark is updated instead of repeated and resolved when the finding is gone. */
  readonly fingerprint: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly side: 'base' | 'head';
  readonly markdown: string;
  /** Text that replaces the lines, for a suggestion block. */
  readonly suggestion: string | undefined;
}

/** What a posting did, for the log. */
export interface PostReport {
  readonly created: number;
  readonly updated: number;
  readonly resolved: number;
  readonly unchanged: number;
  /** What the forge refused, one sentence each. */
  readonly refused: readonly string[];
}

/** A review that the forge asserts: supporting evidence, never proof (it is mutable by administrators). */
export interface ForgeReview {
  readonly login: string;
  /** Number or id of the account, as text: it stays when the account is renamed. `undefined` where it is not told. */
  readonly accountId?: string | undefined;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  readonly commit: string | undefined;
  readonly at: string;
  readonly bot: boolean;
}

/** Who is behind a change, as the forge says. */
export interface ForgeChange {
  readonly reference: ChangeReference;
  readonly author: string;
  /** Who pushed the head last; `undefined` where the forge does not tell. */
  readonly lastPusher: string | undefined;
  /** Everybody who is known to have pushed a part of it, the last one among them. */
  readonly pushers: Pushers;
  readonly targetBranch: string;
  readonly labels: readonly string[];
  readonly fromFork: boolean;
  /** The commit where the change left its target, as the forge computes it; `undefined` where it does not tell. */
  readonly mergeBase?: string | undefined;
  /** The commit of a trial merge that the forge made of it: what some CI systems check out instead of the head. */
  readonly trialMerge?: string | undefined;
}

/** What posting remarks may do beside writing them. */
export interface RemarkRules {
  /** At most so many at lines; the rest stands in the summary alone. */
  readonly limit: number;
  /**
   * Whether the remarks are all there is: then ours that are not among them are marked as mended. An incomplete review
   * says nothing about what it did not see.
   */
  readonly complete: boolean;
}

/** One forge. Every method throws `SallyportError` SP24xx when the forge cannot be reached or refuses as a whole. */
export interface Forge {
  readonly name: ForgeName;
  readChange(reference: ChangeReference): Promise<ForgeChange>;
  /** Whether a commit is in the history of a branch; false where the forge does not tell. */
  isOnBranch(reference: ChangeReference, commit: string, branch: string): Promise<boolean>;
  readReviews(reference: ChangeReference): Promise<readonly ForgeReview[]>;
  postCheck(reference: ChangeReference, post: CheckPost): Promise<void>;
  postSummary(reference: ChangeReference, post: SummaryPost): Promise<PostReport>;
  /** Default: at most 20, and complete. */
  postRemarks(reference: ChangeReference, remarks: readonly LineRemark[], rules?: RemarkRules): Promise<PostReport>;
  setLabels(reference: ChangeReference, add: readonly string[], remove: readonly string[]): Promise<void>;
  /** Stores a Sigstore bundle, and gives its name there. Absent where the forge has no store for them. */
  readonly storeAttestation?: (reference: Pick<ChangeReference, 'repository'>, bundle: JsonObject) => Promise<string>;
}
