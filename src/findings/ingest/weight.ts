import type { Confidence, Severity } from '../finding.ts';
import type { ToolRow } from './tool-row.ts';

/** What a scanner says about the weight of a result; each field as it writes it. */
export interface ToldWeight {
  /** `security-severity` of the rule: a score from 0 to 10, as text. */
  readonly score: string | undefined;
  /** SARIF's level of the result, else of the rule. */
  readonly level: string | undefined;
  /** `issue_severity` of Bandit. */
  readonly issueSeverity: string | undefined;
}

/** GitHub's bands of `security-severity`. */
const BANDS: readonly (readonly [number, Severity])[] = [
  [9, 'critical'],
  [7, 'high'],
  [4, 'medium'],
  [0.1, 'low'],
  [0, 'info'],
];

/** As maps: a word of the file may be `constructor`, which every object has. */
const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['error', 'high'],
  ['warning', 'medium'],
  ['note', 'low'],
  ['none', 'info'],
]);

/** The score first, then the scanner's own word, then the level; SARIF's default level is `warning` (§3.27.10). */
export function severityOf({ score, level, issueSeverity }: ToldWeight, row: ToolRow): Severity {
  const number = score === undefined ? Number.NaN : Number(score);
  if (number >= 0 && number <= 10) return BANDS.find(([from]) => number >= from)?.[1] ?? 'info';
  const told = SEVERITY_WORDS.get(issueSeverity?.toLowerCase() ?? '');
  if (told) return told;
  const name = level?.toLowerCase() ?? 'warning';
  return row.levels?.get(name) ?? LEVELS.get(name) ?? 'medium';
}

const SEVERITY_WORDS: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['high', 'high'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['undefined', 'low'],
]);

const CONFIDENCE_WORDS: ReadonlyMap<string, Confidence> = new Map([
  ['very-high', 'high'],
  ['high', 'high'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['undefined', 'low'],
]);

/** `HIGH CONFIDENCE`, as Semgrep tags its rules. */
const CONFIDENCE_TAG = /^(high|medium|low) confidence$/i;

/**
 * The first that says something: the result's own word, a tag of the rule, the rule's precision. Semgrep's precision is
 * the same for every rule, so its tag comes first.
 */
export function confidenceOf(told: {
  readonly issueConfidence: string | undefined;
  readonly tags: readonly string[];
  readonly precision: string | undefined;
}): Confidence {
  const tag = told.tags.map((one) => CONFIDENCE_TAG.exec(one)?.[1]).find((one) => one !== undefined);
  const words = [told.issueConfidence, tag, told.precision];
  const known = words.map((word) => CONFIDENCE_WORDS.get(word?.toLowerCase() ?? '')).find((word) => word !== undefined);
  return known ?? 'medium';
}

/** `CWE-78: …`, `external/cwe/cwe-078`, `cwe-78`. */
const CWE = /\bcwe[-:]?0*(\d{1,5})(?!\d)/i;

/** Of one result; no honest one names so many. */
const MOST_TEXTS = 200;

export function cwesIn(texts: readonly string[]): readonly number[] {
  const found = texts
    .slice(0, MOST_TEXTS)
    .map((text) => CWE.exec(text.slice(0, 300))?.[1])
    .filter((one) => one !== undefined);
  return [...new Set(found.map(Number))];
}
