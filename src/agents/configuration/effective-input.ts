import type { Readers, SourceFile } from '../../syntax/index.ts';
import type { GivenEntry, Invocation } from '../invocation/invocation.ts';
import type { AgentConfiguration } from './configuration.ts';

/** Everything that decides which configuration an agent really obeys. */
export interface EffectiveInput {
  readonly invocation: Invocation;
  /** All of the repository; those of other products and folders are left aside here. */
  readonly configurations: readonly AgentConfiguration[];
  /** The exact version, when the pipeline names one. */
  readonly version: string | undefined;
  /** Who wrote the files the agent meets: the protected branch, or a change that nobody has accepted yet. */
  readonly tree: 'base' | 'change' | 'unknown';
  /** Variables of the agent's process: job, step and command. */
  readonly environment: readonly GivenEntry[];
  /** The folder the agent starts in, relative to the root; `''` is the root. */
  readonly directory: string;
  readonly readers: Readers;
  /** A file that `--settings` or `--mcp-config` names. */
  read(path: string): SourceFile | undefined;
}

/** The text of a variable of the agent's process. */
export function variableOf(input: Pick<EffectiveInput, 'environment'>, name: string): GivenEntry | undefined {
  return input.environment.findLast((entry) => entry.name === name);
}

/** A variable that is set to anything but an off-value. */
export function isSwitchedOn(input: Pick<EffectiveInput, 'environment'>, name: string): boolean {
  const text = variableOf(input, name)?.text.trim().toLowerCase();
  return text !== undefined && text !== '' && text !== '0' && text !== 'false' && text !== 'no';
}

/** Whether a flag was given: one without a value is written down under its tag with its own spelling as the text. */
export function wasWritten(invocation: Invocation, ...flags: readonly string[]): boolean {
  return invocation.written.some((entry) => flags.includes(entry.name) || flags.includes(entry.text));
}

/** Whether the action takes this path from the base branch before the agent starts. */
export function isRestored(invocation: Invocation, path: string): boolean {
  return invocation.restores.some((restored) => {
    const folder = restored.replace(/\/+$/, '');
    return path === folder || path.startsWith(`${folder}/`);
  });
}

/** A change under review could have written this file, as the agent will meet it. */
export function comesFromChange(input: EffectiveInput, path: string): boolean {
  return input.tree !== 'base' && !isRestored(input.invocation, path);
}
