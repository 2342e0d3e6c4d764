import { revealHidden } from '../../text/index.ts';
import type { Severity } from '../finding.ts';
import { createLocator } from '../position.ts';
import type { Report } from '../report.ts';
import { renderJson } from './json-text.ts';
import type { RenderOptions } from './options.ts';
import { bySeverity } from './outline.ts';

/** https://docs.gitlab.com/ci/testing/code_quality/ */
const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};
const MAX_DESCRIPTION = 2000;

/** GitLab's Code Quality report. It has no field for suppression: suppressed findings are left out. */
export function renderGitlabQuality(report: Report, _options: RenderOptions): string {
  const locator = createLocator(report);
  const shown = report.findings.filter(({ suppression }) => suppression === undefined).toSorted(bySeverity);
  return renderJson(
    shown.map(({ rule, message, fingerprint, severity, place }) => ({
      description: revealHidden(`${rule}: ${message}`).slice(0, MAX_DESCRIPTION).toWellFormed(),
      check_name: rule,
      fingerprint,
      severity: SEVERITY_NAMES[severity],
      location: { path: place.file, lines: { begin: locator.region(place)?.startLine ?? 1 } },
    })),
  );
}
