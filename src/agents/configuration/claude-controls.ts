import { type EffectiveInput, isSwitchedOn, wasWritten } from './effective-input.ts';

/** What repository configuration can do to an unattended Claude Code, one word for each way. */
export type Vector =
  | 'hooks'
  | 'routing'
  | 'shell-variables'
  | 'key-helper'
  | 'provider-helper'
  | 'mcp'
  | 'skill'
  | 'mode'
  | 'rules'
  | 'sandbox'
  | 'subagent';

/** What decides whether a control is given: the command line and the variables of the agent's process. */
export type ControlInput = Pick<EffectiveInput, 'invocation' | 'environment'>;

/** Something on the command line or in the environment that stops vectors. */
export interface ClaudeControl {
  readonly name: string;
  readonly stops: readonly Vector[];
  readonly given: (input: ControlInput) => boolean;
}

const ALL: readonly Vector[] = [
  'hooks',
  'routing',
  'shell-variables',
  'key-helper',
  'provider-helper',
  'mcp',
  'skill',
  'mode',
  'rules',
  'sandbox',
  'subagent',
];

/**
 * Which control stops which vector, as measured on 2.1.329 against a hostile repository that nobody trusted. What is
 * missing in a row still works: `--bare` and `--safe-mode` are no isolation.
 */
export const CLAUDE_CONTROLS: readonly ClaudeControl[] = [
  {
    name: '--setting-sources without project',
    stops: ALL,
    given: ({ invocation }) => leavesOut(invocation.settingSources, 'project'),
  },
  { name: '--restricted', stops: ALL, given: ({ invocation }) => wasWritten(invocation, '--restricted') },
  {
    name: '--bare',
    stops: ['hooks', 'key-helper', 'mcp', 'skill', 'subagent'],
    given: ({ invocation }) => invocation.bare,
  },
  {
    name: '--safe-mode',
    stops: ['hooks', 'mcp', 'skill', 'subagent'],
    given: ({ invocation }) => wasWritten(invocation, '--safe-mode'),
  },
  { name: '--strict-mcp-config', stops: ['mcp'], given: ({ invocation }) => invocation.strictMcp },
  {
    name: '--permission-mode',
    stops: ['mode'],
    given: ({ invocation }) => invocation.modeFrom.length > 0,
  },
  {
    name: 'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST',
    stops: ['routing', 'key-helper', 'provider-helper'],
    given: (input) => isSwitchedOn(input, 'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST'),
  },
];

/** The first control that stops this vector. */
export function stopperOf(vector: Vector, input: ControlInput): string | undefined {
  return CLAUDE_CONTROLS.find((control) => control.stops.includes(vector) && control.given(input))?.name;
}

export function leavesOut(sources: readonly string[] | undefined, source: string): boolean {
  return sources !== undefined && !sources.includes(source);
}

/** Address of a model vendor or of a model gateway. `SHOP_BASE_URL` is where an application itself is found. */
const MODEL_ADDRESS =
  /(?:^|_)(?:anthropic|claude|openai|azure|codex|copilot|cursor|gemini|genai|google|vertex|bedrock|foundry|mistral|groq|xai|grok|deepseek|qwen|dashscope|moonshot|kimi|zai|zhipu|openrouter|together|fireworks|cerebras|cohere|perplexity|nvidia|huggingface|hf|ollama|lmstudio|vllm|litellm|portkey|llm|ai|model|inference|provider)(?:_[a-z]{1,30}){0,2}_base_url$/i;

/** A variable that sends requests, with the key in them, to another host. Source: the vendors' lists of variables. */
export function isRouting(name: string): boolean {
  return (
    MODEL_ADDRESS.test(name) ||
    /^(https?|all|no)_proxy$/i.test(name) ||
    /^(ANTHROPIC_CUSTOM_HEADERS|CLAUDE_CODE_USE_[A-Z_]{1,40}|CLAUDE_CODE_SKIP_[A-Z_]{1,40}_AUTH)$/.test(name) ||
    /^(OPENAI_API_BASE|CODE_ASSIST_ENDPOINT|GOOGLE_GEMINI_BASE_URL|AZURE_API_BASE|.{1,80}\.(base_url|baseURL|api_base))$/.test(
      name,
    )
  );
}

const SHELL_VARIABLES = new Set([
  'PATH',
  'SHELL',
  'BASH_ENV',
  'ENV',
  'ZDOTDIR',
  'PROMPT_COMMAND',
  'NODE_OPTIONS',
  'NODE_PATH',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  'RUBYOPT',
  'PERL5OPT',
  'JAVA_TOOL_OPTIONS',
  'CLAUDE_CODE_SHELL',
  'CLAUDE_CODE_SHELL_PREFIX',
  'CLAUDE_CODE_PROCESS_WRAPPER',
  'CLAUDE_ENV_FILE',
  'CODEX_HOME',
  'CLAUDE_CONFIG_DIR',
]);

/** A variable that makes a shell, loader, interpreter or git run other code. */
export function isCodeRunning(name: string): boolean {
  return (
    SHELL_VARIABLES.has(name) || /^(LD_|DYLD_)/.test(name) || /^GIT_(?!TERMINAL_PROMPT|AUTHOR_|COMMITTER_)/.test(name)
  );
}
