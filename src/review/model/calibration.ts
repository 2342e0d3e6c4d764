import type { Calibration } from '../calibration/evidence.ts';

/**
 * How often a finding is right, by what speaks for it. `votes`: how many of three runs of one model reported it; mean of
 * four models over the recorded findings of RealVuln (cf263ea), merged without looking at the labels (same file, same
 * CWE, within ten lines), each repository judged by a table fitted on the others. Python web applications; "false" means
 * "not labelled" there.
 */
const MEASURED = {
  source: 'kolega-ai/Real-Vuln-Benchmark cf263ea, recorded findings of four models, three runs each',
  date: '2026-11-20',
  /** Share of true ones by votes of three; one run has one vote at most. */
  votes: [0.45, 0.72, 0.92],
  /**
   * How the verifier's answer moves the odds. Not measured on that set, which has no verifier: chosen so that no answer
   * by itself lifts a single vote over the threshold that blocks, or puts three votes below the one that asks a person.
   */
  verifier: { stands: 2, 'needs-evidence': 1, none: 1, refuted: 0.2 },
} as const;

export type VerifierVerdict = Exclude<keyof typeof MEASURED.verifier, 'none'>;

/** What holds until a repository has a table of its own: votes and the verifier's answer, nothing else. */
export const BUILT_IN_CALIBRATION: Calibration = {
  source: MEASURED.source,
  date: MEASURED.date,
  probability: ({ votes, verifier }) => {
    const share = MEASURED.votes[Math.min(Math.max(1, votes), MEASURED.votes.length) - 1] ?? MEASURED.votes[0];
    const odds = (share / (1 - share)) * MEASURED.verifier[verifier];
    return Math.round((odds / (1 + odds)) * 1000) / 1000;
  },
};
