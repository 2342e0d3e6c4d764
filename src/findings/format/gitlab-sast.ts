import type { JsonValue } from '../../system/index.ts';
import { escapeMarkdown, revealHidden } from '../../text/index.ts';
import type { Finding, FlowStep } from '../finding.ts';
import { createLocator, type Locator } from '../position.ts';
import type { Report } from '../report.ts';
import type { RuleDescriptor } from '../rule.ts';
import { jsonObject, renderJson } from './json-text.ts';
import type { RenderOptions } from './options.ts';
import { bySeverity, hidesSomething, ruleOf } from './outline.ts';

/** The published schema that this file's shape follows. */
const VERSION = '15.2.1';
const MAX_NAME = 255;
const MAX_SOLUTION = 7000;
const MAX_DESCRIPTION = 20_000;
const EPOCH = '1970-01-01T00:00:00';

/** GitLab knows three kinds of nodes. */
const NODE_TYPES: Readonly<Record<FlowStep['role'], 'source' | 'propagation' | 'sink'>> = {
  trigger: 'source',
  source: 'source',
  propagation: 'propagation',
  agent: 'propagation',
  credential: 'propagation',
  sink: 'sink',
};

/** GitLab's SAST report. It has no field for an accepted finding: suppressed findings are left out. */
export function renderGitlabSast(report: Report, options: RenderOptions): string {
  const locator = createLocator(report);
  const shown = report.findings.filter(({ suppression }) => suppression === undefined).toSorted(bySeverity);
  const tool = { id: 'sallyport', name: 'Sallyport', version: report.version, vendor: { name: 'Sallyport' } };
  return renderJson({
    version: VERSION,
    scan: {
      type: 'sast',
      status: report.gaps.some(hidesSomething) ? 'failure' : 'success',
      analyzer: tool,
      scanner: tool,
      start_time: timeOf(options.startedAt),
      end_time: timeOf(options.endedAt),
      messages: report.gaps.map((gap) => ({
        level: hidesSomething(gap) ? 'warn' : 'info',
        value: revealHidden(`${gap.place.file}: ${gap.kind}: ${gap.message}`),
      })),
    },
    vulnerabilities: shown.map((finding) => vulnerability(finding, report, locator)),
  });
}

/** `yyyy-mm-ddThh:mm:ss` without a zone. */
function timeOf(time: string | undefined): string {
  const match = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.exec(time ?? '');
  return match === null ? EPOCH : match[0];
}

function vulnerability(finding: Finding, report: Report, locator: Locator): JsonValue {
  const { title, advice } = ruleOf(finding, report);
  const region = locator.region(finding.place);
  const text = [finding.message, finding.detail, finding.cut && `Cut: ${finding.cut}`];
  return jsonObject({
    id: finding.fingerprint,
    name: title.slice(0, MAX_NAME),
    description: text
      .flatMap((part) => (part ? [escapeMarkdown(part)] : []))
      .join('\n\n')
      .slice(0, MAX_DESCRIPTION),
    severity: `${finding.severity.charAt(0).toUpperCase()}${finding.severity.slice(1)}`,
    solution: advice === '' ? undefined : escapeMarkdown(advice).slice(0, MAX_SOLUTION),
    identifiers: identifiersOf(finding.rule, report.rules),
    location: jsonObject({
      file: finding.place.file,
      start_line: region?.startLine ?? 1,
      end_line: region?.endLine,
    }),
    tracking: {
      type: 'source',
      items: [
        {
          file: finding.place.file,
          start_line: region?.startLine ?? 1,
          end_line: region?.endLine ?? 1,
          signatures: [{ algorithm: 'scope_offset', value: finding.fingerprint }],
        },
      ],
    },
    details: finding.flow.length === 0 ? undefined : { path: codeFlow(finding.flow, locator) },
  });
}

function identifiersOf(id: string, rules: readonly RuleDescriptor[]): readonly JsonValue[] {
  const rule = rules.find((candidate) => candidate.id === id);
  const own = { type: 'sallyport_rule', name: rule === undefined ? id : `${id} ${rule.name}`, value: id };
  const weaknesses = (rule?.tags ?? []).flatMap((tag) => {
    const number = /^CWE-(\d+)$/.exec(tag)?.[1];
    if (number === undefined) return [];
    return [{ type: 'cwe', name: tag, value: number, url: `https://cwe.mitre.org/data/definitions/${number}.html` }];
  });
  return [own, ...weaknesses];
}

function codeFlow(flow: readonly FlowStep[], locator: Locator): JsonValue {
  const nodes = flow.map(({ place, role }) => {
    const region = locator.region(place);
    return {
      type: 'code-flow-node',
      node_type: NODE_TYPES[role],
      file_location: {
        type: 'file-location',
        file_name: place.file,
        line_start: region?.startLine ?? 1,
        line_end: region?.endLine ?? 1,
      },
    };
  });
  return { type: 'code-flows', name: 'Attack path', items: [nodes] };
}
