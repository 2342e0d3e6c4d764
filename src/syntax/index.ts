/** Formats that carry meaning by structure: YAML with positions, shell commands. Knows nothing of policies. */
export {
  entriesOf,
  entryOf,
  itemsOf,
  type ListNode,
  type MapEntry,
  type MapNode,
  type Node,
  nodeAt,
  type Reading,
  type ScalarNode,
  scalarAt,
  scalarsOf,
} from './node.ts';
export type {
  FrontMatter,
  Readers,
  Script,
  ScriptCommand,
  ScriptLanguage,
  ScriptRedirect,
  ScriptWord,
} from './readers.ts';
export {
  SHELL_LIMITS,
  type ShellAssignment,
  type ShellCommand,
  type ShellGrammar,
  type ShellPiece,
  type ShellRedirect,
  type ShellScript,
  type ShellWord,
  type UnparsableShell,
} from './shell-script.ts';
export type { Gap, Place, SourceFile, SourceTree, Span, TreeEntry } from './source.ts';
export { YAML_LIMITS, type YamlFile, type YamlPath, type YamlValue } from './yaml-file.ts';

import type { ShellGrammar } from './shell-script.ts';
import type { YamlFile } from './yaml-file.ts';

/**
 * Load the Bash grammar. The libraries behind this room are loaded on first use only, because most starts of the
 * program need none of them.
 */
export async function loadShellGrammar(): Promise<ShellGrammar> {
  return (await import('./shell.ts')).loadShellGrammar();
}

/** Read one YAML document with positions; see `yaml.ts` for the errors. */
export async function parseYaml(text: string, file: string): Promise<YamlFile> {
  return (await import('./yaml.ts')).parseYaml(text, file);
}
