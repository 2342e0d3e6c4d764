import type { AgentRun, Certainty } from '../facts/index.ts';
import { strongest } from './credentials.ts';
import type { CredentialEntry, DataFlow } from './model.ts';

/** What an agent carries and could hand on. */
export interface Cargo {
  readonly sourceCode: Certainty;
  readonly secret: Certainty;
  readonly pii: Certainty;
}

/** Channels whose text people wrote about themselves and others: names, addresses, whatever a comment holds. */
const PERSONAL = new Set(['prompt', 'event', 'fetched', 'tracker', 'log', 'environment', 'command-line']);

/** What an agent has seen by the time it talks to somebody. */
export function cargoOf(run: AgentRun, credentials: readonly CredentialEntry[]): Cargo {
  const checkedOut = run.tree.place !== undefined;
  const reads = run.capabilities.read !== 'none';
  return {
    sourceCode: checkedOut && reads ? 'yes' : reads ? 'unknown' : 'no',
    // A key that can be read is not thereby sent; nothing says that it is not.
    secret: strongest(credentials.map(({ reachable }) => reachable)) === 'no' ? 'no' : 'unknown',
    pii: run.sources.some(({ channel }) => PERSONAL.has(channel)) ? 'unknown' : 'no',
  };
}

function flow(
  direction: DataFlow['direction'],
  classification: DataFlow['classification'],
  certainty: Certainty,
  why: string,
): readonly DataFlow[] {
  return certainty === 'no' ? [] : [{ direction, classification, certainty, why }];
}

export function modelFlows({ sourceCode, secret, pii }: Cargo): readonly DataFlow[] {
  return [
    ...flow('outbound', 'prompt', 'yes', 'every request carries the prompt and the conversation'),
    ...flow('outbound', 'source-code', sourceCode, 'what the agent reads of the tree goes into its requests'),
    ...flow('outbound', 'secret', secret, 'a credential that a tool prints goes into the next request'),
    ...flow('outbound', 'pii', pii, 'text that people wrote is part of the prompt'),
    ...flow('inbound', 'prompt', 'yes', 'answers and tool calls of the model'),
  ];
}

export function serverFlows({ sourceCode, secret, pii }: Cargo): readonly DataFlow[] {
  const possible = (certainty: Certainty): Certainty => (certainty === 'no' ? 'no' : 'unknown');
  return [
    ...flow('outbound', 'prompt', 'yes', 'the model writes the arguments of each call'),
    ...flow('outbound', 'source-code', possible(sourceCode), 'arguments may hold what the agent read'),
    ...flow('outbound', 'secret', secret, 'arguments may hold what the agent read'),
    ...flow('outbound', 'pii', possible(pii), 'arguments may hold what the agent read'),
    ...flow('inbound', 'prompt', 'yes', 'tool descriptions and results are read by the model'),
  ];
}

/** Any host, uploads and hooks: whatever the agent holds may go there. */
export function openFlows({ sourceCode, secret, pii }: Cargo, why: string): readonly DataFlow[] {
  const possible = (certainty: Certainty): Certainty => (certainty === 'no' ? 'no' : 'unknown');
  return [
    ...flow('outbound', 'source-code', possible(sourceCode), why),
    ...flow('outbound', 'secret', secret, why),
    ...flow('outbound', 'pii', possible(pii), why),
    ...flow('outbound', 'prompt', 'unknown', why),
    ...flow('inbound', 'prompt', 'unknown', 'what it fetches is read by the model'),
  ];
}

export function forgeFlows(run: AgentRun): readonly DataFlow[] {
  const reads = run.sources.some(({ channel }) => PERSONAL.has(channel));
  const pushes = run.exits.some(({ kind }) => kind === 'push' || kind === 'merge');
  const speaks = run.exits.some(({ kind }) => kind === 'comment' || kind === 'label');
  return [
    ...flow('inbound', 'source-code', run.tree.place === undefined ? 'no' : 'yes', 'the checkout'),
    ...flow('inbound', 'prompt', reads ? 'yes' : 'no', 'text of issues, comments and changes'),
    ...flow('inbound', 'pii', reads ? 'unknown' : 'no', 'text that people wrote'),
    ...flow('outbound', 'source-code', pushes ? 'yes' : 'no', 'pushes'),
    ...flow('outbound', 'prompt', speaks ? 'yes' : 'no', 'comments hold what the model wrote'),
  ];
}

export const REGISTRY_FLOWS: readonly DataFlow[] = flow('inbound', 'source-code', 'yes', 'packages that are installed');
export const DOWNLOAD_FLOWS: readonly DataFlow[] = flow('inbound', 'source-code', 'yes', 'files that are fetched');

export function telemetryFlows(certainty: Certainty, prompts: boolean): readonly DataFlow[] {
  return [
    ...flow('outbound', 'telemetry', certainty, 'usage, errors and durations'),
    ...flow('outbound', 'prompt', prompts ? 'yes' : 'no', 'recording of prompts is switched on'),
  ];
}
