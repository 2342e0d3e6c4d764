/** What kind of path a change touches; the built-in file rules, the merge rules and the report speak of these. */
export const PATH_CLASSES = [
  'git-internals',
  'agent-config',
  'instruction',
  'ci',
  'execution-bearing',
  'environment',
  'security-sensitive',
  'lock-file',
  'dependency-manifest',
  'test',
  'documentation',
  'source',
  'other',
] as const;
export type PathClass = (typeof PATH_CLASSES)[number];

/** One row: which paths are of a class, why, and where that is written down. Matched without case, at any depth. */
export interface PathClassRule {
  readonly class: PathClass;
  readonly globs: readonly string[];
  readonly reason: string;
  readonly source: string;
}

const AGENT_CONFIG: readonly PathClassRule[] = [
  {
    class: 'agent-config',
    globs: [
      ...['.claude/', '.mcp.json', '.claude.json', '.claude-plugin/', '.worktreeinclude', '.lsp.json'],
      ...['managed-settings.json', 'managed-settings.d/', 'managed-mcp.json', '**/hooks/hooks.json'],
    ],
    reason: 'settings, hooks, helpers, MCP servers, skills, commands and subagents of Claude Code',
    source: 'CVE-2026-25725, CVE-2026-21852; vendor documentation of settings and MCP',
  },
  {
    class: 'agent-config',
    globs: ['.codex/', '.gemini/', 'gemini-extension.json', '.qwen/', '.opencode/', 'opencode.json', 'opencode.jsonc'],
    reason: 'configuration, hooks, plug-ins and tools that Codex, Gemini, Qwen and opencode load from a repository',
    source: 'GHSA-wpqr-6v78-jr5g; help texts of the agents',
  },
  {
    class: 'agent-config',
    globs: ['.cursor/', '.cursorrules', '.cursorignore', '.windsurf/', '.windsurfrules', '.amp/', '.kiro/'],
    reason: 'configuration, rules and sandbox settings of Cursor, Windsurf, Amp and Kiro',
    source: 'CVE-2026-26268; vendor documentation',
  },
  {
    class: 'agent-config',
    globs: [
      ...['.aider.conf.yml', '.aider.conf.yaml', '.aiderignore', '.aider.model.settings.yml'],
      ...['.aider.model.metadata.json', '.goosehints', '.goose/', '.roo/', '.cline/', 'cline_mcp_settings.json'],
    ],
    reason: 'configuration with command keys of aider, goose, Roo and Cline',
    source: 'vendor documentation',
  },
  {
    class: 'agent-config',
    globs: [
      ...['.continue/', '.continuerc.json', '.crush.json', 'crush.json', '.kilocode/', '.kilocodemodes', '.roomodes'],
      ...['.amazonq/', '.openhands/', '.factory/', '.junie/', '.trae/', '.augment/', '.zencoder/', '.agents/'],
      ...['.devin/', '.copilot/', '.agent/', '.antigravity/', '.aiassistant/', '.codebuddy/', '.tabnine/', '.pi/'],
    ],
    reason: 'servers, hooks, set-up scripts, modes and skills of further agents',
    source: 'vendor documentation',
  },
  {
    class: 'agent-config',
    globs: ['.mcp/', '**/.ai/mcp/**'],
    reason: 'servers that an agent starts or connects to, at places that several products read',
    source: 'vendor documentation',
  },
  {
    class: 'agent-config',
    globs: ['.geminiignore', '.claudeignore', '.codeiumignore', '.aiexclude'],
    reason: 'what an agent may not see, until a line is taken away',
    source: 'vendor documentation',
  },
  {
    class: 'agent-config',
    globs: ['**/.github/copilot/**', '**/.github/hooks/**', '**/.github/agents/**', '**/.github/skills/**'],
    reason: 'settings, hooks, agents and skills of the Copilot CLI',
    source: 'vendor documentation',
  },
  {
    class: 'agent-config',
    globs: ['sallyport.yaml', 'sallyport.yml', '.sallyport/'],
    reason: 'the policy of the next run',
    source: 'DESIGN §3.4: trust comes from the base',
  },
];

const INSTRUCTIONS: readonly PathClassRule[] = [
  {
    class: 'instruction',
    globs: ['AGENTS.md', 'AGENT.md', 'CLAUDE.md', 'CLAUDE.local.md', 'GEMINI.md', 'QWEN.md', 'AGENTS.override.md'],
    reason: 'text that agents obey without being asked',
    source: 'claude-code-action, list of paths restored from the base',
  },
  {
    class: 'instruction',
    globs: ['copilot-instructions.md', '**/.github/instructions/**', '**/.github/prompts/**', 'SKILL.md'],
    reason: 'text that agents obey without being asked',
    source: 'vendor documentation',
  },
  {
    class: 'instruction',
    globs: [
      ...['CONVENTIONS.md', '.clinerules', '.roorules', '.rules', '.augment-guidelines', 'WARP.md', 'CRUSH.md'],
      ...['**/.clinerules/**', 'replit.md', '.openhands_instructions'],
    ],
    reason: 'text that agents obey without being asked',
    source: 'vendor documentation',
  },
];

const CI: readonly PathClassRule[] = [
  {
    class: 'ci',
    globs: [
      ...['.github/', '*.gitlab-ci.yml', '*.gitlab-ci.yaml', '.gitlab-ci/', '.gitlab/'],
      ...['.circleci/', '.travis.yml', '.ci/'],
    ],
    reason: 'pipelines run with the secrets of the repository',
    source: 'incidents i17; zizmor documentation',
  },
  {
    class: 'ci',
    globs: [
      ...['Jenkinsfile', 'Jenkinsfile.*', 'Jenkinsfile-*', 'Jenkinsfile_*', '*.jenkinsfile', '.jenkins/'],
      ...['azure-pipeline*.yml', 'azure-pipeline*.yaml', 'azure-pipelines/', '.azuredevops/', '.vsts-ci.yml'],
    ],
    reason: 'pipelines run with the secrets of the repository',
    source: 'documentation of the CI systems',
  },
  {
    class: 'ci',
    globs: [
      ...['.azure-pipelines/', 'bitbucket-pipelines.yml', '.buildkite/', '.woodpecker.yml', '.woodpecker.yaml'],
      ...['.woodpecker/', '.teamcity/', '.forgejo/', '.gitea/', 'appveyor.yml', '.appveyor.yml', '.tekton/'],
      ...['.drone.yml', '.drone.yaml', '.drone.star', '.drone.jsonnet', '.cirrus.yml', '.cirrus.star', '.semaphore/'],
      ...['cloudbuild.yaml', 'cloudbuild.yml', 'cloudbuild.json', 'buildspec*.yml', 'buildspec*.yaml', 'codefresh.yml'],
      ...['.builds/', '.build.yml', '.zuul.yaml', '.zuul.d/', '.prow.yaml', '.harness/', '.pipelines/'],
    ],
    reason: 'pipelines run with the secrets of the repository',
    source: 'documentation of the CI systems',
  },
  {
    class: 'ci',
    globs: ['CODEOWNERS'],
    reason: 'decides whose approval a change needs',
    source: 'agents reference, gate list',
  },
  {
    class: 'ci',
    globs: ['.mergify.yml', '.mergify/', '.kodiak.toml', 'bors.toml'],
    reason: 'decides what is merged without a person',
    source: 'vendor documentation',
  },
  {
    class: 'ci',
    globs: ['.goreleaser.yml', '.goreleaser.yaml', '.releaserc', '.releaserc.*', 'release.config.*', '.release-it.*'],
    reason: 'commands that a release runs while it holds the keys to publish',
    source: 'documentation of the release tools',
  },
];

const EXECUTION_BEARING: readonly PathClassRule[] = [
  {
    class: 'execution-bearing',
    globs: [
      ...['.vscode/', '.idea/', '.devcontainer/', '.devcontainer.json', '*.code-workspace', '*.run.xml'],
      ...['.zed/', '.fleet/', '.theia/', '*.sublime-project', '.dir-locals.el', '.dir-locals-2.el', '.nvim.lua'],
      ...['.vim/', '.vimrc', '.lvimrc', '.gitpod.yml', '.idx/', '.replit', '.codesandbox/'],
    ],
    reason: 'tasks, launch settings and containers that an editor runs when the folder opens',
    source: 'Mini Shai-Hulud (folderOpen task)',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['.husky/', '.huskyrc', '.huskyrc.*', '.githooks/', '.git-hooks/', '.overcommit.yml', 'captainhook.json'],
      ...['.pre-commit-config.yaml', '.pre-commit-config.yml', '.simple-git-hooks.*', 'simple-git-hooks.*'],
      ...[
        '{.,}lefthook{-local,}.{yml,yaml,toml,json,jsonc}',
        '.lintstagedrc',
        '.lintstagedrc.*',
        'lint-staged.config.*',
      ],
    ],
    reason: 'commands that git runs on the machine of whoever commits',
    source: 'claude-code-action, list of paths restored from the base',
  },
  {
    class: 'execution-bearing',
    globs: ['.gitmodules', '.gitattributes', '.lfsconfig'],
    reason: 'names filters, drivers and remote repositories to git',
    source: 'git documentation, gitattributes and gitmodules; CVE-2018-17456',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['.envrc', '.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv', '.zprofile', '.ripgreprc'],
      ...['.tmux.conf', '.exrc', '.nvimrc'],
    ],
    reason: 'read by shells and tools before the first command',
    source: 'protected paths of Claude Code 2.1.329',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['.bash_login', '.bash_logout', '.bash_aliases', '.zlogin', '.zlogout', '.kshrc', '.cshrc', '.tcshrc'],
      ...['.autoenv', '.autoenv.zsh', '.shadowenv.d/', '.inputrc', '.screenrc', '.curlrc', '.wgetrc', '.psqlrc'],
      ...['.sqliterc', '.netrc', '_netrc', '.ssh/', '.gnupg/'],
    ],
    reason: 'read by shells and tools before the first command where the checkout is the home or the directory',
    source: 'documentation of the shells and tools',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['.npmrc', '.yarnrc', '.yarnrc.yml', '.yarn/', '.pnp.cjs', '.pnp.loader.mjs'],
      ...['.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpmfile.js'],
    ],
    reason: 'registry, script shell, plug-ins and resolver of JavaScript package managers',
    source: 'protected paths of Claude Code 2.1.329',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['bunfig.toml', '.bunfig.toml', 'binding.gyp', 'pip.conf', 'pip.ini', '.pypirc', 'uv.toml', '.condarc'],
      ...['.bundle/', 'nuget.config', 'rust-toolchain', 'rust-toolchain.toml', '.prototools', '.tool-versions'],
      ...['mise.toml', '.mise.toml', 'mise.*.toml', '.mise.*.toml', '.mise/', '**/.config/mise/**', '.rtx.toml'],
    ],
    reason: 'preloads, native builds, package sources and tool versions that run implicitly',
    source: 'audit reference, EXE008',
  },
  {
    class: 'execution-bearing',
    globs: ['*.pth', 'sitecustomize.py', 'usercustomize.py', 'conftest.py', 'pyrightconfig.json'],
    reason: 'run by the interpreter or the test runner without being called',
    source: 'Python documentation, site; incidents reference 2.2',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['.irbrc', '.pryrc', '.pdbrc', '.Rprofile', '.Renviron', '.ghci', '.iex.exs', '.ocamlinit', '.user.ini'],
      ...['.gdbinit', '.lldbinit'],
    ],
    reason: 'run by an interpreter or a debugger that starts in the directory',
    source: 'documentation of the languages',
  },
  {
    class: 'execution-bearing',
    globs: ['build.rs', '.cargo/', 'init.gradle', 'init.gradle.kts', '**/init.d/*.gradle', '.mvn/'],
    reason: 'run by the build before any code of the project',
    source: 'gate reference, implicit execution file',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['gradlew', 'gradlew.bat', 'gradle-wrapper.properties', 'gradle-wrapper.jar', '**/tools/bazel'],
      ...['mvnw', 'mvnw.cmd', 'maven-wrapper.properties', 'maven-wrapper.jar', '.sbtopts', '.jvmopts', 'ansible.cfg'],
      ...['.bazelrc', '*.bazelrc', '.bazelversion', '.bazeliskrc', 'Directory.Build.rsp'],
    ],
    reason: 'decides which program the build downloads and runs',
    source: 'protected paths of Claude Code 2.1.329',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['.helix/', '.bsp/', '.project', '.externalToolBuilders/', '.kateproject', '.lite_project.lua', '.nova/'],
      ...['.ycm_extra_conf.py', '.pylintrc', 'pylintrc'],
    ],
    reason: 'language servers, builders and linters with commands of their own that an editor starts with the folder',
    source: 'documentation of Helix, BSP, Eclipse, Kate, Lite XL, Nova, YouCompleteMe and Pylint',
  },
  {
    class: 'execution-bearing',
    globs: ['.hg/', '.sl/', '.jj/', '.bzr/', '_darcs/'],
    reason: 'a repository of another version control, whose hooks and aliases prompts and editors run',
    source: 'documentation of Mercurial, Sapling, Jujutsu, Breezy and Darcs',
  },
  {
    class: 'execution-bearing',
    globs: [
      ...['.xprofile', '.xsessionrc', '.pam_environment', '**/.config/autostart/**', '**/.config/systemd/**'],
      ...['**/.config/fish/**', '**/.config/nvim/**', '.emacs', '.emacs.d/', '.spacemacs', '.ideavimrc', '.octaverc'],
    ],
    reason: 'run at log-in or by an editor where the checkout is the home',
    source: 'documentation of the desktops and editors',
  },
  {
    class: 'execution-bearing',
    globs: ['devbox.json', 'devenv.nix', '.ddev/', '.lando.yml', 'jupyter_*config.py', '.proverc', '.mill-jvm-opts'],
    reason: 'commands and options that the start of an environment or of a tool in the folder runs',
    source: 'documentation of devbox, devenv, DDEV, Lando, Jupyter, prove and Mill',
  },
];

/** Named in the report and to merge rules; an agent must be able to change them, or it could not add a dependency. */
const PROJECT_FILES: readonly PathClassRule[] = [
  {
    class: 'security-sensitive',
    globs: ['SECURITY.md', 'Dockerfile', 'Dockerfile.*', '*.dockerfile', 'Containerfile', '.gitleaks.toml'],
    reason: 'decides what is shipped and what is looked for',
    source: 'agents reference, gate list',
  },
  {
    class: 'security-sensitive',
    globs: [
      ...['docker-compose*.yml', 'docker-compose*.yaml', 'compose.yml', 'compose.yaml', 'Makefile', 'GNUmakefile'],
      ...['*.mk', 'justfile', 'Taskfile.yml', 'Taskfile.yaml', 'Rakefile'],
    ],
    reason: 'runs with the rights of whoever builds',
    source: 'agents reference, gate list',
  },
  {
    class: 'lock-file',
    globs: [
      ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'],
      ...['Cargo.lock', 'poetry.lock', 'uv.lock', 'Pipfile.lock', 'Gemfile.lock', 'composer.lock', 'go.sum'],
      'flake.lock',
    ],
    reason: 'pins what is installed',
    source: 'incidents PI-3',
  },
  {
    class: 'dependency-manifest',
    globs: [
      ...['package.json', 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements*.txt', 'Pipfile', 'Cargo.toml'],
      ...['go.mod', 'Gemfile', '*.gemspec', 'composer.json', 'pom.xml', 'build.gradle', 'build.gradle.kts'],
      ...['settings.gradle', 'settings.gradle.kts', '*.csproj'],
    ],
    reason: 'names dependencies and the scripts that install them',
    source: 'package managers',
  },
];

const CONTENT: readonly PathClassRule[] = [
  {
    class: 'test',
    globs: [
      ...['test/', 'tests/', '__tests__/', 'spec/', 'e2e/'],
      ...['*.test.*', '*.spec.*', '*.cy.*', '*_test.*', '*_spec.*', 'test_*.py', '*.bats'],
    ],
    reason: 'weakening a test hides a fault',
    source: 'gate reference, tests deleted',
  },
  {
    class: 'documentation',
    globs: ['docs/', 'doc/', '*.md', '*.mdx', '*.rst', '*.adoc', 'LICENSE', 'LICENSE.*', 'NOTICE'],
    reason: 'read by people',
    source: 'convention',
  },
  {
    class: 'source',
    globs: [
      ...['*.ts', '*.tsx', '*.js', '*.jsx', '*.mjs', '*.cjs', '*.mts', '*.cts', '*.vue', '*.svelte', '*.html', '*.css'],
      ...['*.py', '*.go', '*.rs', '*.java', '*.kt', '*.kts', '*.scala', '*.c', '*.h', '*.cc', '*.cpp', '*.hpp', '*.cs'],
      ...['*.rb', '*.php', '*.swift', '*.sh', '*.bash', '*.sql', '*.lua', '*.pl', '*.ex', '*.exs', '*.zig', '*.dart'],
    ],
    reason: 'program text',
    source: 'convention',
  },
];

/** Not a file of a test or a sample, which stands where nothing starts. Templates (`.env.example`) are read by nobody. */
const ENVIRONMENT: readonly PathClassRule[] = [
  {
    class: 'environment',
    globs: ['.env', '.env.local', '.env.*.local', '.env.keys', '.flaskenv', '.dev.vars'],
    reason: 'variables that agents, containers and frameworks take over when they start in the folder',
    source: 'documentation of aider, Gemini CLI, Docker Compose, Next.js, Vite, Flask and Wrangler',
  },
];

/** The first row that matches decides; so the rows go from the most dangerous class to the least. */
export const PATH_CLASS_RULES: readonly PathClassRule[] = [
  {
    class: 'git-internals',
    globs: ['.git', '**/.config/git/**', '.gitconfig'],
    reason: 'hooks and configuration of git run commands',
    source: 'CVE-2014-9390; git documentation, config',
  },
  ...AGENT_CONFIG,
  ...INSTRUCTIONS,
  ...CI,
  ...EXECUTION_BEARING,
  ...PROJECT_FILES,
  ...CONTENT,
  ...ENVIRONMENT,
];
