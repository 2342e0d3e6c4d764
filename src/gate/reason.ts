import type { ApprovalCount } from '../attest/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Place } from '../syntax/index.ts';
import type { GateEvidence, GateVerdict } from './model.ts';

/** Who or what takes a reason away. */
export type Lift =
  /** A second human, who has no part in the change. */
  | 'approval'
  /** An approval whose scope names this reason, or what it is about: looking at it on purpose. */
  | 'acceptance'
  /** Evidence that is missing. */
  | 'evidence'
  /** Nobody: the change has to become another one. */
  | 'nobody';

/** One thing that speaks against the change. */
export interface Occurrence {
  readonly verdict: Exclude<GateVerdict, 'pass'>;
  /** One line for a person, with the names of this change. */
  readonly text: string;
  readonly place: Place | undefined;
  readonly lift: Lift;
  /** What an acceptance may name instead of the reason's code: a control's name, a fingerprint, a path. */
  readonly names: readonly string[];
}

/** What every reason looks at. */
export interface View {
  readonly evidence: GateEvidence;
  readonly policy: Policy;
  readonly approvals: ApprovalCount;
  /** Whether a person wrote the change, as far as anything says. */
  readonly isHuman: boolean;
}

/** A row of the table of reasons. `docs/gate.md` is made from it. */
export interface ReasonRow {
  /** Stable, never reused. */
  readonly code: `GATE${number}`;
  readonly name: string;
  readonly title: string;
  readonly what: string;
  readonly why: string;
  /** What takes it away, in words. */
  readonly lifted: string;
  readonly sources: readonly string[];
  /** A change that has it, and the twin that has not; `test/gate/reasons.test.ts` holds both. */
  readonly attack: string;
  readonly benign: string;
  find(view: View): readonly Occurrence[];
}

/** An occurrence that is not tied to a place. */
export function occurrence(
  verdict: Occurrence['verdict'],
  lift: Lift,
  text: string,
  more: { readonly place?: Place | undefined; readonly names?: readonly string[] } = {},
): Occurrence {
  return { verdict, lift, text, place: more.place, names: more.names ?? [] };
}

/** The start of a file. */
export function atFile(file: string): Place {
  return { file, span: { start: 0, end: 0 } };
}
