import type { Place } from '../../syntax/index.ts';
import { escapeHtml } from '../../text/index.ts';
import { type Finding, SEVERITIES } from '../finding.ts';
import { renderPatch } from '../fix/patch.ts';
import { planFixes } from '../fix/plan.ts';
import { createLocator, type Locator, nameOf } from '../position.ts';
import type { Report } from '../report.ts';
import { createExcerpts, type Excerpts } from './excerpt.ts';
import { STYLE } from './html-style.ts';
import type { RenderOptions } from './options.ts';
import { counted, countSeverities, nextSteps, outlineOf, ruleOf, summarise } from './outline.ts';

interface Page {
  readonly report: Report;
  readonly locator: Locator;
  readonly excerpts: Excerpts;
}

const MAX_LINE = 400;

/** A page of its own: no script, no request to anywhere, safe to publish as an artifact. */
export function renderHtml(report: Report, _options: RenderOptions): string {
  const page: Page = { report, locator: createLocator(report), excerpts: createExcerpts(report) };
  const { paths, files, suppressed } = outlineOf(report);
  const title = escapeHtml(`Sallyport ${report.command}`);
  const sections = [
    section(
      'Attack paths',
      paths.map((finding) => article(finding, page)),
    ),
    ...files.map(({ file, findings }) =>
      section(
        file,
        findings.map((finding) => article(finding, page)),
      ),
    ),
    section('Fixes', fixes(report)),
    section('What to do next', list(nextSteps(report))),
    section('Suppressed', list(suppressed.map((finding) => describeSuppressed(finding, page)))),
    section('Not read', list(report.gaps.map((gap) => `${nameOf(gap.place, page.locator)}: ${gap.message}`))),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${STYLE}</style></head><body><main>
<h1>${title}</h1>
<p class="quiet">${escapeHtml(summarise(report))} · version ${escapeHtml(report.version)}</p>
<ul class="counts">${counts(report)}</ul>
${sections.filter((part) => part !== '').join('\n')}
</main></body></html>
`;
}

function counts({ findings }: Report): string {
  const numbers = countSeverities(findings);
  return SEVERITIES.map((severity) => `<li><b>${numbers.get(severity) ?? 0}</b>${severity}</li>`).join('');
}

function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `<section><h2>${escapeHtml(title)}</h2>${parts.join('\n')}</section>`;
}

function list(sentences: readonly string[]): readonly string[] {
  if (sentences.length === 0) return [];
  return [`<ul>${sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>`];
}

function article(finding: Finding, page: Page): string {
  const { severity, confidence, rule, message, detail, place, flow, related, cut } = finding;
  const { advice } = ruleOf(finding, page.report);
  const steps = flow.map(
    (step) =>
      `<li><b>${step.role}</b> ${escapeHtml(step.message)} ${where(step.place, page)}${excerpt(step.place, 0, page)}</li>`,
  );
  const others = related.map((other) => `<li>${escapeHtml(other.message)} ${where(other.place, page)}</li>`);
  return [
    `<article id="f-${finding.fingerprint.slice(0, 16)}">`,
    `<p><span class="badge ${severity}">${severity}</span> <code>${escapeHtml(rule)}</code> <span class="quiet">confidence ${confidence}</span> ${where(place, page)}</p>`,
    `<h3>${escapeHtml(message)}</h3>`,
    ...(detail === undefined ? [] : [`<p class="detail">${escapeHtml(detail)}</p>`]),
    steps.length > 0 ? `<ol class="steps">${steps.join('')}</ol>` : excerpt(place, 1, page),
    ...(others.length > 0 ? [`<ul>${others.join('')}</ul>`] : []),
    ...(cut === undefined ? [] : [`<p class="cut"><b>Cut:</b> ${escapeHtml(cut)}</p>`]),
    ...(advice === '' ? [] : [`<p><b>Do:</b> ${escapeHtml(advice)}</p>`]),
    ...finding.fixes.map(({ title, safety }) => `<p><b>Fix (${safety}):</b> ${escapeHtml(title)}</p>`),
    '</article>',
  ].join('\n');
}

function where(place: Place, { locator }: Page): string {
  return `<span class="where">${escapeHtml(nameOf(place, locator))}</span>`;
}

function excerpt(place: Place, context: number, { excerpts }: Page): string {
  const found = excerpts(place, context);
  if (found === undefined) return '';
  const digits = Math.max(...found.lines.map(({ number }) => String(number).length));
  const lines = found.lines.map(({ number, text, mark }) => {
    const shown = text.slice(0, Math.max(MAX_LINE, mark?.to ?? 0));
    const { from, to } = mark ?? { from: shown.length, to: shown.length };
    const marked = from === to ? '' : `<mark>${escapeHtml(shown.slice(from, to))}</mark>`;
    const line = `${escapeHtml(shown.slice(0, from))}${marked}${escapeHtml(shown.slice(to))}`;
    return `<span class="number">${String(number).padStart(digits)} │ </span>${line}`;
  });
  const more = found.hidden > 0 ? [`<span class="number">… ${counted(found.hidden, 'more line')}</span>`] : [];
  return `<pre>${[...lines, ...more].join('\n')}</pre>`;
}

/** All fixes that fit together, as one patch. */
function fixes(report: Report): readonly string[] {
  const patch = renderPatch(planFixes(report, { safety: 'unsafe' }).files);
  return patch === '' ? [] : [`<pre>${escapeHtml(patch)}</pre>`];
}

function describeSuppressed({ rule, message, place, suppression }: Finding, { locator }: Page): string {
  const until = suppression?.until === undefined ? '' : `, until ${suppression.until}`;
  return `${nameOf(place, locator)}: ${rule}: ${message} (${suppression?.by}: ${suppression?.reason}${until})`;
}
