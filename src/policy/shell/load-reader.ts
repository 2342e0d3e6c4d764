import { loadShellGrammar } from '../../syntax/index.ts';
import { createCommandReader } from './command-reader.ts';
import type { CommandReader } from './effective-command.ts';

/** Load the shell grammar for a policy that looks into commands. */
export async function loadCommandReader(): Promise<CommandReader> {
  return createCommandReader(await loadShellGrammar());
}
