import type { JsonValue } from '../../system/index.ts';
import { type Finding, SEVERITIES, type Severity } from '../finding.ts';
import type { Report } from '../report.ts';
import type { RuleDescriptor } from '../rule.ts';
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
export function bandOf({ rule, severity }: Finding, report: Report): string {
  const descriptor = report.rules.find(({ id }) => id === rule);
  return descriptor === undefined || descriptor.severity === severity ? rule : `${rule}/${severity}`;
}

/** The `reportingDescriptor` of a band. */
export function ruleValue(band: string, report: Report, options: RenderOptions): JsonValue {
  const [id = band, suffix] = band.split('/');
  const rule = report.rules.find((candidate) => candidate.id === id);
  if (rule === undefined) return { id: band, shortDescription: { text: band } };
  const severity = SEVERITIES.find((candidate) => candidate === suffix) ?? rule.severity;
  return jsonObject({
    id: band,
    name: rule.name,
    shortDescription: { text: sentence(rule.title) },
    fullDescription: { text: sentence(rule.what).slice(0, MAX_DESCRIPTION) },
    help: { text: helpText(rule), markdown: helpMarkdown(rule) },
    helpUri: options.ruleAddress === undefined ? undefined : `${options.ruleAddress}${encodeURIComponent(id)}.md`,
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
