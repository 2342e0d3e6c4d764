import type { ProductId } from '../invocation/invocation.ts';
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
  readonly provider?: { readonly hosts: readonly string[]; readonly key: string };
  /** Its row in the recognition table and in that of configuration files. */
  readonly product: ProductId;
  /** Flags that trust the repository or switch the agent's own checks of it off: never handed on. */
  readonly forbiddenFlags: readonly string[];
  /** Those of them that take the next word. */
  readonly forbiddenWithValue?: readonly string[];
  /** Options of its own sandbox, which cannot start inside ours: left out with their value, and `by` put in their place. */
  readonly ownSandbox?: {
    readonly options: readonly string[];
    readonly config: string;
    readonly by: readonly string[];
  };
  /** Arguments that are put before the person's own, for the subcommands named or for any. */
  readonly addedFlags: readonly { readonly subcommands?: readonly string[]; readonly flags: readonly string[] }[];
  readonly environment: { readonly [name: string]: string };
  readonly notes: readonly string[];
  /** Its tools, where they are not named as Claude Code's are. */
  readonly tools?: readonly ToolRow[];
}

const NOT_BROKERED = 'its model API is not brokered: the policy must name its host and its key as a secret';

export const KNOWN_AGENTS: readonly KnownAgent[] = [
  {
    id: 'codex',
    product: 'codex',
    title: 'Codex CLI',
    programs: ['codex'],
    packages: ['@openai/codex'],
    dialect: undefined,
    provider: { hosts: ['api.openai.com'], key: 'CODEX_API_KEY' },
    forbiddenFlags: ['--trust', '--dangerously-bypass-hook-trust', '--ignore-rules'],
    // Measured on 0.169: within ours every command of its own sandbox fails, even one that only reads.
    ownSandbox: {
      options: ['-s', '--sandbox'],
      config: 'sandbox_mode',
      by: ['-c', 'sandbox_mode="danger-full-access"'],
    },
    addedFlags: [{ subcommands: ['exec', 'e'], flags: ['--strict-config'] }],
    environment: {},
    notes: [NOT_BROKERED, 'its own sandbox cannot start inside this one and is off: the policy holds in its place'],
  },
  {
    id: 'gemini',
    product: 'gemini',
    title: 'Gemini CLI',
    programs: ['gemini'],
    packages: ['@google/gemini-cli'],
    dialect: undefined,
    provider: { hosts: ['generativelanguage.googleapis.com'], key: 'GEMINI_API_KEY' },
    forbiddenFlags: ['--raw-output'],
    // Measured on 0.61: without it the client ends at once; with it settings, hooks and servers of the tree stay unread.
    addedFlags: [{ flags: ['--skip-trust'] }],
    environment: {},
    notes: [NOT_BROKERED, 'settings, hooks and servers in `.gemini/` are not read'],
  },
  {
    id: 'copilot',
    product: 'copilot',
    title: 'Copilot CLI',
    programs: ['copilot'],
    packages: ['@github/copilot'],
    dialect: undefined,
    provider: { hosts: ['api.githubcopilot.com', 'api.github.com'], key: 'COPILOT_GITHUB_TOKEN' },
    forbiddenFlags: ['--trust-folder', '--share-gist', '--bash-env', '--remote'],
    addedFlags: [],
    environment: {},
    notes: [NOT_BROKERED],
  },
  {
    id: 'cursor-agent',
    product: 'cursor',
    title: 'Cursor CLI',
    programs: ['cursor-agent'],
    packages: [],
    dialect: undefined,
    provider: { hosts: ['api2.cursor.sh'], key: 'CURSOR_API_KEY' },
    forbiddenFlags: ['--approve-mcps'],
    addedFlags: [],
    environment: {},
    notes: [NOT_BROKERED],
  },
  {
    id: 'opencode',
    product: 'opencode',
    title: 'opencode',
    programs: ['opencode'],
    packages: ['opencode-ai'],
    dialect: 'anthropic-messages',
    forbiddenFlags: ['--share', '--attach'],
    forbiddenWithValue: ['--attach'],
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
    product: 'aider',
    title: 'aider',
    programs: ['aider'],
    packages: [],
    dialect: 'anthropic-messages',
    forbiddenFlags: ['--no-verify-ssl'],
    // Measured on 0.86.2: `--config` and `--env-file` only add files, and an empty configuration ends the program.
    addedFlags: [],
    environment: { AIDER_ANALYTICS: 'false', AIDER_CHECK_UPDATE: 'false' },
    notes: ['it has no trust gate of its own: commands in `.aider.conf.yml` of the base run, inside the sandbox'],
  },
  {
    id: 'qwen',
    product: 'qwen',
    title: 'Qwen Code',
    programs: ['qwen'],
    packages: ['@qwen-code/qwen-code'],
    dialect: undefined,
    provider: { hosts: ['dashscope.aliyuncs.com'], key: 'OPENAI_API_KEY' },
    forbiddenFlags: ['--skip-trust'],
    addedFlags: [{ flags: ['--bare'] }],
    environment: {},
    notes: [NOT_BROKERED, 'it has no trust gate of its own: hide `.qwen/` in the policy'],
  },
];
