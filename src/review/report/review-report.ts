import type { Report } from '../../findings/index.ts';
import type { ReviewOutcome } from '../review.ts';

/** A review in the form that every format renders. Its gaps are what was not reviewed, its findings what is new. */
export function reportReview(outcome: ReviewOutcome, version: string): Report {
  const { findings, rules, gaps, filesRead, source } = outcome;
  return {
    command: 'review',
    version,
    findings: findings.map(({ finding }) => finding),
    rules,
    gaps,
    filesRead,
    source,
  };
}
