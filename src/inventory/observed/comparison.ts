import { TOOLS } from '../../agents/index.ts';
import type { AgentEntry, ObservedUse, RepositoryEntry } from '../model.ts';
import type { ObservedRun, ObservedTool } from './observed-run.ts';

/** Verdicts of a log in which nothing is missing. */
const WHOLE: ReadonlySet<string> = new Set(['WITNESSED', 'ANCHORED', 'SIGNED-UNANCHORED']);

/** Tools by which an agent reads, plans and answers; granted wherever it may read. */
const PLAIN_TOOLS: ReadonlySet<string> = new Set(
  TOOLS.filter((row) => row.offered && !row.writes && !row.command && !row.urls)
    .flatMap(({ names }) => names)
    .filter((name) => name !== 'WebSearch'),
);
const EDIT_TOOLS: ReadonlySet<string> = new Set(TOOLS.filter(({ writes }) => writes).flatMap(({ names }) => names));

export interface MatchedRuns {
  readonly byAgent: ReadonlyMap<AgentEntry, readonly ObservedRun[]>;
  readonly unmatched: readonly string[];
}

/**
 * Which run was which agent's: by repository, job and product, and by the pipeline's name where that still leaves
 * several. A run that may have been one of several agents of a job counts for each.
 */
export function matchRuns(repositories: readonly RepositoryEntry[], runs: readonly ObservedRun[]): MatchedRuns {
  const byAgent = new Map<AgentEntry, ObservedRun[]>();
  const unmatched: string[] = [];
  for (const run of runs) {
    const candidates = run.used ? candidatesOf(repositories, run) : [];
    if (run.used && candidates.length === 0) unmatched.push(run.name);
    for (const agent of candidates) byAgent.set(agent, [...(byAgent.get(agent) ?? []), run]);
  }
  return { byAgent, unmatched };
}

function candidatesOf(repositories: readonly RepositoryEntry[], run: ObservedRun): readonly AgentEntry[] {
  const agents = repositories
    .filter(({ name }) => repositories.length === 1 || run.repository === undefined || sameName(name, run.repository))
    .flatMap((repository) => repository.agents)
    .filter((agent) => run.job === undefined || agent.job === run.job)
    .filter((agent) => run.agent === undefined || run.agent === 'generic' || agent.product === run.agent);
  const samePipeline = agents.filter(({ pipeline }) => pipeline === run.pipeline);
  return samePipeline.length > 0 ? samePipeline : agents;
}

/** A folder knows its repository's name, rarely its owner's. */
function sameName(folder: string, repository: string): boolean {
  return folder === repository || folder.split('/').at(-1) === repository.split('/').at(-1);
}

/** The agent with what was seen of it; unchanged when no run is its own. */
export function withObserved(agent: AgentEntry, runs: readonly ObservedRun[]): AgentEntry {
  if (runs.length === 0) return agent;
  const union = (of: (run: ObservedRun) => readonly string[]): readonly string[] =>
    [...new Set(runs.flatMap((run) => of(run)))].sort();
  const seen = {
    hosts: union(({ hosts }) => hosts),
    models: union(({ models }) => models),
    tools: joinTools(runs),
    credentials: union(({ credentials }) => credentials),
    files: union(({ files }) => files),
    refusedHosts: union(({ refusedHosts }) => refusedHosts),
  };
  const observed: ObservedUse = {
    runs: runs.length,
    verdicts: union(({ verdict }) => [verdict]),
    complete: runs.every(({ verdict }) => WHOLE.has(verdict)),
    ...seen,
    undeclared: undeclared(agent, seen),
    unused: unused(agent, seen),
  };
  return { ...agent, observed };
}

function joinTools(runs: readonly ObservedRun[]): readonly ObservedTool[] {
  const joined = new Map<string, ObservedTool>();
  for (const { name, calls, denied } of runs.flatMap(({ tools }) => tools)) {
    const known = joined.get(name);
    joined.set(name, { name, calls: calls + (known?.calls ?? 0), denied: denied + (known?.denied ?? 0) });
  }
  return [...joined.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

type Seen = Pick<ObservedUse, 'hosts' | 'models' | 'tools' | 'credentials'>;

function undeclared(agent: AgentEntry, { hosts, models, tools, credentials }: Seen): readonly string[] {
  const declaredHosts = new Set(agent.services.flatMap((service) => service.hosts));
  const declaredCredentials = new Set(agent.credentials.map(({ name }) => name));
  return [
    ...hosts.filter((host) => !declaredHosts.has(host)).map((host) => `host ${host}`),
    ...models.filter((name) => agent.model.name !== undefined && !isModel(agent.model.name, name)).map(modelName),
    ...tools.filter(({ name, calls, denied }) => calls > denied && !isGranted(agent, name)).map(toolName),
    ...credentials.filter((name) => !declaredCredentials.has(name)).map((name) => `credential ${name}`),
  ];
}

function unused(agent: AgentEntry, { hosts, tools, credentials }: Seen): readonly string[] {
  const called = tools.filter(({ calls, denied }) => calls > denied).map(({ name }) => name);
  const silent = agent.services.filter(
    (service) =>
      service.hosts.length > 0 && OF_AGENT.has(service.kind) && !service.hosts.some((h) => hosts.includes(h)),
  );
  const servers = agent.services.filter(
    ({ kind, name }) => kind === 'mcp' && !called.some((tool) => tool.startsWith(`mcp__${name}__`)),
  );
  const grants = agent.tools.filter(
    ({ effect, tool }) => effect !== 'deny' && !called.some((one) => covers(tool, one)),
  );
  const keys = agent.credentials.filter(({ name, scope }) => scope !== 'other-step' && !credentials.includes(name));
  return [
    ...silent.flatMap((service) => service.hosts.map((host) => `host ${host}`)),
    ...servers.map(({ name }) => `mcp server ${name}`),
    ...new Set(grants.map(({ tool, command }) => `tool ${tool}${command === undefined ? '' : `(${command})`}`)),
    ...keys.map(({ name }) => `credential ${name}`),
  ];
}

/** Services that the agent itself asks; what other steps fetch is in no ledger. */
const OF_AGENT: ReadonlySet<string> = new Set(['model', 'webhook']);

function modelName(name: string): string {
  return `model ${name}`;
}

function toolName({ name }: ObservedTool): string {
  return `tool ${name}`;
}

/** `sonnet` stands for every Sonnet, a name without its day for each day. */
function isModel(declared: string, observed: string): boolean {
  const bare = declared.slice(declared.lastIndexOf('/') + 1);
  return observed === bare || observed.startsWith(`${bare}-`) || observed.split('-').includes(bare);
}

function isGranted(agent: AgentEntry, tool: string): boolean {
  const only = agent.tools.filter(({ effect }) => effect === 'only');
  if (only.length > 0 && !only.some((grant) => covers(grant.tool, tool))) return false;
  if (agent.mode === 'bypass') return true;
  if (agent.capabilities.read !== 'none' && (PLAIN_TOOLS.has(tool) || tool === 'Read')) return true;
  if (agent.capabilities.write !== 'none' && EDIT_TOOLS.has(tool)) return true;
  if (agent.capabilities.execute === 'any') return true;
  return agent.tools.some((grant) => grant.effect !== 'deny' && covers(grant.tool, tool));
}

/** `mcp__tickets` covers all tools of the server; `*` covers everything. */
function covers(granted: string, tool: string): boolean {
  if (granted === '*' || granted.toLowerCase() === tool.toLowerCase()) return true;
  const stem = granted.endsWith('*') ? granted.slice(0, -1) : granted.startsWith('mcp__') ? `${granted}__` : undefined;
  return stem !== undefined && tool.startsWith(stem);
}
