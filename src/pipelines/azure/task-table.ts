import type { Place } from '../../syntax/index.ts';
import type { CredentialClass, Effect } from '../effect.ts';

type Inputs = (name: string) => string | undefined;
type Row = (inputs: Inputs, place: Place) => readonly Effect[];

const login =
  (to: CredentialClass, keyless = false): Row =>
  (_inputs, place) => [{ kind: 'login', to, keyless, place, certainty: 'certain' }];
const deploy =
  (what: string): Row =>
  (_inputs, place) => [
    { kind: 'login', to: 'cloud', keyless: false, place, certainty: 'certain' },
    { kind: 'deploy', what, place, certainty: 'certain' },
  ];
const build =
  (tool: string, installs: boolean): Row =>
  (inputs, place) => [
    {
      kind: 'build',
      tool,
      installs: installs && /^(?:install|ci|restore)?$/i.test(inputs('command') ?? ''),
      lifecycleScripts: tool === 'npm',
      locked: inputs('command') === 'ci',
      place,
      certainty: 'certain',
    },
  ];

/** Install or publish, by the task's `command` input. */
const packages =
  (tool: string): Row =>
  (inputs, place) => {
    const command = (inputs('command') ?? 'install').toLowerCase();
    if (command === 'publish' || command === 'push')
      return [{ kind: 'publish', what: tool, place, certainty: 'certain' }];
    return build(tool, true)(inputs, place);
  };

const docker: Row = (inputs, place) => {
  const command = (inputs('command') ?? 'buildAndPush').toLowerCase();
  const effects: Effect[] = inputs('containerRegistry')
    ? [{ kind: 'login', to: 'registry', keyless: false, place, certainty: 'certain' }]
    : [];
  if (command === 'push' || command === 'buildandpush')
    effects.push({ kind: 'publish', what: 'docker', place, certainty: 'certain' });
  if (command === 'build' || command === 'buildandpush')
    effects.push({
      kind: 'build',
      tool: 'docker',
      installs: false,
      lifecycleScripts: false,
      locked: false,
      place,
      certainty: 'certain',
    });
  return effects;
};

const upload: Row = (inputs, place) => [
  {
    kind: 'artifact-upload',
    paths: [inputs('targetPath') ?? inputs('path') ?? inputs('PathtoPublish') ?? inputs('pathToPublish') ?? ''],
    name: inputs('artifact') ?? inputs('artifactName') ?? inputs('ArtifactName'),
    place,
    certainty: 'certain',
  },
];

const download: Row = (inputs, place) => {
  const source = (
    inputs('source') ??
    inputs('buildType') ??
    inputs('buildVersionToDownload') ??
    'current'
  ).toLowerCase();
  return [
    {
      kind: 'artifact-download',
      otherRun: source !== 'current',
      name: inputs('artifact') ?? inputs('artifactName'),
      place,
      certainty: 'certain',
    },
  ];
};

/** What tasks do, by name in lower case without version (Azure Pipelines task reference). */
const TASKS: Readonly<Record<string, Row>> = {
  azurecli: login('cloud'),
  azurepowershell: login('cloud'),
  azurekeyvault: login('cloud'),
  kubernetes: login('kubernetes'),
  kubectl: login('kubernetes'),
  helmdeploy: deploy('helm'),
  kubernetesmanifest: deploy('kubernetes'),
  azurewebapp: deploy('web app'),
  azurermwebappdeployment: deploy('web app'),
  azurefunctionapp: deploy('function app'),
  azureresourcemanagertemplatedeployment: deploy('resource manager template'),
  azurefilecopy: deploy('file copy'),
  sqlazuredacpacdeployment: deploy('database'),
  awsshellscript: login('cloud'),
  awscli: login('cloud'),
  copyfilesoverssh: deploy('files over ssh'),
  ssh: deploy('ssh'),
  installsshkey: login('deploy'),
  downloadsecurefile: login('other'),
  npmauthenticate: login('registry'),
  nugetauthenticate: login('registry'),
  pipauthenticate: login('registry'),
  twineauthenticate: login('registry'),
  mavenauthenticate: login('registry'),
  cargoauthenticate: login('registry'),
  npm: packages('npm'),
  nuget: packages('nuget'),
  nugetcommand: packages('nuget'),
  dotnetcorecli: packages('dotnet'),
  maven: build('maven', true),
  gradle: build('gradle', true),
  ant: build('ant', false),
  msbuild: build('msbuild', false),
  vsbuild: build('msbuild', false),
  xcode: build('xcode', false),
  go: build('go', false),
  gulp: build('gulp', false),
  grunt: build('grunt', false),
  cmake: build('cmake', false),
  make: build('make', false),
  docker,
  dockercompose: docker,
  publishpipelineartifact: upload,
  publishbuildartifacts: upload,
  downloadpipelineartifact: download,
  downloadbuildartifacts: download,
  cache: (inputs, place) => [{ kind: 'cache', mode: 'both', key: inputs('key'), place, certainty: 'certain' }],
  githubrelease: (_inputs, place) => [{ kind: 'release', what: 'GitHub release', place, certainty: 'certain' }],
  githubcomment: (_inputs, place) => [{ kind: 'comment', what: 'GitHub comment', place, certainty: 'certain' }],
  esrpcodesigning: (_inputs, place) => [{ kind: 'sign', what: 'EsrpCodeSigning', place, certainty: 'certain' }],
  triggerbuild: (_inputs, place) => [{ kind: 'dispatch', what: 'TriggerBuild', place, certainty: 'certain' }],
};

/** Tasks that run a script, with the input that holds it and the one that names a file. */
export const SCRIPT_TASKS: Readonly<
  Record<
    string,
    { readonly inline: string; readonly file: string; readonly language: 'bash' | 'powershell' | 'cmd' | 'python' }
  >
> = {
  bash: { inline: 'script', file: 'filePath', language: 'bash' },
  powershell: { inline: 'script', file: 'filePath', language: 'powershell' },
  cmdline: { inline: 'script', file: '', language: 'bash' },
  shellscript: { inline: '', file: 'scriptPath', language: 'bash' },
  batchscript: { inline: '', file: 'filename', language: 'cmd' },
  azurecli: { inline: 'inlineScript', file: 'scriptPath', language: 'bash' },
  azurepowershell: { inline: 'Inline', file: 'ScriptPath', language: 'powershell' },
  pythonscript: { inline: 'script', file: 'scriptPath', language: 'python' },
  awsshellscript: { inline: 'inlineScript', file: 'filePath', language: 'bash' },
};

/** `Bash@3` as `bash`. */
export function taskName(written: string): string {
  return (written.split('@')[0] ?? written).replace(/V\d+$/, '').toLowerCase();
}

export function taskEffects(written: string, inputs: Inputs, place: Place): readonly Effect[] {
  const name = taskName(written);
  return Object.hasOwn(TASKS, name) ? (TASKS[name]?.(inputs, place) ?? []) : [];
}
