import type { PathClass } from './change.ts';
import { compileGlobs, type PathMatcher } from './glob.ts';

/** One row: which paths are of a class, why, and where that is written down. Matched without case, at any depth. */
export interface PathClassRule {
  readonly class: PathClass;
  readonly globs: readonly string[];
  readonly reason: string;
  readonly source: string;
}

/** The first row that matches decides; so the rows go from the most dangerous class to the least. */
export const PATH_CLASS_RULES: readonly PathClassRule[] = [
  {
    class: 'agent-config',
    globs: ['**/.claude/**', '.mcp.json', '.claude.json', '**/.claude-plugin/**', '.worktreeinclude', '.lsp.json'],
    reason: 'settings, hooks, helpers, MCP servers, skills, commands and subagents of Claude Code',
    source: 'CVE-2026-25725, CVE-2026-21852; vendor documentation of settings and MCP',
  },
  {
    class: 'agent-config',
    globs: ['**/.codex/**', '**/.gemini/**', '**/.qwen/**', '**/.opencode/**', 'opencode.json', 'opencode.jsonc'],
    reason: 'configuration, hooks, plug-ins and tools that Codex, Gemini, Qwen and opencode load from a repository',
    source: 'GHSA-wpqr-6v78-jr5g; help texts of the agents',
  },
  {
    class: 'agent-config',
    globs: ['**/.cursor/**', '.cursorrules', '.cursorignore', '**/.windsurf/**', '.windsurfrules', '**/.amp/**'],
    reason: 'configuration, rules and sandbox settings of Cursor, Windsurf and Amp',
    source: 'CVE-2026-26268; vendor documentation',
  },
  {
    class: 'agent-config',
    globs: [
      '.aider.conf.yml',
      '.aiderignore',
      '.aider.model.settings.yml',
      '.goosehints',
      '**/.roo/**',
      '**/.cline/**',
    ],
    reason: 'configuration with command keys of aider, goose, Roo and Cline',
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
    globs: ['sallyport.yaml', 'sallyport.yml', '**/.sallyport/**'],
    reason: 'the policy of the next run',
    source: 'DESIGN §3.4: trust comes from the base',
  },
  {
    class: 'instruction',
    globs: ['AGENTS.md', 'AGENT.md', 'CLAUDE.md', 'CLAUDE.local.md', 'GEMINI.md', 'QWEN.md', 'AGENTS.override.md'],
    reason: 'text that agents obey without being asked',
    source: 'claude-code-action, list of paths restored from the base',
  },
  {
    class: 'instruction',
    globs: ['**/.github/copilot-instructions.md', '**/.github/instructions/**', '**/.github/prompts/**', 'SKILL.md'],
    reason: 'text that agents obey without being asked',
    source: 'vendor documentation',
  },
  {
    class: 'instruction',
    globs: ['CONVENTIONS.md', '.clinerules'],
    reason: 'text that agents obey without being asked',
    source: 'vendor documentation',
  },
  {
    class: 'ci',
    globs: ['**/.github/**', '.gitlab-ci.yml', '.gitlab-ci.yaml', '**/.gitlab/ci/**', '**/.circleci/**', '.travis.yml'],
    reason: 'pipelines run with the secrets of the repository',
    source: 'incidents i17; zizmor documentation',
  },
  {
    class: 'ci',
    globs: ['Jenkinsfile', 'Jenkinsfile.*', '*.jenkinsfile', 'azure-pipelines*.yml', 'azure-pipelines*.yaml'],
    reason: 'pipelines run with the secrets of the repository',
    source: 'documentation of the CI systems',
  },
  {
    class: 'ci',
    globs: [
      'bitbucket-pipelines.yml',
      '**/.buildkite/**',
      '.drone.yml',
      '.woodpecker.yml',
      '**/.woodpecker/**',
      '**/.forgejo/**',
      '**/.gitea/**',
      'appveyor.yml',
      'cloudbuild.yaml',
      '**/.tekton/**',
      '.cirrus.yml',
    ],
    reason: 'pipelines run with the secrets of the repository',
    source: 'documentation of the CI systems',
  },
  {
    class: 'execution-bearing',
    globs: ['**/.vscode/**', '**/.idea/**', '**/.devcontainer/**', '.devcontainer.json', '*.code-workspace'],
    reason: 'tasks, launch settings and containers that an editor runs when the folder opens',
    source: 'Mini Shai-Hulud (folderOpen task)',
  },
  {
    class: 'execution-bearing',
    globs: [
      '**/.husky/**',
      '**/.githooks/**',
      '.pre-commit-config.yaml',
      'lefthook.yml',
      'lefthook.yaml',
      '.lefthook.yml',
    ],
    reason: 'commands that git runs on the machine of whoever commits',
    source: 'claude-code-action, list of paths restored from the base',
  },
  {
    class: 'execution-bearing',
    globs: ['.lefthook.yaml', '.gitmodules', '.gitattributes', '.gitconfig', '**/.config/git/**'],
    reason: 'names filters, drivers and remote repositories to git',
    source: 'git documentation, gitattributes and gitmodules; CVE-2018-17456',
  },
  {
    class: 'execution-bearing',
    globs: ['.envrc', '.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv', '.zprofile', '.ripgreprc'],
    reason: 'read by shells and tools before the first command',
    source: 'protected paths of Claude Code 2.1.329',
  },
  {
    class: 'execution-bearing',
    globs: ['.npmrc', '.yarnrc', '.yarnrc.yml', '**/.yarn/**', '.pnp.cjs', '.pnp.loader.mjs', '.pnpmfile.cjs'],
    reason: 'registry, script shell, plug-ins and resolver of JavaScript package managers',
    source: 'protected paths of Claude Code 2.1.329',
  },
  {
    class: 'execution-bearing',
    globs: ['bunfig.toml', '.bunfig.toml', 'binding.gyp', 'pip.conf', 'mise.toml', '.mise.toml', '.tool-versions'],
    reason: 'preloads, native builds and tool versions that run implicitly',
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
    globs: ['build.rs', '**/.cargo/**', 'init.gradle', 'init.gradle.kts', '**/init.d/*.gradle', '**/.mvn/**'],
    reason: 'run by the build before any code of the project',
    source: 'gate reference, implicit execution file',
  },
  {
    class: 'execution-bearing',
    globs: ['gradle-wrapper.properties', 'maven-wrapper.properties', '.bazelrc', '.bazelversion', '.bazeliskrc'],
    reason: 'decides which program the build downloads and runs',
    source: 'protected paths of Claude Code 2.1.329',
  },
  {
    class: 'security-sensitive',
    globs: ['CODEOWNERS', 'SECURITY.md', 'Dockerfile', 'Dockerfile.*', '*.dockerfile', 'Containerfile'],
    reason: 'decides who approves and what is shipped',
    source: 'agents reference, gate list',
  },
  {
    class: 'security-sensitive',
    globs: ['docker-compose*.yml', 'docker-compose*.yaml', 'compose.yml', 'compose.yaml', 'Makefile', '.gitleaks.toml'],
    reason: 'runs with the rights of whoever builds',
    source: 'agents reference, gate list',
  },
  {
    class: 'lock-file',
    globs: ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'],
    reason: 'pins what is installed',
    source: 'incidents PI-3',
  },
  {
    class: 'lock-file',
    globs: [
      'Cargo.lock',
      'poetry.lock',
      'uv.lock',
      'Pipfile.lock',
      'Gemfile.lock',
      'composer.lock',
      'go.sum',
      'flake.lock',
    ],
    reason: 'pins what is installed',
    source: 'incidents PI-3',
  },
  {
    class: 'dependency-manifest',
    globs: ['package.json', 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements*.txt', 'Pipfile', 'Cargo.toml'],
    reason: 'names dependencies and the scripts that install them',
    source: 'package managers',
  },
  {
    class: 'dependency-manifest',
    globs: [
      'go.mod',
      'Gemfile',
      '*.gemspec',
      'composer.json',
      'pom.xml',
      'build.gradle',
      'build.gradle.kts',
      '*.csproj',
    ],
    reason: 'names dependencies and the scripts that install them',
    source: 'package managers',
  },
  {
    class: 'test',
    globs: [
      '**/test/**',
      '**/tests/**',
      '**/__tests__/**',
      '**/spec/**',
      '*.test.*',
      '*.spec.*',
      '*_test.*',
      'test_*.py',
    ],
    reason: 'weakening a test hides a fault',
    source: 'gate reference, tests deleted',
  },
  {
    class: 'documentation',
    globs: ['**/docs/**', '**/doc/**', '*.md', '*.mdx', '*.rst', '*.adoc', 'LICENSE', 'LICENSE.*', 'NOTICE'],
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

/** Classes whose files a change may not bring along unless the policy names them (incidents T3, i15, i17). */
export const PROTECTED_CLASSES: ReadonlySet<PathClass> = new Set([
  'agent-config',
  'ci',
  'execution-bearing',
  'instruction',
]);

/** Classes that are staged from the protected base, never from the checkout under test (incidents decision 2 and 3). */
export const BASE_CLASSES: ReadonlySet<PathClass> = new Set(['agent-config', 'execution-bearing', 'instruction']);

/**
 * Directories that package managers fill. What lies there and is not tracked belongs to a dependency: its own agent
 * files and test keys are left alone, or nothing would build.
 */
export const DEPENDENCY_DIRECTORIES: readonly string[] = [
  '**/node_modules/**',
  '**/.venv/**',
  '**/venv/**',
  '**/site-packages/**',
  '**/.tox/**',
  '**/.gradle/**',
  '**/.m2/**',
];

/**
 * Agent configuration that must not appear while the agent runs, even where it is absent ("deny-create", CVE-2026-25725):
 * paths relative to the workspace. An entry that ends in `/` is a directory.
 */
export const DENY_CREATE: readonly string[] = [
  '.claude/',
  '.mcp.json',
  '.claude.json',
  '.codex/',
  '.gemini/',
  '.qwen/',
  '.opencode/',
  'opencode.json',
  'opencode.jsonc',
  '.cursor/',
  '.cursorrules',
  '.windsurf/',
  '.amp/',
  '.aider.conf.yml',
  '.github/hooks/',
  '.github/copilot/',
];

export type PathClassifier = (path: string) => { readonly class: PathClass; readonly reason: string };

/** The table arranged for look-up: almost every row is a plain name or an extension, found without a pattern. */
interface Lookup {
  /** Name of a file or directory → first row. */
  readonly names: ReadonlyMap<string, number>;
  /** Extension with its dot → first row. */
  readonly extensions: ReadonlyMap<string, number>;
  readonly patterns: readonly { readonly row: number; readonly matches: PathMatcher }[];
  readonly anyPattern: PathMatcher;
}

const PLAIN_NAME = /^(?:\*\*\/)?([^*?/]+)(?:\/\*\*)?$/;
const EXTENSION = /^\*(\.[^*?/.]+)$/;

function arrange(rules: readonly PathClassRule[]): Lookup {
  const names = new Map<string, number>();
  const extensions = new Map<string, number>();
  const rest: { row: number; glob: string }[] = [];
  for (const [row, glob] of rules.flatMap(({ globs }, index) => globs.map((one) => [index, one] as const))) {
    const name = PLAIN_NAME.exec(glob)?.[1]?.toLowerCase();
    const extension = EXTENSION.exec(glob)?.[1]?.toLowerCase();
    if (name !== undefined) names.set(name, names.get(name) ?? row);
    else if (extension !== undefined) extensions.set(extension, extensions.get(extension) ?? row);
    else rest.push({ row, glob });
  }
  const ignoreCase = { ignoreCase: true };
  const patterns = rest.map(({ row, glob }) => ({ row, matches: compileGlobs([glob], ignoreCase) }));
  const globs = rest.map(({ glob }) => glob);
  return { names, extensions, patterns, anyPattern: compileGlobs(globs, ignoreCase) };
}

/** Arranges the table once; the classifier is pure. Paths are relative to the repository. The first row that matches decides. */
export function createClassifier(rules: readonly PathClassRule[] = PATH_CLASS_RULES): PathClassifier {
  const { names, extensions, patterns, anyPattern } = arrange(rules);
  return (path) => {
    let best = rules.length;
    for (const segment of path.toLowerCase().split('/')) {
      const dot = segment.lastIndexOf('.');
      best = Math.min(
        best,
        names.get(segment) ?? best,
        (dot < 0 ? undefined : extensions.get(segment.slice(dot))) ?? best,
      );
    }
    const pattern = anyPattern(path) ? patterns.find(({ row, matches }) => row < best && matches(path)) : undefined;
    const rule = rules[pattern?.row ?? best];
    return rule ? { class: rule.class, reason: rule.reason } : { class: 'other', reason: 'no rule' };
  };
}
