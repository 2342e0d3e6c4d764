import type { Gap, Place } from '../../syntax/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { type BaselineState, createBaselineStates } from '../comparison.ts';
import type { Edit, Finding, Fix } from '../finding.ts';
import { createLocator, type Locator } from '../position.ts';
import type { Report } from '../report.ts';
import { jsonObject, renderJson } from './json-text.ts';
import type { RenderOptions } from './options.ts';
import { countSeverities, hidesSomething } from './outline.ts';

/** Raised when a reader of an older version could misread a newer report; new fields do not raise it. */
const FORMAT = 'sallyport-findings/1';

/** The report as `docs/formats/findings.md` describes it. */
export function renderFindingsJson(report: Report, options: RenderOptions): string {
  const locator = createLocator(report);
  const baselineOf = createBaselineStates(options.comparison);
  const findings = report.findings.filter(
    ({ suppression }) => options.suppressed !== 'omit' || suppression === undefined,
  );
  return renderJson(
    jsonObject({
      format: FORMAT,
      tool: { name: 'sallyport', version: report.version, command: report.command },
      summary: {
        ...Object.fromEntries(countSeverities(report.findings)),
        suppressed: report.findings.filter(({ suppression }) => suppression !== undefined).length,
        filesRead: report.filesRead,
        complete: !report.gaps.some(hidesSomething),
      },
      findings: findings.map((finding) => findingValue(finding, locator, baselineOf(finding))),
      rules: report.rules.map((rule) => ({
        id: rule.id,
        name: rule.name,
        title: rule.title,
        what: rule.what,
        why: rule.why,
        severity: rule.severity,
        confidence: rule.confidence,
        tier: rule.tier,
        family: rule.family,
        fix: rule.fix,
        advice: rule.advice,
        tags: rule.tags,
        sources: rule.sources,
      })),
      gaps: report.gaps.map((gap) => gapValue(gap, locator)),
      violations: report.violations?.map(({ none, by, place, findings: left }) => {
        return { none, by, place: placeValue(place, locator), findings: left };
      }),
    }),
  );
}

function findingValue(finding: Finding, locator: Locator, baseline: BaselineState | undefined): JsonValue {
  const { suppression } = finding;
  return jsonObject({
    fingerprint: finding.fingerprint,
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    message: finding.message,
    detail: finding.detail,
    subject: finding.subject,
    place: placeValue(finding.place, locator),
    flow: finding.flow.map(({ place, message, role }) => ({ role, message, place: placeValue(place, locator) })),
    cut: finding.cut,
    related: finding.related.map(({ place, message }) => ({ message, place: placeValue(place, locator) })),
    fixes: finding.fixes.map((fix) => fixValue(fix, locator)),
    baseline,
    suppression:
      suppression &&
      jsonObject({
        by: suppression.by,
        reason: suppression.reason,
        until: suppression.until,
        place: suppression.place && placeValue(suppression.place, locator),
      }),
  });
}

function fixValue({ title, safety, edits, creates }: Fix, locator: Locator): JsonValue {
  return {
    title,
    safety,
    edits: edits.map(({ file, span, text }: Edit) => ({ place: placeValue({ file, span }, locator), text })),
    creates: creates.map(({ file, content }) => ({ file, content })),
  };
}

function gapValue(gap: Gap, locator: Locator): JsonValue {
  return { kind: gap.kind, message: gap.message, place: placeValue(gap.place, locator) };
}

function placeValue(place: Place, locator: Locator): JsonValue {
  const region = locator.region(place);
  return { file: place.file, start: place.span.start, end: place.span.end, ...region };
}
