import { escapeCiCommand, revealHidden } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import { createLocator, type Locator, nameOf } from '../position.ts';
import type { Report } from '../report.ts';
import { createExcerpts, type Excerpts } from './excerpt.ts';
import { viewLine } from './line-view.ts';
import type { RenderOptions } from './options.ts';
import { counted, nextSteps, outlineOf, ruleOf, summarise } from './outline.ts';
import { wrap } from './paragraph.ts';

const DEFAULT_WIDTH = 100;
const LEAST_WIDTH = 40;

/** SGR parameters (ECMA-48 §8.3.117). */
const STYLES = { bold: '1', dim: '2', critical: '1;31', high: '31', medium: '33', low: '36', info: '2' } as const;
type Style = keyof typeof STYLES;

interface Page {
  readonly report: Report;
  readonly locator: Locator;
  readonly excerpts: Excerpts;
  readonly width: number;
  paint(style: Style, text: string): string;
}

/**
 * The report for a terminal or a job log: attack paths first, then the other findings by file, what to do next, and at
 * the end what could not be read. No byte from outside has power over the terminal or the CI system.
 */
export function renderText(report: Report, options: RenderOptions): string {
  const page: Page = {
    report,
    locator: createLocator(report),
    excerpts: createExcerpts(report),
    width: Math.max(LEAST_WIDTH, options.width ?? DEFAULT_WIDTH),
    paint: (style, text) => (options.colour === true ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text),
  };
  const { paths, files } = outlineOf(report);
  const blocks = [
    ...(paths.length > 0 ? [page.paint('bold', 'Attack paths')] : []),
    ...paths.map((finding) => pathBlock(finding, page)),
    ...files.flatMap(({ file, findings }) => [
      page.paint('bold', oneLine(file)),
      ...findings.map((finding) => findingBlock(finding, page)),
    ]),
    page.paint('bold', summarise(report)),
    ...asBlock(nextSteps(report).flatMap((step) => indent(step, 2, page))),
    ...asBlock(gapLines(page)),
  ];
  return escapeCiCommand(`${blocks.join('\n\n')}\n`);
}

function pathBlock(finding: Finding, page: Page): string {
  const steps = finding.flow.flatMap(({ place, message, role }, index) => [
    ...indent(`${index + 1}. ${role}: ${message}`, 4, page),
    `       ${page.paint('dim', oneLine(nameOf(place, page.locator)))}`,
    ...excerptLines(place, 7, 0, 'bold', page),
  ]);
  const cut = finding.cut === undefined ? [] : indent(`cut: ${finding.cut}`, 4, page);
  return [
    ...headLines(finding, page),
    ...steps,
    ...relatedLines(finding, page),
    ...cut,
    ...fixLines(finding, page),
  ].join('\n');
}

function findingBlock(finding: Finding, page: Page): string {
  const advice = ruleOf(finding, page.report).advice;
  return [
    ...headLines(finding, page),
    ...excerptLines(finding.place, 4, 1, finding.severity, page),
    ...relatedLines(finding, page),
    ...(advice === '' ? [] : indent(`do: ${advice}`, 4, page)),
    ...fixLines(finding, page),
  ].join('\n');
}

function headLines(finding: Finding, page: Page): readonly string[] {
  const { severity, confidence, rule, message, place } = finding;
  const detail = withoutCut(finding);
  const head = `${page.paint(severity, severity)} ${oneLine(rule)} ${page.paint('dim', `(confidence ${confidence})`)}`;
  return [
    `  ${head} ${page.paint('dim', oneLine(nameOf(place, page.locator)))}`,
    ...indent(message, 4, page),
    ...(detail === undefined ? [] : detail.split(/\r\n?|\n/).flatMap((line) => indent(line, 4, page))),
  ];
}

/** The cut has a line of its own behind the steps. */
function withoutCut({ detail, cut }: Finding): string | undefined {
  const last = cut === undefined ? '' : ` Cheapest cut: ${cut}.`;
  return last !== '' && detail?.endsWith(last) ? detail.slice(0, -last.length) : detail;
}

function excerptLines(
  place: Finding['place'],
  margin: number,
  context: number,
  style: Style,
  page: Page,
): readonly string[] {
  const excerpt = page.excerpts(place, context);
  if (excerpt === undefined) return [];
  const digits = Math.max(...excerpt.lines.map(({ number }) => String(number).length));
  const blank = ' '.repeat(margin);
  const bar = page.paint('dim', '│');
  const room = page.width - margin - digits - 3;
  const lines = excerpt.lines.flatMap(({ number, text, mark }) => {
    const view = viewLine(text, mark?.from ?? text.length, mark?.to ?? text.length, room);
    const line = `${blank}${page.paint('dim', String(number).padStart(digits))} ${bar} ${view.text}`.trimEnd();
    if (mark === undefined) return [line];
    const carets = page.paint(style, '^'.repeat(view.to - view.from));
    return [line, `${blank}${' '.repeat(digits)} ${bar} ${' '.repeat(view.from)}${carets}`];
  });
  const more =
    excerpt.hidden > 0 ? [`${blank}${' '.repeat(digits)} ${bar} … ${counted(excerpt.hidden, 'more line')}`] : [];
  return [...lines, ...more];
}

function relatedLines({ related }: Finding, page: Page): readonly string[] {
  return related.flatMap(({ place, message }) => indent(`also ${nameOf(place, page.locator)}: ${message}`, 4, page));
}

function fixLines({ fixes }: Finding, page: Page): readonly string[] {
  return fixes.flatMap(({ title, safety }) => indent(`fix (${safety}): ${title}`, 4, page));
}

/** Files with the same gap, from which on it is said once for all of them; and those of them that are named. */
const MANY_ALIKE = 4;
const NAMED_ALIKE = 8;

function gapLines({ report, locator, ...page }: Page): readonly string[] {
  if (report.gaps.length === 0) return [];
  // One mistake makes a reader stumble many times: the first place is where to look.
  const byFile = Map.groupBy(report.gaps, ({ kind, place }) => JSON.stringify([kind, place.file]));
  const alike = Map.groupBy(byFile.values(), ([first]) => first?.message);
  const lines = [...alike].flatMap(([message = '', groups]) => {
    if (groups.length >= MANY_ALIKE)
      return alikeLines(
        message,
        groups.flatMap(([first]) => first?.place.file ?? []),
        page,
      );
    return groups.flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const more = others.length === 0 ? '' : ` (and ${counted(others.length, 'more place')} in this file)`;
      return indent(`${nameOf(first.place, locator)}: ${message}${more}`, 2, page);
    });
  });
  return [page.paint('bold', 'Not read'), ...lines];
}

/** A reason that many files share: how many there are, and the first of them. */
function alikeLines(message: string, files: readonly string[], page: Pick<Page, 'width'>): readonly string[] {
  const left = files.length - NAMED_ALIKE;
  return [
    ...indent(`${counted(files.length, 'file')}: ${message}`, 2, page),
    ...files.slice(0, NAMED_ALIKE).flatMap((file) => indent(file, 4, page)),
    ...(left > 0 ? [`    and ${left} more`] : []),
  ];
}

function asBlock(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** Text from outside, wrapped; the lines after the first are set in a little more. */
function indent(text: string, margin: number, { width }: Pick<Page, 'width'>): readonly string[] {
  const [first = '', ...others] = wrap(oneLine(text), width - margin - 2);
  return [`${' '.repeat(margin)}${first}`, ...others.map((line) => `${' '.repeat(margin + 2)}${line}`)];
}

function oneLine(text: string): string {
  return revealHidden(text.replace(/[\r\n\t]+/g, ' '));
}
