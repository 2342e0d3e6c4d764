import { readConfigurations } from '../../agents/index.ts';
import { readPipelines } from '../../pipelines/index.ts';
import { createClassifier } from '../../policy/index.ts';
import type { Node, Readers, Reading, SourceFile, SourceTree } from '../../syntax/index.ts';
import type { FactSheet } from '../facts/fact.ts';
import { addAgentConfiguration } from './agent-facts.ts';
import { addCheckSettings, addIgnoreFile, isCheckSettings, isIgnoreFile } from './check-settings.ts';
import { addServices } from './compose.ts';
import { addDockerfile } from './dockerfile.ts';
import { addEnvironmentFile, isEnvironmentFile } from './environment-file.ts';
import { addPolicies } from './iam.ts';
import { addResource, resourceOf } from './kubernetes.ts';
import { addMakefile, isMakefile } from './makefile.ts';
import { addOptions } from './options/options.ts';
import { addPipeline } from './pipeline/pipeline-facts.ts';
import { addPolicyFile } from './policy-file.ts';
import { readOnce } from './read-once.ts';
import { addShellScript } from './scripts.ts';
import { SheetBuilder } from './sheet.ts';

/** What all configuration of a file says about controls, in one version of a tree. */
export interface ConfigurationReader {
  /** Whether this path can configure anything that is compared. */
  readonly reads: (path: string) => boolean;
  readonly read: (file: SourceFile, tree: SourceTree) => FactSheet;
}

/** Larger structured files are data, not configuration; that they were not compared is a gap. */
const LARGEST = 1024 * 1024;
const STRUCTURED =
  /\.(?:ya?ml|jsonc?|json5|toml|tf\.json|hook)$|(?:^|\/)\.?(?:eslintrc|stylelintrc|nycrc|renovaterc|snyk|bandit)$/i;
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
      STRUCTURED.test(path) ||
      DOCKERFILE.test(path) ||
      SHELL.test(path) ||
      JENKINS.test(path) ||
      isEnvironmentFile(path) ||
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
    for (const pipeline of readPipelines(alone, readers)) addPipeline(pipeline, sheet);
    for (const configuration of readConfigurations(alone, readers)) addAgentConfiguration(configuration, sheet);
    if (DOCKERFILE.test(file.path)) addDockerfile(file, sheet);
    if (SHELL.test(file.path)) addShellScript(file, readers, sheet);
    if (isMakefile(file.path)) addMakefile(file, readers, sheet);
    if (isIgnoreFile(file.path)) addIgnoreFile(file, sheet);
    if (isEnvironmentFile(file.path)) addEnvironmentFile(file, sheet);
    if (STRUCTURED.test(file.path)) addStructured(file, readers, classify(file.path).class, sheet);
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

function addStructured(file: SourceFile, readers: Readers, kind: string, sheet: SheetBuilder): void {
  for (const root of rootsOf(file, readers, kind, sheet)) {
    if (/(?:^|\/)sallyport\.ya?ml$/.test(file.path)) {
      addPolicyFile(root, file, sheet);
      continue;
    }
    addCheckSettings(root, file, sheet);
    addPolicies(root, file, sheet);
    const resource = resourceOf(root);
    if (resource) addResource(root, file, sheet);
    else addServices(root, file, sheet);
    // Data of tests are made to be wrong; agents and pipelines have readers of their own.
    if (
      kind === 'test' ||
      kind === 'agent-config' ||
      kind === 'documentation' ||
      (isCheckSettings(file.path) && !/codecov|nyc|c8|jest|cover|renovate/i.test(file.path))
    )
      continue;
    addOptions(root, file, resource?.scope ?? '', sheet, kind === 'ci' ? PIPELINE_OPTIONS : undefined);
  }
}

/** How checks run is read from the pipeline itself. */
const PIPELINE_OPTIONS: ReadonlySet<string> = new Set(['tls-check-off', 'container-opened', 'protective-setting-off']);

function rootsOf(file: SourceFile, readers: Readers, kind: string, sheet: SheetBuilder): readonly Node[] {
  const readings = readingsOf(file, readers, kind);
  return readings.flatMap(({ root, gaps }) => {
    for (const gap of gaps) sheet.gap(gap);
    return root ?? [];
  });
}

/** A pipeline is one document; its own reader has read it already. */
function readingsOf(file: SourceFile, readers: Readers, kind: string): readonly Reading[] {
  if (/\.ya?ml$|\.snyk$/i.test(file.path)) return kind === 'ci' ? [readers.yaml(file)] : readers.yamlDocuments(file);
  return [/\.toml$/i.test(file.path) ? readers.toml(file) : readers.json(file)];
}
