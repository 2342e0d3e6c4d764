/**
 * How often a finding is right, by what speaks for it. `votes`: how many of three runs of one model reported it; mean of
 * four models over the recorded findings of RealVuln (cf263ea), merged without looking at the labels (same file, same
 * CWE, within ten lines), each repository judged by a table fitted on the others. Python web applications; "false" means
 * "not labelled" there.
 */
export const CALIBRATION = {
  source: 'kolega-ai/Real-Vuln-Benchmark cf263ea, recorded findings of four models, three runs each',
  date: '2026-11-20',
  /** Share of true ones by votes of three; one run has one vote at most. */
  votes: [0.45, 0.72, 0.92],
  /**
   * How the verifier's answer moves the odds. Not measured on that set, which has no verifier: chosen so that no answer
   * by itself lifts a single vote over the threshold that blocks, or puts three votes below the one that asks a person.
   */
  verifier: { stands: 2, 'needs-evidence': 1, refuted: 0.2 },
} as const;

export type VerifierVerdict = keyof typeof CALIBRATION.verifier;

/** The probability that a finding is right. The model's own confidence is never asked for and has no part in it. */
export function probabilityOf(votes: number, verdict: VerifierVerdict): number {
  const share = CALIBRATION.votes[Math.min(Math.max(1, votes), CALIBRATION.votes.length) - 1] ?? CALIBRATION.votes[0];
  const odds = (share / (1 - share)) * CALIBRATION.verifier[verdict];
  return Math.round((odds / (1 + odds)) * 1000) / 1000;
}
