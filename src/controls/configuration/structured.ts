import {
  type Node,
  type Readers,
  type Reading,
  readHcl,
  type SourceFile,
  type SourceTree,
} from '../../syntax/index.ts';
import { addCheckSettings, isCheckSettings } from './check-settings.ts';
import { addCloudTemplate } from './cloud-template.ts';
import { addCodeSources } from './code-sources.ts';
import { addServices } from './compose.ts';
import { addPolicies } from './iam.ts';
import { addResource, resourceOf } from './kubernetes.ts';
import { addNetworkRules } from './network-rules.ts';
import { addOperations } from './open-api.ts';
import { addOptions } from './options/options.ts';
import { addPolicyFile } from './policy-file.ts';
import type { SheetBuilder } from './sheet.ts';
import { isTemplate, maskTemplate } from './template-mask.ts';
import { addTerraform, isTerraform } from './terraform/terraform.ts';

const STRUCTURED =
  /\.(?:ya?ml|jsonc?|json5|toml|hook|tf|tofu|tfvars|hcl|nomad)$|(?:^|\/)\.?(?:eslintrc|stylelintrc|nycrc|renovaterc|snyk|bandit)$|(?:^|\/)mongo[ds]\.conf$/i;
const HCL = /\.(?:tf|tofu|tfvars|hcl|nomad)$/i;

export function isStructured(path: string): boolean {
  return STRUCTURED.test(path);
}

/** A structured file and what is read with it. */
export interface StructuredFile {
  readonly file: SourceFile;
  readonly tree: SourceTree;
  readonly readers: Readers;
  /** Class of its path. */
  readonly kind: string;
}

/** What YAML, JSON, TOML and HCL say: the formats that are known by their shape, then switches and lists of any file. */
export function addStructured(input: StructuredFile, sheet: SheetBuilder): void {
  const { file, tree, readers, kind } = input;
  for (const root of rootsOf(input, sheet)) {
    if (/(?:^|\/)sallyport\.ya?ml$/.test(file.path)) {
      addPolicyFile(root, file, sheet);
      continue;
    }
    if (isTerraform(file.path)) {
      if (kind !== 'test') addTerraform(root, { file, tree, readers }, sheet);
      continue;
    }
    addCheckSettings(root, file, sheet);
    // What jobs take from elsewhere is read from the pipeline itself.
    if (kind !== 'ci' && kind !== 'test' && kind !== 'documentation')
      addCodeSources(root, { file, forAgents: kind === 'agent-config' }, sheet);
    addPolicies(root, { file, scope: '', readers, sheet });
    const resource = resourceOf(root);
    if (resource) addResource(root, file, sheet);
    else addServices(root, file, sheet);
    // Data of tests are made to be wrong; agents and pipelines have readers of their own.
    if (
      kind === 'test' ||
      kind === 'agent-config' ||
      kind === 'documentation' ||
      (isCheckSettings(file.path) && !/codecov|nyc|c8|jest|cover|renovate|dependabot/i.test(file.path))
    )
      continue;
    addOperations(root, file, sheet);
    if (addCloudTemplate(root, file, sheet)) continue;
    addOptions(
      root,
      file,
      resource?.scope ?? '',
      sheet,
      kind === 'ci' && !BRANCH_RULES.test(file.path) ? PIPELINE_OPTIONS : undefined,
    );
    if (resource?.kind !== 'NetworkPolicy') addNetworkRules(root, file, resource?.scope ?? '', '', sheet);
  }
}

/** Protection of branches and updates, kept beside the workflows. */
const BRANCH_RULES = /(?:^|\/)\.github\/(?:settings\.ya?ml|rulesets?\/|branch-protection|dependabot\.ya?ml)/;
/** How checks run is read from the pipeline itself. */
const PIPELINE_OPTIONS: ReadonlySet<string> = new Set(['tls-check-off', 'container-opened', 'protective-setting-off']);

function rootsOf(input: StructuredFile, sheet: SheetBuilder): readonly Node[] {
  return readingsOf(input).flatMap(({ root, gaps }) => {
    for (const gap of gaps) if (gap.kind === 'cap' || !/\.(?:hcl|nomad)$/i.test(input.file.path)) sheet.gap(gap);
    return root ?? [];
  });
}

/** A pipeline is one document; its own reader has read it already. */
function readingsOf({ file, readers, kind }: StructuredFile): readonly Reading[] {
  if (/\.ya?ml$|\.snyk$|\.conf$/i.test(file.path))
    return kind === 'ci' ? [readers.yaml(file)] : readDocuments(file, readers);
  if (HCL.test(file.path)) return [readHcl(file)];
  return [/\.toml$/i.test(file.path) ? readers.toml(file) : readers.json(file)];
}

/** A file that is no YAML until its expressions are filled in is read with words in their place. */
function readDocuments(file: SourceFile, readers: Readers): readonly Reading[] {
  const readings = readers.yamlDocuments(file);
  const isBroken = isTemplate(file) && readings.some(({ gaps }) => gaps.length > 0);
  return isBroken ? readers.yamlDocuments(maskTemplate(file)) : readings;
}
