import type { JsonObject } from '../../system/index.ts';
import type { AgentEntry, CredentialEntry, Provenance, RepositoryEntry, Surface } from '../model.ts';
import { element, placeText, properties, refOf } from './element.ts';

/** npm packages by which a product is known, for its package URL. */
const PRODUCT_PACKAGES: { readonly [product: string]: string } = {
  'claude-code': '%40anthropic-ai/claude-code',
  codex: '%40openai/codex',
  gemini: '%40google/gemini-cli',
  copilot: '%40github/copilot',
  opencode: 'opencode-ai',
  amp: '%40sourcegraph/amp',
  qwen: '%40qwen-code/qwen-code',
};

/** Every component of a repository: agents, models, files, credentials, packages of MCP servers; each once. */
export function componentsOf(repository: RepositoryEntry): readonly JsonObject[] {
  const all = [
    ...repository.agents.flatMap((agent) => [
      agentComponent(agent, repository.name),
      ...modelComponent(agent, repository.name),
      ...agent.credentials.map((one) => credentialComponent(one, agent, repository.name)),
      ...agent.services.flatMap(({ origin }) => packageComponent(origin, repository.name)),
    ]),
    ...repository.surfaces.map((surface) => surfaceComponent(surface, repository.name)),
    ...repository.literalKeys.map((key) =>
      element({
        'bom-ref': refOf('key', repository.name, placeText(key.at), String(key.at.column ?? 0)),
        type: 'data',
        name: `${key.kind} in ${key.at.file}`,
        data: [{ type: 'configuration', classification: 'secret' }],
        properties: properties({
          'credential:exposure': 'file',
          'credential:written-out': true,
          place: placeText(key.at),
          'credential:named': key.named,
          'credential:age-days': key.ageDays,
        }),
      }),
    ),
  ];
  return [...new Map(all.map((one) => [String(one['bom-ref']), one])).values()];
}

export function productRef(agent: AgentEntry, repository: string): string {
  return refOf('product', repository, agent.product, agent.spelled, agent.pin.text ?? agent.pin.state);
}

function agentComponent(agent: AgentEntry, repository: string): JsonObject {
  const { product, via, spelled, pin } = agent;
  return element({
    'bom-ref': productRef(agent, repository),
    type: 'application',
    name: product,
    version: pin.text,
    purl: purlOf(agent),
    properties: properties({ 'agent:via': via, 'agent:spelled': spelled, 'version-pin': pin.state }),
  });
}

function purlOf({ product, via, spelled, pin }: AgentEntry): string | undefined {
  const version = pin.text === undefined ? '' : `@${encodeURIComponent(pin.text)}`;
  if (via === 'action') {
    const [, owner, name] = /^([\w.-]{1,100})\/([\w.-]{1,100})(?:$|[/@])/.exec(spelled) ?? [];
    return owner === undefined || name === undefined
      ? undefined
      : `pkg:github/${owner.toLowerCase()}/${name.toLowerCase()}${version}`;
  }
  const name = PRODUCT_PACKAGES[product];
  return name === undefined || via !== 'command' ? undefined : `pkg:npm/${name}${version}`;
}

export function modelRef({ model, product }: AgentEntry, repository: string): string {
  return refOf('model', repository, model.name ?? `default of ${product}`);
}

function modelComponent(agent: AgentEntry, repository: string): readonly JsonObject[] {
  const { model, product } = agent;
  return [
    element({
      'bom-ref': modelRef(agent, repository),
      type: 'machine-learning-model',
      name: model.name ?? `chosen by ${product}${model.stated === 'run-time' ? ' at run time' : ''}`,
      publisher: model.provider,
      modelCard: { properties: properties({ 'model:stated': model.stated }) },
      properties: properties({
        'version-pin': model.pinned ? 'pinned' : 'movable',
        place: model.at && placeText(model.at),
      }),
    }),
  ];
}

export function credentialRef({ name }: CredentialEntry, { file, job }: AgentEntry, repository: string): string {
  return refOf('credential', repository, file, job, name);
}

function credentialComponent(credential: CredentialEntry, agent: AgentEntry, repository: string): JsonObject {
  return element({
    'bom-ref': credentialRef(credential, agent, repository),
    type: 'data',
    name: credential.name,
    data: [{ type: 'configuration', classification: 'secret' }],
    properties: properties({
      'credential:class': credential.class,
      'credential:scope': credential.scope,
      'credential:exposure': credential.exposure,
      'credential:reachable': credential.reachable,
      'credential:writes': credential.writes,
      'credential:named': credential.named,
      'credential:age-days': credential.ageDays,
      place: placeText(credential.at),
      job: `${agent.file}#${agent.job}`,
    }),
  });
}

export function surfaceRef(path: string, repository: string): string {
  return refOf('surface', repository, path);
}

/** A file may be several things at once (settings and hooks): its component says what it is first. */
function surfaceComponent(surface: Surface, repository: string): JsonObject {
  return element({
    'bom-ref': surfaceRef(surface.path, repository),
    type: 'file',
    name: surface.path,
    hashes: [{ alg: 'SHA-256', content: surface.sha256 }],
    licenses: licencesOf(surface.licence),
    properties: properties({
      'surface:kind': surface.kind,
      'surface:label': surface.label,
      'surface:product': surface.product,
      'surface:role': surface.role,
      'surface:hook': surface.hooks,
      'surface:mcp-server': surface.servers,
    }),
  });
}

function licencesOf(licence: string | undefined): JsonObject[] {
  return licence === undefined ? [] : [{ license: { name: licence } }];
}

export function packageRef({ name, version }: Provenance, repository: string): string {
  return refOf('package', repository, name, version ?? '');
}

function packageComponent(origin: Provenance | undefined, repository: string): readonly JsonObject[] {
  if (origin === undefined || (origin.kind !== 'package' && origin.kind !== 'image')) return [];
  return [
    element({
      'bom-ref': packageRef(origin, repository),
      type: origin.kind === 'image' ? 'container' : 'application',
      name: origin.name,
      version: origin.version,
      publisher: origin.publisher,
      licenses: licencesOf(origin.licence),
      properties: properties({ 'version-pin': origin.pinned ? 'pinned' : 'movable', 'package:of': 'mcp-server' }),
    }),
  ];
}
