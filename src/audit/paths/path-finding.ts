import type { AgentRun, FileRole, UntrustedSource } from '../../facts/index.ts';
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
 * only run what it was granted: the way exists, but not every attacker finds it; and where only people who may push
 * write what it meets, since they reach the pipeline itself.
 */
export function pathSeverity(run: AgentRun): Severity {
  return ORDER[Math.min(stepsOf(run) + (run.capabilities.execute === 'any' ? 0 : 1), MILDEST)] ?? 'medium';
}

/** The same where it does not matter what the agent may run: a later step does the harm. */
export function reachSeverity(run: AgentRun): Severity {
  return ORDER[Math.min(stepsOf(run), MILDEST)] ?? 'medium';
}

function stepsOf(run: AgentRun): number {
  return (isOpen(run) ? 0 : 1) + (isAmongMembers(run) ? 1 : 0);
}

const MILDEST = ORDER.indexOf('medium');

/** Channels through which a stranger's text comes whoever starts the run: comments, trackers, pages, logs. */
const FROM_ELSEWHERE: ReadonlySet<UntrustedSource['channel']> = new Set<UntrustedSource['channel']>([
  ...(['event', 'fetched', 'tracker', 'web', 'log', 'artifact', 'agent', 'output', 'file'] as const),
]);

/** Does only text of people who may push reach the agent? A fork's run of `pull_request` has no secrets to take. */
export function isAmongMembers({ sources }: AgentRun): boolean {
  return sources.every(
    ({ who, channel }) => (who === 'member' || who === 'maintainer') && !FROM_ELSEWHERE.has(channel),
  );
}

/** The milder of two severities: a path is never worse than its rule allows. */
export function atMost(limit: Severity, severity: Severity): Severity {
  return ORDER[Math.max(ORDER.indexOf(limit), ORDER.indexOf(severity))] ?? severity;
}

/** Can somebody without rights start it with the repository's secrets, or write what the clock has it read? */
export function isOpen(run: AgentRun): boolean {
  return isOpenStart(run) || run.sources.some(({ unattended }) => unattended === true);
}

/** Can somebody without rights in the repository start it? */
export function isOpenStart({ startedBy }: Pick<AgentRun, 'startedBy'>): boolean {
  return startedBy === 'anyone' || startedBy === 'past-contributor';
}

const LESS: Record<FileRole, number> = { active: 0, template: 2, documentation: 2, test: 2, vendored: 1 };

/** Files that nothing runs weigh less. */
export function lowerByRole(severity: Severity, role: FileRole): Severity {
  return ORDER[Math.min(ORDER.indexOf(severity) + LESS[role], ORDER.length - 1)] ?? severity;
}
