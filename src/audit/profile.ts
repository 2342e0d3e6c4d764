import type { Finding, Profile, RuleDescriptor } from '../findings/index.ts';

/** What one profile keeps of a report, and how much it leaves out. */
export interface Selection {
  readonly shown: readonly Finding[];
  readonly hidden: number;
}

/**
 * `paths`: attack paths and nothing else. `standard`: also every single weakness from medium up. `all`: hygiene too.
 * A finding of low severity is no news on a first run; its count is.
 * @param demanded fingerprints that a policy demands none of: shown whatever the profile
 */
export function selectFindings(
  findings: readonly Finding[],
  rules: ReadonlyMap<string, RuleDescriptor>,
  profile: Profile,
  demanded: ReadonlySet<string>,
): Selection {
  const shown = findings.filter(
    (finding) => demanded.has(finding.fingerprint) || belongs(finding, rules.get(finding.rule), profile),
  );
  return { shown, hidden: findings.length - shown.length };
}

function belongs({ severity, flow }: Finding, rule: RuleDescriptor | undefined, profile: Profile): boolean {
  if (profile === 'all') return true;
  if (profile === 'paths') return rule?.family === 'PATH' || (flow.length > 0 && severity === 'critical');
  if (rule?.tier === 'pedantic') return false;
  return severity === 'critical' || severity === 'high' || severity === 'medium' || rule?.family === 'META';
}
