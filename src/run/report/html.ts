import { escapeHtml } from '../../text/index.ts';
import type { RunReport } from './run-report.ts';
import { type Section, sectionsOf } from './sections.ts';
import { describeEnd } from './wording.ts';

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #1a7f37; --bad: #cf222e; }
  body { font: 15px/1.55 system-ui, sans-serif; max-width: 68rem; margin: 2.5rem auto; padding: 0 1.25rem; }
  h1 { font-size: 1.35rem; margin-bottom: .25rem; } h2 { font-size: 1.05rem; margin: 2.2rem 0 .5rem; }
  .badge { display: inline-block; padding: .15rem .6rem; border-radius: 1rem; color: #fff; background: var(--good); font-size: .85rem; }
  .badge.bad { background: var(--bad); }
  .facts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
  .facts li { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; min-width: 7rem; }
  .facts b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
  .scroll { overflow-x: auto; } th { white-space: nowrap; } td { min-width: 5.5rem; }
  table { border-collapse: collapse; width: 100%; font-size: .92rem; }
  th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
  td:not(:last-child) { font-family: ui-monospace, monospace; font-size: .85rem; }
  ul.sentences { padding-left: 1.1rem; overflow-wrap: anywhere; }
  @media print { body { margin: 0; max-width: none; } .badge { color: #000; background: none; border: 1px solid #000; } }
`;

/** A page of its own: no script, no request to anywhere, safe to publish as an artifact. */
export function renderHtml(report: RunReport): string {
  const good = report.end.kind === 'completed' && report.exitCode === 0;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Sallyport run ${escapeHtml(report.run)}</title><style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(report.agent.title)} under Sallyport</h1>
<p><span class="badge${good ? '' : ' bad'}">${escapeHtml(describeEnd(report.end, report.exitCode))}</span>
 ${escapeHtml(report.startedAt)} · run ${escapeHtml(report.run)}</p>
<ul class="facts">${facts(report)
    .map(([name, value]) => `<li><b>${escapeHtml(value)}</b>${escapeHtml(name)}</li>`)
    .join('')}</ul>
${sectionsOf(report).map(renderSection).join('\n')}
</main></body></html>
`;
}

function facts(report: RunReport): readonly (readonly [string, string])[] {
  const { activity, change } = report;
  const denied = activity.tools.filter((tool) => tool.verdict !== 'allow').length;
  return [
    ['tool calls', String(activity.tools.length)],
    ['calls refused', String(denied)],
    ['connections refused', String(activity.refusedConnections.reduce((sum, refusal) => sum + refusal.times, 0))],
    ['files changed', String(change?.files.length ?? 0)],
    ['files withheld', String(change?.withheld.length ?? 0)],
    ['records', String(report.evidence.records)],
  ];
}

function renderSection(section: Section): string {
  const sentences = section.sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('');
  const list = sentences === '' ? '' : `<ul class="sentences">${sentences}</ul>`;
  return `<section><h2>${escapeHtml(section.title)}</h2>${list}${renderTable(section)}</section>`;
}

function renderTable({ title, table }: Section): string {
  if (!table || table.rows.length === 0) return '';
  const head = table.columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const rows = table.rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('');
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(title)}"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
