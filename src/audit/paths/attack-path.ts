import type { AgentRun } from '../../facts/index.ts';
import type { Confidence, FlowStep, Severity } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';

/** What would stop an attack at one leg, and what it costs the people who run the pipeline. */
export interface Cut {
  /** Imperative, without an end mark: `Give the agent's step a token that can only read`. */
  readonly what: string;
  /** Effort, from 1 (a line) to 5 (another way of working). */
  readonly cost: 1 | 2 | 3 | 4 | 5;
}

/** One leg of an attack. Legs of the same id in several paths fall with one cut. */
export interface Leg {
  readonly id: string;
  readonly step: FlowStep;
  readonly cut: Cut;
}

/** A complete way from somebody outside to harm. */
export interface AttackPath {
  readonly rule: string;
  readonly run: AgentRun | undefined;
  /** What the path is about besides its run; part of the fingerprint. */
  readonly subject: string;
  readonly message: string;
  readonly detail: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Where a person should look first. */
  readonly place: Place;
  readonly legs: readonly Leg[];
  /** Rules whose paths about the same run this one tells more exactly: of the two only this one is reported. */
  readonly replaces?: readonly string[];
}

/** The leg that is cheapest to cut; of equal ones the earliest, because nothing behind it has happened yet. */
export function cheapestLeg(path: AttackPath): Leg | undefined {
  return path.legs.reduce<Leg | undefined>(
    (best, leg) => (best === undefined || leg.cut.cost < best.cut.cost ? leg : best),
    undefined,
  );
}
