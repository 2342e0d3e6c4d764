import type { AgentRun } from '../../facts/index.ts';
import type { Confidence, Severity } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';
import type { AttackPath, Leg } from './attack-path.ts';
import { cheapestLeg } from './attack-path.ts';
import { whyControlsFail } from './standing-controls.ts';

/** What a rule says of a path about one agent; the rest follows from the agent. */
export interface PathParts {
  readonly rule: string;
  readonly subject: string;
  /** Who can do it, and what it comes to. */
  readonly message: string;
  /** What they gain, in whole sentences. */
  readonly gain: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly place?: Place;
  readonly legs: readonly Leg[];
  readonly replaces?: readonly string[];
}

/** A path about one agent. Its detail says what is gained, why what stands there does not help, and what would. */
export function pathAbout(run: AgentRun, parts: PathParts): AttackPath {
  const path: AttackPath = {
    rule: parts.rule,
    run,
    subject: parts.subject,
    message: parts.message,
    detail: '',
    severity: parts.severity,
    confidence: parts.confidence,
    place: parts.place ?? run.invocation.place,
    legs: parts.legs,
    ...(parts.replaces ? { replaces: parts.replaces } : {}),
  };
  const cheapest = cheapestLeg(path);
  const cut = cheapest ? ` Cheapest cut: ${cheapest.cut.what}.` : '';
  return { ...path, detail: `${parts.gain} ${whyControlsFail(run)}${cut}` };
}
