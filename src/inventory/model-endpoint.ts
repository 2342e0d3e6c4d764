import type { AgentRun } from '../facts/index.ts';
import type { Place } from '../syntax/index.ts';
import { environmentEntries } from './environment.ts';
import type { ModelUse } from './model.ts';
import { hostOf } from './shown-text.ts';
import { CLOUDS, type CloudRow, VENDORS } from './vendors.ts';

export interface ModelEndpoint {
  readonly provider: string;
  readonly name: string;
  readonly hosts: readonly string[];
  /** Where another address than the vendor's is given. */
  readonly place: Place | undefined;
}

/** Variables that move the requests of a product; those of other programs of the job say nothing of it. */
const BASE_URL: { readonly [product: string]: RegExp } = {
  'claude-code': /^ANTHROPIC_(?:(?:BEDROCK|VERTEX|FOUNDRY)_)?BASE_URL$/,
  codex: /^(?:OPENAI|CODEX)_(?:API_)?BASE(?:_URL)?$/,
  gemini: /^(?:GOOGLE_)?GEMINI_(?:API_)?BASE(?:_URL)?$/,
};
/** Products that ask the model their user chooses. */
const ANY_BASE_URL = /^(?:ANTHROPIC|OPENAI|GEMINI|GOOGLE_GEMINI|CODEX|LITELLM)_(?:API_)?BASE(?:_URL)?$/;

/** Where the requests of an agent go: an address of its own, a cloud, the vendor, or whoever made the model. */
export function modelEndpoint(run: AgentRun, model: ModelUse): ModelEndpoint {
  const given = run.invocation.endpoint;
  const names = BASE_URL[run.invocation.product] ?? ANY_BASE_URL;
  const variables = environmentEntries(run).filter(({ name }) => names.test(name));
  // An empty one is none.
  const own = [...(given ? [given] : []), ...variables].find(({ text }) => text.trim() !== '');
  if (own !== undefined) {
    const host = hostOf(own.text);
    return {
      provider: 'own-address',
      name: host ?? 'address known at run time',
      hosts: host ? [host] : [],
      place: own.place,
    };
  }
  const vendor = VENDORS.find(({ product }) => product === run.invocation.product);
  const cloud = cloudOf(run);
  if (cloud?.certain) return { provider: cloud.provider, name: cloud.name, hosts: [], place: cloud.place };
  if (vendor !== undefined) {
    const name = cloud === undefined ? vendor.name : `${vendor.name} or ${cloud.name}`;
    return { provider: vendor.provider, name, hosts: vendor.hosts, place: cloud?.place };
  }
  const provider = model.provider ?? 'unknown';
  const maker = VENDORS.find((row) => row.provider === provider);
  return { provider, name: maker?.name ?? `model provider (${provider})`, hosts: maker?.hosts ?? [], place: undefined };
}

/** The cloud that a switch sends the requests to; not certain where a variable decides. */
function cloudOf(run: AgentRun): (CloudRow & { readonly certain: boolean; readonly place: Place }) | undefined {
  const switches = [
    ...run.invocation.written.map(({ spelled, text, place }) => ({ name: spelled, text, place })),
    ...environmentEntries(run),
  ];
  for (const cloud of CLOUDS) {
    const on = switches.find(({ name, text }) => cloud.pattern.test(name) && !/^(?:false|0|)$/i.test(text.trim()));
    if (on !== undefined) return { ...cloud, certain: !on.text.includes('$'), place: on.place };
  }
  return undefined;
}
