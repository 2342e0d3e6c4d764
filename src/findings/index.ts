/** The finding, its fingerprint, and every form in which a person or a machine reads it. */
export {
  CONFIDENCES,
  type Confidence,
  type Edit,
  type Finding,
  type FindingDraft,
  type Fix,
  type FlowStep,
  type NewFile,
  type Related,
  SEVERITIES,
  type Severity,
  type Suppression,
} from './finding.ts';
export { REPORT_FORMATS, type Report, type ReportFormat } from './report.ts';
export type { Profile, RuleDescriptor, RuleExample, Tier } from './rule.ts';
