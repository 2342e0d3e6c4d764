import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Confidence, FindingDraft, Fix, Related, Severity } from '../../../findings/index.ts';
import type { Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';

/** What a rule about one agent adds to a draft. */
export interface RunFinding {
  readonly message: string;
  readonly detail?: string;
  readonly severity: Severity;
  readonly confidence?: Confidence;
  readonly place: Place;
  /** What it is about, in names: part of the fingerprint. */
  readonly about: string;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

export function runDraft(rule: string, run: AgentRun, found: RunFinding): FindingDraft {
  const { message, detail, severity, confidence, place, about, related, fixes } = found;
  return {
    rule,
    message,
    severity,
    confidence: confidence ?? 'high',
    place,
    subject: `${run.job.id} ${about}`,
    related: [{ place: run.invocation.place, message: `the agent: ${run.invocation.spelled}` }, ...(related ?? [])],
    ...(detail === undefined ? {} : { detail }),
    ...(fixes === undefined || fixes.length === 0 ? {} : { fixes }),
  };
}

/** Findings of a rule about each agent; two agents of a job that share a cause give one. */
export function eachRun(facts: Facts, check: (run: AgentRun) => Iterable<FindingDraft>): readonly FindingDraft[] {
  const kept = new Map<string, FindingDraft>();
  for (const run of facts.runs) {
    for (const draft of check(run)) {
      const key = `${draft.place.file} ${draft.place.span.start} ${draft.subject}`;
      if (!kept.has(key)) kept.set(key, draft);
    }
  }
  return [...kept.values()];
}

/** Untrusted text and a way out meet here: whatever the agent can read can leave by somebody else's order. */
export function isExposed({ trifecta }: AgentRun): boolean {
  return trifecta.untrusted === 'yes' && trifecta.wayOut !== 'no';
}

/** A step and every step inside it. */
export function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...allSteps(step.inner)]);
}

/** Whether the step is the agent's, or the action around it. */
export function isAgentStep(facts: Facts, step: Step): boolean {
  return facts.runs.some((run) => run.step === step || run.stepPath.includes(step));
}
