import { KNOWN_AGENTS } from '../../generic/known-agents.ts';
import { type OptionRow, option, PLAIN, type ProductRow, type SettingsKeys, SHOWS } from '../product.ts';

const OPTIONS: readonly OptionRow[] = [
  ...SHOWS,
  option('bypass', 'none', '-y', '--yolo'),
  option('mode', 'one', '--approval-mode'),
  option('prompt', 'one', '-p', '--prompt', '-i', '--prompt-interactive'),
  option('tools-allow', 'many', '--allowed-tools'),
  option('trust', 'none', '--skip-trust', '--raw-output', '--accept-raw-output-risk'),
  option('sandbox', 'none', '-s', '--sandbox'),
  option('mcp', 'many', '--allowed-mcp-server-names'),
  option('model', 'one', '-m', '--model'),
  option('output-format', 'one', '-o', '--output-format'),
  option('full-output', 'none', '-d', '--debug'),
  option('plugins', 'many', '-e', '--extensions'),
  option('directory', 'many', '--include-directories'),
  option('settings', 'one', '--policy', '--admin-policy'),
  option('other', 'one', '--session-file', '--session-id'),
  option('no-run', 'none', '-l', '--list-extensions', '--list-sessions'),
  option('other', 'one', '-r', '--resume', '--delete-session', '-w', '--worktree'),
  option(
    'other',
    'none',
    '-a',
    '--all-files',
    '--screen-reader',
    '--experimental-acp',
    '--acp',
    '-c',
    '--checkpointing',
  ),
];

const SETTINGS: SettingsKeys = {
  mode: ['general.defaultApprovalMode', 'tools.approvalMode'],
  allow: ['tools.allowed', 'allowedTools'],
  deny: ['tools.exclude', 'excludeTools'],
  restrict: ['tools.core', 'coreTools'],
  model: ['model.name', 'model'],
  turns: ['model.maxSessionTurns', 'maxSessionTurns'],
  servers: ['mcpServers'],
  sandbox: [
    { path: 'tools.sandbox', value: true, state: 'on' },
    { path: 'sandbox', value: true, state: 'on' },
    { path: 'tools.sandbox', value: false, state: 'off' },
    { path: 'sandbox', value: false, state: 'off' },
  ],
};

const BASE = {
  ...PLAIN,
  others: [...PLAIN.others, 'extensions', 'extension', 'skills', 'hooks', 'hook', 'gemma'],
  options: OPTIONS,
  modes: { yolo: 'bypass', auto_edit: 'accept-edits', 'auto-edit': 'accept-edits', default: 'ask', plan: 'read-only' },
  sandboxes: { true: 'on', docker: 'on', podman: 'on', runsc: 'on', lxc: 'on', false: 'off' },
  defaultMode: 'ask',
  settings: SETTINGS,
} as const satisfies Partial<ProductRow>;

/** Gemini CLI up to 0.61. */
export const GEMINI: ProductRow = {
  ...BASE,
  id: 'gemini',
  programs: ['gemini'],
  packages: KNOWN_AGENTS.find(({ id }) => id === 'gemini')?.packages ?? [],
  variables: [
    { names: ['GEMINI_CLI_TRUST_WORKSPACE'], tag: 'trust', values: ['true'] },
    { names: ['GEMINI_SANDBOX'], tag: 'sandbox' },
    { names: ['GEMINI_MODEL'], tag: 'model' },
  ],
  keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_APPLICATION_CREDENTIALS'],
  endpoints: ['GOOGLE_GEMINI_BASE_URL', 'GOOGLE_VERTEX_BASE_URL', 'CODE_ASSIST_ENDPOINT', 'GEMINI_BASE_URL'],
  signatures: [],
};

/** Qwen Code 0.24, a fork of Gemini CLI. */
export const QWEN: ProductRow = {
  ...BASE,
  id: 'qwen',
  programs: ['qwen'],
  packages: KNOWN_AGENTS.find(({ id }) => id === 'qwen')?.packages ?? [],
  options: [
    ...OPTIONS,
    option('bare', 'none', '--bare'),
    option('tools-restrict', 'many', '--core-tools'),
    option('tools-deny', 'many', '--exclude-tools'),
    option('turns', 'one', '--max-session-turns'),
    option('timeout', 'one', '--max-wall-time'),
    option('system-prompt', 'one', '--system-prompt', '--append-system-prompt'),
    option('endpoint', 'one', '--openai-base-url'),
    option('secret:model', 'one', '--openai-api-key'),
    option('other', 'one', '--auth-type', '--openai-logging-dir'),
  ],
  variables: [{ names: ['OPENAI_MODEL'], tag: 'model' }],
  keys: ['OPENAI_API_KEY', 'DASHSCOPE_API_KEY', 'GEMINI_API_KEY'],
  endpoints: ['OPENAI_BASE_URL'],
  signatures: [],
};
