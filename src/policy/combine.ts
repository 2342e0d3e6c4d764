import { lazyDigestOf } from './digest.ts';
import type { CarryOver, ForgeReviews, SignedDemand } from './document.ts';
import type { HideList } from './hidden-files.ts';
import { intersectHosts } from './host-pattern.ts';
import type { Decide } from './planes.ts';
import type { HiddenForm, Limits, ModelGrant, NetworkGrant, OutputForm, Policy, SecretGrant } from './policy.ts';
import { stricter } from './rule.ts';
import type { Advance } from './session.ts';
import { includesWildcard } from './wildcard.ts';

/**
 * An organisation's policy: a bound on what repositories may grant. What it does not mention it does not limit, which
 * is why it is no `Policy` of its own (there, silence takes the built-in default).
 */
export interface PolicyBound {
  readonly origin: string;
  readonly digest: string;
  readonly decide: Decide;
  readonly advance: Advance;
  readonly limits: Partial<Limits>;
  /** Undefined: every host that the repository names. */
  readonly network: readonly NetworkGrant[] | undefined;
  readonly secrets: readonly SecretGrant[] | undefined;
  readonly model: Partial<ModelGrant>;
  readonly workspace: {
    readonly hide: HideList;
    readonly hidden: HiddenForm | undefined;
    readonly readOnly: readonly string[] | undefined;
  };
  /** Undefined: as the repository says. */
  readonly output: OutputForm | undefined;
  readonly forgeReviews: ForgeReviews | undefined;
  readonly carryOver: CarryOver | undefined;
  readonly signed: readonly SignedDemand[];
}

/**
 * Organisation ∧ repository. Every part is a meet, so the outcome is never more permissive than either: the stricter
 * decision, the smaller limit, the common hosts, the common models.
 */
export function combine(organisation: PolicyBound, repository: Policy): Policy {
  const readOnly = organisation.workspace.readOnly;
  const digest = lazyDigestOf(() => [organisation.digest, repository.digest]);
  return {
    agent: repository.agent,
    origins: [organisation.origin, ...repository.origins],
    get digest() {
      return digest();
    },
    limits: combineLimits(organisation.limits, repository.limits),
    network: combineNetwork(organisation.network, repository.network),
    secrets: combineSecrets(organisation.secrets, repository.secrets),
    model: combineModel(organisation.model, repository.model),
    workspace: {
      // Side by side: in one list an exception of the organisation's would show what the repository hides.
      hide: [organisation.workspace.hide, ...repository.workspace.hide],
      hidden: organisation.workspace.hidden ?? repository.workspace.hidden,
      readOnly: repository.workspace.readOnly.filter((path) => readOnly?.includes(path) !== false),
    },
    output: organisation.output === 'inert' ? 'inert' : repository.output,
    forgeReviews: organisation.forgeReviews === 'support' ? 'support' : repository.forgeReviews,
    carryOver: organisation.carryOver === 'never' ? 'never' : repository.carryOver,
    signed: [...organisation.signed, ...repository.signed],
    decide: (action, state) => stricter(organisation.decide(action, state), repository.decide(action, state)),
    advance: (state, action, decision) => {
      const next = repository.advance(state, action, decision);
      const { labels } = organisation.advance(state, action, decision);
      return {
        ...next,
        labels: {
          untrusted: next.labels.untrusted || labels.untrusted,
          secret: next.labels.secret || labels.secret,
        },
      };
    },
  };
}

function combineLimits(bound: Partial<Limits>, limits: Limits): Limits {
  const smaller = (key: keyof Limits) => Math.min(bound[key] ?? Number.POSITIVE_INFINITY, limits[key]);
  return {
    processes: smaller('processes'),
    memoryMiB: smaller('memoryMiB'),
    diskMiB: smaller('diskMiB'),
    inodes: smaller('inodes'),
    openFiles: smaller('openFiles'),
    outputMiB: smaller('outputMiB'),
    seconds: smaller('seconds'),
    patchFiles: smaller('patchFiles'),
    patchMiB: smaller('patchMiB'),
  };
}

function combineNetwork(
  bound: readonly NetworkGrant[] | undefined,
  grants: readonly NetworkGrant[],
): readonly NetworkGrant[] {
  if (bound === undefined) return grants;
  return grants.flatMap((grant) => bound.flatMap((limit) => intersectGrants(limit, grant) ?? []));
}

/**
 * What both grants allow, as one grant; undefined when nothing is certain to be in both. An address or an authority
 * that the repository pins lets it reach what the organisation's grant would not, so it holds only where the
 * organisation pins the same.
 */
export function intersectGrants(limit: NetworkGrant, grant: NetworkGrant): NetworkGrant | undefined {
  const host = intersectHosts(limit.host, grant.host);
  if (host === undefined || limit.port !== grant.port || limit.protocol !== grant.protocol) return undefined;
  if (grant.address !== undefined && grant.address !== limit.address) return undefined;
  if (grant.caFile !== undefined && grant.caFile !== limit.caFile) return undefined;
  const methods = intersectLists(limit.methods, grant.methods, (one, other) => (one === other ? one : undefined));
  const paths = intersectLists(limit.paths, grant.paths, narrowerPattern);
  if (methods?.length === 0 || paths?.length === 0) return undefined;
  const maxBytesOut = smallest(limit.maxBytesOut, grant.maxBytesOut);
  return {
    id: grant.id,
    host,
    port: grant.port,
    protocol: grant.protocol,
    tls: limit.tls === 'inspect' || grant.tls === 'inspect' ? 'inspect' : 'tunnel',
    ...(methods ? { methods } : {}),
    ...(paths ? { paths } : {}),
    ...(maxBytesOut === undefined ? {} : { maxBytesOut }),
    ...(limit.address === undefined ? {} : { address: limit.address }),
    ...(limit.caFile === undefined ? {} : { caFile: limit.caFile }),
  };
}

/** Two patterns that only overlap give nothing: that is tighter than their meet, never looser. */
function narrowerPattern(one: string, other: string): string | undefined {
  if (includesWildcard(one, other)) return other;
  return includesWildcard(other, one) ? one : undefined;
}

function intersectLists(
  bound: readonly string[] | undefined,
  list: readonly string[] | undefined,
  meet: (one: string, other: string) => string | undefined,
): readonly string[] | undefined {
  if (bound === undefined || list === undefined) return bound ?? list;
  return [...new Set(list.flatMap((item) => bound.flatMap((limit) => meet(limit, item) ?? [])))];
}

/** A credential of the repository goes only where the organisation lets a credential of that name go. */
function combineSecrets(
  bound: readonly SecretGrant[] | undefined,
  secrets: readonly SecretGrant[],
): readonly SecretGrant[] {
  if (bound === undefined) return secrets;
  return secrets.flatMap((secret) => {
    const limit = bound.find(({ name, header }) => name === secret.name && header === secret.header);
    const hosts = limit ? secret.hosts.filter((host) => limit.hosts.includes(host)) : [];
    return limit && hosts.length > 0 ? [{ ...secret, from: limit.from, hosts }] : [];
  });
}

function combineModel(bound: Partial<ModelGrant>, model: ModelGrant): ModelGrant {
  const hostedTools = combineHostedTools(bound.hostedTools, model.hostedTools);
  const caFile = bound.upstream === undefined ? (bound.caFile ?? model.caFile) : bound.caFile;
  return {
    provider: model.provider,
    upstream: bound.upstream ?? model.upstream,
    ...(caFile === undefined ? {} : { caFile }),
    keyEnv: bound.keyEnv ?? model.keyEnv,
    allow: intersectLists(bound.allow, model.allow, narrowerPattern) ?? [],
    hostedTools,
    urlInputs: bound.urlInputs === 'off' ? 'off' : model.urlInputs,
    maxRequests: Math.min(bound.maxRequests ?? Number.POSITIVE_INFINITY, model.maxRequests),
    maxTokens: Math.min(bound.maxTokens ?? Number.POSITIVE_INFINITY, model.maxTokens),
    maxUsd: smallest(bound.maxUsd, model.maxUsd),
  };
}

function combineHostedTools(
  bound: ModelGrant['hostedTools'] | undefined,
  tools: ModelGrant['hostedTools'],
): ModelGrant['hostedTools'] {
  if (bound === 'off' || tools === 'off') return 'off';
  return bound === undefined ? tools : tools.filter((tool) => bound.includes(tool));
}

function smallest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
