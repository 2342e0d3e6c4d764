/** Formats that carry meaning by structure: YAML with positions, shell commands. Knows nothing of policies. */
export { DOCKERFILE_LIMITS, type DockerInstruction, readDockerfile } from './dockerfile.ts';
export { type DockerPair, type DockerWord, readExecForm, readPairs, splitWords } from './dockerfile-words.ts';
export {
  argumentOf,
  type GroovyBlock,
  type GroovyCall,
  type GroovyPart,
  type GroovyReading,
  type GroovyStatement,
  type GroovyValue,
  stringOf,
} from './groovy.ts';
export { readGroovy } from './groovy-reader.ts';
export { readHcl } from './hcl-reader.ts';
export { createLineIndex, type LineIndex } from './line-index.ts';
export { type MappedText, sliceMapped, TextAssembly } from './mapped-text.ts';
export {
  entriesOf,
  entryOf,
  itemsOf,
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
  Readers,
  Script,
  ScriptCommand,
  ScriptExpansion,
  ScriptLanguage,
  ScriptRedirect,
  ScriptWord,
} from './readers.ts';
export { READING_LIMITS } from './reading-limits.ts';
export {
  type PlacedCommand,
  SHELL_LIMITS,
  type ShellAssignment,
  type ShellCommand,
  type ShellForm,
  type ShellGrammar,
  type ShellRedirect,
  type ShellScript,
  type ShellWord,
} from './shell-script.ts';
export type { Gap, Place, SourceFile, SourceTree, Span, TreeEntry } from './source.ts';
export { readXml } from './xml-reader.ts';
export { YAML_LIMITS, type YamlFile, type YamlPath } from './yaml-file.ts';

import type { Readers } from './readers.ts';
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

/**
 * Load the tolerant readers of the audit.
 * @throws SallyportError SP1803 when a grammar cannot be loaded.
 */
export async function loadReaders(): Promise<Readers> {
  return (await import('./load-readers.ts')).loadReaders();
}
