import { escapeHtml, revealHidden } from '../../text/index.ts';
import type { GateReason, GateResult } from '../model.ts';
import { GROUPS, summaryOf, VERDICT_WORDS } from './outline.ts';

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.4rem;border-left:.4rem solid;padding-left:.7rem}
h1.pass{border-color:#1a7f37}h1.needs-approval{border-color:#9a6700}h1.incomplete{border-color:#8250df}h1.blocked{border-color:#cf222e}
section{border:1px solid #d0d7de;border-radius:6px;padding:.6rem 1rem;margin:.8rem 0}
h3{margin:.2rem 0;font-size:1rem}code,pre,li{overflow-wrap:anywhere}pre{background:#f6f8fa;padding:.7rem;border-radius:6px;white-space:pre-wrap}
p.lift{color:#57606a;margin:.4rem 0}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}section{border-color:#30363d}pre{background:#161b22}p.lift{color:#8b949e}}`;

/** One page without scripts, images or anything that is fetched. */
export function renderGateHtml(result: GateResult): string {
  const groups = GROUPS.flatMap(({ verdict, heading }) => {
    const reasons = result.reasons.filter((reason) => reason.verdict === verdict);
    return reasons.length === 0 ? [] : [`<h2>${heading}</h2>`, ...reasons.map(describe)];
  });
  const lifted = result.lifted.map(({ code, message }) => `<li>${code} ${shown(message)}</li>`);
  const refused = result.approvals.refused.map(
    ({ approver, reason }) => `<li>${shown(approver)}: ${shown(reason)}</li>`,
  );
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>Sallyport gate: ${result.verdict}</title><style>${STYLE}</style></head><body><main>`,
    `<h1 class="${result.verdict}">${shown(VERDICT_WORDS[result.verdict])}</h1>`,
    `<pre>${summaryOf(result).map(shown).join('\n')}</pre>`,
    ...groups,
    ...(lifted.length === 0 ? [] : ['<h2>Lifted by approval</h2>', `<ul>${lifted.join('')}</ul>`]),
    ...(refused.length === 0 ? [] : ['<h2>Approvals that do not count</h2>', `<ul>${refused.join('')}</ul>`]),
    '</main></body></html>',
    '',
  ].join('\n');
}

function describe({ code, message, evidence, liftedBy }: GateReason): string {
  const rows = evidence.map((text) => `<li>${shown(text)}</li>`).join('');
  return `<section><h3>${code} ${shown(message)}</h3><ul>${rows}</ul><p class="lift">Lifted by: ${shown(liftedBy)}</p></section>`;
}

function shown(text: string): string {
  return escapeHtml(revealHidden(text));
}
