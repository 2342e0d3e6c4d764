/** What is wrong in pipelines and agent configuration, as attack paths, with fixes. */
export { type Audit, allRules, auditTree } from './audit.ts';
export {
  type AuditPolicy,
  NO_AUDIT_POLICY,
  type PolicySource,
  readAuditPolicy,
  severityToFail,
} from './audit-policy.ts';
export { type AuditReport, reportAudit } from './audit-report.ts';
export { type AuditDifference, compareAudits } from './difference.ts';
export { type AgentExplanation, explainAgent, findRuns, formatExplanation } from './explain-agent.ts';
export { AGENT_SETUPS } from './init/agent-setup.ts';
export { CI_SYSTEMS, type CiSystem, planSetup, type Setup } from './init/setup.ts';
export type { CutPlan } from './paths/minimum-cut.ts';
export { compareForTampering, type Tampering } from './tamper.ts';
export { planVerifiedFixes, type VerifiedPlan } from './verified-fixes.ts';
