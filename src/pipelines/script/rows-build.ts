import { hasOption } from './command-line.ts';
import type { EffectBody, EffectRow, RowInput } from './effect-row.ts';
import { isLocalPackage } from './package-name.ts';
import { textOf } from './template-slice.ts';

/** Tools that load plug-ins, configuration or build files of the tree; one project uses few of them. */
const OTHERS: readonly string[] = [
  ...['ng', 'astro', 'parcel', 'tsup', 'rspack', 'eleventy', 'docusaurus', 'vuepress', 'vitepress', 'storybook'],
  ...['commitlint', 'lint-staged', 'semantic-release', 'changeset', 'danger', 'swc', 'babel', 'c8', 'nyc', 'tape'],
  ...['py.test', 'nosetests', 'pyinstaller', 'maturin', 'rye', 'pixi', 'yapf', 'pipx-run', 'snakemake', 'dvc'],
  ...['wasm-pack', 'trunk', 'cross', 'forge', 'hardhat', 'truffle', 'anchor', 'buf', 'ko', 'mage', 'ginkgo'],
  ...['pod', 'carthage', 'tuist', 'flutter', 'dart', 'melos', 'gyp', 'node-gyp', 'conan', 'vcpkg', 'xmake'],
  ...['nix', 'nix-build', 'nix-shell', 'devbox', 'snapcraft', 'flatpak-builder', 'rpmbuild', 'dpkg-buildpackage'],
  ...['checkov', 'tflint', 'conftest', 'ansible-lint', 'molecule', 'kustomize', 'cdktf', 'sam', 'copilot-cli'],
  ...['dub', 'nimble', 'shards', 'crystal', 'elm', 'spago', 'gleam', 'opam', 'rebar', 'erlang.mk', 'Rscript'],
];

/**
 * Tools that execute what the tree says: scripts, build files, plug-ins, test code, configuration written in a
 * language. `installs` where they fetch the declared packages too.
 */
const TOOLS: readonly { readonly program: string; readonly words?: string; readonly installs?: true }[] = [
  { program: 'npm', words: 'run|run-script|test|t|start|stop|restart|rebuild|pack|version|publish|link' },
  { program: 'pnpm', words: 'run|test|start|exec|rebuild|build|pack|publish|-r' },
  { program: 'yarn', words: 'run|test|start|build|workspace|workspaces|exec|pack|lint|node' },
  { program: 'bun', words: 'run|test|build|start' },
  { program: 'deno', words: 'run|task|test' },
  ...[
    'turbo',
    'nx',
    'lerna',
    'gulp',
    'grunt',
    'webpack',
    'vite',
    'rollup',
    'jest',
    'vitest',
    'mocha',
    'eslint',
    'prettier',
    'tsc',
    'playwright',
    'cypress',
    'karma',
    'ava',
    'wireit',
    'rush',
    'gatsby',
    'next',
    'nuxt',
    'stylelint',
    'esbuild',
    'tsx',
    'ts-node',
  ].map((program) => ({ program })),
  ...[
    'make',
    'gmake',
    'nmake',
    'ninja',
    'cmake',
    'ctest',
    'meson',
    'scons',
    'just',
    'task',
    'rake',
    'ant',
    'sbt',
    'mill',
    'lein',
    'bazel',
    'bazelisk',
    'buck',
    'buck2',
    'pants',
    'earthly',
    'dagger',
    'invoke',
    'doit',
    'waf',
    'gradle',
    'gradlew',
    'mvn',
    'mvnw',
    'mvnd',
    'swift',
    'xcodebuild',
    'fastlane',
    'dune',
    'zig',
    'cabal',
    'stack',
    'rebar3',
    'phpunit',
    'phpstan',
    'psalm',
    'pest',
    'msbuild',
    'nuke',
    'cake',
  ].map((program) => ({ program })),
  ...[
    'pytest',
    'tox',
    'nox',
    'mypy',
    'pylint',
    'flake8',
    'sphinx-build',
    'mkdocs',
    'hatch',
    'behave',
    'coverage',
    'pre-commit',
    'black',
    'isort',
  ].map((program) => ({ program })),
  ...OTHERS.map((program) => ({ program })),
  { program: 'poetry', words: 'run|build' },
  { program: 'pdm', words: 'run|build' },
  { program: 'uv', words: 'run|build' },
  { program: 'hatch', words: 'run|build|env' },
  { program: 'bundle', words: 'exec' },
  { program: 'rspec' },
  { program: 'rubocop' },
  { program: 'rails' },
  { program: 'jekyll' },
  { program: 'cargo', words: 'build|b|run|r|test|t|check|c|clippy|bench|doc|nextest|publish|package|tarpaulin|fmt' },
  { program: 'go', words: 'generate|test|build|vet' },
  { program: 'goreleaser' },
  { program: 'golangci-lint' },
  { program: 'dotnet', words: 'build|test|run|publish|pack|msbuild|tool' },
  { program: 'composer', words: 'run|run-script|exec' },
  { program: 'mix', words: 'compile|test|run|release|deps.compile' },
  { program: 'terraform', words: 'init|plan|apply|validate' },
  { program: 'tofu', words: 'init|plan|apply|validate' },
  { program: 'terragrunt' },
  { program: 'pulumi', words: 'up|preview' },
  { program: 'cdk' },
  { program: 'serverless' },
  { program: 'sls' },
  { program: 'ansible-playbook' },
  { program: 'vagrant' },
  { program: 'packer' },
  { program: 'helmfile' },
  { program: 'skaffold' },
  { program: 'tilt' },
  { program: 'direnv', words: 'allow|exec' },
  { program: 'act' },
  { program: 'lefthook' },
  { program: 'husky' },
];

export const BUILD_ROWS: readonly EffectRow[] = [
  ...TOOLS.map(
    ({ program, words }): EffectRow => ({
      program,
      ...(words === undefined ? {} : { words }),
      gives: ({ line }) =>
        build(words === undefined ? program : `${program} ${line.operands[0]?.literal ?? ''}`.trim()),
    }),
  ),
  { program: 'yarn', gives: bareYarn },
  { program: 'go', words: 'run', gives: goRun },
  {
    program: 'bundle',
    gives: ({ line }) => (line.operands.length === 0 ? { ...build('bundle'), installs: true } : undefined),
  },
];

function build(tool: string): EffectBody & { readonly kind: 'build' } {
  return { kind: 'build', tool, installs: false, lifecycleScripts: false, locked: false };
}

/** `yarn` alone installs. */
function bareYarn({ line }: RowInput): EffectBody | undefined {
  if (line.operands.length > 0) return undefined;
  const lifecycleScripts = !hasOption(line, '--ignore-scripts');
  const locked = hasOption(line, '--frozen-lockfile', '--immutable');
  return { kind: 'build', tool: 'yarn', installs: true, lifecycleScripts, locked };
}

function goRun({ operands: [target] }: RowInput): EffectBody | undefined {
  return target && isLocalPackage(textOf(target)) ? build('go run') : undefined;
}
