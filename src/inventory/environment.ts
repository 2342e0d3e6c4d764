import type { AgentRun } from '../facts/index.ts';
import type { Place } from '../syntax/index.ts';

/** A variable of an agent. Its text is looked at, never listed. */
export interface EnvironmentEntry {
  readonly name: string;
  readonly text: string;
  readonly place: Place;
}

/** Variables of the step, the job, the pipeline and the agent's own configuration; the nearest first. */
export function environmentEntries(run: AgentRun): readonly EnvironmentEntry[] {
  const written = [...run.step.environment, ...run.job.environment, ...run.pipeline.environment];
  return [
    ...written.map(({ name, value, keyPlace }) => ({ name, text: value.text, place: keyPlace })),
    ...run.configuration
      .filter(({ role }) => role === 'active' || role === 'managed')
      .flatMap(({ environment }) => environment.map(({ name, value, place }) => ({ name, text: value, place }))),
  ];
}
