import { compareReports, type Finding } from '../findings/index.ts';
import type { Place } from '../syntax/index.ts';
import type { Audit } from './audit.ts';
import type { AuditReport } from './audit-report.ts';
import { lostControls } from './tamper.ts';

/** What a change brings: new findings, mended ones, and controls that are gone. */
export interface AuditDifference {
  readonly report: AuditReport;
  readonly fixed: readonly Finding[];
  readonly removedControls: readonly { readonly run: string; readonly what: string; readonly place: Place }[];
}

/** Head minus base by fingerprint: a change is judged by what it adds, not by what was there. */
export function compareAudits(
  base: { readonly audit: Audit; readonly report: AuditReport },
  head: { readonly audit: Audit; readonly report: AuditReport },
): AuditDifference {
  const compared = compareReports(base.report, head.report);
  const before = new Map(base.audit.facts.runs.map((run) => [run.id, run]));
  const removedControls = head.audit.facts.runs.flatMap((run) => {
    const old = before.get(run.id);
    return old ? lostControls(old, run).map((what) => ({ run: run.id, what, place: run.invocation.place })) : [];
  });
  const added = new Set(compared.new.map(({ fingerprint }) => fingerprint));
  const violations = head.report.violations?.flatMap((violation) => {
    const findings = violation.findings.filter((fingerprint) => added.has(fingerprint));
    return findings.length === 0 ? [] : [{ ...violation, findings }];
  });
  const report = { ...head.report, findings: compared.new, ...(violations ? { violations } : {}) };
  return { report, fixed: compared.fixed, removedControls };
}
