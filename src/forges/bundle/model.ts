/** What an analysis without rights hands to a job that may post: plain text and numbers, never markup. */
export interface PostingBundle {
  readonly format: 'sallyport-posting/1';
  readonly producer: { readonly command: PostingCommand; readonly version: string };
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly change: {
    /** Commits that were looked at; full object names. */
    readonly headCommit: string;
    readonly baseCommit?: string | undefined;
    /** The branch that it was judged for, without `refs/heads/`: its policy was applied. Absent where none was named. */
    readonly targetBranch?: string | undefined;
  };
  readonly verdict: PostingVerdict;
  /** Whether this verdict ends a pipeline: an incomplete one may be let through by choice. */
  readonly blocks: boolean;
  /** Whether everything was looked at: only then what is missing from `findings` is mended. */
  readonly complete: boolean;
  /** What the verdict says, in a sentence. */
  readonly statement: string;
  /** What else a reader needs, a sentence each: coverage, what was left out. */
  readonly notes: readonly string[];
  /** Why the gate decided so. */
  readonly reasons: readonly PostingReason[];
  /** Most severe first. */
  readonly findings: readonly PostingFinding[];
  /** How many findings are not in the list. */
  readonly omitted: number;
  readonly labels: { readonly add: readonly string[]; readonly remove: readonly string[] };
}

export const POSTING_COMMANDS = ['review', 'gate', 'ci'] as const;
export type PostingCommand = (typeof POSTING_COMMANDS)[number];
export const POSTING_VERDICTS = ['pass', 'needs-approval', 'blocked', 'incomplete'] as const;
export type PostingVerdict = (typeof POSTING_VERDICTS)[number];

export interface PostingReason {
  readonly code: string;
  readonly verdict: Exclude<PostingVerdict, 'pass'>;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly liftedBy: string;
}

export interface PostingFinding {
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'info';
  readonly confidence: 'high' | 'medium' | 'low';
  readonly title: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly advice: string;
  readonly path: string;
  /** From 1; absent when the place has no lines. */
  readonly startLine?: number | undefined;
  readonly endLine?: number | undefined;
  readonly side: 'base' | 'head';
  /** How it comes about, step by step; empty for what is wrong in one place. */
  readonly flow: readonly PostingStep[];
  /** Whole lines that mend it. */
  readonly suggestion?: PostingSuggestion | undefined;
}

export interface PostingStep {
  readonly role: string;
  readonly path: string;
  readonly line?: number | undefined;
  readonly message: string;
}

export interface PostingSuggestion {
  readonly startLine: number;
  readonly endLine: number;
  /** Replaces the lines, line breaks between them as `\n`. */
  readonly text: string;
}

/** Longer texts and lists are cut when a bundle is written, and refused when one is read. */
export const BUNDLE_LIMITS = {
  bytes: 8 * 1024 * 1024,
  text: 4000,
  name: 300,
  path: 4096,
  findings: 500,
  reasons: 200,
  evidence: 100,
  notes: 50,
  flow: 30,
  labels: 20,
} as const;
