import type { AgentAdapter } from './adapter.ts';
import { claudeCode } from './claude-code/adapter.ts';
import { anyCommand, knownAgents } from './generic/adapter.ts';

/** Every adapter, most particular first; the last one takes any command. */
export const ADAPTERS: readonly AgentAdapter[] = [claudeCode, ...knownAgents, anyCommand];

/** The adapter for a command as `resolveCommand` gave it. Looks at names and links only, runs nothing. */
export function adapterFor(command: readonly string[]): AgentAdapter {
  return ADAPTERS.find((adapter) => adapter.recognises(command)) ?? anyCommand;
}
