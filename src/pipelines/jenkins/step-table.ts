import { argumentOf, type GroovyCall, type Place, stringOf } from '../../syntax/index.ts';
import type { Effect, TreeProvenance } from '../effect.ts';

/** What a Jenkins step does, beyond running a script. */
type Row = (call: GroovyCall, place: Place, tree: TreeProvenance) => readonly Effect[];

const first = (call: GroovyCall, name?: string): string | undefined =>
  stringOf((name === undefined ? undefined : argumentOf(call, name)) ?? argumentOf(call))?.text;

const checkout: Row = (call, place, tree) => {
  const own =
    call.arguments.length === 0 ||
    call.arguments.some(({ value }) => value.parts.some((part) => part.kind === 'reference' && part.name === 'scm'));
  return [
    {
      kind: 'checkout',
      tree: own ? tree : 'other-repository',
      ref: undefined,
      persistsCredentials: false,
      submodules: false,
      token: undefined,
      path: undefined,
      place,
      certainty: own ? 'certain' : 'possible',
    },
  ];
};

const login =
  (to: (Effect & { kind: 'login' })['to']): Row =>
  (_call, place) => [{ kind: 'login', to, keyless: false, place, certainty: 'certain' }];

const upload: Row = (call, place) => [
  {
    kind: 'artifact-upload',
    paths: [first(call, 'artifacts') ?? first(call, 'includes') ?? ''],
    name: first(call, 'name'),
    place,
    certainty: 'certain',
  },
];

const cleanup: Row = (call, place) => [{ kind: 'cleanup', what: call.name, place, certainty: 'certain' }];

const comment: Row = (call, place) => [{ kind: 'comment', what: call.name, place, certainty: 'certain' }];

const ROWS: Readonly<Record<string, Row>> = {
  checkout,
  git: checkout,
  svn: checkout,
  archiveArtifacts: upload,
  stash: upload,
  publishHTML: upload,
  junit: upload,
  unstash: (call, place) => [
    { kind: 'artifact-download', otherRun: false, name: first(call), place, certainty: 'certain' },
  ],
  copyArtifacts: (call, place) => [
    { kind: 'artifact-download', otherRun: true, name: first(call, 'projectName'), place, certainty: 'certain' },
  ],
  cleanWs: cleanup,
  deleteDir: cleanup,
  build: (call, place) => [{ kind: 'dispatch', what: first(call, 'job') ?? 'job', place, certainty: 'certain' }],
  load: (call, place) => [{ kind: 'evaluate', what: `load ${first(call) ?? ''}`.trim(), place, certainty: 'certain' }],
  evaluate: (call, place) => [
    { kind: 'evaluate', what: `evaluate ${first(call) ?? ''}`.trim(), place, certainty: 'certain' },
  ],
  sshagent: login('deploy'),
  sshPublisher: (_call, place) => [{ kind: 'deploy', what: 'sshPublisher', place, certainty: 'certain' }],
  withAWS: login('cloud'),
  withVault: login('other'),
  withKubeConfig: login('kubernetes'),
  withDockerRegistry: login('registry'),
  'docker.withRegistry': login('registry'),
  azureCLI: login('cloud'),
  withNPM: login('registry'),
  withSonarQubeEnv: login('other'),
  'pullRequest.comment': comment,
  'pullRequest.review': (call, place) => [{ kind: 'approve', what: call.name, place, certainty: 'possible' }],
  'pullRequest.merge': (call, place) => [{ kind: 'merge', what: call.name, place, certainty: 'certain' }],
  addGitLabMRComment: comment,
  acceptGitLabMR: (call, place) => [{ kind: 'merge', what: call.name, place, certainty: 'certain' }],
  githubPRComment: comment,
  httpRequest: (call, place) => [{ kind: 'upload', url: first(call, 'url'), place, certainty: 'possible' }],
};

/** Steps that neither fetch nor send anything; a call that is in neither table may be a step of a shared library. */
export const QUIET_STEPS: ReadonlySet<string> = new Set([
  ...['echo', 'println', 'error', 'unstable', 'sleep', 'writeFile', 'writeJSON', 'fileExists', 'isUnix', 'pwd', 'tool'],
  ...['readJSON', 'readYaml', 'milestone', 'properties', 'emailext', 'mail', 'slackSend', 'setGitHubPullRequestStatus'],
  ...['input', 'waitUntil', 'findFiles', 'zip', 'unzip', 'parameters', 'string', 'booleanParam', 'choice', 'text'],
]);

/** What a call of a known step does; nothing for one that is not known. */
export function stepEffects(call: GroovyCall, place: Place, tree: TreeProvenance): readonly Effect[] {
  if (!Object.hasOwn(ROWS, call.name)) return [];
  return ROWS[call.name]?.(call, place, tree) ?? [];
}
