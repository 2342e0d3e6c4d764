/** How many values a flag takes; `optional` and `many` end at the next word that starts with a dash, as the CLI's parser does. */
export type Arity = 'none' | 'one' | 'optional' | 'many';

/**
 * What becomes of a flag the person wrote:
 * `keep` hands it on; `drop` leaves it out and says why; `refuse` stops the run, because without the flag it would be
 * another job; the rest are read by the launch and written anew.
 */
export type Treatment =
  | 'keep'
  | 'drop'
  | 'refuse'
  | 'settings'
  | 'allow'
  | 'deny'
  | 'tools'
  | 'mode'
  | 'bypass'
  | 'ours';

export interface FlagRow {
  readonly names: readonly string[];
  readonly arity: Arity;
  readonly treatment: Treatment;
  /** For the person, when the flag is dropped or refused: why. */
  readonly because?: string;
}

const keep = (arity: Arity, ...names: string[]): FlagRow => ({ names, arity, treatment: 'keep' });
const drop = (because: string, arity: Arity, ...names: string[]): FlagRow => ({
  names,
  arity,
  treatment: 'drop',
  because,
});
const refuse = (because: string, arity: Arity, ...names: string[]): FlagRow => ({
  names,
  arity,
  treatment: 'refuse',
  because,
});

const ELSEWHERE = 'the session would live outside this run';
const UNATTENDED = 'nobody sits at an unattended run';
const CARRIES_CODE = 'it can start programs that no policy names';

/**
 * The command line of Claude Code 2.1.197 to 2.1.330, from its `--help` and documentation. A flag that is not here is
 * refused: its arity is unknown, so what follows it could be a value or the prompt.
 */
export const FLAGS: readonly FlagRow[] = [
  keep('none', '--verbose'),
  keep('none', '-v', '--version'),
  keep('none', '-h', '--help'),
  keep('one', '--output-format'),
  keep('one', '--input-format'),
  keep('none', '--include-partial-messages'),
  keep('none', '--include-hook-events'),
  keep('none', '--replay-user-messages'),
  keep('none', '--forward-subagent-text'),
  keep('one', '--json-schema'),
  keep('one', '--prompt-suggestions'),
  keep('one', '--model'),
  keep('one', '--fallback-model'),
  keep('one', '--effort'),
  keep('one', '--max-turns'),
  keep('one', '--max-thinking-tokens'),
  keep('one', '--max-budget-usd'),
  keep('one', '--autocompact'),
  keep('many', '--betas'),
  keep('one', '--system-prompt'),
  keep('one', '--system-prompt-file'),
  keep('one', '--append-system-prompt'),
  keep('one', '--append-system-prompt-file'),
  keep('one', '--system-prompt-snapshot'),
  keep('none', '--exclude-dynamic-system-prompt-sections'),
  keep('one', '--session-id'),
  keep('one', '-n', '--name'),
  keep('none', '--bare'),
  keep('none', '--safe-mode'),
  keep('none', '--restricted'),
  { names: ['-p', '--print'], arity: 'none', treatment: 'ours' },
  { names: ['--strict-mcp-config'], arity: 'none', treatment: 'ours' },
  { names: ['--no-session-persistence'], arity: 'none', treatment: 'ours' },
  { names: ['--disable-slash-commands'], arity: 'none', treatment: 'ours' },
  { names: ['--no-chrome'], arity: 'none', treatment: 'ours' },
  { names: ['--settings'], arity: 'one', treatment: 'settings' },
  { names: ['--allowedTools', '--allowed-tools'], arity: 'many', treatment: 'allow' },
  { names: ['--disallowedTools', '--disallowed-tools'], arity: 'many', treatment: 'deny' },
  { names: ['--tools'], arity: 'many', treatment: 'tools' },
  { names: ['--permission-mode'], arity: 'one', treatment: 'mode' },
  { names: ['--dangerously-skip-permissions'], arity: 'none', treatment: 'bypass' },
  drop('bypassing the checks is never switched on', 'none', '--allow-dangerously-skip-permissions'),
  drop('only the settings made from the policy are read', 'one', '--setting-sources'),
  drop('the policy names no MCP server', 'many', '--mcp-config'),
  drop('the policy answers every question of permission', 'one', '--permission-prompt-tool'),
  drop('the policy answers every question of permission', 'one', '--permission-prompts'),
  drop('the workspace is all that exists inside', 'many', '--add-dir'),
  drop(CARRIES_CODE, 'one', '--agents'),
  drop(CARRIES_CODE, 'one', '--agent'),
  drop(CARRIES_CODE, 'one', '--plugin-dir'),
  drop(CARRIES_CODE, 'one', '--plugin-url'),
  drop(CARRIES_CODE, 'none', '--init'),
  drop(CARRIES_CODE, 'none', '--maintenance'),
  drop(UNATTENDED, 'none', '--chrome'),
  drop(UNATTENDED, 'none', '--ide'),
  drop(UNATTENDED, 'none', '--brief'),
  drop(UNATTENDED, 'none', '--ax-screen-reader'),
  drop('the ledger records what a debug log would', 'optional', '-d', '--debug'),
  drop('the ledger records what a debug log would', 'one', '--debug-file'),
  drop('no transcript outlives the run', 'none', '--fork-session'),
  refuse(ELSEWHERE, 'none', '-c', '--continue'),
  refuse(ELSEWHERE, 'optional', '-r', '--resume'),
  refuse(ELSEWHERE, 'optional', '--from-pr'),
  refuse(ELSEWHERE, 'optional', '--teleport'),
  refuse(ELSEWHERE, 'optional', '--cloud'),
  refuse(ELSEWHERE, 'one', '--environment'),
  refuse(ELSEWHERE, 'none', '--bg', '--background'),
  refuse(ELSEWHERE, 'optional', '-w', '--worktree'),
  refuse(ELSEWHERE, 'many', '--file'),
  refuse(UNATTENDED, 'none', '--tmux'),
  refuse(UNATTENDED, 'none', '--desktop'),
  refuse(UNATTENDED, 'none', '--init-only'),
  refuse(UNATTENDED, 'optional', '--remote-control'),
  refuse(UNATTENDED, 'one', '--remote-control-session-name-prefix'),
];

/** First words that make the CLI do something other than run a session. */
export const SUBCOMMANDS: ReadonlySet<string> = new Set([
  'agents',
  'attach',
  'auth',
  'auto-mode',
  'config',
  'daemon',
  'doctor',
  'gateway',
  'import',
  'install',
  'logs',
  'mcp',
  'plugin',
  'plugins',
  'project',
  'purge',
  'remote-control',
  'respawn',
  'rm',
  'setup-token',
  'stop',
  'kill',
  'ultrareview',
  'update',
  'upgrade',
]);
