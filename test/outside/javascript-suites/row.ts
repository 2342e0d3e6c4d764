import type { TaintCategory } from '../../../src/taint/catalogue.ts';

/** A line that a suite calls wrong or right, and the categories that count as finding it. */
export interface MarkedLine {
  readonly suite: string;
  /** Group of the suite's own table: a weakness number. */
  readonly group: string;
  /** Path below the suite's root: the name that decides the half. */
  readonly file: string;
  readonly line: number;
  /** Lines around it that count too: some suites mark a whole statement. */
  readonly within: number;
  readonly wrong: boolean;
  /** Empty: any. */
  readonly categories: readonly TaintCategory[];
}

/** Files that are analysed together, with what is said of their lines. */
export interface MarkedTree {
  readonly name: string;
  /** Path below the suite's root to content. */
  readonly files: { readonly [path: string]: string };
  readonly lines: readonly MarkedLine[];
  /** Other programs call it: what they pass is outsiders' data. */
  readonly library: boolean;
  /** Whether a finding on a line that nothing is said of counts as noise. */
  readonly noise: boolean;
}
