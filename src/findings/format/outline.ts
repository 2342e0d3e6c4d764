import type { Gap } from '../../syntax/index.ts';
import { type Finding, SEVERITIES, type Severity } from '../finding.ts';
import { planFixes } from '../fix/plan.ts';
import type { Report } from '../report.ts';
import type { RuleDescriptor } from '../rule.ts';

/** The findings as a person should meet them. */
export interface Outline {
  /** Attack paths, most severe first. */
  readonly paths: readonly Finding[];
  /** The others by file: the file with the worst finding first, findings by place. */
  readonly files: readonly FileFindings[];
  readonly suppressed: readonly Finding[];
}

export interface FileFindings {
  readonly file: string;
  readonly findings: readonly Finding[];
}

export function outlineOf(report: Report): Outline {
  const shown = report.findings.filter(({ suppression }) => suppression === undefined);
  const others = shown.filter((finding) => !isPath(finding));
  const byFile = [...Map.groupBy(others, ({ place }) => place.file)].sort(
    ([a, ofA], [b, ofB]) => worstOf(ofA) - worstOf(ofB) || (a < b ? -1 : 1),
  );
  return {
    paths: shown.filter(isPath).toSorted(bySeverity),
    files: byFile.map(([file, findings]) => ({ file, findings: findings.toSorted(byPlace) })),
    suppressed: report.findings.filter(({ suppression }) => suppression !== undefined),
  };
}

/** Whether a finding is the whole way of an attack and not one weak place. */
function isPath({ flow }: Finding): boolean {
  return flow.length > 0;
}

/** Most severe first; the order of the report among equals. */
export function bySeverity(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function worstOf(findings: readonly Finding[]): number {
  return Math.min(...findings.map(({ severity }) => SEVERITIES.indexOf(severity)));
}

function byPlace(a: Finding, b: Finding): number {
  return a.place.span.start - b.place.span.start || bySeverity(a, b);
}

/** How many findings of each severity are not suppressed. */
export function countSeverities(findings: readonly Finding[]): ReadonlyMap<Severity, number> {
  const shown = findings.filter(({ suppression }) => suppression === undefined);
  return new Map(SEVERITIES.map((severity) => [severity, shown.filter((found) => found.severity === severity).length]));
}

/** `3 findings: 1 critical, 2 medium; 1 suppressed; 12 files read`. */
export function summarise(report: Report): string {
  const { paths, files, suppressed } = outlineOf(report);
  const total = paths.length + files.reduce((sum, { findings }) => sum + findings.length, 0);
  const counts = [...countSeverities(report.findings)].filter(([, count]) => count > 0);
  const parts = [
    total === 0
      ? 'no findings'
      : `${counted(total, 'finding')}: ${counts.map((entry) => entry.toReversed().join(' ')).join(', ')}`,
    ...(paths.length > 0 ? [counted(paths.length, 'attack path')] : []),
    ...(suppressed.length > 0 ? [`${suppressed.length} suppressed`] : []),
    `${counted(report.filesRead, 'file')} read`,
    ...(report.gaps.length > 0 ? [`${counted(report.gaps.length, 'gap')}`] : []),
  ];
  return parts.join('; ');
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What to do next, one sentence each, most useful first. */
export function nextSteps(report: Report): readonly string[] {
  const { paths } = outlineOf(report);
  const safe = planFixes(report, { safety: 'safe' }).applied.length;
  const both = planFixes(report, { safety: 'unsafe' }).applied.length;
  const cuts = paths.filter(({ cut }) => cut !== undefined).length;
  return [
    ...(cuts > 0 ? ['Begin with the cut of the first attack path: it is the cheapest way to end it.'] : []),
    ...(safe > 0 ? [`${counted(safe, 'finding')} can be mended now: sallyport ${report.command} --fix`] : []),
    ...(both > safe
      ? [
          `${counted(both - safe, 'finding')} more with fixes that want your eyes: sallyport ${report.command} --fix-plan --fix-unsafe`,
        ]
      : []),
  ];
}

/** Whether something could stand unseen in a gap. What lives elsewhere by nature (a remote action) hides nothing here. */
export function hidesSomething(gap: Gap): boolean {
  return gap.kind !== 'unresolved';
}

/** The rule of a finding; one that the report does not describe is described by its id. */
export function ruleOf(finding: Finding, report: Report): Pick<RuleDescriptor, 'id' | 'name' | 'title' | 'advice'> {
  const { rule } = finding;
  return report.rules.find(({ id }) => id === rule) ?? { id: rule, name: rule, title: rule, advice: '' };
}
