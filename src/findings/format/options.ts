import type { ReportComparison } from '../comparison.ts';

/** What a format may need besides the report. Every format works without any of it. */
export interface RenderOptions {
  /** Colours on a terminal; default no. */
  readonly colour?: boolean;
  /** Columns of the terminal; default 100. */
  readonly width?: number;
  /** Default: `show`. With `omit`, machine formats leave suppressed findings out (GitHub ignores SARIF suppressions). */
  readonly suppressed?: 'show' | 'omit';
  /** What is new: SARIF's `baselineState`. */
  readonly comparison?: ReportComparison;
  /** When reading started and ended, ISO 8601 in UTC; GitLab's SAST format demands both. Default: the epoch. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Tells several uploads for one commit apart (SARIF `automationDetails`), for instance a directory. */
  readonly category?: string;
  /** Address under which `RULE.md` pages stand, with a slash at the end. */
  readonly ruleAddress?: string;
}
