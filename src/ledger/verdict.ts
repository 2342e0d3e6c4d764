/** What a verifier may say of a log: a closed vocabulary, none of whose words promises more than was checked. */

/** From good to bad. `docs/formats/ledger.md` gives the exact meaning of each. */
export type Verdict =
  | 'WITNESSED'
  | 'ANCHORED'
  | 'SIGNED-UNANCHORED'
  | 'INCOMPLETE'
  | 'DIVERGED'
  | 'INVALID'
  | 'UNVERIFIABLE';

/** Exit code of `sallyport log verify` by verdict. */
export const VERDICT_EXIT = {
  WITNESSED: 0,
  ANCHORED: 0,
  'SIGNED-UNANCHORED': 10,
  INCOMPLETE: 20,
  DIVERGED: 30,
  INVALID: 40,
  UNVERIFIABLE: 50,
} as const satisfies Record<Verdict, number>;

export const VERDICT_MEANING = {
  WITNESSED: 'every record is covered by a checkpoint that the quorum of witnesses has cosigned',
  ANCHORED: 'every record is covered by a checkpoint that was kept outside the log',
  'SIGNED-UNANCHORED':
    'the records fit the signatures, but nothing outside the host confirms them: whoever held the run key could have rewritten all of it',
  INCOMPLETE: 'what is there fits the signatures, but something is missing',
  DIVERGED: 'the log contradicts a checkpoint that was kept',
  INVALID: 'a check failed: the log was changed or is damaged',
  UNVERIFIABLE: 'a newer verifier is needed',
} as const satisfies Record<Verdict, string>;

/** The checks, in the order in which they are made. */
export type Check =
  | 'key'
  | 'canonical'
  | 'version'
  | 'field'
  | 'sequence'
  | 'chain'
  | 'log'
  | 'clock'
  | 'final'
  | 'trailing'
  | 'checkpoint.form'
  | 'checkpoint.signature'
  | 'checkpoint.order'
  | 'checkpoint.root'
  | 'checkpoint.size'
  | 'remembered'
  | 'cosignature'
  | 'tile';

export interface FailedCheck {
  readonly check: Check;
  /** Zero-based sequence number of the record, where the check is about one. */
  readonly record?: number;
  readonly message: string;
}

export interface CaptureGap {
  readonly record: number;
  readonly kind: string;
}

export interface LedgerReport {
  readonly verdict: Verdict;
  readonly meaning: string;
  readonly exitCode: number;
  readonly directory: string;
  /** The log's name; null when it has no readable key. */
  readonly origin: string | null;
  readonly records: number;
  /** Root over all records, hexadecimal. */
  readonly root: string;
  readonly checkpoints: { readonly count: number; readonly coveredRecords: number };
  /** What `run.final` says; null when there is none. */
  readonly final: { readonly outcome: string; readonly exit: number | null } | null;
  /** The first hundred gaps, and how many there are. */
  readonly gaps: readonly CaptureGap[];
  readonly gapCount: number;
  readonly anchors: {
    /** Records covered by the remembered checkpoint; null when none was given. */
    readonly rememberedRecords: number | null;
    /** Names, in the trust policy, of the witnesses that cosigned, and whether they make a quorum. */
    readonly witnesses: readonly string[];
    readonly quorum: boolean;
  };
  /** The first hundred failed checks, and how many there are. */
  readonly failures: readonly FailedCheck[];
  readonly failureCount: number;
  /** What is missing or worth knowing, without being a failure. */
  readonly notes: readonly string[];
}
