import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compileGlobs,
  createClassifier,
  defaultPolicy,
  INITIAL_STATE,
  PATH_CLASS_RULES,
} from '../../src/policy/index.ts';

const classify = createClassifier();

const CASES = {
  'agent-config': [
    '.claude/settings.json',
    'pkg/.claude/hooks/x.sh',
    '.CLAUDE/Settings.json',
    '.mcp.json',
    '.cursor/mcp.json',
    '.codex/config.toml',
    '.gemini/.env',
    '.opencode/plugin/x.js',
    'opencode.json',
    '.aider.conf.yml',
    '.github/hooks/x.json',
    'sallyport.yaml',
    '.claude',
    '.kiro/hooks/x.json',
    '.cl\u200caude/settings.json',
    '.claude./settings.json',
    '.claude /settings.json',
    '.mcp.json::$DATA',
    '.cline/x',
    'sub/.roo/mcp.json',
    '.continue/config.yaml',
    '.openhands/setup.sh',
    '.agents/skills/x/run.sh',
    'Crush.json',
    '.agent/rules/a.md',
    'sub/.aiassistant/rules/a.md',
    '.tabnine/mcp_servers.json',
    '.ai/mcp/mcp.json',
    '.GeminiIgnore',
  ],
  instruction: [
    'AGENTS.md',
    'sub/CLAUDE.md',
    'claude.md',
    '.github/copilot-instructions.md',
    'copilot-instructions.md',
    '.rules',
    'WARP.md',
    '.clinerules/a.md',
    'replit.md',
  ],
  'git-internals': ['.git/hooks/pre-commit', 'sub/.gitconfig', '.config/git/config'],
  ci: [
    '.github/workflows/ci.yml',
    'docs/CODEOWNERS',
    '.GitHub/x',
    '.teamcity/settings.kts',
    '.ci/run.sh',
    '.gitlab-ci.yml',
    'Jenkinsfile',
    'azure-pipelines.yml',
    '.circleci/config.yml',
    '.github../workflows/ci.yml',
    'ci/release.gitlab-ci.yml',
    '.gitlab-ci/build.yml',
    'Jenkinsfile-release',
    'azure-pipelines/build.yml',
    'azure-pipeline.yml',
    '.azuredevops/policy.yml',
    'buildspec-release.yml',
    '.drone.star',
    '.mergify.yml',
    '.goreleaser.yaml',
    'release.config.cjs',
  ],
  'execution-bearing': [
    '.vscode/tasks.json',
    '.vſcode/tasks.json',
    '.npmrc. .',
    '.devcontainer/devcontainer.json',
    '.husky/pre-commit',
    '.envrc',
    '.npmrc',
    'sub/.npmrc',
    'bunfig.toml',
    'binding.gyp',
    'x.pth',
    'sitecustomize.py',
    'tests/conftest.py',
    '.ripgreprc',
    '.gitmodules',
    '.gitattributes',
    'build.rs',
    'gradlew',
    'mvnw',
    '.pypirc',
    '.tmux.conf',
    '.exrc',
    '.lefthook.yaml',
    '.config/lefthook.json',
    'lefthook-local.yml',
    '.git-hooks/pre_commit/x.rb',
    '.lintstagedrc.json',
    'lint-staged.config.mjs',
    '.zed/tasks.json',
    'sub/.dir-locals.el',
    '.nvim.lua',
    'app.sublime-project',
    '.gitpod.yml',
    '.lfsconfig',
    '.helix/languages.toml',
    'app/.bsp/build.json',
    '.project',
    '.pylintrc',
    'vendor/x/.hg/hgrc',
    '.jj/repo/config.toml',
    '.config/systemd/user/x.service',
    '.emacs.d/init.el',
    'devbox.json',
    'jupyter_server_config.py',
    '.bash_login',
    '.shadowenv.d/500.lisp',
    '.ssh/config',
    '.pnpmfile.mjs',
    '.bundle/config',
    'NuGet.Config',
    'rust-toolchain.toml',
    'mise.local.toml',
    '.config/mise/config.toml',
    '.Rprofile',
    '.ghci',
    '.gdbinit',
    'public/.user.ini',
    'gradle/wrapper/gradle-wrapper.jar',
    'mvnw.cmd',
    'tools/bazel',
    'user.bazelrc',
    'ansible.cfg',
  ],
  environment: ['.env', 'app/.ENV', '.env.local', 'web/.env.production.local', '.flaskenv', 'worker/.dev.vars'],
  'lock-file': ['package-lock.json', 'go.sum'],
  'dependency-manifest': ['package.json', 'pyproject.toml', 'settings.gradle.kts'],
  'security-sensitive': [
    'Dockerfile',
    'Makefile',
    'justfile',
    'build/rules.mk',
    'Taskfile.yml',
    'Rakefile',
    'GNUmakefile',
  ],
  test: ['test/a.ts', 'src/a.test.ts', 'pkg/a_test.go', 'test/fixtures/app/.env'],
  documentation: ['README.md', 'docs/x.txt', 'docs/replit-guide.md', 'ai/mcp/notes.md'],
  source: [
    'src/a.ts',
    'main.py',
    'vite.config.ts',
    'src/rules.py',
    'src/agent/loop.ts',
    'src/tools/bazel.ts',
    'src/continue/loop.go',
  ],
  other: [
    ...['.prettierrc', 'data.bin', 'claude.txt', 'src/mcp.json.example', 'pnpm-workspace.yaml', '.editorconfig'],
    ...[
      '.eslintrc.json',
      'tsconfig.json',
      'renovate.json',
      'vercel.json',
      '.env.example',
      '.env.sample',
      '.env.test',
      'src/env',
      'app/rules',
      'gradle.properties',
    ],
  ],
} as const;

for (const [expected, paths] of Object.entries(CASES)) {
  for (const path of paths) {
    test(`${path} is ${expected}`, () => assert.equal(classify(path).class, expected));
  }
}

test('every row says why and where from', () => {
  for (const row of PATH_CLASS_RULES) {
    assert.ok(row.reason.length > 5 && row.source.length > 5 && row.globs.length > 0);
  }
});

test('the arranged table gives the same answer as trying its rows one after the other', () => {
  const rows = PATH_CLASS_RULES.map((rule) => ({ rule, matches: compileGlobs(rule.globs, { fold: true }) }));
  const parts = PATH_CLASS_RULES.flatMap(({ globs }) => globs.flatMap((glob) => glob.split('/'))).filter(
    (part) => part !== '**',
  );
  const part = fc.oneof(
    fc.constantFrom(...parts).map((text) => text.replace(/[*?]/g, 'x')),
    fc.constantFrom('src', 'a.b.ts', 'README', '.x', 'Conftest.PY', 'a.github', 'x.claude'),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (segments) => {
      const path = segments.join('/');
      const expected = rows.find(({ matches }) => matches(path))?.rule.class ?? 'other';
      assert.equal(classify(path).class, expected, path);
    }),
    { numRuns: 2000 },
  );
});

const VERDICTS = {
  'git-internals': ['deny', 'builtin/git-internals'],
  'agent-config': ['deny', 'builtin/agent-config'],
  instruction: ['deny', 'builtin/agent-config'],
  ci: ['deny', 'builtin/ci-files'],
  'execution-bearing': ['ask', 'builtin/execution-files'],
} as const;

test('the built-in rules protect exactly the dangerous classes', () => {
  const { decide } = defaultPolicy('generic');
  const protectedClasses = new Map<string, readonly string[]>(Object.entries(VERDICTS));
  for (const [kind, paths] of Object.entries(CASES)) {
    const expected = protectedClasses.get(kind) ?? ['allow', 'default/write'];
    for (const path of paths) {
      const { verdict, rule } = decide({ plane: 'file', operation: 'write', path }, INITIAL_STATE);
      assert.deepEqual([verdict, rule], expected, path);
    }
  }
});
