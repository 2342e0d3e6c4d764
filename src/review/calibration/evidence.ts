/** What speaks for a finding of a model, beside its own words. */
export interface Evidence {
  /** Runs that reported it, 1 to 3; more count as 3. */
  readonly votes: number;
  /** Families of models among them: runs of one model err alike. */
  readonly families: number;
  /** A deterministic tool says the same. */
  readonly engine: boolean;
  readonly verifier: 'stands' | 'refuted' | 'needs-evidence' | 'none';
  readonly cwe: number;
}

/** Turns evidence into the share of findings like it that were right. */
export interface Calibration {
  /** What it was measured on. */
  readonly source: string;
  /** The day on which it was made, YYYY-MM-DD. */
  readonly date: string;
  probability(evidence: Evidence): number;
}

export const MOST_VOTES = 3;
const MOST_FAMILIES = 2;

/** The same evidence for all that count the same. */
export function levelled(evidence: Evidence): Evidence {
  return {
    ...evidence,
    votes: Math.min(Math.max(1, evidence.votes), MOST_VOTES),
    families: Math.min(Math.max(1, evidence.families), MOST_FAMILIES),
  };
}
