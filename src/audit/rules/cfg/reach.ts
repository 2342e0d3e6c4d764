import type { EffectiveFact } from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Severity } from '../../../findings/index.ts';
import { SEVERITIES } from '../../../findings/index.ts';
import type { Place } from '../../../syntax/index.ts';

/** A fact about one place of a configuration file in one agent run. */
export interface Reached {
  readonly run: AgentRun;
  readonly fact: EffectiveFact;
}

/** What the agent runs of the pipelines make of the thing at this place. */
export function reachOf(place: Place, facts: Facts): readonly Reached[] {
  return facts.runs.flatMap((run) =>
    run.effective.filter((fact) => isSame(fact.place, place)).map((fact) => ({ run, fact })),
  );
}

/**
 * The severity by what the pipelines do with it: a step up where a run obeys it and a change under review can write it,
 * a step down where every run that meets it ignores it.
 */
export function weighByRuns(severity: Severity, place: Place, facts: Facts): Severity {
  const reached = reachOf(place, facts);
  if (reached.some(({ fact }) => fact.inForce === 'yes' && fact.fromTree)) return step(severity, -1);
  if (reached.length > 0 && reached.every(({ fact }) => fact.inForce === 'no')) return step(severity, 1);
  return severity;
}

/** Where it is in force and where not, and why, for the text below a message. */
export function explainReach(place: Place, facts: Facts): string | undefined {
  const reached = reachOf(place, facts).slice(0, MOST_RUNS);
  if (reached.length === 0) return undefined;
  return reached.map(({ run, fact }) => `In ${run.id} it is ${WORDS[fact.inForce]}: ${fact.why}.`).join(' ');
}

const MOST_RUNS = 3;
const WORDS = { yes: 'in force', no: 'not in force', unknown: 'possibly in force' } as const;

function step(severity: Severity, by: 1 | -1): Severity {
  const at = Math.min(Math.max(SEVERITIES.indexOf(severity) + by, 0), SEVERITIES.length - 1);
  return SEVERITIES[at] ?? severity;
}

function isSame(one: Place, other: Place): boolean {
  return one.file === other.file && one.span.start === other.span.start && one.span.end === other.span.end;
}

/** `{ detail }` when there is something to explain, else nothing to spread. */
export function withReach(place: Place, facts: Facts, before?: string): { readonly detail?: string } {
  const reach = explainReach(place, facts);
  const text = [before, reach].filter((part) => part !== undefined).join(' ');
  return text === '' ? {} : { detail: text };
}
