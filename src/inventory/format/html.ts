import type { Certainty } from '../../facts/index.ts';
import { escapeHtml } from '../../text/index.ts';
import type { AgentEntry, Bit, Inventory, RepositoryEntry } from '../model.ts';
import { STYLE } from './html-style.ts';
import { drawPicture } from './picture.ts';
import {
  ageText,
  capabilityText,
  countWord,
  flowText,
  hostText,
  legsOf,
  modelText,
  originText,
  pinText,
  placeOf,
  reachText,
  startText,
  summaryOf,
  toolText,
} from './wording.ts';

/** A page of its own: no script, no request to anywhere, safe to publish as an artifact. */
export function renderHtml(inventory: Inventory): string {
  const refused = inventory.runs.filter(({ used }) => !used);
  const sections = [
    ...inventory.repositories.map(repositorySection),
    section(
      'Ledgers that prove nothing',
      list(refused.map(({ name, verdict }) => `${name}: ${verdict}, nothing was taken from it`)),
    ),
    section('Runs of no declared agent', list(inventory.unmatchedRuns)),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Inventory of AI agents</title><style>${STYLE}</style></head><body><main>
<h1>Inventory of AI agents</h1>
<p class="quiet">${escapeHtml(summaryOf(inventory))} · ${escapeHtml(inventory.takenAt)} · sallyport ${escapeHtml(inventory.tool.version)}</p>
${sections.filter((part) => part !== '').join('\n')}
</main></body></html>
`;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `<section><h2>${escapeHtml(title)}</h2>\n${body}</section>`;
}

function repositorySection(repository: RepositoryEntry): string {
  const { name, jobs, agents, surfaces, literalKeys, gaps } = repository;
  const loaded = surfaces.filter(({ role }) => role !== 'example');
  const parts = [
    jobs.length === 0 ? '<p>No agent was found in a pipeline.</p>' : jobsTable(repository),
    ...agents.map(agentArticle),
    titled(
      'Files that instruct or configure agents',
      table(
        ['file', 'what', 'product', 'SHA-256', 'licence'],
        loaded.map(({ path, label, product, sha256, licence }) => [
          escapeHtml(path),
          escapeHtml(label),
          escapeHtml(product),
          `<code title="${sha256}">${sha256.slice(0, 16)}…</code>`,
          escapeHtml(licence ?? 'not stated'),
        ]),
      ),
    ),
    titled(
      'Keys written into files',
      list(literalKeys.map((key) => `${key.kind}, ${ageText(key)}, ${placeOf(key.at)}`)),
    ),
    titled('Not read', list(gaps.map(({ message, at }) => `${placeOf(at)}: ${message}`))),
  ];
  return section(name, parts.filter((part) => part !== '').join('\n'));
}

function jobsTable({ jobs }: RepositoryEntry): string {
  return table(
    ['job', 'rule of two', 'untrusted input', 'private data', 'way out'],
    jobs.map((job) => [
      `${escapeHtml(job.id)}${job.role === 'active' ? '' : ` <span class="quiet">(${escapeHtml(job.role)})</span>`}`,
      chip(legsOf(job), job.certain === 3 ? 'yes' : job.possible === 3 ? 'unknown' : 'no'),
      bitCell(job.ruleOfTwo.untrusted),
      bitCell(job.ruleOfTwo.privateData),
      bitCell(job.ruleOfTwo.wayOut),
    ]),
  );
}

function chip(text: string, style: Certainty): string {
  return `<span class="chip ${style}">${escapeHtml(text)}</span>`;
}

function bitCell({ is, why }: Bit): string {
  return `${chip(is, is)} <span class="quiet">${escapeHtml(why.join('; '))}</span>`;
}

function agentArticle(agent: AgentEntry): string {
  const facts: readonly (readonly [string, string])[] = [
    ['agent', `${agent.product} by ${agent.via} ${agent.spelled}, ${pinText(agent.pin)}`],
    ['model', modelText(agent.model)],
    ['started by', `${agent.triggers.map(({ event }) => event).join(', ')}: ${startText(agent)}`],
    ['reads', agent.inputs.map(({ what, who }) => `${what} (${who})`).join(', ')],
    ['may', `${capabilityText(agent.capabilities)}; mode ${agent.mode}`],
    ['tools', agent.tools.map(toolText).join(', ')],
    ['in force', inForceText(agent)],
    ['held by', agent.controls.map(({ what, certainty }) => `${what} (${certainty})`).join('; ')],
  ];
  const rows = facts.filter(([, text]) => text !== '');
  return [
    `<article><h3>${escapeHtml(agent.id)}</h3>`,
    `<figure tabindex="0">${drawPicture(agent)}<figcaption>Dashed verticals are boundaries of trust. Red: untrusted, certain or open to all. Amber, dashed: possible. Green: kept out of reach.</figcaption></figure>`,
    `<dl>${rows.map(([name, text]) => `<dt>${name}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl>`,
    credentialTable(agent),
    serviceTable(agent),
    observedPart(agent),
    '</article>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function inForceText({ surfaces }: AgentEntry): string {
  return surfaces
    .filter(({ inForce }) => inForce !== 'no')
    .map(({ path, inForce, fromTree }) => {
      const doubt = inForce === 'yes' ? '' : ' (possibly)';
      return `${path}${doubt}${fromTree ? ', a change can write it' : ''}`;
    })
    .join(' · ');
}

function credentialTable({ credentials }: AgentEntry): string {
  return table(
    ['credential', 'kind', 'scope', 'exposure', 'reach', 'age', 'named at'],
    credentials.map((one) => [
      escapeHtml(one.name),
      one.class,
      one.scope,
      one.exposure,
      chip(reachText(one), one.reachable),
      escapeHtml(ageText(one)),
      escapeHtml(placeOf(one.at)),
    ]),
  );
}

function serviceTable({ services }: AgentEntry): string {
  const stated = services.some((one) => originText(one) !== '');
  return table(
    ['service', 'zone', 'leaves the agent', 'comes in', ...(stated ? ['origin'] : [])],
    services.map((one) => [
      escapeHtml(hostText(one)),
      one.zone,
      escapeHtml(flowText(one.flows, 'outbound')),
      escapeHtml(flowText(one.flows, 'inbound')),
      ...(stated ? [escapeHtml(originText(one))] : []),
    ]),
  );
}

function observedPart({ observed }: AgentEntry): string {
  if (observed === undefined) return '';
  const { runs, verdicts, complete, undeclared, unused } = observed;
  const bound = complete ? '' : '; a lower bound';
  const head = `Observed in ${countWord(runs, 'run')} (ledgers ${verdicts.join(', ')}${bound})`;
  return [
    `<h3>${escapeHtml(head)}</h3>`,
    undeclared.length === 0 ? '<p>Nothing was used that the files do not declare.</p>' : '',
    titled('Used and not declared', list(undeclared)),
    titled('Granted and not used', list(unused)),
  ].join('\n');
}

function titled(title: string, body: string): string {
  return body === '' ? '' : `<h3>${escapeHtml(title)}</h3>\n${body}`;
}

function list(rows: readonly string[]): string {
  return rows.length === 0 ? '' : `<ul>${rows.map((row) => `<li>${escapeHtml(row)}</li>`).join('')}</ul>`;
}

/** Cells are markup already. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(head.join(', '))}"><table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
