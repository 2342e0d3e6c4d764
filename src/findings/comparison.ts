import type { Finding } from './finding.ts';
import type { Report } from './report.ts';

/** What a change did to the findings. Suppressed findings take part: whether one counts is the reader's question. */
export interface ReportComparison {
  /** In head, not in base. */
  readonly new: readonly Finding[];
  /** In base, not in head. */
  readonly fixed: readonly Finding[];
  /** In both; as head has them. */
  readonly unchanged: readonly Finding[];
}

export type BaselineState = 'new' | 'unchanged';

/** Of each finding of the head whether it is new; undefined where nothing was compared. */
export function createBaselineStates(
  comparison: ReportComparison | undefined,
): (finding: Finding) => BaselineState | undefined {
  if (comparison === undefined) return () => undefined;
  const fresh = new Set(comparison.new.map(({ fingerprint }) => fingerprint));
  return ({ fingerprint }) => (fresh.has(fingerprint) ? 'new' : 'unchanged');
}

/** Compares two reports by fingerprint. */
export function compareReports(base: Pick<Report, 'findings'>, head: Pick<Report, 'findings'>): ReportComparison {
  const before = new Set(base.findings.map(({ fingerprint }) => fingerprint));
  const after = new Set(head.findings.map(({ fingerprint }) => fingerprint));
  return {
    new: head.findings.filter(({ fingerprint }) => !before.has(fingerprint)),
    fixed: base.findings.filter(({ fingerprint }) => !after.has(fingerprint)),
    unchanged: head.findings.filter(({ fingerprint }) => before.has(fingerprint)),
  };
}
