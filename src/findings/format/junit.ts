import { revealHidden } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import { createLocator, type Locator, nameOf } from '../position.ts';
import type { Report } from '../report.ts';
import type { RenderOptions } from './options.ts';

/**
 * JUnit XML as CI systems read it: one suite a rule, one failed test a finding, one passed test for a rule without
 * findings; suppressed findings are skipped tests, gaps are errors.
 */
export function renderJunit(report: Report, _options: RenderOptions): string {
  const locator = createLocator(report);
  const described = report.rules.map(({ id, title }) => ({ id, title }));
  const others = [...new Set(report.findings.map(({ rule }) => rule))]
    .filter((rule) => !described.some(({ id }) => id === rule))
    .map((id) => ({ id, title: id }));
  const suites = [...described, ...others].map(({ id, title }) => {
    const findings = report.findings.filter(({ rule }) => rule === id);
    const cases = findings.map((finding) => findingCase(finding, locator));
    const skipped = findings.filter(({ suppression }) => suppression !== undefined).length;
    const passed = `<testcase name="${attribute(title)}" classname="${attribute(id)}"/>`;
    const counts = { tests: Math.max(1, cases.length), failures: cases.length - skipped, errors: 0, skipped };
    return { counts, text: suiteOf(`${id} ${title}`, counts, cases.length === 0 ? [passed] : cases) };
  });
  const gaps = report.gaps.map(({ place, kind, message }) => {
    const name = attribute(nameOf(place, locator));
    return `<testcase name="${name}" classname="reading"><error type="${kind}" message="${attribute(message)}"/></testcase>`;
  });
  if (gaps.length > 0) {
    const counts = { tests: gaps.length, failures: 0, errors: gaps.length, skipped: 0 };
    suites.push({ counts, text: suiteOf('reading', counts, gaps) });
  }
  const sum = (key: keyof Counts) => suites.reduce((total, { counts }) => total + counts[key], 0);
  const total = { tests: sum('tests'), failures: sum('failures'), errors: sum('errors'), skipped: sum('skipped') };
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${attribute(`sallyport ${report.command}`)}" ${countsOf(total)}>
${suites.map(({ text }) => text).join('\n')}
</testsuites>
`;
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function suiteOf(name: string, counts: Counts, cases: readonly string[]): string {
  const head = `  <testsuite name="${attribute(name)}" ${countsOf(counts)}>`;
  return [head, ...cases.map((text) => `    ${text}`), '  </testsuite>'].join('\n');
}

function countsOf({ tests, failures, errors, skipped }: Counts): string {
  return `tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
}

function findingCase(finding: Finding, locator: Locator): string {
  const { suppression, severity, message, detail, cut, place, flow } = finding;
  const head = `<testcase name="${attribute(`${nameOf(place, locator)} ${message}`)}" classname="${attribute(place.file)}" file="${attribute(place.file)}" line="${locator.region(place)?.startLine ?? 1}">`;
  const steps = flow.map((step, index) => `${index + 1}. ${nameOf(step.place, locator)} ${step.role}: ${step.message}`);
  const body = [message, detail, ...steps, cut && `Cut: ${cut}`].filter(Boolean).join('\n');
  const outcome =
    suppression === undefined
      ? `<failure type="${severity}" message="${attribute(message)}">${content(body)}</failure>`
      : `<skipped message="${attribute(`${suppression.by}: ${suppression.reason}`)}"/>`;
  return `${head}${outcome}</testcase>`;
}

/** XML 1.0 §2.2 forbids most controls and the last two code points of the plane even as references. */
function content(text: string): string {
  return revealHidden(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^([^\S\n\r\u2028\u2029]*):(?=:)/gm, '$1&#58;')
    .replace(/#(?=#)/g, '&#35;');
}

function attribute(text: string): string {
  return content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
