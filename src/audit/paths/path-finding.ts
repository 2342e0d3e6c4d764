import type { AgentRun, FileRole } from '../../facts/index.ts';
import type { FindingDraft, Severity } from '../../findings/index.ts';
import { type AttackPath, cheapestLeg } from './attack-path.ts';

const ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** A path as a finding: its legs are the flow, its cheapest leg the advice. */
export function findingOf(path: AttackPath): FindingDraft {
  const cheapest = cheapestLeg(path);
  return {
    rule: path.rule,
    message: path.message,
    detail: path.detail,
    severity: path.severity,
    confidence: path.confidence,
    place: path.place,
    flow: path.legs.map(({ step }) => step),
    ...(cheapest ? { cut: cheapest.cut.what } : {}),
    subject: path.run ? `${path.run.job.id} ${path.subject}` : path.subject,
  };
}

/**
 * An open path is critical; one that needs an insider or a fooled maintainer is high. One step less where the agent may
 * only run what it was granted: the way exists, but not every attacker finds it.
 */
export function pathSeverity(run: AgentRun): Severity {
  const steps = (isOpen(run) ? 0 : 1) + (run.capabilities.execute === 'any' ? 0 : 1);
  return ORDER[steps] ?? 'medium';
}

/** The milder of two severities: a path is never worse than its rule allows. */
export function atMost(limit: Severity, severity: Severity): Severity {
  return ORDER[Math.max(ORDER.indexOf(limit), ORDER.indexOf(severity))] ?? severity;
}

/** Can somebody without rights in the repository start it, with the repository's secrets? */
export function isOpen(run: AgentRun): boolean {
  return run.startedBy === 'anyone' || run.startedBy === 'past-contributor';
}

const LESS: Record<FileRole, number> = { active: 0, template: 1, documentation: 2, test: 2, vendored: 1 };

/** Files that nothing runs weigh less. */
export function lowerByRole(severity: Severity, role: FileRole): Severity {
  return ORDER[Math.min(ORDER.indexOf(severity) + LESS[role], ORDER.length - 1)] ?? severity;
}
