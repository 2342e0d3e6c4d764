import type { JsonObject } from '../../system/index.ts';
import { strongest } from '../credentials.ts';
import type { DataFlow, RepositoryEntry, Service } from '../model.ts';
import { element, placeText, properties, refOf } from './element.ts';

export function serviceRef({ key, hosts }: Service, repository: string): string {
  return refOf('service', repository, key, ...hosts);
}

/** Every service of a repository once, with the flows of all its agents. */
export function servicesIn(repository: RepositoryEntry): readonly JsonObject[] {
  const groups = Map.groupBy(
    repository.agents.flatMap(({ services }) => services),
    (service) => serviceRef(service, repository.name),
  );
  return [...groups].flatMap(([ref, members]) => {
    const [first] = members;
    return first === undefined ? [] : [describeService(ref, first, members)];
  });
}

function describeService(ref: string, service: Service, members: readonly Service[]): JsonObject {
  const endpoints = service.hosts.map((host) => `https://${host}`);
  const authenticated = strongest(members.map((one) => one.authenticated));
  return element({
    'bom-ref': ref,
    name: service.name,
    endpoints,
    authenticated: authenticated === 'unknown' ? undefined : authenticated === 'yes',
    'x-trust-boundary': service.zone === 'third-party' || service.zone === 'public',
    trustZone: service.zone,
    data: joinFlows(members.flatMap(({ flows }) => flows)).map((flow) => dataOf(flow, endpoints)),
    properties: properties({
      'service:kind': service.kind,
      'service:origin': service.origin && `${service.origin.kind} ${service.origin.name}`.trim(),
      place: service.at && placeText(service.at),
    }),
  });
}

/** CycloneDX looks from the service: what leaves the agent enters it. */
const SEEN_FROM_SERVICE = { outbound: 'inbound', inbound: 'outbound' } as const;

function dataOf({ direction, classification, certainty, why }: DataFlow, endpoints: string[]): JsonObject {
  return element({
    flow: SEEN_FROM_SERVICE[direction],
    classification,
    name: `${classification} ${direction === 'outbound' ? 'from' : 'to'} the agent`,
    description: certainty === 'yes' ? why : `possible: ${why}`,
    destination: direction === 'outbound' ? endpoints : [],
    source: direction === 'inbound' ? endpoints : [],
  });
}

/** One flow a direction and class, as certain as the most certain of them. */
function joinFlows(flows: readonly DataFlow[]): readonly DataFlow[] {
  const groups = Map.groupBy(flows, ({ direction, classification }) => `${direction} ${classification}`);
  return [...groups.values()].flatMap((members) => {
    const certainty = strongest(members.map((one) => one.certainty));
    return members.filter((one) => one.certainty === certainty).slice(0, 1);
  });
}
