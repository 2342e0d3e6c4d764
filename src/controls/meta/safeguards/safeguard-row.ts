import type { Severity } from '../../../findings/index.ts';

/** Text that switches a safeguard of a framework on or off. Every pattern is global and linear. */
export interface SafeguardRow {
  /** What it is, for people; pairs the two sides. */
  readonly name: string;
  readonly pattern: RegExp;
  /** Its first group is another safeguard each time: one that goes is not made up for by one that comes. */
  readonly each?: boolean;
  /** Below 0 protects, above 0 opens. */
  readonly weight: number;
  readonly severity?: Severity;
}

/** Files of one language or kind with the safeguards of its frameworks. */
export interface SafeguardTable {
  readonly files: RegExp;
  /** Class of its rows; default that of frameworks. */
  readonly control?: string;
  /** How a remark starts, at the start of a line. */
  readonly remark: RegExp;
  readonly rows: readonly SafeguardRow[];
}
