import type { Severity } from '../finding.ts';

/** A scanner whose results are taken in, and what is particular about it. */
export interface ToolRow {
  /** Prefix of the rule ids. */
  readonly tool: string;
  /** The name in `tool.driver.name`. */
  readonly driver: RegExp;
  /** It looks for keys: everything that it quotes is one. */
  readonly secrets: boolean;
  /** The weakness of every result that names none. */
  readonly cwe?: number;
  /** Severity of a result that has no score of its own, instead of SARIF's default by level. */
  readonly levels?: ReadonlyMap<string, Severity>;
}

/**
 * Scanners by the name that they give themselves. Any other is read by the common fields alone.
 *
 * - Semgrep writes a rule's severity as level (ERROR, WARNING, INFO) and its confidence as a tag.
 * - Bandit writes `issue_severity` and `issue_confidence` into each result.
 * - CodeQL writes `security-severity` and `precision` into each rule.
 * - Snyk Code writes its severity as level; Snyk Open Source has `security-severity`.
 * - gitleaks writes neither level nor score, and the key itself into the snippet.
 */
const TOOLS: readonly ToolRow[] = [
  { tool: 'semgrep', driver: /^(?:semgrep|opengrep)/i, secrets: false },
  { tool: 'bandit', driver: /^bandit/i, secrets: false },
  { tool: 'codeql', driver: /^codeql/i, secrets: false },
  { tool: 'snyk', driver: /^snyk/i, secrets: false },
  { tool: 'gitleaks', driver: /^gitleaks/i, secrets: true, cwe: 798, levels: new Map([['warning', 'high']]) },
];

/** The row of a scanner; one without a row gets a prefix from its name. */
export function toolOf(driver: string): ToolRow {
  const known = TOOLS.find((row) => row.driver.test(driver));
  if (known) return known;
  const name = driver.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return { tool: name.replace(/^-|-$/g, '').slice(0, 40) || 'scanner', driver: /$^/, secrets: false };
}
