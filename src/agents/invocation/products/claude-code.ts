import { FLAGS, SUBCOMMANDS } from '../../claude-code/flags.ts';
import { type OptionRow, option, PLAIN, type ProductRow } from '../product.ts';
import type { Tag } from '../tag.ts';

/** Meaning of the flags whose arity stands in `FLAGS`; what is not here is written down under its own name. */
const MEANING: { readonly [flag: string]: Tag } = {
  '-p': 'headless',
  '--version': 'no-run',
  '--help': 'no-run',
  '--dangerously-skip-permissions': 'bypass',
  '--permission-mode': 'mode',
  '--allowedTools': 'tools-allow',
  '--disallowedTools': 'tools-deny',
  '--tools': 'tools-restrict',
  '--system-prompt': 'system-prompt',
  '--append-system-prompt': 'system-prompt',
  '--system-prompt-file': 'system-prompt-file',
  '--append-system-prompt-file': 'system-prompt-file',
  '--settings': 'settings',
  '--mcp-config': 'mcp',
  '--strict-mcp-config': 'mcp-strict',
  '--setting-sources': 'sources',
  '--bare': 'bare',
  '--restricted': 'hardening',
  '--safe-mode': 'hardening',
  '--model': 'model',
  '--fallback-model': 'model',
  '--max-turns': 'turns',
  '--max-budget-usd': 'budget',
  '--output-format': 'output-format',
  '--verbose': 'full-output',
  '--debug': 'full-output',
  '--agents': 'agents',
  '--agent': 'agents',
  '--plugin-dir': 'plugins',
  '--plugin-url': 'plugins',
  '--add-dir': 'directory',
};

const OPTIONS: readonly OptionRow[] = FLAGS.map(({ names, arity }) => {
  const tag = names.map((name) => MEANING[name]).find((meaning) => meaning !== undefined);
  return { names, arity, tag: tag ?? 'other' };
});

export const CLAUDE_MODES = {
  bypassPermissions: 'bypass',
  acceptEdits: 'accept-edits',
  default: 'ask',
  manual: 'ask',
  dontAsk: 'deny',
  plan: 'read-only',
} as const;

export const CLAUDE_CODE: ProductRow = {
  ...PLAIN,
  id: 'claude-code',
  programs: ['claude'],
  // The last two were never the vendor's; whoever runs them means this agent, and gets what their owner put there.
  packages: ['@anthropic-ai/claude-code', '@anthropic/claude-code', '@anthropic-ai/claude-cli'],
  // The other flags that its own `-v` and `-h` share a row with are in FLAGS.
  others: [...SUBCOMMANDS],
  options: [...OPTIONS, option('prompt', 'one', '--prompt')],
  modes: CLAUDE_MODES,
  defaultMode: 'ask',
  variables: [
    { names: ['ANTHROPIC_MODEL'], tag: 'model' },
    { names: ['CLAUDE_CODE_MAX_TURNS'], tag: 'turns' },
    {
      names: [
        'CLAUDE_CODE_SUBPROCESS_ENV_SCRUB',
        'CLAUDE_CODE_MCP_ALLOWLIST_ENV',
        'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST',
      ],
      tag: 'hardening',
    },
    { names: ['IS_SANDBOX'], tag: 'sandbox' },
    { names: ['CLAUDE_CONFIG_DIR'], tag: 'directory' },
    { names: ['CLAUDE_CODE_SHELL_PREFIX'], tag: 'executable' },
  ],
  keys: [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CODE_OAUTH_REFRESH_TOKEN',
    'ANTHROPIC_FOUNDRY_API_KEY',
    'ANTHROPIC_AWS_API_KEY',
    'AWS_BEARER_TOKEN_BEDROCK',
  ],
  endpoints: [
    'ANTHROPIC_BASE_URL',
    'ANTHROPIC_BEDROCK_BASE_URL',
    'ANTHROPIC_VERTEX_BASE_URL',
    'ANTHROPIC_FOUNDRY_BASE_URL',
  ],
  settings: {
    mode: ['permissions.defaultMode'],
    allow: ['permissions.allow'],
    deny: ['permissions.deny'],
    restrict: [],
    model: ['model'],
    turns: [],
    servers: ['mcpServers'],
    sandbox: [
      { path: 'sandbox.enabled', value: true, state: 'on' },
      { path: 'sandbox.enabled', value: false, state: 'off' },
      { path: 'sandbox.enableWeakerNestedSandbox', value: true, state: 'weakened' },
      { path: 'sandbox.filesystem.disabled', value: true, state: 'weakened' },
      { path: 'sandbox.network.allowAllUnixSockets', value: true, state: 'weakened' },
    ],
  },
  signatures: ['--dangerously-skip-permissions', '--allowedTools', '--disallowedTools', '--strict-mcp-config'],
};
