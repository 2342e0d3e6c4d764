import type { Confidence, Severity } from '../finding.ts';

/** Where a scanner says that something stands: lines and columns from 1, the end behind the last character. */
export interface ScanRegion {
  readonly startLine: number;
  readonly startColumn: number | undefined;
  readonly endLine: number | undefined;
  readonly endColumn: number | undefined;
  /** What a column counts. */
  readonly unit: 'utf16' | 'code-point';
}

/** A place as the scanner writes it; the path is not trusted yet. */
export interface ScanPlace {
  readonly path: string;
  /** Percent signs in the path are escapes. */
  readonly isUri: boolean;
  readonly region: ScanRegion | undefined;
}

/** One result of a scanner, in the form that all of them share. */
export interface ScanResult {
  /** The scanner's own name of the rule. */
  readonly rule: string;
  readonly title: string;
  readonly message: string;
  readonly help: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Numbers of weaknesses. */
  readonly cwes: readonly number[];
  readonly place: ScanPlace;
  /** From the source to the sink, where the scanner tells. */
  readonly flow: readonly { readonly place: ScanPlace; readonly message: string }[];
  /** It is about a key or password: neither its text nor its line may be kept. */
  readonly secret: boolean;
  /** The scanner was told, in the code or outside of it, to leave this out. */
  readonly suppressed: boolean;
}

/** What was read of one file of a scanner, before anything of it is checked against the tree. */
export interface ScanReading {
  /** `semgrep`; prefix of the rule ids. */
  readonly tool: string;
  readonly results: readonly ScanResult[];
  /** What could not be read or was cut, a sentence each. */
  readonly faults: readonly string[];
}

/** Caps of one file. What exceeds them is told. */
export const SCAN_LIMITS = {
  bytes: 64 * 1024 * 1024,
  runs: 20,
  results: 25_000,
  rules: 20_000,
  steps: 50,
  text: 1_000,
  faults: 50,
} as const;
