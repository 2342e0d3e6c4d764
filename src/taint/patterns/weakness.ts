import type { Module } from '../../code/index.ts';
import type { Confidence, FindingDraft, Severity } from '../../findings/index.ts';
import type { Place } from '../../syntax/index.ts';
import { patternRuleOf } from '../catalogue/pattern-rules.ts';
import type { Project } from './project.ts';

/** What a module of this folder looks at: one file, and what others set up for it. */
export interface WeaknessContext {
  readonly module: Module;
  readonly project: Project;
}

export type FindWeaknesses = (context: WeaknessContext) => readonly FindingDraft[];

interface WeaknessDetails {
  readonly message: string;
  readonly place: Place;
  readonly subject: string;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly tier?: NonNullable<FindingDraft['tier']>;
}

/** A finding of a rule, which gives severity and advice unless the case has its own. */
export function weakness(rule: string, details: WeaknessDetails): FindingDraft {
  const { descriptor } = patternRuleOf(rule);
  const { severity = descriptor.severity, confidence = descriptor.confidence, ...rest } = details;
  return { ...rest, rule, severity, confidence, detail: descriptor.why };
}

/** Whether a word can stand in a file at all: most files need no closer look. An escape may spell anything. */
export function maySpell({ file }: Module, word: RegExp): boolean {
  return word.test(file.text) || /\\[uxUN]/.test(file.text);
}
