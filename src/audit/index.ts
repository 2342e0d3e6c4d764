/** What is wrong in pipelines and agent configuration, as attack paths, with fixes. */
export { type Audit, allRules, auditTree } from './audit.ts';
export {
  type AuditPolicy,
  NO_AUDIT_POLICY,
  type PolicyLayers,
  type PolicySource,
  readAuditPolicy,
  severityToFail,
} from './audit-policy.ts';
export { type AuditReport, type AuditReportOptions, reportAudit } from './audit-report.ts';
export { type AuditDifference, compareAudits } from './difference.ts';
export {
  type AgentExplanation,
  type AgentStatement,
  explainAgent,
  findRuns,
  formatExplanation,
} from './explain-agent.ts';
export { AGENT_SETUPS } from './init/agent-setup.ts';
export { CI_SYSTEMS, type CiSystem, type PlannedFile, planSetup, type Setup } from './init/setup.ts';
export type { CutPlan } from './paths/minimum-cut.ts';
export type { Rule, RuleContext } from './rule.ts';
export { compareForTampering, type TamperEntry, type Tampering } from './tamper.ts';
export { planVerifiedFixes, type VerifiedPlan } from './verified-fixes.ts';
