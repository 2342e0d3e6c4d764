import { escapeTerminal } from '../../text/index.ts';
import type { AgentEntry, Inventory, JobEntry, RepositoryEntry } from '../model.ts';
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

/** For a terminal: job by job, one fact a line. */
export function renderText(inventory: Inventory): string {
  const lines = [
    summaryOf(inventory),
    ...inventory.repositories.flatMap(repositoryLines),
    ...inventory.runs
      .filter(({ used }) => !used)
      .map(({ name, verdict }) => `ledger ${name}: ${verdict}, nothing was taken from it`),
    ...inventory.unmatchedRuns.map((name) => `run ${name}: belongs to no agent that the files declare`),
  ];
  return `${lines.map(escapeTerminal).join('\n')}\n`;
}

function repositoryLines(repository: RepositoryEntry): readonly string[] {
  const { name, revision, jobs, agents, surfaces, literalKeys, gaps } = repository;
  const loaded = surfaces.filter(({ role }) => role !== 'example');
  return [
    '',
    `== ${name} (${revision === 'worktree' ? 'working tree' : revision})`,
    ...(jobs.length === 0 ? ['no agent was found in a pipeline'] : []),
    ...jobs.flatMap((job) => jobLines(job, agents)),
    ...(loaded.length === 0 ? [] : ['', 'Files that instruct or configure agents']),
    ...loaded.map(
      ({ path, label, product, sha256 }) => `  ${path}  ${label} of ${product}  sha256:${sha256.slice(0, 16)}`,
    ),
    ...(literalKeys.length === 0 ? [] : ['', 'Keys written into files']),
    ...literalKeys.map((key) => `  ${key.kind}, ${ageText(key)} [${placeOf(key.at)}]`),
    ...(gaps.length === 0 ? [] : ['', `Not read: ${countWord(gaps.length, 'place')}`]),
    ...gaps.map(({ message, at }) => `  ${message} [${placeOf(at)}]`),
  ];
}

function jobLines(job: JobEntry, agents: readonly AgentEntry[]): readonly string[] {
  const { untrusted, privateData, wayOut } = job.ruleOfTwo;
  const own = agents.filter(({ file, job: name }) => file === job.file && name === job.job);
  return [
    '',
    `${job.id}${job.role === 'active' ? '' : ` (${job.role})`}: rule of two ${legsOf(job)}`,
    `  untrusted input  ${bitText(untrusted)}`,
    `  private data     ${bitText(privateData)}`,
    `  way out          ${bitText(wayOut)}`,
    ...own.flatMap(agentLines),
  ];
}

function agentLines(agent: AgentEntry): readonly string[] {
  const { product, spelled, pin, model, triggers, tools, credentials, services, surfaces, at } = agent;
  const loaded = surfaces.filter(({ inForce }) => inForce !== 'no');
  return [
    `  agent ${product} (${spelled}), version ${pinText(pin)} [${placeOf(at)}]`,
    `    model       ${modelText(model)}`,
    `    started by  ${triggers.map(({ event }) => event).join(', ')}: ${startText(agent)}`,
    `    may         ${capabilityText(agent.capabilities)}; mode ${agent.mode}`,
    ...(tools.length === 0 ? [] : [`    tools       ${tools.map(toolText).join(', ')}`]),
    ...credentials.map(
      (one) =>
        `    credential  ${one.name} (${one.class}, ${one.scope}, ${one.exposure}) ${reachText(one)}, ${ageText(one)} [${placeOf(one.at)}]`,
    ),
    ...services.map((service) => {
      const origin = originText(service);
      const flows = `out ${flowText(service.flows, 'outbound')}; in ${flowText(service.flows, 'inbound')}`;
      return `    service     ${hostText(service)} [${service.zone}] ${flows}${origin === '' ? '' : `; ${origin}`}`;
    }),
    ...loaded.map(({ path, inForce, fromTree }) => {
      const doubt = inForce === 'yes' ? '' : ' (possibly)';
      return `    in force    ${path}${doubt}${fromTree ? ', a change can write it' : ''}`;
    }),
    ...observedLines(agent),
  ];
}

function observedLines({ observed }: AgentEntry): readonly string[] {
  if (observed === undefined) return [];
  const { runs, verdicts, complete, undeclared, unused } = observed;
  return [
    `    observed    ${countWord(runs, 'run')}, ledgers ${verdicts.join(', ')}${complete ? '' : ': a lower bound'}`,
    ...undeclared.map((one) => `    undeclared  ${one}`),
    ...unused.map((one) => `    unused      ${one}`),
  ];
}
