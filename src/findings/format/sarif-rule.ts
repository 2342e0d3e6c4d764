import type { JsonValue } from '../../system/index.ts';
import type { Finding, Severity } from '../finding.ts';
import { type RuleDescriptor, SCAN_FAMILY } from '../rule.ts';
import { jsonObject } from './json-text.ts';
import type { RenderOptions } from './options.ts';

/** SARIF 2.1.0 §3.27.10. */
export const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** The middle of GitHub's bands: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.1',
};

/** GitHub shows as many of a rule's tags. */
const MAX_TAGS = 10;
const MAX_DESCRIPTION = 1024;

/**
 * GitHub takes the severity from the rule alone. A finding that is more or less severe than its rule therefore belongs
 * to a rule of its own, whose id is hierarchical (§3.49.3): `AGT001/critical`.
 */
export interface Band {
  readonly id: string;
  readonly index: number;
  /** Undefined for a finding whose rule the report does not describe. */
  readonly rule: RuleDescriptor | undefined;
  readonly severity: Severity;
}

export interface Bands {
  /** Every rule of the report at its own severity, then the others, by their index. */
  readonly all: readonly Band[];
  find(finding: Finding): Pick<Band, 'id' | 'index'>;
}

export function createBands(rules: readonly RuleDescriptor[], findings: readonly Finding[]): Bands {
  const described = new Map(rules.map((rule) => [rule.id, rule]));
  const bands = new Map<string, Band>();
  const find = ({ rule: id, severity }: Pick<Finding, 'rule' | 'severity'>): Band => {
    const rule = described.get(id);
    const name = rule === undefined || rule.severity === severity ? id : `${id}/${severity}`;
    const band = bands.get(name) ?? { id: name, index: bands.size, rule, severity };
    bands.set(name, band);
    return band;
  };
  for (const { id, severity } of rules) find({ rule: id, severity });
  for (const finding of findings) find(finding);
  return { all: [...bands.values()], find };
}

/** The `reportingDescriptor` of a band. What another scanner writes of its rule is text, and has no page of ours. */
export function ruleValue({ id, rule, severity }: Band, options: Pick<RenderOptions, 'ruleAddress'>): JsonValue {
  if (rule === undefined) return { id, shortDescription: { text: id } };
  const isOurs = rule.family !== SCAN_FAMILY;
  const page = isOurs && options.ruleAddress !== undefined ? `${options.ruleAddress}${rule.id}.md` : undefined;
  return jsonObject({
    id,
    name: rule.name,
    shortDescription: { text: sentence(rule.title) },
    fullDescription: { text: sentence(rule.what).slice(0, MAX_DESCRIPTION) },
    help: jsonObject({ text: helpText(rule), markdown: isOurs ? helpMarkdown(rule) : undefined }),
    helpUri: page,
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      'security-severity': SECURITY_SEVERITY[severity],
      precision: rule.confidence,
      'problem.severity': LEVELS[severity] === 'note' ? 'recommendation' : LEVELS[severity],
      tags: ['security', ...rule.tags.map(tagOf)].slice(0, MAX_TAGS),
    },
  });
}

/** GitHub links CWE numbers written as CodeQL writes them. */
function tagOf(tag: string): string {
  const cwe = /^CWE-(\d+)$/.exec(tag);
  return cwe === null ? tag : `external/cwe/cwe-${(cwe[1] ?? '').padStart(3, '0')}`;
}

function helpText({ what, why, advice, sources }: RuleDescriptor): string {
  return [what, why, advice, ...sources].filter((part) => part !== '').join('\n\n');
}

function helpMarkdown({ id, title, what, why, advice, sources }: RuleDescriptor): string {
  return [
    `# ${id}: ${title}`,
    what,
    `## Why\n\n${why}`,
    `## What to do\n\n${advice}`,
    ...(sources.length > 0 ? [`## Sources\n\n${sources.map((source) => `- ${source}`).join('\n')}`] : []),
  ].join('\n\n');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
