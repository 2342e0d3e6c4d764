import type { Place, Span } from '../syntax/index.ts';

/** In falling order. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** `regular` rules and findings speak to everybody; `pedantic` ones only where the profile is `all`. */
export type Tier = 'regular' | 'pedantic';

/** One step of how something bad travels, in the order in which it happens. */
export interface FlowStep {
  readonly place: Place;
  /** A sentence without an end mark: who does what, with which power. */
  readonly message: string;
  readonly role: 'trigger' | 'source' | 'propagation' | 'agent' | 'credential' | 'sink';
}

export interface Related {
  readonly place: Place;
  readonly message: string;
}

/** Replaces a range of a file as it was read. An empty range inserts. */
export interface Edit {
  readonly file: string;
  readonly span: Span;
  readonly text: string;
}

export interface NewFile {
  readonly file: string;
  readonly content: string;
}

/** `safe` keeps what the file does for honest use; `unsafe` may change it and wants a person's eyes. */
export interface Fix {
  readonly title: string;
  readonly safety: 'safe' | 'unsafe';
  readonly edits: readonly Edit[];
  readonly creates: readonly NewFile[];
}

/** What a rule reports. */
export interface FindingDraft {
  readonly rule: string;
  /** One sentence: what is wrong here, with the names of this file. */
  readonly message: string;
  /** Who can do it, what they gain, why existing controls do not help; shown below the message. */
  readonly detail?: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Where it is another one than the rule's: the evidence is weak by its kind. */
  readonly tier?: Tier;
  readonly place: Place;
  readonly related?: readonly Related[];
  /** The whole path, for a finding that is one. */
  readonly flow?: readonly FlowStep[];
  /** The cheapest cut, for a path. */
  readonly cut?: string;
  /**
   * What the finding is about, normalised: job and step names, input names, never line numbers. With the rule and the
   * file it makes the fingerprint.
   */
  readonly subject: string;
  readonly fixes?: readonly Fix[];
}

/** Why a finding is not shown. */
export interface Suppression {
  readonly by: 'comment' | 'policy' | 'baseline';
  readonly reason: string;
  /** The last day it holds, as YYYY-MM-DD. */
  readonly until: string | undefined;
  readonly place: Place | undefined;
}

/** A finding as every report shows it. */
export interface Finding extends FindingDraft {
  readonly related: readonly Related[];
  readonly flow: readonly FlowStep[];
  readonly fixes: readonly Fix[];
  /** Hexadecimal, stable across unrelated edits. */
  readonly fingerprint: string;
  readonly suppression: Suppression | undefined;
}
