import { readConfigurations } from '../../agents/index.ts';
import { readPipelines } from '../../pipelines/index.ts';
import { createClassifier } from '../../policy/index.ts';
import type { Readers, SourceFile, SourceTree } from '../../syntax/index.ts';
import type { FactSheet } from '../facts/fact.ts';
import { addAgentConfiguration } from './agent-facts.ts';
import { addAuthorizationRules, isAuthorizationRules } from './authorization/index.ts';
import { addIgnoreFile, isIgnoreFile } from './check-settings.ts';
import { addDockerfile } from './dockerfile.ts';
import { addEnvironmentFile, isEnvironmentFile } from './environment-file.ts';
import { addMakefile, isMakefile } from './makefile.ts';
import type { PartReader } from './pipeline/check-list.ts';
import { addPipeline } from './pipeline/pipeline-facts.ts';
import { readOnce } from './read-once.ts';
import { addShellScript } from './scripts.ts';
import { addServerSettings, isServerFile } from './servers/server-facts.ts';
import { SheetBuilder } from './sheet.ts';
import { addStructured, isStructured } from './structured.ts';
import { addXmlSettings, isXmlSettings } from './xml-facts.ts';

/** What all configuration of a file says about controls, in one version of a tree. */
export interface ConfigurationReader {
  /** Whether this path can configure anything that is compared. */
  readonly reads: (path: string) => boolean;
  readonly read: (file: SourceFile, tree: SourceTree) => FactSheet;
}

/** Larger structured files are data, not configuration; that they were not compared is a gap. */
const LARGEST = 1024 * 1024;
const DOCKERFILE = /(?:^|\/)(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.dockerfile$/i;
const SHELL = /\.(?:sh|bash)$|(?:^|\/)(?:\.husky|\.githooks|hooks)\/[\w-]+$/;
const JENKINS = /(?:^|\/)Jenkinsfile(?:[.-][\w.-]+)?$|\.jenkinsfile$/i;

/** @param all the loaded readers. */
export function createConfigurationReader(all: Readers): ConfigurationReader {
  const readers = readOnce(all);
  const classify = createClassifier();
  const reads = (path: string): boolean => {
    const { class: kind } = classify(path);
    if (kind === 'lock-file') return false;
    return (
      isStructured(path) ||
      DOCKERFILE.test(path) ||
      SHELL.test(path) ||
      JENKINS.test(path) ||
      isEnvironmentFile(path) ||
      isServerFile(path) ||
      isAuthorizationRules(path) ||
      (isXmlSettings(path) && kind !== 'test') ||
      isIgnoreFile(path) ||
      isMakefile(path) ||
      kind === 'agent-config' ||
      kind === 'instruction' ||
      kind === 'ci'
    );
  };
  const read = (file: SourceFile, tree: SourceTree): FactSheet => {
    const sheet = new SheetBuilder(file.path);
    if (file.text.length > LARGEST) {
      sheet.gap({
        kind: 'cap',
        message: `longer than ${LARGEST} characters: not compared as configuration`,
        place: { file: file.path, span: { start: 0, end: 0 } },
      });
      return sheet.done();
    }
    const alone = treeOf(file, tree);
    const readPart: PartReader = (path) => {
      const part = tree.read(path);
      return part && 'text' in part ? readPipelines(treeOf(part, tree), readers)[0] : undefined;
    };
    for (const pipeline of readPipelines(alone, readers)) addPipeline(pipeline, readPart, sheet);
    for (const configuration of readConfigurations(alone, readers)) addAgentConfiguration(configuration, sheet);
    if (DOCKERFILE.test(file.path)) addDockerfile(file, sheet);
    if (SHELL.test(file.path)) addShellScript(file, readers, sheet);
    if (isMakefile(file.path)) addMakefile(file, readers, sheet);
    if (isIgnoreFile(file.path)) addIgnoreFile(file, sheet);
    if (isAuthorizationRules(file.path)) addAuthorizationRules(file, sheet);
    if (isXmlSettings(file.path)) addXmlSettings(file, sheet);
    if (isServerFile(file.path)) addServerSettings(file, sheet);
    if (isEnvironmentFile(file.path)) addEnvironmentFile(file, sheet);
    if (isStructured(file.path)) addStructured({ file, tree, readers, kind: classify(file.path).class }, sheet);
    return sheet.done();
  };
  return { reads, read };
}

/** Only this file is listed; what it includes is read from the whole tree. */
function treeOf(file: SourceFile, tree: SourceTree): SourceTree {
  return {
    revision: tree.revision,
    entries: [{ kind: 'file', path: file.path, size: file.text.length, executable: false }],
    gaps: [],
    read: (path) => tree.read(path),
  };
}
