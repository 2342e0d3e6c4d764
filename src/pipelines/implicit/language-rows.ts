import type { ImplicitRow } from './implicit-row.ts';

const PYTHON = ['python', 'python3', 'pip', 'pip3', 'uv', 'uvx', 'poetry', 'pdm', 'hatch', 'pytest', 'tox', 'nox'];

/** Files of Python (packaging and pytest documentation). */
const PYTHON_ROWS: readonly ImplicitRow[] = [
  {
    id: 'setup-py',
    globs: ['setup.py'],
    programs: PYTHON,
    why: 'runs when the package is built or installed',
  },
  {
    id: 'pyproject',
    globs: ['pyproject.toml'],
    programs: PYTHON,
    why: 'names the build backend, its requirements, plug-ins of the test runner and package indexes',
  },
  {
    id: 'conftest',
    globs: ['conftest.py'],
    programs: ['pytest', 'py.test', 'tox', 'nox', ...PYTHON],
    why: 'pytest loads it before the first test, whatever test was asked for',
  },
  {
    id: 'python-start-up',
    globs: ['sitecustomize.py', 'usercustomize.py', '*.pth'],
    programs: PYTHON,
    why: 'the interpreter runs it before every program',
  },
  {
    id: 'pip-configuration',
    globs: ['pip.conf', 'pip.ini'],
    programs: ['pip', 'pip3', 'python', 'python3'],
    why: 'says where packages come from',
  },
  {
    id: 'uv-configuration',
    globs: ['uv.toml'],
    programs: ['uv', 'uvx'],
    why: 'says where packages come from',
  },
  {
    id: 'python-test-plans',
    globs: ['noxfile.py', 'tox.ini', 'tasks.py', 'fabfile.py', 'dodo.py', 'SConstruct', 'wscript'],
    programs: ['nox', 'tox', 'invoke', 'inv', 'fab', 'doit', 'scons', 'waf'],
    why: 'holds the commands that the runner starts',
  },
];

/** Files of compiled and other languages (documentation of the tools named). */
const OTHER_ROWS: readonly ImplicitRow[] = [
  {
    id: 'cargo-build-script',
    globs: ['build.rs'],
    programs: ['cargo', 'cross'],
    why: 'cargo compiles and runs it before the package',
  },
  {
    id: 'cargo-configuration',
    globs: ['**/.cargo/config.toml', '**/.cargo/config'],
    programs: ['cargo', 'cross', 'rustc'],
    why: 'names compiler wrappers, runners, linkers, aliases and registries',
  },
  {
    id: 'rust-toolchain',
    globs: ['rust-toolchain.toml', 'rust-toolchain'],
    programs: ['cargo', 'rustc', 'rustup'],
    why: 'names the compiler that is installed and started',
  },
  {
    id: 'go-generate',
    globs: ['*.go'],
    programs: ['go'],
    why: '`go generate` runs the commands in these comments',
  },
  {
    id: 'go-tests',
    globs: ['magefile.go', '.golangci.yml', '.golangci.yaml', '.custom-gcl.yml'],
    programs: ['mage', 'golangci-lint'],
    why: 'mage compiles and runs it; golangci-lint builds the plug-ins it names',
  },
  {
    id: 'gradle',
    globs: [
      'build.gradle',
      'build.gradle.kts',
      'settings.gradle',
      'settings.gradle.kts',
      'init.gradle',
      'init.gradle.kts',
      'buildSrc/',
    ],
    programs: ['gradle', 'gradlew', 'gradlew.bat'],
    why: 'a program that every task evaluates first',
  },
  {
    id: 'gradle-properties',
    globs: ['gradle.properties'],
    programs: ['gradle', 'gradlew'],
    why: 'arguments of the Java machine can load an agent library',
  },
  {
    id: 'build-wrappers',
    globs: ['gradle-wrapper.properties', 'maven-wrapper.properties'],
    programs: ['gradlew', 'mvnw'],
    why: 'the wrapper downloads and starts what the address names',
  },
  {
    id: 'wrapper-programs',
    globs: ['gradlew', 'mvnw', 'gradlew.bat', 'mvnw.cmd', 'gradle-wrapper.jar', 'maven-wrapper.jar'],
    programs: ['gradlew', 'mvnw'],
    why: 'the build starts with a program of the tree',
  },
  {
    id: 'maven',
    globs: ['pom.xml', '.mvn/'],
    programs: ['mvn', 'mvnw'],
    why: 'plug-ins and extensions run in every build; `.mvn` adds options and extensions',
  },
  {
    id: 'ruby',
    globs: [
      'Gemfile',
      '*.gemspec',
      'Rakefile',
      '.irbrc',
      '.rspec',
      '.simplecov',
      'Guardfile',
      'Fastfile',
      'Podfile',
      'Vagrantfile',
      'Dangerfile',
    ],
    programs: ['bundle', 'bundler', 'gem', 'rake', 'rspec', 'fastlane', 'pod', 'vagrant', 'danger', 'guard', 'irb'],
    why: 'a Ruby program that the tool runs',
  },
  {
    id: 'bundler-configuration',
    globs: ['**/.bundle/config'],
    programs: ['bundle', 'bundler'],
    why: 'mirrors, paths and build flags of native extensions',
  },
  {
    id: 'composer',
    globs: ['composer.json'],
    programs: ['composer'],
    why: 'event scripts run at installation',
  },
  {
    id: 'msbuild',
    globs: ['Directory.Build.props', 'Directory.Build.targets', '*.csproj', '*.fsproj', '*.vbproj', 'nuget.config'],
    programs: ['dotnet', 'msbuild', 'nuget'],
    why: 'targets run commands, NuGet sources say where packages come from',
  },
  {
    id: 'cmake',
    globs: [
      'CMakeLists.txt',
      '*.cmake',
      'CMakePresets.json',
      'meson.build',
      'configure',
      'configure.ac',
      'BUILD.bazel',
      'WORKSPACE',
      'MODULE.bazel',
      '.bazelrc',
      'build.zig',
      'conanfile.py',
    ],
    programs: ['cmake', 'ctest', 'meson', 'ninja', 'configure', 'autoreconf', 'bazel', 'bazelisk', 'zig', 'conan'],
    why: 'configuring the build runs commands of the tree',
  },
  {
    id: 'swift-and-others',
    globs: [
      'Package.swift',
      'mix.exs',
      'rebar.config',
      'build.sbt',
      'project.clj',
      'Setup.hs',
      'dune-project',
      'pubspec.yaml',
      'Project.toml',
    ],
    programs: ['swift', 'mix', 'rebar3', 'sbt', 'lein', 'cabal', 'stack', 'dune', 'dart', 'flutter', 'julia'],
    why: 'the manifest is evaluated or names build hooks',
  },
];

export const LANGUAGE_ROWS: readonly ImplicitRow[] = [...PYTHON_ROWS, ...OTHER_ROWS];
