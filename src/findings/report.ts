import type { Gap, Place, SourceFile } from '../syntax/index.ts';
import type { Finding } from './finding.ts';
import type { RuleDescriptor } from './rule.ts';

/** Something that a policy demands none of, and that is there all the same. */
export interface Violation {
  /** Rule, family or severity, as the policy names it. */
  readonly none: string;
  readonly by: 'organisation' | 'repository';
  /** Where it is demanded. */
  readonly place: Place;
  /** Fingerprints of what is there. */
  readonly findings: readonly string[];
}

/** What a capability found, ready for any format. */
export interface Report {
  /** The command: `audit`, `review`, `gate`. */
  readonly command: string;
  readonly version: string;
  /** Whole report, in the order a person should read it. Suppressed findings are among them. */
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleDescriptor[];
  /** What could not be read; the verdict is `incomplete` when a gap could hide something. */
  readonly gaps: readonly Gap[];
  /** Undefined when no policy demands anything. */
  readonly violations?: readonly Violation[];
  /** How many files were read, for the last line. */
  readonly filesRead: number;
  /** The text of a file that a finding names, for excerpts and positions. */
  source(path: string): SourceFile | undefined;
}

export const REPORT_FORMATS = [
  'text',
  'json',
  'sarif',
  'markdown',
  'html',
  'github',
  'gitlab',
  'gitlab-sast',
  'junit',
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
