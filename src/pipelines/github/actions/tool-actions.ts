import { type ActionRow, type ActionUse, type EffectBody, inputText, isOff, isOn, listInput } from './action-use.ts';

/**
 * Actions that install tools, keep caches, build and hand on artifacts.
 *
 * Inputs and defaults of these rows were compared with the newest `action.yml` at hand on 2026-11-21: actions/cache,
 * rust-cache, setup-gradle, setup-python, setup-java, setup-dotnet, setup-node, setup-go, setup-uv,
 * setup-rust-toolchain, mise-action, devbox-install-action, setup-buildx-action, ccache-action, cachix-action,
 * setup-ruby, pre-commit/action, prek-action, golangci-lint-action, install-action, setup-terraform, cosign-installer,
 * build-push-action, bake-action, upload-artifact, upload-pages-artifact, download-artifact,
 * dawidd6/action-download-artifact. The file of pnpm/action-setup at hand (January 2025) has no `cache`, and that of
 * composer-install (2021) no `ignore-cache`; both inputs, the versions from which a default holds, the inputs of
 * most set-up actions below and all other rows are from general knowledge.
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

/** The same for an action with an input of its own for saving. */
function savedUnless(input: string, saving: string, action: readonly string[]): ActionRow {
  return { actions: action, effects: (use) => (isOff(use, input) ? [] : savingUnless(use, isOff(use, saving))) };
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
    effects: (use) => {
      if (isOn(use, 'cache-disabled')) return [];
      return isOn(use, 'cache-write-only') ? [cache('save')] : savingUnless(use, isOn(use, 'cache-read-only'));
    },
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
    // `auto`, the default, keeps no cache for releases, tags, pull_request_target and workflow_run in the newest version.
    effects: (use) => {
      const written = inputText(use, 'enable-cache')?.trim() ?? 'auto';
      const automatic = written === 'auto' && (use.major ?? 0) >= 10;
      return automatic || isOff(use, 'enable-cache') ? [] : savingUnless(use, isOff(use, 'save-cache'));
    },
  },
  savedUnless('cache', 'cache-save-if', ['actions-rust-lang/setup-rust-toolchain']),
  savedUnless('cache', 'cache_save', ['jdx/mise-action']),
  cachedBy('enable-cache', ['jetify-com/devbox-install-action']),
  cachedBy('sccache', ['pyo3/maturin-action']),
  cachedUnless('cache-binary', ['docker/setup-buildx-action']),
  { actions: ['ramsey/composer-install'], effects: (use) => (isOn(use, 'ignore-cache') ? [] : [cache('both')]) },
  { actions: ['mozilla-actions/sccache-action'], effects: () => [cache('both')] },
  savedUnless('restore', 'save', ['hendrikmuhs/ccache-action']),
  { actions: ['cachix/cachix-action'], effects: (use) => savingUnless(use, isOn(use, 'skippush')) },
];

/** Set-up actions that take the newest release of a program: action, program, input for the version. */
const NEWEST_BY_DEFAULT: readonly (readonly [action: string, name: string, input?: string])[] = [
  ['astral-sh/setup-uv', 'uv'],
  ['astral-sh/ruff-action', 'ruff'],
  ['oven-sh/setup-bun', 'bun', 'bun-version'],
  ['azure/setup-helm', 'helm'],
  ['azure/setup-kubectl', 'kubectl'],
  ['aquasecurity/setup-trivy', 'trivy'],
  ['terraform-linters/setup-tflint', 'tflint', 'tflint_version'],
  ['extractions/setup-just', 'just', 'just-version'],
  ['arduino/setup-task', 'task'],
  ['golangci/golangci-lint-action', 'golangci-lint'],
  ['goreleaser/goreleaser-action', 'goreleaser'],
  ['jdx/mise-action', 'mise'],
  ['pulumi/setup-pulumi', 'pulumi', 'pulumi-version'],
  ['superfly/flyctl-actions/setup-flyctl', 'flyctl'],
  ['1password/install-cli-action', 'op'],
  ['anchore/scan-action/download-grype', 'grype', 'grype-version'],
  ['anchore/sbom-action/download-syft', 'syft', 'syft-version'],
];

export const BUILD_ACTIONS: readonly ActionRow[] = [
  {
    actions: ['ruby/setup-ruby'],
    // With a Gemfile.lock it installs in deployment mode.
    effects: (use) => (isOn(use, 'bundler-cache') ? [cache('both'), build('bundle', true, true, true)] : []),
  },
  { actions: ['pnpm/action-setup'], effects: (use) => (isOn(use, 'run_install') ? [build('pnpm', true)] : []) },
  { actions: ['jdx/mise-action'], effects: (use) => (isOff(use, 'install') ? [] : [build('mise', true)]) },
  { actions: ['pre-commit/action'], effects: () => [build('pre-commit', true), cache('both')] },
  {
    actions: ['j178/prek-action'],
    effects: (use) => [
      ...(isOn(use, 'install-only') ? [] : [build('pre-commit', true)]),
      ...(isOff(use, 'cache') ? [] : [cache('both')]),
    ],
  },
  {
    actions: ['golangci/golangci-lint-action'],
    effects: (use) => [
      ...(isOn(use, 'install-only') ? [] : [build('golangci-lint', false)]),
      ...(isOn(use, 'skip-cache') ? [] : savingUnless(use, isOn(use, 'skip-save-cache'))),
    ],
  },
  { actions: ['cypress-io/github-action', 'bahmutov/npm-install'], effects: () => [build('npm', true), cache('both')] },
  { actions: ['burrunan/gradle-cache-action'], effects: () => [build('gradle', true), cache('both')] },
  { actions: ['actions/jekyll-build-pages', 'withastro/action'], effects: () => [build('site generator', true)] },
  { actions: ['github/codeql-action/autobuild'], effects: () => [build('autobuild', true)] },
  {
    // What these run is decided by files of the tree: plug-ins, rules and build files.
    actions: [
      ...[
        'super-linter/super-linter',
        'super-linter/super-linter/slim',
        'github/super-linter',
        'oxsecurity/megalinter',
      ],
      ...['trunk-io/trunk-action', 'bridgecrewio/checkov-action', 'wearerequired/lint-action', 'pulumi/actions'],
      ...['ansible/ansible-lint', 'reviewdog/action-eslint', 'reviewdog/action-golangci-lint'],
      ...['reviewdog/action-rubocop', 'reviewdog/action-stylelint', 'borales/actions-yarn', 'actions-rs/cargo'],
      ...['treosh/lighthouse-ci-action', 'chromaui/action', 'percy/exec-action', 'goreleaser/goreleaser-action'],
      ...['stefanoeb/eslint-action', 'sibiraj-s/action-eslint', 'tinovyatkin/action-eslint', 'icrawl/action-eslint'],
      ...['bradennapier/eslint-plus-action', 'catchen/eslint-suggestion-action', 'ninosaurus/eslint-check'],
      ...[
        'tj-actions/eslint-changed-files',
        'actions-hub/stylelint',
        'reviewdog/action-tflint',
        'reviewdog/action-vale',
      ],
      ...['devops-infra/action-tflint', 'errata-ai/vale-action', 'vale-cli/vale-action', 'megalinter/megalinter'],
      ...[
        'gaurav-nelson/github-action-vale-lint',
        'php-actions/phpstan',
        'php-actions/phpunit',
        'php-actions/composer',
      ],
      ...['gimenete/rubocop-action', 'r7kamura/rubocop-todo-corrector', 'andrewmcodes-archive/rubocop-linter-action'],
      ...['sonarsource/sonarqube-scan-action', 'sonarsource/sonarcloud-github-action', 'magefile/mage-action'],
      ...[
        'dflook/terraform-plan',
        'dflook/terraform-apply',
        'dflook/tofu-plan',
        'dflook/tofu-apply',
        'op5dev/tf-via-pr',
      ],
      ...[
        'dflook/terraform-validate',
        'dflook/terraform-test',
        'gruntwork-io/terragrunt-action',
        'terramate-io/actions',
      ],
      ...[
        'ricardochaves/python-lint',
        'jpetrucciani/mypy-check',
        'tsuyoshicho/action-mypy',
        'sunnysid3up/python-linter',
      ],
      ...['hynek/build-and-inspect-python-package', 'pre-commit-ci/lite-action', 'cloudposse/github-action-pre-commit'],
      ...['browniebroke/pre-commit-autoupdate-action', 'dbt-checkpoint/dbt-checkpoint', 'pyo3/maturin-action'],
      ...['qcastel/github-actions-maven-release', 'samuelmeuli/action-maven-publish', 'lucafeger/action-maven-cli'],
      ...['mvs-telecom/publish-nuget', 'mhausenblas/mkdocs-deploy-gh-pages', 'athackst/mkdocs-simple-plugin'],
      ...[
        'bsfishy/pip-action',
        'brettcannon/pip-secure-install',
        'js-devtools/npm-publish',
        'microsoft/playwright-github-action',
      ],
      ...['devcontainers/ci', 'earthly/actions', 'ansible/ansible-lint-action'],
      ...[
        'dawidd6/action-ansible-playbook',
        'depot/build-push-action',
        'depot/bake-action',
        'redhat-actions/buildah-build',
      ],
    ],
    effects: (use) => (isOn(use, 'install-only') ? [] : [build('tool of the tree', false)]),
  },
  { actions: ['pypa/cibuildwheel'], effects: () => [build('cibuildwheel', true)] },
  {
    actions: ['taiki-e/install-action'],
    effects: (use) =>
      listInput(use, 'tool').map((tool) => {
        const [name = tool, version] = tool.split('@');
        return install('binary', name, version);
      }),
  },
  {
    actions: ['hashicorp/setup-terraform'],
    effects: (use) => [install('binary', 'terraform', inputText(use, 'terraform_version'))],
  },
  ...NEWEST_BY_DEFAULT.map(
    ([action, name, input = 'version']): ActionRow => ({
      actions: [action],
      effects: (use) => [install('binary', name, inputText(use, input) ?? inputText(use, 'version-file'))],
    }),
  ),
  {
    actions: ['sigstore/cosign-installer'],
    // The default is one fixed version of each release of the action.
    effects: (use) => [install('binary', 'cosign', inputText(use, 'cosign-release') ?? 'default of the action')],
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
