import type { ProductId } from '../../agents/index.ts';

/** How one agent is installed and started by a pipeline that `sallyport init` writes. */
export interface AgentSetup {
  readonly product: ProductId;
  /** Its name in a policy. */
  readonly id: string;
  readonly title: string;
  /** npm package with the exact version that these rows were made for. */
  readonly package: string;
  /** Variable that holds the key of its model. */
  readonly key: string;
  /** The words in front of the prompt. */
  readonly command: string;
  /** Undefined: the broker speaks its model API. Else the key is exchanged on the way to this host. */
  readonly host: { readonly name: string; readonly header: string } | undefined;
  /** Tools that a review needs. */
  readonly reads: readonly string[];
  /** Tools that change files. */
  readonly writes: readonly string[];
  /** Models that are allowed when the pipeline names none. */
  readonly models: readonly string[];
}

const HISTORY = ['Bash(git diff *)', 'Bash(git log *)', 'Bash(git show *)'];

export const AGENT_SETUPS: readonly AgentSetup[] = [
  {
    product: 'claude-code',
    id: 'claude-code',
    title: 'Claude Code',
    package: '@anthropic-ai/claude-code@2.1.330',
    key: 'ANTHROPIC_API_KEY',
    command: 'claude -p',
    host: undefined,
    reads: ['Read', 'Grep', 'Glob', ...HISTORY],
    writes: ['Edit', 'Write'],
    models: ['claude-*'],
  },
  {
    product: 'opencode',
    id: 'opencode',
    title: 'opencode',
    package: 'opencode-ai@1.18.33',
    key: 'ANTHROPIC_API_KEY',
    command: 'opencode run',
    host: undefined,
    reads: ['read', 'grep', 'glob', 'list'],
    writes: ['edit', 'write'],
    models: ['claude-*'],
  },
  {
    product: 'codex',
    id: 'codex',
    title: 'Codex',
    package: '@openai/codex@0.169.0',
    key: 'CODEX_API_KEY',
    command: 'codex exec',
    host: { name: 'api.openai.com', header: 'authorization' },
    reads: [],
    writes: [],
    models: [],
  },
  {
    product: 'gemini',
    id: 'gemini',
    title: 'Gemini CLI',
    package: '@google/gemini-cli@0.61.0',
    key: 'GEMINI_API_KEY',
    command: 'gemini -p',
    host: { name: 'generativelanguage.googleapis.com', header: 'x-goog-api-key' },
    reads: [],
    writes: [],
    models: [],
  },
];
