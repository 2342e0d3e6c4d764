import type { AgentRun, Facts, UntrustedSource } from '../../facts/index.ts';
import { SEVERITIES, type Severity } from '../../findings/index.ts';
import { isContained, meetsOutsiders } from './agent-rule.ts';

/** A pipeline that people wrote: a compiled one is judged at its source, and a source by the AW rules. */
export function isWritten({ pipeline }: AgentRun): boolean {
  return pipeline.role !== 'agentic-lock' && pipeline.role !== 'agentic-source';
}

export function writtenRuns(facts: Facts): readonly AgentRun[] {
  return facts.runs.filter(isWritten);
}

/** Circles that hold people, or programs fed by people, without rights in the repository. */
const WIDE: ReadonlySet<AgentRun['startedBy']> = new Set(['anyone', 'past-contributor', 'bot']);

export function isWide(who: AgentRun['startedBy']): boolean {
  return WIDE.has(who);
}

/** Somebody without rights starts the agent itself, with the rights of the repository. */
export function isOpen({ startedBy }: Pick<AgentRun, 'startedBy'>): boolean {
  return isWide(startedBy);
}

/** Nobody gets to the agent but past a check of rights, and another job does the writing. */
export function isSplit(run: AgentRun): boolean {
  return (
    run.gateStrength >= 3 &&
    run.controls.some(
      ({ kind, certainty }) => certainty === 'yes' && (kind === 'split-job' || kind === 'patch-handoff'),
    )
  );
}

/** What changes something for others when a later step does it with the answer of a model. */
const CHANGING: ReadonlySet<AgentRun['exits'][number]['kind']> = new Set([
  'push',
  'merge',
  'release',
  'publish',
  'deploy',
  'environment',
  'dispatch',
  'sign',
]);

/**
 * One call of a model that has no tools, whose answer is at most shown: whoever writes its prompt gains a sentence and
 * the price of the call. Where the answer is run, EXE010 says so.
 */
function onlyAnswers({ capabilities, invocation, exits }: AgentRun): boolean {
  const { read, write, execute, network } = capabilities;
  return (
    invocation.product === 'ai-inference' &&
    [read, write, execute, network].every((power) => power === 'none') &&
    invocation.allow.length === 0 &&
    invocation.mcpConfigurations.length === 0 &&
    !exits.some(({ kind }) => CHANGING.has(kind))
  );
}

/** A severity some steps milder. */
export function milder(severity: Severity, steps = 1): Severity {
  return SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + steps, SEVERITIES.length - 1)] ?? severity;
}

/** The milder of two. */
export function atMost(limit: Severity, severity: Severity): Severity {
  return SEVERITIES[Math.max(SEVERITIES.indexOf(limit), SEVERITIES.indexOf(severity))] ?? severity;
}

/** How much it weighs that somebody starts it: little in a sandbox, less where there is nothing but a model. */
export function unlessContained(run: AgentRun, severity: Severity): Severity {
  if (onlyAnswers(run)) return atMost('medium', severity);
  return isContained(run) ? atMost('low', severity) : severity;
}

/**
 * How much a source weighs: less where only members write it (runs of forks get no secrets), little where a sandbox
 * stands around the agent, or where members only start it and it holds nothing that writes.
 */
export function weighSource(run: AgentRun, { who }: Pick<UntrustedSource, 'who'>, severity: Severity): Severity {
  if (isContained(run) || isSplit(run)) return atMost('low', severity);
  return isWide(who) ? severity : milder(severity);
}

/** How much a right weighs: less where nobody outside meets the agent. */
export function weighRight(run: AgentRun, severity: Severity): Severity {
  if (isContained(run) || isSplit(run)) return 'low';
  return meetsOutsiders(run) ? severity : milder(severity);
}
