import { applySuppressions, completeFindings, type Finding, type SuppressionEntry } from '../findings/index.ts';
import type { ReviewDecision } from '../policy/index.ts';
import type { Place } from '../syntax/index.ts';

/** What people decided, as the base has it: what a change decides about itself does not count. */
export interface Decisions {
  readonly policy: readonly ReviewDecision[];
  /** Where the policy stands, for messages. */
  readonly place: Place | undefined;
  readonly baseline: readonly SuppressionEntry[];
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** Marks what somebody decided about. Nothing is dropped: each finding says who, why, and until when. */
export function applyDecisions(findings: readonly Finding[], decisions: Decisions): readonly Finding[] {
  const entries = decisions.policy.map(({ fingerprint, decision, author, reason, until }): SuppressionEntry => {
    return { fingerprint, reason: `${decision} by ${author}: ${reason}`, until, place: decisions.place };
  });
  return applySuppressions(findings, {
    comments: [],
    policy: entries,
    baseline: decisions.baseline,
    rules: new Set(),
    today: decisions.today,
  }).findings;
}

/** Decisions about these findings that are over: somebody believes that they hold. */
export function decisionFaults(findings: readonly Finding[], decisions: Decisions): readonly Finding[] {
  const found = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const over = [...decisions.policy, ...decisions.baseline].flatMap(({ fingerprint, until }) => {
    const finding = found.get(fingerprint);
    return finding && until !== undefined && until < decisions.today ? [{ finding, until }] : [];
  });
  return completeFindings(
    over.map(({ finding, until }) => ({
      rule: 'REV06',
      message: `The decision about ${finding.rule} (${finding.fingerprint.slice(0, 12)}) held until ${until}`,
      severity: 'low',
      confidence: 'high',
      place: finding.place,
      subject: finding.fingerprint,
    })),
  );
}
