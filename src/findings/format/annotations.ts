import { escapeCiCommand, revealHidden } from '../../text/index.ts';
import type { Finding, Severity } from '../finding.ts';
import { createLocator, type Locator } from '../position.ts';
import type { Report } from '../report.ts';
import type { RenderOptions } from './options.ts';
import { bySeverity, counted, ruleOf, summarise } from './outline.ts';

/** GitHub shows as many annotations of each kind from one step and drops the rest without a word. */
const ANNOTATION_LIMIT = 10;

const KINDS: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/**
 * Workflow commands for a GitHub Actions log, most severe first, and as the last lines the summary and how many
 * findings have no annotation.
 */
export function renderAnnotations(report: Report, _options: RenderOptions): string {
  const locator = createLocator(report);
  const shown = report.findings.filter(({ suppression }) => suppression === undefined).toSorted(bySeverity);
  const groups = [...Map.groupBy(shown, ({ severity }) => KINDS[severity]).values()];
  const commands = groups.flatMap((group) =>
    group.slice(0, ANNOTATION_LIMIT).map((finding) => commandOf(finding, report, locator)),
  );
  const left = shown.length - commands.length;
  const note = `${counted(left, 'finding')} without annotation: GitHub shows ${ANNOTATION_LIMIT} of each kind a step. Another --format has them all.`;
  const plain = [`Sallyport ${report.command}: ${summarise(report)}`, ...(left > 0 ? [note] : [])];
  return `${[...commands, ...plain.map(escapeCiCommand)].join('\n')}\n`;
}

function commandOf(finding: Finding, report: Report, locator: Locator): string {
  const { place, severity, message, detail, rule, cut } = finding;
  const region = locator.region(place);
  const properties = [
    ['file', place.file],
    ...(region === undefined
      ? []
      : [
          ['line', String(region.startLine)],
          ['endLine', String(region.endLine)],
        ]),
    ...(region !== undefined && region.startLine === region.endLine
      ? [
          ['col', String(region.startColumn)],
          ['endColumn', String(region.endColumn)],
        ]
      : []),
    ['title', `${rule} ${ruleOf(finding, report).title}`],
  ];
  const list = properties.map(([name = '', value = '']) => `${name}=${escapeProperty(value)}`).join(',');
  const text = [message, detail, cut && `Cut: ${cut}`].filter(Boolean).join('\n');
  return `::${KINDS[severity]} ${list}::${escapeData(text)}`;
}

/** The runner decodes exactly these (actions/toolkit, `command.ts`). A line break of any kind would end the command. */
function escapeData(text: string): string {
  return revealHidden(text.replace(/\r\n?/g, '\n'))
    .replaceAll('%', '%25')
    .replaceAll('\n', '%0A')
    .replace(/#(?=#)/g, '# ');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
