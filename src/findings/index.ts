/** The finding, its fingerprint, and every form in which a person or a machine reads it. */
export { compareReports, type ReportComparison } from './comparison.ts';
export {
  CONFIDENCES,
  type Confidence,
  type Edit,
  type Finding,
  type FindingDraft,
  type Fix,
  type FlowStep,
  type Related,
  SEVERITIES,
  type Severity,
} from './finding.ts';
export { completeFinding, completeFindings } from './fingerprint.ts';
export { applyEdits } from './fix/edits.ts';
export { renderPatch } from './fix/patch.ts';
export { type AppliedFix, type FileChange, type FixPlan, planFixes } from './fix/plan.ts';
export { jsonObject, renderJson } from './format/json-text.ts';
export type { RenderOptions } from './format/options.ts';
export { hidesSomething } from './format/outline.ts';
export { renderReport } from './format/render.ts';
export { type IngestedScan, ingestScan, type ReadSource, withoutDuplicates } from './ingest/index.ts';
export { joinReports } from './join.ts';
export { hashLines } from './line-hash.ts';
export { createLocator, type Locator } from './position.ts';
export { REPORT_FORMATS, type Report, type ReportFormat, type Violation } from './report.ts';
export type { Profile, RuleDescriptor, RuleExample } from './rule.ts';
export { applySuppressions, type SuppressionSources } from './suppression/application.ts';
export { BASELINE_FILE, readBaseline, writeBaseline } from './suppression/baseline.ts';
export { readSuppressionComments, type SuppressionComment } from './suppression/comment.ts';
export type { SuppressionEntry, SuppressionFault } from './suppression/suppression.ts';
