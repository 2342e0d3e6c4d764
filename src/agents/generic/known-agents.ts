import type { ToolRow } from '../tool-vocabulary.ts';

/**
 * An agent without an adapter of its own: how it is recognised and what it needs to start without the repository's
 * trust. Each row is data from its help text and documentation; adding an agent is adding a row.
 */
export interface KnownAgent {
  readonly id: string;
  readonly title: string;
  /** Names of its program and of its npm package. */
  readonly programs: readonly string[];
  readonly packages: readonly string[];
  readonly dialect: 'anthropic-messages' | undefined;
  /** Where its model API usually is and which variable holds the key, when the broker does not speak its dialect. */
  readonly provider?: { readonly host: string; readonly key: string };
  /** Configuration that the repository can carry; base and policy decide on it, not the change. */
  readonly repositoryConfiguration: readonly string[];
  /** Flags that trust the repository or switch the agent's own checks of it off: never handed on. */
  readonly forbiddenFlags: readonly string[];
  /** Arguments that are put before the person's own, for the subcommand named or for any. */
  readonly addedFlags: readonly { readonly subcommand?: string; readonly flags: readonly string[] }[];
  readonly environment: { readonly [name: string]: string };
  readonly notes: readonly string[];
  /** Its tools, where they are not named as Claude Code's are. */
  readonly tools?: readonly ToolRow[];
}

const NOT_BROKERED = 'its model API is not brokered: the policy must name its host and its key as a secret';

export const KNOWN_AGENTS: readonly KnownAgent[] = [
  {
    id: 'codex',
    title: 'Codex CLI',
    programs: ['codex'],
    packages: ['@openai/codex'],
    dialect: undefined,
    provider: { host: 'api.openai.com', key: 'CODEX_API_KEY' },
    repositoryConfiguration: ['.codex/', 'AGENTS.md', '.env'],
    forbiddenFlags: ['--trust', '--dangerously-bypass-hook-trust', '--ignore-rules'],
    addedFlags: [{ subcommand: 'exec', flags: ['--strict-config'] }],
    environment: {},
    notes: [NOT_BROKERED],
  },
  {
    id: 'gemini',
    title: 'Gemini CLI',
    programs: ['gemini'],
    packages: ['@google/gemini-cli'],
    dialect: undefined,
    provider: { host: 'generativelanguage.googleapis.com', key: 'GEMINI_API_KEY' },
    repositoryConfiguration: ['.gemini/', '.env', 'GEMINI.md'],
    forbiddenFlags: ['--skip-trust', '--raw-output'],
    addedFlags: [],
    environment: {},
    notes: [NOT_BROKERED],
  },
  {
    id: 'copilot',
    title: 'Copilot CLI',
    programs: ['copilot'],
    packages: ['@github/copilot'],
    dialect: undefined,
    provider: { host: 'api.githubcopilot.com', key: 'COPILOT_GITHUB_TOKEN' },
    repositoryConfiguration: [
      '.github/copilot/',
      '.github/hooks/',
      '.github/agents/',
      '.github/skills/',
      '.mcp.json',
      '.claude/',
    ],
    forbiddenFlags: ['--trust-folder', '--share-gist', '--bash-env', '--remote'],
    addedFlags: [],
    environment: {},
    notes: [NOT_BROKERED],
  },
  {
    id: 'cursor-agent',
    title: 'Cursor CLI',
    programs: ['cursor-agent'],
    packages: [],
    dialect: undefined,
    provider: { host: 'api2.cursor.sh', key: 'CURSOR_API_KEY' },
    repositoryConfiguration: ['.cursor/', 'AGENTS.md'],
    forbiddenFlags: ['--approve-mcps'],
    addedFlags: [],
    environment: {},
    notes: [NOT_BROKERED],
  },
  {
    id: 'opencode',
    title: 'opencode',
    programs: ['opencode'],
    packages: ['opencode-ai'],
    dialect: 'anthropic-messages',
    repositoryConfiguration: ['opencode.json', 'opencode.jsonc', '.opencode/', 'AGENTS.md'],
    forbiddenFlags: ['--share', '--attach'],
    addedFlags: [],
    // Measured on 1.18.33: the first stops servers and base URLs of the repository, but not the plug-ins of `.opencode/`.
    environment: {
      OPENCODE_DISABLE_PROJECT_CONFIG: 'true',
      OPENCODE_DISABLE_CLAUDE_CODE: 'true',
      OPENCODE_DISABLE_EXTERNAL_SKILLS: 'true',
      OPENCODE_DISABLE_LSP_DOWNLOAD: 'true',
      OPENCODE_DISABLE_MODELS_FETCH: 'true',
      OPENCODE_DISABLE_AUTOUPDATE: 'true',
      OPENCODE_DISABLE_SHARE: 'true',
      // Its base URL ends in the API's version, unlike that of the vendor's own clients.
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        autoupdate: false,
        share: 'disabled',
        provider: { anthropic: { options: { baseURL: '{env:ANTHROPIC_BASE_URL}/v1' } } },
      }),
    },
    notes: ['it has no trust gate of its own: plug-ins in `.opencode/` of the base run, inside the sandbox'],
    tools: [
      { names: ['bash'], offered: true, command: 'command' },
      { names: ['read'], offered: true, reads: ['filePath'] },
      { names: ['write'], offered: true, writes: ['filePath'] },
      { names: ['edit', 'multiedit'], offered: true, writes: ['filePath'] },
      { names: ['glob', 'grep', 'list'], offered: true, reads: ['path'] },
      { names: ['webfetch'], offered: true, urls: ['url'] },
    ],
  },
  {
    id: 'aider',
    title: 'aider',
    programs: ['aider'],
    packages: [],
    dialect: 'anthropic-messages',
    repositoryConfiguration: ['.aider.conf.yml', '.env', '.aiderignore', 'CONVENTIONS.md'],
    forbiddenFlags: ['--no-verify-ssl'],
    addedFlags: [{ flags: ['--env-file', '/dev/null', '--config', '/dev/null'] }],
    environment: { AIDER_ANALYTICS: 'false', AIDER_CHECK_UPDATE: 'false' },
    notes: [],
  },
  {
    id: 'qwen',
    title: 'Qwen Code',
    programs: ['qwen'],
    packages: ['@qwen-code/qwen-code'],
    dialect: undefined,
    provider: { host: 'dashscope.aliyuncs.com', key: 'OPENAI_API_KEY' },
    repositoryConfiguration: ['.qwen/', '.env', 'QWEN.md'],
    forbiddenFlags: ['--skip-trust'],
    addedFlags: [{ flags: ['--bare'] }],
    environment: {},
    notes: [NOT_BROKERED, 'it has no trust gate of its own: hide `.qwen/` in the policy'],
  },
];
