import type { AuditDifference } from '../../audit/index.ts';
import type { GateResult } from '../../gate/index.ts';
import type { ReviewOutcome } from '../../review/index.ts';
import type { AuditedChange } from './audit-stage.ts';

/** What came of each stage, in the order in which they ran. */
export interface Stages {
  readonly audited: AuditedChange;
  /** Undefined when a review was handed in. */
  readonly reviewed: ReviewOutcome | undefined;
  readonly result: GateResult;
}

/** One line a stage, for every form of the report. */
export function describeStages({ audited, reviewed, result }: Stages): readonly string[] {
  return [
    `audit: ${auditLine(audited.difference)}`,
    `review: ${reviewed === undefined ? 'as it was handed in' : reviewLine(reviewed)}`,
    `gate: ${count(result.reasons.length, 'reason', 'reasons')} against this change`,
  ];
}

function auditLine({ report, fixed, removedControls }: AuditDifference): string {
  const open = report.findings.filter(({ suppression }) => suppression === undefined);
  return [
    count(open.length, 'new finding', 'new findings'),
    ...(removedControls.length > 0 ? [count(removedControls.length, 'control removed', 'controls removed')] : []),
    ...(fixed.length > 0 ? [`${fixed.length} mended`] : []),
  ].join(', ');
}

function reviewLine({ coverage, findings, fixed }: ReviewOutcome): string {
  const open = findings.filter(({ finding }) => finding.suppression === undefined);
  return [
    `${coverage.reviewed} of ${count(coverage.hunks.length, 'changed stretch', 'changed stretches')} looked at`,
    count(open.length, 'new finding', 'new findings'),
    ...(fixed.length > 0 ? [`${fixed.length} mended`] : []),
  ].join(', ');
}

function count(number: number, one: string, more: string): string {
  return `${number} ${number === 1 ? one : more}`;
}
