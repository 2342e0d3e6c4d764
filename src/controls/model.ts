import type { Confidence, Severity } from '../findings/index.ts';
import type { Gap, Place } from '../syntax/index.ts';

/** What a change does to a security control. `changed`: it differs, and which way is a question for a person. */
export type Direction = 'weakened' | 'moved' | 'strengthened' | 'added-capability' | 'changed';

/** Families of what is compared; a policy names them in `when: change.weakened`. */
export type ControlGroup =
  | 'guard'
  | 'call'
  | 'route'
  | 'option'
  | 'list'
  | 'pattern'
  | 'policy-text'
  | 'sink'
  | 'test'
  | 'pipeline'
  | 'agent-configuration'
  | 'infrastructure'
  | 'dependency'
  | 'repository'
  | 'text';

/** One row of the table that a reviewer reads: what was there, what is there now, and which way that goes. */
export interface ControlChange {
  /** Kebab-case name of the class, stable: `guard-removed`, `await-removed`, `test-skipped`. Has a row in the rule table. */
  readonly control: string;
  readonly group: ControlGroup;
  readonly direction: Direction;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** One sentence that a reviewer understands, with the names of this file. */
  readonly message: string;
  /** Function, route, job or configuration path around it; empty at the top of a file. */
  readonly scope: string;
  /** In the base; `undefined` for what is new. */
  readonly before: Place | undefined;
  /** In the head; for what is gone the place where it would stand. Undefined when the file is gone. */
  readonly after: Place | undefined;
  /** What it is about, normalised, without line numbers: with the class and the file it makes the fingerprint. */
  readonly subject: string;
  /** A meta class: it disarms checks themselves (pipelines, agent configuration, TLS, tests); no model may lower it. */
  readonly meta: boolean;
}

/** What two trees do to each other's controls. */
export interface ControlDiff {
  /** By file, then by place. */
  readonly changes: readonly ControlChange[];
  /** 0 to 100: the risk of the change as a whole, of its rows and of what its code loses and gains. `risk.ts` says how. */
  readonly score: number;
  /** What could not be compared, and why; a gap is never a pass. */
  readonly gaps: readonly Gap[];
  /** Files whose sides were compared as code or configuration. */
  readonly compared: number;
}
