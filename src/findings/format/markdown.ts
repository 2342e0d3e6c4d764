import type { Gap, Place } from '../../syntax/index.ts';
import { createRoom, escapeMarkdown, revealHidden, sizeOf } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import { createLocator, type Locator, nameOf } from '../position.ts';
import type { Report } from '../report.ts';
import { createExcerpts, type Excerpts } from './excerpt.ts';
import type { RenderOptions } from './options.ts';
import { bySeverity, counted, nextSteps, outlineOf, ruleOf, summarise } from './outline.ts';

/** What GitHub takes as the body of a comment; counted in bytes, which are never fewer than its characters. */
const MARKDOWN_LIMIT = 65_536;
/** For the titles and the note that says what was left out. */
const RESERVE = 600;
/** No single text takes the page for itself. */
const MAX_LINE = 300;
const MAX_TEXT = 1000;

interface Page {
  readonly report: Report;
  readonly locator: Locator;
  readonly excerpts: Excerpts;
}

/** The report as a comment of a pull request or merge request, or a job summary. */
export function renderMarkdown(report: Report, _options: RenderOptions): string {
  const page: Page = { report, locator: createLocator(report), excerpts: createExcerpts(report) };
  const { paths, files } = outlineOf(report);
  const others = files.flatMap(({ findings }) => findings).toSorted(bySeverity);
  const head = [`## Sallyport ${report.command}`, escapeMarkdown(`${summarise(report)}.`)];
  const steps = nextSteps(report).map((step) => `- ${escapeMarkdown(step)}`);
  const room = createRoom(MARKDOWN_LIMIT - RESERVE - sizeOf([...head, ...steps]));
  const blocks = paths.map((finding) => pathBlock(finding, page)).filter(room.takes);
  const rows = others.map((finding) => tableRow(finding, page)).filter(room.takes);
  const gaps = report.gaps.map((gap) => gapLine(gap, page)).filter(room.takes);
  const parts = [
    ...head,
    ...section('### Attack paths', blocks),
    ...section('### Findings', rows.length === 0 ? [] : [[...TABLE_HEAD, ...rows].join('\n')]),
    ...leftNote(paths.length + others.length - blocks.length - rows.length),
    ...section('### What to do next', steps.length === 0 ? [] : [steps.join('\n')]),
    ...section('### Not read', gaps.length === 0 ? [] : [gaps.join('\n')]),
    ...(report.gaps.length > gaps.length ? [`and ${counted(report.gaps.length - gaps.length, 'more gap')}`] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

const TABLE_HEAD = ['| severity | rule | where | what | what to do |', '| --- | --- | --- | --- | --- |'];

function section(title: string, blocks: readonly string[]): readonly string[] {
  return blocks.length === 0 ? [] : [title, ...blocks];
}

function leftNote(left: number): readonly string[] {
  if (left === 0) return [];
  const cap = `a comment has at most ${MARKDOWN_LIMIT} characters`;
  return [`> ${counted(left, 'finding')} left out: ${cap}. The JSON and SARIF reports have them all.`];
}

function pathBlock(finding: Finding, page: Page): string {
  const { severity, rule, message, detail, flow, cut } = finding;
  const steps = flow.map(
    ({ place, message: step, role }, index) =>
      `${index + 1}. **${role}** ${cell(step)} (${where(place, page)})\n\n${fence(place, page)}`,
  );
  return [
    `#### ${severity}: ${cell(message)}`,
    `${cell(rule)}, confidence ${finding.confidence}, ${where(finding.place, page)}`,
    ...(detail === undefined ? [] : [cell(detail)]),
    ...steps,
    ...finding.related.map((other) => `- also ${where(other.place, page)}: ${cell(other.message)}`),
    ...(cut === undefined ? [] : [`**Cut:** ${cell(cut)}`]),
    ...finding.fixes.map(({ title, safety }) => `- fix (${safety}): ${cell(title)}`),
  ].join('\n\n');
}

function tableRow(finding: Finding, page: Page): string {
  const { advice } = ruleOf(finding, page.report);
  const fixes = finding.fixes.map(({ title, safety }) => `fix (${safety}): ${title}`);
  const columns = [
    finding.severity,
    cell(finding.rule),
    where(finding.place, page),
    cell(finding.message),
    cell([advice, ...fixes].filter((part) => part !== '').join(' ')),
  ];
  return `| ${columns.join(' | ')} |`;
}

function gapLine({ place, kind, message }: Gap, page: Page): string {
  return `- ${where(place, page)}: ${kind}: ${cell(message)}`;
}

/**
 * The marked line as code inside a list item. The fence is longer than any run of backticks in the line, and inside it
 * no forge reads mentions, links or HTML.
 */
function fence(place: Place, { excerpts }: Page): string {
  const line = excerpts(place, 0)?.lines.at(-1);
  if (line === undefined) return '';
  const text = revealHidden(line.text.trim())
    .replace(/[\n\t]/g, ' ')
    .slice(0, MAX_LINE);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return [mark, text, mark].map((part) => `   ${part}`).join('\n');
}

function where(place: Place, { locator }: Page): string {
  return cell(nameOf(place, locator));
}

function cell(text: string): string {
  return escapeMarkdown(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}
