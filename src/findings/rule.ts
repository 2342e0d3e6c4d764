import type { Confidence, Severity, Tier } from './finding.ts';

/** Who wants to see it: `paths` proven attack paths and what lies on them, `standard` what matters, `all` hygiene too. */
export type Profile = 'paths' | 'standard' | 'all';

export interface RuleExample {
  /** File name that the reader of the example needs, for instance `.github/workflows/agent.yml`. */
  readonly file: string;
  readonly text: string;
}

/** The family of what other scanners report: the words of their rules are text from outside. */
export const SCAN_FAMILY = 'SCAN';

/** Everything a person can ask about a rule. `docs/rules/ID.md` is generated from it. */
export interface RuleDescriptor {
  /** Stable: `AGT001`. Never reused. */
  readonly id: string;
  /** The same in words, kebab case, for SARIF and for people who search: `permission-prompts-off`. */
  readonly name: string;
  readonly title: string;
  /** What is matched, in a sentence or two. */
  readonly what: string;
  /** Why it matters: who can do what. */
  readonly why: string;
  /** Where the weakness is documented or was seen: advisory, specification, vendor documentation, incident. */
  readonly sources: readonly string[];
  /** Before the path is known; a finding may be raised or lowered. */
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly tier: Tier;
  /** The first letters of the id say the same: AGT, INP, CRD, EXE, NET, GAT, SUP, CFG, LIF, GL, JK, AZ, AW, CT, CI, PATH, META, CODE; `SCAN` for those of other scanners. */
  readonly family: string;
  /** `none`: only a person can mend it. */
  readonly fix: 'safe' | 'unsafe' | 'none';
  /** What to do, in a sentence. */
  readonly advice: string;
  /** CWE numbers and other public classes: `CWE-829`, `OWASP-CICD-SEC-4`. */
  readonly tags: readonly string[];
  /** The files that a test feeds to the rule: the first makes it report, the second stays silent. */
  readonly attack: readonly RuleExample[];
  readonly benign: readonly RuleExample[];
}
