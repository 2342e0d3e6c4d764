import { type ActionRow, type InputTable, NOTHING_RESTORED } from './action.ts';

const ACTION = ['anthropics/claude-code-action'];
const BASE_ACTION = ['anthropics/claude-code-base-action', 'anthropics/claude-code-action/base-action'];

/** Vendor's migration guide, docs/migration-guide.md. */
const MIGRATION = {
  mode: 'nothing, because the mode follows from the event and from prompt',
  direct_prompt: 'prompt',
  override_prompt: 'prompt',
  custom_instructions: 'claude_args: --append-system-prompt',
  max_turns: 'claude_args: --max-turns',
  model: 'claude_args: --model',
  anthropic_model: 'claude_args: --model',
  fallback_model: 'claude_args: --fallback-model',
  allowed_tools: 'claude_args: --allowedTools',
  disallowed_tools: 'claude_args: --disallowedTools',
  claude_env: 'settings: {"env": …}',
  mcp_config: 'claude_args: --mcp-config',
  timeout_minutes: 'timeout-minutes of the job',
  system_prompt: 'claude_args: --system-prompt',
  append_system_prompt: 'claude_args: --append-system-prompt',
  experimental_allowed_domains: 'an egress control around the job',
} as const;

const SHARED: InputTable = {
  settings: ['settings'],
  'secret:model': ['anthropic_api_key', 'claude_code_oauth_token'],
  executable: ['path_to_claude_code_executable', 'path_to_bun_executable'],
  'full-output': ['show_full_output'],
  plugins: ['plugins', 'plugin_marketplaces'],
};

const FEDERATION = [
  'anthropic_federation_rule_id',
  'anthropic_organization_id',
  'anthropic_service_account_id',
  'anthropic_workspace_id',
  'anthropic_oidc_audience',
  'use_bedrock',
  'use_vertex',
  'use_foundry',
];

const OLD_TOOLS: InputTable = {
  'tools-allow': ['allowed_tools'],
  'tools-deny': ['disallowed_tools'],
  mcp: ['mcp_config'],
  turns: ['max_turns'],
  timeout: ['timeout_minutes'],
  model: ['model', 'anthropic_model', 'fallback_model'],
  settings: ['settings'],
  environment: ['claude_env'],
  'secret:model': ['anthropic_api_key', 'claude_code_oauth_token'],
};

/** Tools that tag mode approves before the ones of the person. */
const TAG_MODE_TOOLS =
  'Glob,Grep,LS,Read,mcp__github_comment__update_claude_comment,mcp__github_ci__get_ci_status,' +
  'mcp__github_ci__get_workflow_run_details,mcp__github_ci__download_job_log,' +
  'Bash(git add:*),Bash(git commit:*),Bash(git rm:*)';

export const CLAUDE_CODE_ACTIONS: readonly ActionRow[] = [
  {
    names: ACTION,
    product: 'claude-code',
    major: 'v1',
    read: '2026-11-21',
    source: 'anthropics/claude-code-action@24dcd50c0568, union of v1.0.21 to v1.0.200',
    refs: { names: ['main', 'v1-dev'], versions: ['1'] },
    inputs: {
      ...SHARED,
      prompt: ['prompt'],
      arguments: ['claude_args'],
      'gate:users': ['allowed_non_write_users'],
      'gate:bots': ['allowed_bots'],
      'gate:comments': ['include_comments_by_actor', 'exclude_comments_by_actor'],
      'gate:trigger': ['trigger_phrase', 'assignee_trigger', 'label_trigger'],
      'secret:forge': ['github_token'],
      'secret:signing': ['ssh_signing_key'],
      'event-prompt': ['track_progress'],

      other: [
        ...FEDERATION,
        'base_branch',
        'branch_prefix',
        'branch_name_template',
        'additional_permissions',
        'use_sticky_comment',
        'classify_inline_comments',
        'use_commit_signing',
        'bot_id',
        'bot_name',
        'include_fix_links',
      ],
      publish: ['display_report'],
    },
    builtIn: [
      { tag: 'mode', spelled: '--permission-mode', text: 'acceptEdits', unless: 'prompt' },
      { tag: 'tools-allow', spelled: '--allowedTools', text: TAG_MODE_TOOLS, unless: 'prompt' },
    ],
    gate: 4,
    eventPrompt: 'without-prompt',
    // src/github/operations/restore-config.ts
    restores: {
      paths: [
        '.claude',
        '.mcp.json',
        '.claude.json',
        '.gitmodules',
        '.ripgreprc',
        'CLAUDE.md',
        'CLAUDE.local.md',
        '.husky',
      ],
      since: '1.0.74',
    },
    agentOutputs: ['structured_output', 'execution_file', 'branch_name'],
    replaced: MIGRATION,
  },
  {
    names: ACTION,
    product: 'claude-code',
    major: 'beta',
    read: '2026-11-21',
    source: 'anthropics/claude-code-action, union of v0.0.1 to v0.0.63 and beta',
    refs: { names: ['beta'], versions: ['0'] },
    inputs: {
      ...OLD_TOOLS,
      prompt: ['direct_prompt', 'override_prompt'],
      'system-prompt': ['custom_instructions'],
      'gate:bots': ['allowed_bots'],
      'gate:trigger': ['trigger_phrase', 'assignee_trigger', 'label_trigger'],
      'secret:forge': ['github_token'],
      egress: ['experimental_allowed_domains'],
      other: [
        'mode',
        'base_branch',
        'branch_prefix',
        'additional_permissions',
        'use_bedrock',
        'use_vertex',
        'use_sticky_comment',
        'use_commit_signing',
      ],
    },
    builtIn: [],
    gate: 4,
    eventPrompt: 'always',
    restores: NOTHING_RESTORED,
    agentOutputs: ['execution_file', 'branch_name'],
    replaced: {
      prompt: 'direct_prompt',
      claude_args: 'allowed_tools, mcp_config, model and the other inputs of this major',
    },
  },
  {
    names: BASE_ACTION,
    product: 'claude-code',
    major: 'v1',
    read: '2026-11-21',
    source: 'anthropics/claude-code-base-action@53ab25acdf1a',
    refs: { names: ['main', 'v1-dev'], versions: ['1'] },
    inputs: {
      ...SHARED,
      prompt: ['prompt'],
      'prompt-file': ['prompt_file'],
      arguments: ['claude_args'],
      other: [...FEDERATION, 'use_node_cache'],
    },
    builtIn: [],
    gate: 0,
    eventPrompt: 'never',
    restores: NOTHING_RESTORED,
    agentOutputs: ['structured_output', 'execution_file'],
    replaced: MIGRATION,
  },
  {
    names: BASE_ACTION,
    product: 'claude-code',
    major: 'beta',
    read: '2026-11-21',
    source: 'anthropics/claude-code-base-action, union of v0.0.1 to v0.0.63 and beta',
    refs: { names: ['beta'], versions: ['0'] },
    inputs: {
      ...OLD_TOOLS,
      prompt: ['prompt'],
      'prompt-file': ['prompt_file'],
      'system-prompt': ['system_prompt', 'append_system_prompt'],
      agents: ['experimental_slash_commands_dir'],
      other: ['use_bedrock', 'use_vertex', 'use_node_cache'],
    },
    builtIn: [],
    gate: 0,
    eventPrompt: 'never',
    restores: NOTHING_RESTORED,
    agentOutputs: ['execution_file'],
    replaced: { claude_args: 'allowed_tools, mcp_config, model and the other inputs of this major' },
  },
  {
    names: ['anthropics/claude-code-security-review'],
    product: 'claude-code',
    major: 'main',
    read: '2026-11-21',
    source: 'anthropics/claude-code-security-review@68982a6bf10d',
    refs: { names: ['main'], versions: ['1', '0'] },
    inputs: {
      'secret:model': ['claude-api-key'],
      model: ['claude-model'],
      timeout: ['claudecode-timeout'],
      'system-prompt-file': ['false-positive-filtering-instructions', 'custom-security-scan-instructions'],
      publish: ['comment-pr', 'upload-results'],
      other: ['exclude-directories', 'run-every-commit'],
    },
    builtIn: [{ tag: 'tools-deny', spelled: '--disallowed-tools', text: 'Bash(ps:*)' }],
    gate: 0,
    eventPrompt: 'always',
    restores: NOTHING_RESTORED,
    agentOutputs: ['results-file'],
    replaced: {},
  },
];
