import { hasOption } from './command-line.ts';
import type { EffectBody, EffectRow } from './effect-row.ts';
import { textOf } from './template-slice.ts';

type Delivery = 'publish' | 'release' | 'deploy' | 'sign' | 'push';

/** Programs that bring something to others: packages, releases, deployments, signatures. */
const DELIVERIES: readonly {
  readonly kind: Delivery;
  readonly program: string | readonly string[];
  readonly words?: string;
  readonly with?: readonly string[];
}[] = [
  {
    kind: 'publish',
    program: [
      'npm',
      'pnpm',
      'bun',
      'lerna',
      'cargo',
      'deno',
      'jsr',
      'vsce',
      'ovsx',
      'poetry',
      'uv',
      'pdm',
      'flit',
      'hatch',
      'changeset',
      'clojars',
    ],
    words: 'publish',
  },
  { kind: 'publish', program: ['npm', 'pnpm'], words: 'dist-tag|unpublish|deprecate' },
  { kind: 'publish', program: 'yarn', words: 'publish' },
  { kind: 'publish', program: 'yarn', words: 'npm publish' },
  { kind: 'publish', program: 'pnpm', words: '-r publish' },
  { kind: 'publish', program: 'twine', words: 'upload' },
  { kind: 'publish', program: 'gem', words: 'push' },
  { kind: 'publish', program: 'dotnet', words: 'nuget push' },
  { kind: 'publish', program: 'nuget', words: 'push' },
  { kind: 'publish', program: ['mvn', 'mvnw', 'sbt'], words: 'deploy|publish|publishSigned' },
  {
    kind: 'publish',
    program: ['gradle', 'gradlew'],
    words: 'publish|publishToSonatype|uploadArchives|publishPlugins|bintrayUpload',
  },
  { kind: 'publish', program: 'mix', words: 'hex.publish' },
  { kind: 'publish', program: 'pod', words: 'trunk push' },
  { kind: 'publish', program: ['docker', 'podman', 'nerdctl', 'buildah'], words: 'push' },
  { kind: 'publish', program: ['docker', 'podman'], words: 'manifest push' },
  { kind: 'publish', program: 'docker', words: 'buildx build', with: ['--push'] },
  { kind: 'publish', program: 'docker', words: 'buildx imagetools' },
  { kind: 'publish', program: ['skopeo', 'crane', 'oras', 'regctl'], words: 'copy|push|cp|image|tag' },
  { kind: 'publish', program: 'helm', words: 'push|cm-push' },
  { kind: 'publish', program: 'ko', words: 'build|publish|apply|resolve' },
  { kind: 'publish', program: ['wasm-pack', 'mcp-publisher'], words: 'publish' },
  { kind: 'release', program: 'goreleaser', words: 'release' },
  { kind: 'release', program: ['semantic-release', 'release-it', 'release-please', 'git-cliff'] },
  { kind: 'release', program: ['npx', 'bunx'], words: 'semantic-release|release-it|release-please' },
  {
    kind: 'deploy',
    program: ['kubectl', 'oc'],
    words: 'apply|create|set|rollout|delete|patch|scale|replace|run|expose',
  },
  { kind: 'deploy', program: 'helm', words: 'install|upgrade|uninstall|rollback' },
  { kind: 'deploy', program: ['helmfile', 'kustomize', 'skaffold'], words: 'apply|sync|run|deploy' },
  { kind: 'deploy', program: ['terraform', 'tofu', 'terragrunt'], words: 'apply|destroy|run-all|import' },
  { kind: 'deploy', program: 'pulumi', words: 'up|update|destroy|refresh' },
  {
    kind: 'deploy',
    program: [
      'cdk',
      'sam',
      'serverless',
      'sls',
      'wrangler',
      'firebase',
      'netlify',
      'eb',
      'copilot-cli',
      'flyctl',
      'fly',
      'railway',
      'amplify',
      'gh-pages',
      'surge',
      'nixops',
      'kamal',
      'cap',
      'dpl',
    ],
    words: 'deploy|publish|up|production|launch',
  },
  { kind: 'deploy', program: ['vercel', 'now', 'railway', 'gh-pages', 'surge', 'ansible-playbook', 'cap'] },
  { kind: 'deploy', program: 'argocd', words: 'app sync|set|create|rollback' },
  { kind: 'deploy', program: 'flux', words: 'reconcile|create|bootstrap' },
  { kind: 'deploy', program: 'heroku', words: 'container:release|releases:rollback|config:set|run' },
  { kind: 'deploy', program: 'aws', words: 'deploy|codepipeline create-deployment|push|start-pipeline-execution' },
  {
    kind: 'deploy',
    program: 'aws',
    words:
      'cloudformation|ecs|lambda|elasticbeanstalk|apprunner|ssm deploy|update-stack|create-stack|update-service|update-function-code|update-environment|send-command',
  },
  { kind: 'deploy', program: 'gcloud', words: 'app|functions|builds deploy|submit' },
  { kind: 'deploy', program: 'gcloud', words: 'run deploy|jobs|services' },
  {
    kind: 'deploy',
    program: 'az',
    words: 'webapp|functionapp|containerapp|staticwebapp deploy|deployment|up|update|create',
  },
  { kind: 'sign', program: 'cosign', words: 'sign|sign-blob|attest|attest-blob' },
  { kind: 'sign', program: 'gpg', with: ['--sign', '-s', '--detach-sign', '-b', '--clearsign', '--clear-sign'] },
  {
    kind: 'sign',
    program: [
      'signtool',
      'jarsigner',
      'rpmsign',
      'debsign',
      'dpkg-sig',
      'apksigner',
      'AzureSignTool',
      'osslsigncode',
      'Set-AuthenticodeSignature',
    ],
  },
  { kind: 'sign', program: 'codesign', with: ['-s', '--sign'] },
  { kind: 'sign', program: 'minisign', with: ['-S'] },
  { kind: 'sign', program: 'notation', words: 'sign' },
  { kind: 'sign', program: 'sigstore', words: 'sign|attest' },
  { kind: 'sign', program: 'git', words: 'tag', with: ['-s', '--sign', '-u'] },
  { kind: 'sign', program: 'git', words: 'commit', with: ['-S', '--gpg-sign'] },
];

export const DELIVERY_ROWS: readonly EffectRow[] = [
  ...DELIVERIES.map(
    ({ kind, ...match }): EffectRow => ({
      ...match,
      gives: ({ line }) =>
        hasOption(line, '--dry-run', '--help')
          ? undefined
          : { kind, what: nameOf(line.program, line.operands.slice(0, 2).map(textOf)) },
    }),
  ),
  { program: 'aws', words: 's3 cp|sync|mv', gives: ({ operands }) => toCloud(operands.at(-1)?.source) },
  { program: 'aws', words: 's3api put-object', gives: { kind: 'upload', url: 's3' } },
  {
    program: ['gsutil', 'rclone', 'azcopy', 's3cmd', 'mc'],
    words: 'cp|rsync|copy|sync|mv|put|mirror',
    gives: ({ operands }) => toCloud(operands.at(-1)?.source),
  },
  { program: 'gcloud', words: 'storage cp|rsync', gives: ({ operands }) => toCloud(operands.at(-1)?.source) },
  { program: 'az', words: 'storage blob upload|upload-batch|sync', gives: { kind: 'upload', url: 'az storage' } },
  { program: ['scp', 'rsync', 'sftp', 'lftp', 'ftp'], gives: ({ operands }) => toHost(operands.at(-1)?.source) },
  { program: 'ssh', gives: ({ operands: [host] }) => host && { kind: 'deploy', what: `ssh ${textOf(host)}` } },
  {
    program: ['nc', 'ncat', 'netcat', 'socat', 'telnet'],
    gives: ({ operands: [host] }) => ({ kind: 'upload', url: host && textOf(host) }),
  },
];

function nameOf(program: string | undefined, words: readonly string[]): string {
  return [program ?? '', ...words].join(' ').trim();
}

function toCloud(target: string | undefined): EffectBody | undefined {
  return target !== undefined && /^["']?(\w+:|\$)/.test(target) ? { kind: 'upload', url: target } : undefined;
}

function toHost(target: string | undefined): EffectBody | undefined {
  return target?.includes(':') ? { kind: 'upload', url: target } : undefined;
}
