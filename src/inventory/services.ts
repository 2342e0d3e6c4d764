import type { McpServer } from '../agents/index.ts';
import { type AgentRun, type Facts, type GivenServer, givenServers } from '../facts/index.ts';
import type { Effect, Platform } from '../pipelines/index.ts';
import { isBrokered } from './credentials.ts';
import {
  type Cargo,
  cargoOf,
  DOWNLOAD_FLOWS,
  forgeFlows,
  modelFlows,
  openFlows,
  REGISTRY_FLOWS,
  serverFlows,
} from './flows.ts';
import { provenanceOf } from './licences.ts';
import type { CredentialEntry, ModelUse, Service } from './model.ts';
import { modelEndpoint } from './model-endpoint.ts';
import type { Places } from './places.ts';
import { hostOf, shownText } from './shown-text.ts';
import { telemetryOf } from './telemetry.ts';

/** Everything services are worked out from. */
export interface ServiceContext {
  readonly run: AgentRun;
  readonly facts: Facts;
  readonly credentials: readonly CredentialEntry[];
  readonly model: ModelUse;
  readonly places: Places;
}

/** Everything one agent talks to, or a step of its job does, each once; by what the files say. */
export function servicesOf(context: ServiceContext): readonly Service[] {
  const cargo = cargoOf(context.run, context.credentials);
  const all = [
    ...modelService(context, cargo),
    ...forgeService(context),
    ...mcpServices(context, cargo),
    ...webhookServices(context, cargo),
    ...telemetryOf(context.run, context.places),
    ...effectServices(context),
    ...anyHost(context, cargo),
  ];
  const kept = new Map<string, Service>();
  for (const one of all) if (!kept.has(one.key)) kept.set(one.key, one);
  return [...kept.values()];
}

function modelService({ run, credentials, model, places }: ServiceContext, cargo: Cargo): readonly Service[] {
  const endpoint = modelEndpoint(run, model);
  const key = credentials.some((one) => one.class === 'model-key' || one.scope === 'mintable');
  return [
    {
      key: `model:${endpoint.provider}`,
      kind: 'model',
      name: endpoint.name,
      hosts: endpoint.hosts,
      zone: 'third-party',
      authenticated: key || isBrokered(run) ? 'yes' : 'unknown',
      origin: undefined,
      flows: modelFlows(cargo),
      at: endpoint.place && places.at(endpoint.place),
    },
  ];
}

const FORGES: { readonly [platform in Platform]: { readonly name: string; readonly hosts: readonly string[] } } = {
  github: { name: 'GitHub API', hosts: ['api.github.com', 'github.com'] },
  'gh-aw': { name: 'GitHub API', hosts: ['api.github.com', 'github.com'] },
  gitlab: { name: 'GitLab API', hosts: [] },
  azure: { name: 'Azure DevOps API', hosts: [] },
  jenkins: { name: 'Forge of the pipeline', hosts: [] },
  container: { name: 'Forge of the pipeline', hosts: [] },
};

function forgeService({ run, credentials }: ServiceContext): readonly Service[] {
  const flows = forgeFlows(run);
  if (flows.length === 0 && !run.capabilities.forgeWrite) return [];
  const token = credentials.some((one) => one.class === 'forge-token' || one.class === 'personal-token');
  return [
    {
      key: 'forge',
      kind: 'forge',
      ...FORGES[run.pipeline.platform],
      zone: 'ci',
      authenticated: token ? 'yes' : 'unknown',
      origin: undefined,
      flows,
      at: undefined,
    },
  ];
}

/** Servers that may be in force, from files and from what the command line gives. */
function mcpServices({ run, facts, places }: ServiceContext, cargo: Cargo): readonly Service[] {
  const servers = run.configuration.flatMap((configuration) => configuration.servers);
  const given = givenServers(run, facts);
  return run.effective.flatMap((fact): Service[] => {
    if (fact.kind !== 'mcp' || fact.inForce === 'no' || !fact.subject.startsWith('mcp server ')) return [];
    const name = fact.subject.slice('mcp server '.length);
    const server = servers.find((one) => one.name === name && one.place.file === fact.place.file);
    const written = server === undefined ? given.get(name) : fromFile(server);
    return [describeServer(name, written, places.at(fact.place), cargo, facts)];
  });
}

function fromFile({ origin, url, headers, environment }: McpServer): GivenServer {
  return { origin, url, hasSecrets: headers.length + environment.length > 0 };
}

function describeServer(
  name: string,
  server: GivenServer | undefined,
  at: Service['at'],
  cargo: Cargo,
  facts: Facts,
): Service {
  const host = server?.url === undefined ? undefined : hostOf(server.url);
  return {
    key: `mcp:${shownText(name)}`,
    kind: 'mcp',
    name: shownText(name),
    hosts: host === undefined ? [] : [host],
    zone: server?.origin.kind === 'local' ? 'first-party' : 'third-party',
    authenticated: server === undefined ? 'unknown' : server.hasSecrets ? 'yes' : 'no',
    origin: server && provenanceOf(server.origin, facts),
    flows: serverFlows(cargo),
    at,
  };
}

/** More addresses of one hook than these tell nothing new. */
const MOST_ADDRESSES = 5;

/** Addresses that hooks post to or name in their command. */
function webhookServices({ run, places }: ServiceContext, cargo: Cargo): readonly Service[] {
  return run.configuration.flatMap(({ hooks }) =>
    hooks.flatMap((hook): Service[] => {
      const addresses = hook.command.slice(0, 4_000).match(/https?:\/\/[^\s'"`<>|;)]{1,500}/gi) ?? [];
      const why = `the ${shownText(hook.event)} hook ${hook.type === 'http' ? 'posts what the agent does' : 'names it'}`;
      return addresses.slice(0, MOST_ADDRESSES).flatMap((address) => {
        const host = hostOf(address);
        if (host === undefined) return [];
        const flows = openFlows(cargo, why).filter(({ direction }) => direction === 'outbound');
        return [{ ...outside('webhook', host, places.at(hook.place)), flows }];
      });
    }),
  );
}

/** What the steps of the job fetch and send, before and after the agent. */
function effectServices({ run, places }: ServiceContext): readonly Service[] {
  return [...run.effectsBefore, ...run.effectsAfter].flatMap((effect): Service[] => {
    const at = places.at(effect.place);
    const registry = registryOf(effect);
    if (registry !== undefined) return [{ ...outside('registry', registry, at), hosts: [], flows: REGISTRY_FLOWS }];
    if (effect.kind === 'download' || effect.kind === 'clone') {
      const host = effect.url === undefined ? undefined : hostOf(effect.url);
      return host === undefined ? [] : [{ ...outside('download', host, at), flows: DOWNLOAD_FLOWS }];
    }
    if (effect.kind !== 'upload' || effect.url === undefined) return [];
    const host = hostOf(effect.url);
    const why = 'a step of the job sends a file there';
    return host === undefined
      ? []
      : [
          {
            ...outside('upload', host, at),
            flows: [{ direction: 'outbound', classification: 'source-code', certainty: 'unknown', why }],
          },
        ];
  });
}

/** Registries go by kind: which host answers is up to the machine's own package client. */
function registryOf(effect: Effect): string | undefined {
  if (effect.kind === 'install') return /^[a-z][a-z0-9-]{1,20}$/.test(effect.ecosystem) ? effect.ecosystem : undefined;
  if (effect.kind !== 'build' || !effect.installs) return undefined;
  return /^[a-z][a-z0-9-]{1,20}$/.test(effect.tool) ? effect.tool : undefined;
}

function anyHost({ run, places }: ServiceContext, cargo: Cargo): readonly Service[] {
  const open = run.exits.find(({ kind, by }) => kind === 'network' && by === 'agent');
  if (open === undefined || isBrokered(run)) return [];
  const anything = run.capabilities.network === 'any' || run.capabilities.execute === 'any';
  const name = anything ? 'any host' : 'hosts its network tools may ask';
  const why = anything ? 'nothing limits where its commands connect' : 'its network tools may be asked to';
  return [
    { ...outside('any-host', name, places.at(open.place)), hosts: [], zone: 'public', flows: openFlows(cargo, why) },
  ];
}

function outside(kind: Service['kind'], name: string, at: Service['at']): Omit<Service, 'flows'> {
  return {
    key: `${kind}:${shownText(name)}`,
    kind,
    name: shownText(name),
    hosts: [name],
    zone: 'third-party',
    authenticated: 'unknown',
    origin: undefined,
    at,
  };
}
