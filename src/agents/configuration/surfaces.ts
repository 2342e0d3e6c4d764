import type { ProductId } from '../invocation/invocation.ts';
import type { FileRole, SurfaceKind } from './configuration.ts';

/** How a surface is written. `front-matter` is Markdown with an optional YAML block on top; `plain` has no structure. */
export type SurfaceGrammar = 'json' | 'yaml' | 'toml' | 'front-matter' | 'dotenv' | 'plain' | 'code';

/** One kind of file that configures an agent. */
export interface Surface {
  readonly product: ProductId | 'any';
  /** In the glob language of the policy; anchored at the root unless it starts with two stars. */
  readonly glob: string;
  readonly kind: SurfaceKind;
  readonly grammar: SurfaceGrammar;
  readonly label: string;
  /** Where it is not simply an active file of the repository. */
  readonly role?: Exclude<FileRole, 'active' | 'example'>;
  /** Only a file that has one of these keys at its top: the name alone says too little. */
  readonly holds?: readonly string[];
}

/**
 * Files that configure agents, first match wins. Sources: the vendors' documentation as of August 2026; measured
 * where the product's file in `effective/` says so.
 */
export const SURFACES: readonly Surface[] = [
  // Claude Code
  row('claude-code', '**/managed-settings.json', 'settings', 'json', 'managed settings', 'managed'),
  row('claude-code', '**/managed-settings.d/*.json', 'settings', 'json', 'managed settings', 'managed'),
  row('claude-code', '**/managed-mcp.json', 'mcp', 'json', 'managed MCP servers', 'managed'),
  row('claude-code', '**/.claude/settings.local.json', 'settings', 'json', 'local settings', 'local'),
  row('claude-code', '**/.claude/settings.json', 'settings', 'json', 'project settings'),
  row('claude-code', '**/.claude/settings*.json', 'settings', 'json', 'settings file', 'local'),
  row('claude-code', '**/.claude/.credentials.json', 'settings', 'json', 'stored credentials', 'local'),
  row('claude-code', '**/.claude.json', 'settings', 'json', 'user state', 'local'),
  row('claude-code', '**/.claude-plugin/*.json', 'plugin', 'json', 'plugin manifest', 'plugin'),
  row('claude-code', '**/.claude/agents/**/*.md', 'subagent', 'front-matter', 'subagent'),
  row('claude-code', '**/.claude/commands/**/*.md', 'command', 'front-matter', 'command'),
  row('claude-code', '**/.claude/skills/**/SKILL.md', 'skill', 'front-matter', 'skill'),
  row('claude-code', '**/.claude/output-styles/**/*.md', 'instructions', 'front-matter', 'output style'),
  row('claude-code', '**/.claude/rules/**/*.md', 'instructions', 'front-matter', 'rules'),
  row('claude-code', '**/CLAUDE.md', 'instructions', 'front-matter', 'instructions'),
  row('claude-code', '**/CLAUDE.local.md', 'instructions', 'front-matter', 'local instructions', 'local'),
  row('claude-code', '**/hooks/hooks.json', 'hooks', 'json', 'plugin hooks', 'plugin'),
  row('claude-code', '**/hooks/*/hooks.json', 'hooks', 'json', 'plugin hooks', 'plugin'),
  row('claude-code', '**/plugins/**/.mcp.json', 'mcp', 'json', 'plugin MCP servers', 'plugin'),
  row('claude-code', '**/.mcp.json', 'mcp', 'json', 'project MCP servers'),
  row('claude-code', '**/plugins/**/skills/**/SKILL.md', 'skill', 'front-matter', 'plugin skill', 'plugin'),
  row('claude-code', '**/plugins/**/agents/*.md', 'subagent', 'front-matter', 'plugin subagent', 'plugin'),
  row('claude-code', '**/plugins/**/commands/**/*.md', 'command', 'front-matter', 'plugin command', 'plugin'),
  // Codex
  row('codex', '**/.codex/auth.json', 'settings', 'json', 'stored credentials', 'local'),
  row('codex', '**/.codex/*.toml', 'settings', 'toml', 'project configuration'),
  row('codex', '**/.codex/hooks.json', 'hooks', 'json', 'hooks'),
  row('codex', '**/.codex/rules/*.rules', 'rules', 'code', 'command rules'),
  row('codex', '**/.codex/prompts/**/*.md', 'command', 'front-matter', 'prompt'),
  row('codex', '**/.codex/skills/**/SKILL.md', 'skill', 'front-matter', 'skill'),
  row('codex', '**/.codex/agents/**/*.toml', 'subagent', 'toml', 'subagent'),
  // Gemini and its relatives
  row('gemini', '**/.gemini/settings.json', 'settings', 'json', 'project settings'),
  row('gemini', '**/.gemini/oauth_creds.json', 'settings', 'json', 'stored credentials', 'local'),
  row('gemini', '**/.gemini/.env', 'environment', 'dotenv', 'environment file'),
  row('gemini', '**/.gemini/commands/**/*.toml', 'command', 'toml', 'command'),
  row('gemini', '**/.gemini/policies/*.toml', 'rules', 'toml', 'policy'),
  row('gemini', '**/.gemini/agents/**/*.md', 'subagent', 'front-matter', 'subagent'),
  row('gemini', '**/.gemini/skills/**/SKILL.md', 'skill', 'front-matter', 'skill'),
  row('gemini', '**/gemini-extension.json', 'plugin', 'json', 'extension', 'plugin'),
  row('gemini', '**/GEMINI.md', 'instructions', 'front-matter', 'instructions'),
  row('qwen', '**/.qwen/settings.json', 'settings', 'json', 'project settings'),
  row('qwen', '**/.qwen/.env', 'environment', 'dotenv', 'environment file'),
  row('qwen', '**/.qwen/commands/**/*.{toml,md}', 'command', 'plain', 'command'),
  row('qwen', '**/.qwen/agents/**/*.md', 'subagent', 'front-matter', 'subagent'),
  row('qwen', '**/.qwen/skills/**/SKILL.md', 'skill', 'front-matter', 'skill'),
  row('qwen', '**/QWEN.md', 'instructions', 'front-matter', 'instructions'),
  // Copilot and its editor
  row('copilot', '**/.github/copilot-instructions.md', 'instructions', 'front-matter', 'instructions'),
  row('copilot', '**/.github/instructions/**/*.md', 'instructions', 'front-matter', 'instructions'),
  row('copilot', '**/.github/prompts/**/*.md', 'command', 'front-matter', 'prompt'),
  row('copilot', '**/.github/{agents,chatmodes}/**/*.md', 'subagent', 'front-matter', 'agent'),
  row('copilot', '**/.github/skills/**/SKILL.md', 'skill', 'front-matter', 'skill'),
  row('copilot', '**/.github/hooks/**/*.json', 'hooks', 'json', 'hooks'),
  row('copilot', '**/.github/copilot/settings*.json', 'settings', 'json', 'project settings'),
  row('copilot', '**/.github/workflows/copilot-setup-steps.{yml,yaml}', 'setup', 'yaml', 'set-up steps'),
  row('copilot', '**/.copilot/**/*.json', 'settings', 'json', 'settings', 'local'),
  row('copilot', '**/.vscode/settings.json', 'settings', 'json', 'editor settings'),
  row('copilot', '**/.vscode/mcp.json', 'mcp', 'json', 'editor MCP servers'),
  row('copilot', '**/.vscode/tasks.json', 'setup', 'json', 'editor tasks'),
  // Cursor
  row('cursor', '**/.cursor/mcp.json', 'mcp', 'json', 'MCP servers'),
  row('cursor', '**/.cursor/hooks.json', 'hooks', 'json', 'hooks'),
  row('cursor', '**/.cursor/{cli,permissions,sandbox}.json', 'settings', 'json', 'settings'),
  row('cursor', '**/.cursor/environment.json', 'setup', 'json', 'cloud environment'),
  row('cursor', '**/.cursor/rules/**/*.{md,mdc}', 'instructions', 'front-matter', 'rules'),
  row('cursor', '**/.cursor/commands/**/*.md', 'command', 'front-matter', 'command'),
  row('cursor', '**/.cursor/skills/**/SKILL.md', 'skill', 'front-matter', 'skill'),
  row('cursor', '**/.cursor/agents/**/*.md', 'subagent', 'front-matter', 'subagent'),
  row('cursor', '**/.cursorrules', 'instructions', 'front-matter', 'rules'),
  row('cursor', '**/.cursorignore', 'ignore', 'plain', 'ignore file'),
  // opencode
  row('opencode', '**/opencode.{json,jsonc}', 'settings', 'json', 'configuration'),
  row('opencode', '**/.opencode/{plugin,plugins}/**/*.{js,ts,mjs}', 'plugin', 'code', 'plug-in', 'plugin'),
  row('opencode', '**/.opencode/{tool,tools}/**/*.{js,ts,mjs}', 'plugin', 'code', 'tool', 'plugin'),
  row('opencode', '**/.opencode/{agent,agents,mode,modes}/**/*.md', 'subagent', 'front-matter', 'agent'),
  row('opencode', '**/.opencode/{command,commands}/**/*.md', 'command', 'front-matter', 'command'),
  row('opencode', '**/.opencode/{skill,skills}/**/SKILL.md', 'skill', 'front-matter', 'skill'),
  // aider, Goose, Amp
  row('aider', '**/.aider.conf.{yml,yaml}', 'settings', 'yaml', 'configuration'),
  row('aider', '**/.aider.model.settings.yml', 'settings', 'yaml', 'model settings'),
  row('aider', '**/.aiderignore', 'ignore', 'plain', 'ignore file'),
  row('aider', '**/CONVENTIONS.md', 'instructions', 'front-matter', 'conventions'),
  row('goose', '**/.goosehints', 'instructions', 'front-matter', 'hints'),
  row('goose', '**/.goose/config.yaml', 'settings', 'yaml', 'configuration'),
  row('goose', '**/recipe.{yaml,yml}', 'command', 'yaml', 'recipe'),
  row('goose', '**/{.goose,recipes}/**/*recipe*.{yaml,yml}', 'command', 'yaml', 'recipe'),
  row('amp', '**/.amp/settings.json', 'settings', 'json', 'settings'),
  row('amp', '**/.amp/**/*.md', 'command', 'front-matter', 'command'),
  row('amp', '**/AGENT.md', 'instructions', 'front-matter', 'instructions'),
  // Others of the recognition table
  row('amazon-q', '**/.kiro/settings/mcp.json', 'mcp', 'json', 'Kiro MCP servers'),
  row('amazon-q', '**/.kiro/steering/**/*.md', 'instructions', 'front-matter', 'Kiro steering'),
  row('amazon-q', '**/.kiro/hooks/*.hook', 'hooks', 'json', 'Kiro hook'),
  row('amazon-q', '**/.amazonq/mcp.json', 'mcp', 'json', 'MCP servers'),
  row('amazon-q', '**/.amazonq/rules/**/*.md', 'instructions', 'front-matter', 'rules'),
  row('cline', '**/.clinerules/**/*.md', 'instructions', 'front-matter', 'rules'),
  row('cline', '**/.clinerules', 'instructions', 'front-matter', 'rules'),
  row('cline', '**/cline_mcp_settings.json', 'mcp', 'json', 'MCP servers'),
  row('crush', '**/{.crush,crush}.json', 'settings', 'json', 'configuration'),
  row('crush', '**/CRUSH.md', 'instructions', 'front-matter', 'instructions'),
  row('droid', '**/.factory/mcp.json', 'mcp', 'json', 'MCP servers'),
  row('droid', '**/.factory/{droids,commands}/**/*.md', 'command', 'front-matter', 'command'),
  row('auggie', '**/.augment/{rules,commands}/**/*.md', 'instructions', 'front-matter', 'rules'),
  row('warp', '**/WARP.md', 'instructions', 'front-matter', 'instructions'),
  row('unknown', '**/.windsurf/mcp_config.json', 'mcp', 'json', 'Windsurf MCP servers'),
  row('unknown', '**/.windsurf/{rules,workflows}/**/*.md', 'instructions', 'front-matter', 'Windsurf rules'),
  row('unknown', '**/.windsurfrules', 'instructions', 'front-matter', 'Windsurf rules'),
  row('unknown', '**/.roo/mcp.json', 'mcp', 'json', 'Roo MCP servers'),
  row('unknown', '**/.roo/**/*.md', 'instructions', 'front-matter', 'Roo rules'),
  row('unknown', '**/{.roorules,.roomodes}', 'instructions', 'front-matter', 'Roo rules'),
  row('unknown', '**/.continue/config.{yaml,yml}', 'settings', 'yaml', 'Continue configuration'),
  row('unknown', '**/.continue/mcpServers/*.{yaml,yml}', 'mcp', 'yaml', 'Continue MCP servers'),
  row('unknown', '**/.continue/{rules,prompts}/**/*.md', 'instructions', 'front-matter', 'Continue rules'),
  row('unknown', '**/.zed/settings.json', 'settings', 'json', 'Zed settings'),
  row('unknown', '**/.rules', 'instructions', 'front-matter', 'Zed rules'),
  row('unknown', '**/.junie/guidelines.md', 'instructions', 'front-matter', 'Junie guidelines'),
  row('unknown', '**/.junie/mcp/mcp.json', 'mcp', 'json', 'Junie MCP servers'),
  row('unknown', '**/.devin/**/*.md', 'instructions', 'front-matter', 'Devin instructions'),
  // Every product, or whichever comes by
  row('any', '**/AGENTS.md', 'instructions', 'front-matter', 'instructions'),
  row('any', '**/AGENTS.override.md', 'instructions', 'front-matter', 'instructions'),
  row('any', '**/.agents/skills/**/SKILL.md', 'skill', 'front-matter', 'skill'),
  row('any', '**/SKILL.md', 'skill', 'front-matter', 'skill', 'plugin'),
  row('any', '**/{mcp-servers,mcp_servers,mcp_config,mcp-config,mcp}.json', 'mcp', 'json', 'MCP servers', 'plugin'),
  row('any', '**/.env', 'environment', 'dotenv', 'environment file'),
  {
    ...row('claude-code', '**/*settings*.json', 'settings', 'json', 'settings file', 'plugin'),
    holds: ['permissions', 'hooks', 'disableAllHooks', 'enableAllProjectMcpServers', 'allowManagedHooksOnly'],
  },
];

/** Directories that hold configuration: when one of them is a link or a submodule, everything below is unread. */
export const SURFACE_DIRECTORIES: ReadonlyMap<string, ProductId | 'any'> = new Map([
  ['.claude', 'claude-code'],
  ['.claude-plugin', 'claude-code'],
  ['.codex', 'codex'],
  ['.agents', 'any'],
  ['.gemini', 'gemini'],
  ['.qwen', 'qwen'],
  ['.copilot', 'copilot'],
  ['.vscode', 'copilot'],
  ['.cursor', 'cursor'],
  ['.opencode', 'opencode'],
  ['.goose', 'goose'],
  ['.amp', 'amp'],
  ['.kiro', 'amazon-q'],
  ['.amazonq', 'amazon-q'],
  ['.clinerules', 'cline'],
  ['.factory', 'droid'],
  ['.augment', 'auggie'],
  ['.windsurf', 'unknown'],
  ['.roo', 'unknown'],
  ['.continue', 'unknown'],
  ['.zed', 'unknown'],
  ['.junie', 'unknown'],
]);

function row(
  product: ProductId | 'any',
  glob: string,
  kind: SurfaceKind,
  grammar: SurfaceGrammar,
  label: string,
  role?: Surface['role'],
): Surface {
  return { product, glob, kind, grammar, label, ...(role === undefined ? {} : { role }) };
}
