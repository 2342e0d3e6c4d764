import type { Confidence, Severity } from '../../findings/index.ts';
import type { Gap, Place } from '../../syntax/index.ts';

/** One thing that a file says about a control, in a form that two versions can be compared by. */
export interface ControlFact {
  /** Id of the class. */
  readonly control: string;
  /** Job, resource, test suite around it; empty at the top of a file. */
  readonly scope: string;
  /** What it is about. Pairs the facts of two versions within their scope; no line numbers. */
  readonly subject: string;
  /**
   * How far it opens: above 0 it exposes, below 0 it protects, and absence is 0. Facts of one subject add up, so that
   * order and position do not matter.
   */
  readonly weight: number;
  /** What stands there, short, for the message. */
  readonly shown: string;
  /** What is compared where weights are equal; default `shown`. */
  readonly value?: string;
  /** What must all hold, where it is such a thing: one part more only asks for more. */
  readonly parts?: readonly string[];
  readonly place: Place;
  /** Counts also when the whole scope is gone: a check that was removed with its job is removed. */
  readonly standing?: boolean;
  /** Part of the subject that names another scope, such as a job that is waited for: follows its renaming. */
  readonly names?: string;
  /** Keys that lead to it in a structured file, which its subject begins with: follow the renaming of an item. */
  readonly path?: readonly string[];
  /** A file that does the work; when it is gone itself, what it did is compared there. */
  readonly leadsTo?: string;
  /** Says nothing in a scope that is new: it is what everybody has who says nothing. */
  readonly quietWhenNew?: boolean;
  /** Where this fact is worse or more harmless than its class. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

/** What was read of one version of a file. */
export interface FactSheet {
  readonly facts: readonly ControlFact[];
  /** Scopes that exist, with the place of their name. The top of the file, `''`, is one while the file exists. */
  readonly scopes: ReadonlyMap<string, Place>;
  /** Scopes whose facts are compared together, whichever files they stand in. */
  readonly movableScopes?: ReadonlySet<string>;
  /** Everything that a structured file says, so that an item with a new name is known for the one it was. */
  readonly values?: readonly PlacedValue[];
  readonly gaps: readonly Gap[];
}

/** A value of a structured file and the keys that lead to it. */
export interface PlacedValue {
  readonly scope: string;
  readonly path: readonly string[];
  readonly text: string;
}

/** How a class speaks about the difference of two facts. `{scope}`, `{subject}`, `{was}` and `{now}` are put in. */
export interface FactWording {
  /** Empty: only `changed` is told. */
  readonly weakened: string;
  /** For a scope that is new; default the sentence of `weakened`. */
  readonly added?: string;
  readonly strengthened?: string;
  /** Given: a difference of values at equal weight is reported, with this severity. */
  readonly changed?: { readonly says: string; readonly severity: Severity };
  /** Also a new scope is judged as a weakening of the file, not as something added. */
  readonly always?: boolean;
  /** Facts of all files are compared together: gone here and new in another file is no loss. */
  readonly movable?: boolean;
  /** Given: that it stands in another file now is told. */
  readonly moved?: string;
  /** Only what stands on both sides is compared: its absence says nothing. */
  readonly bothSides?: boolean;
  /** Of several facts about one subject the most open one counts, not their sum: how often it stands there means nothing. */
  readonly worstCounts?: boolean;
  /** What another scope of the old file had already, just as open, is no news in one that had nothing of it. */
  readonly sharedByScopes?: boolean;
  /** What its scope had nothing of before is something added, not something loosened. */
  readonly newIsAdded?: boolean;
  /** Given: that some of several are left is told with this. */
  readonly fewer?: { readonly says: string; readonly severity: Severity };
}

export const NOTHING_READ: FactSheet = { facts: [], scopes: new Map(), gaps: [] };
