import { type ActionRow, type ActionUse, type EffectBody, inputText, isOff, isOn, listInput } from './action-use.ts';

/**
 * Actions that install tools, keep caches, build and hand on artifacts. Source: the actions' own `action.yml`, read
 * 2026-11.
 */

function cache(mode: 'restore' | 'save' | 'both', key?: string): EffectBody {
  return { kind: 'cache', mode, key };
}

function install(ecosystem: string, name: string, version: string | undefined): EffectBody {
  return { kind: 'install', ecosystem, name, version, pipedToShell: false };
}

function build(tool: string, installs: boolean, lifecycleScripts = installs, locked = false): EffectBody {
  return { kind: 'build', tool, installs, lifecycleScripts, locked };
}

/** A set-up action that keeps a cache when its input says so. */
function cachedBy(input: string, action: readonly string[]): ActionRow {
  return { actions: action, effects: (use) => (isOn(use, input) ? [cache('both')] : []) };
}

/** A set-up action that keeps a cache unless its input says no. */
function cachedUnless(input: string, action: readonly string[], since = 0): ActionRow {
  return {
    actions: action,
    effects: (use) => (isOff(use, input) || (use.major ?? since) < since ? [] : [cache('both')]),
  };
}

function savingUnless(use: ActionUse, off: boolean): readonly EffectBody[] {
  return [cache(off ? 'restore' : 'both', inputText(use, 'key'))];
}

export const CACHE_ACTIONS: readonly ActionRow[] = [
  { actions: ['actions/cache'], effects: (use) => savingUnless(use, isOn(use, 'lookup-only')) },
  { actions: ['actions/cache/restore'], effects: (use) => [cache('restore', inputText(use, 'key'))] },
  { actions: ['actions/cache/save'], effects: (use) => [cache('save', inputText(use, 'key'))] },
  {
    actions: ['swatinem/rust-cache'],
    effects: (use) => (isOn(use, 'lookup-only') ? [] : savingUnless(use, isOff(use, 'save-if'))),
  },
  {
    actions: ['gradle/actions/setup-gradle', 'gradle/gradle-build-action'],
    effects: (use) => (isOn(use, 'cache-disabled') ? [] : savingUnless(use, isOn(use, 'cache-read-only'))),
  },
  cachedBy('cache', ['actions/setup-python', 'actions/setup-java', 'actions/setup-dotnet', 'pnpm/action-setup']),
  {
    actions: ['actions/setup-node'],
    // From version 5 on it keeps a cache by itself when package.json names a package manager.
    effects: (use) => {
      const automatic = (use.major ?? 0) >= 5 && inputText(use, 'cache') === undefined;
      return isOn(use, 'cache') || (automatic && !isOff(use, 'package-manager-cache')) ? [cache('both')] : [];
    },
  },
  cachedUnless('cache', ['actions/setup-go'], 4),
  {
    actions: ['astral-sh/setup-uv'],
    // From version 10 on `auto`, the default, keeps no cache where a release is made.
    effects: (use) => {
      const written = inputText(use, 'enable-cache')?.trim() ?? 'auto';
      const automatic = written === 'auto' && (use.major ?? 0) >= 10;
      return automatic || isOff(use, 'enable-cache') ? [] : [cache('both')];
    },
  },
  cachedUnless('cache', [
    'actions-rust-lang/setup-rust-toolchain',
    'jdx/mise-action',
    'jetify-com/devbox-install-action',
  ]),
  cachedBy('sccache', ['pyo3/maturin-action']),
  cachedUnless('cache-binary', ['docker/setup-buildx-action']),
  { actions: ['ramsey/composer-install'], effects: (use) => (isOn(use, 'ignore-cache') ? [] : [cache('both')]) },
  { actions: ['mozilla-actions/sccache-action', 'hendrikmuhs/ccache-action'], effects: () => [cache('both')] },
  { actions: ['cachix/cachix-action'], effects: (use) => savingUnless(use, isOn(use, 'skippush')) },
];

export const BUILD_ACTIONS: readonly ActionRow[] = [
  {
    actions: ['ruby/setup-ruby'],
    effects: (use) => (isOn(use, 'bundler-cache') ? [cache('both'), build('bundle', true)] : []),
  },
  { actions: ['pnpm/action-setup'], effects: (use) => (isOn(use, 'run_install') ? [build('pnpm', true)] : []) },
  { actions: ['jdx/mise-action'], effects: (use) => (isOff(use, 'install') ? [] : [build('mise', true)]) },
  { actions: ['pre-commit/action', 'j178/prek-action'], effects: () => [build('pre-commit', true), cache('both')] },
  { actions: ['golangci/golangci-lint-action'], effects: () => [build('golangci-lint', false), cache('both')] },
  { actions: ['cypress-io/github-action', 'bahmutov/npm-install'], effects: () => [build('npm', true), cache('both')] },
  { actions: ['burrunan/gradle-cache-action'], effects: () => [build('gradle', true), cache('both')] },
  { actions: ['actions/jekyll-build-pages', 'withastro/action'], effects: () => [build('site generator', true)] },
  { actions: ['github/codeql-action/autobuild'], effects: () => [build('autobuild', true)] },
  { actions: ['pypa/cibuildwheel'], effects: () => [build('cibuildwheel', true)] },
  {
    actions: ['taiki-e/install-action'],
    effects: (use) => listInput(use, 'tool').map((tool) => install('binary', tool, undefined)),
  },
  {
    actions: ['hashicorp/setup-terraform'],
    effects: (use) => [install('binary', 'terraform', inputText(use, 'terraform_version'))],
  },
  {
    actions: ['sigstore/cosign-installer'],
    effects: (use) => [install('binary', 'cosign', inputText(use, 'cosign-release'))],
  },
  {
    actions: ['docker/build-push-action', 'docker/bake-action'],
    effects: (use) => [
      build('docker', true),
      ...(isOn(use, 'push') ? [{ kind: 'publish', what: 'container image' } as const] : []),
      ...(isOn(use, 'cache-to') ? [cache('save', inputText(use, 'cache-to'))] : []),
    ],
  },
];

export const ARTIFACT_ACTIONS: readonly ActionRow[] = [
  {
    actions: ['actions/upload-artifact', 'actions/upload-pages-artifact'],
    effects: (use) => [
      {
        kind: 'artifact-upload',
        paths: (inputText(use, 'path') ?? '').split('\n').flatMap((line) => line.trim() || []),
        name: inputText(use, 'name'),
      },
    ],
  },
  {
    actions: ['actions/download-artifact'],
    effects: (use) => [{ kind: 'artifact-download', otherRun: isOn(use, 'run-id'), name: inputText(use, 'name') }],
  },
  {
    actions: [
      'dawidd6/action-download-artifact',
      'aochmann/actions-download-artifact',
      'bettermarks/action-artifact-download',
    ],
    effects: (use) => [{ kind: 'artifact-download', otherRun: true, name: inputText(use, 'name') }],
  },
];
