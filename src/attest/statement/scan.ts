import type { Finding } from '../../findings/index.ts';
import type { ChangeIdentity, Statement } from '../model.ts';
import { PREDICATES } from '../predicate-roles.ts';
import { statementOf } from './subject.ts';

/** What a review found, and how it was made. */
export interface ScanSummary {
  readonly tool: { readonly uri: string; readonly version: string };
  readonly findings: readonly Pick<Finding, 'rule' | 'severity' | 'fingerprint'>[];
  /** RFC 3339. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Policy and settings that were in force, by digest. */
  readonly configuration: readonly { readonly name: string; readonly sha256: string }[];
  /** Parts of the change that were looked at, that were not, and that hold what blocks. */
  readonly passed: readonly string[];
  readonly warned: readonly string[];
  readonly failed: readonly string[];
}

/** in-toto vulns v0.2: one row a finding, with its fingerprint. */
export function vulnerabilityStatement(change: ChangeIdentity, scan: ScanSummary): Statement {
  return statementOf(change, PREDICATES.vulnerabilities, {
    scanner: {
      uri: scan.tool.uri,
      version: scan.tool.version,
      db: { lastUpdate: scan.startedAt },
      result: scan.findings.map(({ rule, severity, fingerprint }) => ({
        id: rule,
        severity: [{ method: 'sallyport', score: severity }],
        annotations: [{ fingerprint }],
      })),
    },
    metadata: { scanStartedOn: scan.startedAt, scanFinishedOn: scan.endedAt },
  });
}

/** in-toto test-result v0.1. What was not looked at is a warning: it never reads as passed. */
export function testResultStatement(change: ChangeIdentity, scan: ScanSummary): Statement {
  const result = scan.failed.length > 0 ? 'FAILED' : scan.warned.length > 0 ? 'WARNED' : 'PASSED';
  return statementOf(change, PREDICATES.testResult, {
    result,
    configuration: scan.configuration.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    passedTests: scan.passed,
    warnedTests: scan.warned,
    failedTests: scan.failed,
  });
}
