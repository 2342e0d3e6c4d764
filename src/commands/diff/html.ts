import type { ControlChange } from '../../controls/index.ts';
import { hidesSomething } from '../../findings/index.ts';
import { escapeHtml } from '../../text/index.ts';
import { type Comparison, sectionsOf, summarise } from './comparison.ts';
import type { Excerpt } from './excerpt.ts';
import { explainClass } from './text.ts';

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --old: #cf222e22; --new: #1a7f3722; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 90rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
  article { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem 1rem; margin: .7rem 0; overflow-wrap: anywhere; break-inside: avoid; }
  article p { margin: .3rem 0; } article h3 { font-size: 1rem; margin: .3rem 0; } .quiet { opacity: .75; font-size: .85rem; }
  .badge { display: inline-block; padding: 0 .5rem; border-radius: 1rem; border: 1px solid currentColor; font-size: .8rem; }
  .critical, .high { color: #cf222e; } .medium { color: #9a6700; } .low, .info { color: #57606a; }
  table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: .5rem 0; }
  th { text-align: left; font-size: .8rem; opacity: .75; } td { vertical-align: top; width: 50%; padding: 0 .4rem; border-left: 1px solid var(--line); }
  td.old { background: var(--old); } td.new { background: var(--new); }
  pre { margin: 0; white-space: pre-wrap; font: .82rem/1.45 ui-monospace, monospace; } .number { opacity: .65; user-select: none; }
  .where { font-family: ui-monospace, monospace; font-size: .85rem; }
  @media (prefers-color-scheme: dark) { .critical, .high { color: #ff7b72; } .medium { color: #d29922; } .low, .info { color: #9198a1; } }
  @media print { body { margin: 0; max-width: none; } }
`;

/** A page of its own: both sides beside each other, no script, no request to anywhere, everything of the change escaped. */
export function formatDiffHtml(comparison: Comparison): string {
  const { diff, version, base, head } = comparison;
  const sections = sectionsOf(diff).map(
    ({ title, changes }) => `<h2>${title}</h2>\n${changes.map((change) => article(change, comparison)).join('\n')}`,
  );
  const gaps = diff.gaps.filter(hidesSomething);
  const unread =
    gaps.length === 0
      ? ''
      : `<h2>Could not be compared</h2><ul>${gaps.map(({ place, message }) => `<li>${escapeHtml(`${place.file}: ${message}`)}</li>`).join('')}</ul>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Sallyport diff</title><style>${STYLE}</style></head><body><main>
<h1>What this change does to security controls</h1>
<p>${escapeHtml(summarise(diff))}</p>
<p class="quiet">${escapeHtml(`${base.revision.slice(0, 12)} → ${head.revision.slice(0, 12)} · version ${version}`)}</p>
${sections.join('\n')}
${unread}
</main></body></html>
`;
}

function article(change: ControlChange, { lines, explain }: Comparison): string {
  const { file, line, old, new: now } = lines(change);
  const { severity, control, message, meta } = change;
  const explanation = explain
    ? explainClass(control)
        .map((one) => `<p class="quiet">${escapeHtml(one)}</p>`)
        .join('')
    : '';
  const sides =
    old || now
      ? `<table><thead><tr><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody><tr>${cell(old, 'old')}${cell(now, 'new')}</tr></tbody></table>`
      : '';
  return `<article><p><span class="badge ${severity}">${severity}</span> <span class="where">${escapeHtml(`${file}:${line}`)}</span> <span class="quiet">${escapeHtml(control)}${meta ? ', meta' : ''}</span></p>
<h3>${escapeHtml(message)}</h3>${explanation}${sides}</article>`;
}

function cell(excerpt: Excerpt | undefined, side: 'old' | 'new'): string {
  if (excerpt === undefined) return '<td></td>';
  const rows = excerpt.lines.map(
    (line, at) => `<span class="number">${String(excerpt.first + at).padStart(4)}</span> ${escapeHtml(line)}`,
  );
  return `<td class="${side}"><pre>${[...rows, ...(excerpt.cut ? ['…'] : [])].join('\n')}</pre></td>`;
}
