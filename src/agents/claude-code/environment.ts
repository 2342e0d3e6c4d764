import { type ModelAccess, modelEnvironment } from '../model-environment.ts';

/**
 * Variables that close doors, whatever the settings files say. `CLAUDE_CODE_SUBPROCESS_ENV_SCRUB` is absent on purpose:
 * it makes the CLI start a sandbox of its own, which cannot nest in ours, and then every shell command fails; what it
 * would hide never enters.
 */
const HARDENING: { readonly [name: string]: string } = {
  // Base URL, proxy and credential helpers of any settings file are ignored.
  CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_MCP_ALLOWLIST_ENV: '1',
  CLAUDE_CODE_DISABLE_CRON: '1',
  CLAUDE_CODE_SKIP_PROMPT_HISTORY: '1',
  DISABLE_TELEMETRY: '1',
  DO_NOT_TRACK: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_GROWTHBOOK: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_UPDATES: '1',
};

/** Variables of the person's own step that steer the model or set time limits, and can do nothing else. */
const KEPT: readonly string[] = [
  'ANTHROPIC_MODEL',
  'ANTHROPIC_SMALL_FAST_MODEL',
  'ANTHROPIC_DEFAULT_HAIKU_MODEL',
  'ANTHROPIC_DEFAULT_OPUS_MODEL',
  'ANTHROPIC_DEFAULT_SONNET_MODEL',
  'API_TIMEOUT_MS',
  'BASH_DEFAULT_TIMEOUT_MS',
  'BASH_MAX_OUTPUT_LENGTH',
  'BASH_MAX_TIMEOUT_MS',
  'CLAUDE_CODE_EFFORT_LEVEL',
  'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
  'CLAUDE_CODE_MAX_TURNS',
  'MAX_THINKING_TOKENS',
];

/** A model name, a number or a word: nothing that could be a path, an address or shell text. */
const PLAIN_VALUE = /^[A-Za-z0-9][A-Za-z0-9._:@[\]-]{0,127}$/;

/** The agent's part of the environment inside. */
export function claudeEnvironment(
  access: ModelAccess,
  configDirectory: string,
  inherited: { readonly [name: string]: string | undefined },
): { readonly [name: string]: string } {
  const kept = KEPT.flatMap((name) => {
    const value = inherited[name];
    return value !== undefined && PLAIN_VALUE.test(value) ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(kept),
    ...modelEnvironment(access),
    ...HARDENING,
    CLAUDE_CONFIG_DIR: configDirectory,
    SHELL: '/bin/bash',
  };
}
