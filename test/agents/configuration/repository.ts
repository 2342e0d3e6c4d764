import {
  type AgentConfiguration,
  type Capabilities,
  capabilitiesOf,
  type EffectiveFact,
  effectiveConfiguration,
  type GivenEntry,
  type Invocation,
  readConfigurations,
  recogniseAction,
  recogniseCommand,
} from '../../../src/agents/index.ts';
import type { Place, Readers } from '../../../src/syntax/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

export const readers: Readers = await loadReaders();
export const HERE: Place = { file: 'ci.yml', span: { start: 0, end: 1 } };

/** The one configuration file of a repository. */
export function configurationOf(path: string, content: unknown): AgentConfiguration {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  const [found] = readConfigurations(memoryTree({ [path]: text }), readers);
  if (found === undefined) throw new Error(`${path} is no configuration file`);
  return found;
}

/** How an agent is started by a command line without quotes; `·` is a blank inside a word. */
export function started(line: string, variables: { readonly [name: string]: string } = {}): Invocation {
  const words = line.split(' ').map((text) => ({ text: text.replaceAll('·', ' '), complete: true, place: HERE }));
  const invocation = recogniseCommand(words, environmentOf(variables));
  if (invocation === undefined) throw new Error(`no agent in ${line}`);
  return invocation;
}

/** How an agent is started by an action. */
export function usedAction(name: string, ref: string, inputs: { readonly [name: string]: string }): Invocation {
  const invocation = recogniseAction({ name, ref, inputs: environmentOf(inputs), place: HERE }, []);
  if (invocation === undefined) throw new Error(`${name} runs no agent`);
  return invocation;
}

export interface Situation {
  readonly files: { readonly [path: string]: unknown };
  readonly invocation: Invocation;
  readonly version?: string;
  readonly tree?: 'base' | 'change';
  readonly variables?: { readonly [name: string]: string };
  readonly directory?: string;
}

export function factsIn(situation: Situation): readonly EffectiveFact[] {
  const entries = Object.entries(situation.files).map(([path, value]) => [
    path,
    typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  ]);
  const files: { readonly [path: string]: string } = Object.fromEntries(entries);
  return effectiveConfiguration({
    invocation: situation.invocation,
    configurations: readConfigurations(memoryTree(files), readers),
    version: situation.version,
    tree: situation.tree ?? 'change',
    environment: environmentOf(situation.variables ?? {}),
    directory: situation.directory ?? '',
    readers,
    read: (path) => (files[path] === undefined ? undefined : { path, text: files[path] }),
  });
}

/** `yes`, `no` or `unknown` for the first fact with this subject; `none` without one. */
export function inForce(situation: Situation, subject: string): string {
  return factsIn(situation).find((fact) => fact.subject === subject)?.inForce ?? 'none';
}

export function capabilitiesIn(situation: Situation): Capabilities {
  return capabilitiesOf(situation.invocation, factsIn(situation));
}

function environmentOf(variables: { readonly [name: string]: string }): readonly GivenEntry[] {
  return Object.entries(variables).map(([name, text]) => ({
    name,
    text,
    keyPlace: HERE,
    place: HERE,
    node: undefined,
  }));
}
