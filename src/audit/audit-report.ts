import {
  applySuppressions,
  completeFindings,
  type Finding,
  type FindingDraft,
  type Profile,
  type Report,
  readSuppressionComments,
  type SuppressionComment,
  type SuppressionEntry,
  type SuppressionFault,
  type Violation,
} from '../findings/index.ts';
import type { Place, SourceFile, SourceTree } from '../syntax/index.ts';
import type { Audit } from './audit.ts';
import type { AuditPolicy } from './audit-policy.ts';
import { sortFindings } from './order.ts';
import type { AttackPath } from './paths/attack-path.ts';
import { type CutPlan, planCuts } from './paths/minimum-cut.ts';
import { findingOf } from './paths/path-finding.ts';
import { selectFindings } from './profile.ts';

export interface AuditReportOptions {
  readonly profile: Profile;
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly today: string;
  /**
   * Where suppressions must stand to count: the protected base, so that a change cannot silence what it adds.
   * `undefined`: the audited tree itself.
   */
  readonly base: SourceTree | undefined;
  readonly policy: AuditPolicy;
  readonly baseline: readonly SuppressionEntry[];
}

export interface AuditReport extends Report {
  readonly violations?: readonly Violation[];
  /** Findings that the profile leaves out. */
  readonly hidden: number;
  /** The cheapest cuts that end every path that nobody accepted. */
  readonly cuts: CutPlan;
}

/** Applies suppressions and the profile to an audit. Nothing is dropped: what is suppressed says by whom. */
export function reportAudit(audit: Audit, options: AuditReportOptions): AuditReport {
  const read = suppressionsIn(audit, options.base);
  const applied = applySuppressions(audit.findings, {
    comments: read.comments,
    policy: [...usedIgnores(audit, options.policy), ...options.policy.ignores.repository],
    baseline: options.baseline,
    rules: new Set(audit.rules.keys()),
    today: options.today,
  });
  const faults = faultFindings([...read.faults, ...applied.faults]);
  const all = sortFindings([...unsilence(applied.findings, options.policy), ...faults]);
  const violations = findViolations(all, options.policy);
  const demanded = new Set(violations.flatMap(({ findings }) => findings));
  const { shown, hidden } = selectFindings(all, audit.rules, options.profile, demanded);
  return {
    command: 'audit',
    version: options.version,
    findings: shown,
    hidden,
    cuts: planCuts(audit.paths.filter((path) => isOpen(path, all))),
    rules: [...audit.rules.values()],
    gaps: audit.facts.gaps,
    filesRead: audit.facts.filesRead,
    ...(options.policy.requirements.length === 0 ? {} : { violations }),
    source: (path) => audit.facts.source(path) ?? options.policy.sources.find((file) => file.path === path),
  };
}

function isOpen(path: AttackPath, findings: readonly Finding[]): boolean {
  const { rule, message, place } = findingOf(path);
  const own = findings.filter(
    (one) => one.rule === rule && one.place.file === place.file && one.place.span.start === place.span.start,
  );
  // A message is worded again when lines are shared; then any open one at the place speaks for the path.
  const exact = own.filter((one) => one.message === message);
  return (exact.length > 0 ? exact : own).some(({ suppression }) => suppression === undefined);
}

/** An organisation accepts findings in many repositories: that one of them is not here is no news. */
function usedIgnores({ findings }: Audit, { ignores }: AuditPolicy): readonly SuppressionEntry[] {
  const found = new Set(findings.map(({ fingerprint }) => fingerprint));
  return ignores.organisation.filter(({ fingerprint }) => found.has(fingerprint));
}

/** What an organisation demands none of only the organisation can accept. */
function unsilence(findings: readonly Finding[], { requirements, ignores }: AuditPolicy): readonly Finding[] {
  const demands = requirements.filter(({ by }) => by === 'organisation');
  const accepted = new Set(ignores.organisation.map(({ place, fingerprint }) => placeKey(fingerprint, place)));
  return findings.map((finding) => {
    const by = finding.suppression;
    if (by === undefined || !demands.some((demand) => demand.covers(finding))) return finding;
    const own = by.by === 'policy' && accepted.has(placeKey(finding.fingerprint, by.place));
    return own ? finding : { ...finding, suppression: undefined };
  });
}

function placeKey(fingerprint: string, place: Place | undefined): string {
  return JSON.stringify([fingerprint, place?.file, place?.span.start]);
}

function findViolations(findings: readonly Finding[], { requirements }: AuditPolicy): readonly Violation[] {
  const left = findings.filter(({ suppression }) => suppression === undefined);
  return requirements.flatMap(({ none, by, place, covers }) => {
    const found = left.filter((finding) => covers(finding)).map(({ fingerprint }) => fingerprint);
    return found.length === 0 ? [] : [{ none, by, place, findings: found }];
  });
}

interface ReadSuppressions {
  readonly comments: readonly SuppressionComment[];
  readonly faults: readonly SuppressionFault[];
}

function suppressionsIn(audit: Audit, base: SourceTree | undefined): ReadSuppressions {
  const files = filesOf(audit);
  const read = files.map((file) => {
    const found = readSuppressionComments(file);
    return { comments: base ? trusted(found.comments, file, base) : found.comments, faults: found.faults };
  });
  return { comments: read.flatMap(({ comments }) => comments), faults: read.flatMap(({ faults }) => faults) };
}

function filesOf({ facts }: Audit): readonly SourceFile[] {
  const files = [...facts.pipelines, ...facts.configurations, ...facts.containers].map(({ file }) => file);
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** Comments that say the same in the same file of the base. */
function trusted(comments: readonly SuppressionComment[], file: SourceFile, base: SourceTree) {
  const before = base.read(file.path);
  if (!before || !('text' in before)) return [];
  const known = new Set(readSuppressionComments(before).comments.map(meaningOf));
  return comments.filter((comment) => known.has(meaningOf(comment)));
}

function meaningOf({ scope, rules, reason, until }: SuppressionComment): string {
  return JSON.stringify([scope, rules, reason, until ?? null]);
}

const NOWHERE: Place = { file: 'sallyport.yaml', span: { start: 0, end: 0 } };

function faultFindings(faults: readonly SuppressionFault[]): readonly Finding[] {
  return completeFindings(
    faults.map(
      (fault): FindingDraft => ({
        rule: 'META04',
        message: fault.message,
        severity: 'low',
        confidence: 'high',
        place: fault.place ?? NOWHERE,
        subject: `${fault.by} ${fault.kind} ${fault.message}`,
      }),
    ),
  );
}
