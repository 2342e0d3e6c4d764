import { escapeMarkdown } from '../../text/index.ts';
import type { AgentEntry, Inventory, RepositoryEntry } from '../model.ts';
import {
  ageText,
  bitText,
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

/** For a repository's wiki, a comment or a job summary. */
export function renderMarkdown(inventory: Inventory): string {
  const refused = inventory.runs.filter(({ used }) => !used);
  const blocks = [
    '# Inventory of AI agents',
    escapeMarkdown(`${summaryOf(inventory)}. Taken at ${inventory.takenAt}.`),
    ...inventory.repositories.flatMap(repositoryBlocks),
    ...list(
      '## Ledgers that prove nothing',
      refused.map(({ name, verdict }) => `${name}: ${verdict}, nothing was taken from it`),
    ),
    ...list('## Runs of no declared agent', inventory.unmatchedRuns),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function repositoryBlocks(repository: RepositoryEntry): readonly string[] {
  const { name, jobs, agents, surfaces, literalKeys, gaps } = repository;
  return [
    `## ${escapeMarkdown(name)}`,
    ...(jobs.length === 0 ? ['No agent was found in a pipeline.'] : []),
    ...table(
      ['job', 'rule of two', 'untrusted input', 'private data', 'way out'],
      jobs.map((job) => [
        job.role === 'active' ? job.id : `${job.id} (${job.role})`,
        legsOf(job),
        bitText(job.ruleOfTwo.untrusted),
        bitText(job.ruleOfTwo.privateData),
        bitText(job.ruleOfTwo.wayOut),
      ]),
    ),
    ...agents.flatMap(agentBlocks),
    ...titled(
      '### Files that instruct or configure agents',
      table(
        ['file', 'what', 'product', 'SHA-256', 'licence'],
        surfaces
          .filter(({ role }) => role !== 'example')
          .map(({ path, label, product, sha256, licence }) => [path, label, product, sha256, licence ?? 'not stated']),
      ),
    ),
    ...list(
      '### Keys written into files',
      literalKeys.map((key) => `${key.kind}, ${ageText(key)}, ${placeOf(key.at)}`),
    ),
    ...list(
      '### Not read',
      gaps.map(({ message, at }) => `${placeOf(at)}: ${message}`),
    ),
  ];
}

function agentBlocks(agent: AgentEntry): readonly string[] {
  const facts: readonly (readonly [string, string])[] = [
    ['agent', `${agent.product} by ${agent.via} ${agent.spelled}, ${pinText(agent.pin)}`],
    ['model', modelText(agent.model)],
    ['triggers', agent.triggers.map(({ event, who }) => `${event} (${who})`).join(', ')],
    ['started by', startText(agent)],
    ['may', `${capabilityText(agent.capabilities)}; mode ${agent.mode}`],
    ['tools', agent.tools.map(toolText).join(', ')],
    ['tree', agent.tree.provenance],
    [
      'in force',
      agent.surfaces
        .filter(({ inForce }) => inForce !== 'no')
        .map(({ path, inForce }) => (inForce === 'yes' ? path : `${path} (possibly)`))
        .join(', '),
    ],
    ['held by', agent.controls.map(({ what, certainty }) => `${what} (${certainty})`).join('; ')],
  ];
  return [
    `### ${escapeMarkdown(agent.id)}`,
    facts
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `- **${name}**: ${escapeMarkdown(text)}`)
      .join('\n'),
    ...table(
      ['credential', 'kind', 'scope', 'exposure', 'reach', 'age'],
      agent.credentials.map((one) => [one.name, one.class, one.scope, one.exposure, reachText(one), ageText(one)]),
    ),
    ...table(
      ['service', 'zone', 'leaves the agent', 'comes in', 'origin'],
      agent.services.map((one) => [
        hostText(one),
        one.zone,
        flowText(one.flows, 'outbound'),
        flowText(one.flows, 'inbound'),
        originText(one),
      ]),
    ),
    ...observedBlocks(agent),
  ];
}

function observedBlocks({ observed }: AgentEntry): readonly string[] {
  if (observed === undefined) return [];
  const { runs, verdicts, complete, undeclared, unused } = observed;
  const bound = complete ? '' : '; a lower bound';
  return [
    `**Observed** in ${countWord(runs, 'run')} (ledgers ${verdicts.join(', ')}${bound})`,
    ...list('Used and not declared:', undeclared),
    ...list('Granted and not used:', unused),
  ];
}

function titled(title: string, blocks: readonly string[]): readonly string[] {
  return blocks.length === 0 ? [] : [title, ...blocks];
}

function list(title: string, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : [title, rows.map((row) => `- ${escapeMarkdown(row)}`).join('\n')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(row.map(escapeMarkdown)));
  return [[line(head), line(head.map(() => '---')), ...body].join('\n')];
}
