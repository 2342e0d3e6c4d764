import { type ActionRow, type BuiltIn, type InputTable, NOTHING_RESTORED } from './action.ts';

const READ = '2026-11-21';
const READ_ONLY: BuiltIn = { tag: 'read-only', spelled: 'the action', text: undefined };

const PROMPTS: InputTable = {
  prompt: ['prompt', 'input'],
  'prompt-file': ['prompt-file', 'file_input'],
  'system-prompt': ['system-prompt'],
  'system-prompt-file': ['system-prompt-file'],
  model: ['model'],
  'secret:forge': ['token', 'github-mcp-token'],
};

const SHARED: Pick<
  ActionRow,
  'names' | 'product' | 'read' | 'builtIn' | 'gate' | 'eventPrompt' | 'restores' | 'agentOutputs' | 'replaced'
> = {
  names: ['actions/ai-inference'],
  product: 'ai-inference',
  read: READ,
  builtIn: [READ_ONLY],
  gate: 0,
  eventPrompt: 'never',
  restores: NOTHING_RESTORED,
  agentOutputs: ['response', 'response-file'],
  replaced: {},
};

/** Calls of a model without an agent around them: no tools unless an input gives some. */
export const INFERENCE_ACTIONS: readonly ActionRow[] = [
  {
    ...SHARED,
    major: 'v3',
    source: 'actions/ai-inference@7379148dd3d4, v3',
    refs: { names: ['main'], versions: ['3'] },
    inputs: {
      ...PROMPTS,
      'secret:forge': ['token'],
      'tools-allow': ['copilot-allow-tools'],
      executable: ['copilot-cli-path'],
      other: ['provider'],
    },
    replaced: {
      endpoint: 'nothing, because the Copilot CLI is called',
      'enable-github-mcp': 'copilot-allow-tools',
      'github-mcp-token': 'token',
      'max-tokens': 'nothing',
    },
  },
  {
    ...SHARED,
    major: 'v2',
    source: 'actions/ai-inference, union of v2.0.0 to v2.1.1',
    refs: { names: [], versions: ['2'] },
    inputs: {
      ...PROMPTS,
      endpoint: ['endpoint'],
      mcp: ['enable-github-mcp'],
      'tools-allow': ['copilot-allow-tools'],
      executable: ['copilot-cli-path'],
      turns: ['max-tokens', 'max-completion-tokens'],
      other: ['github-mcp-toolsets', 'custom-headers', 'provider', 'temperature', 'top-p'],
    },
  },
  {
    ...SHARED,
    major: 'v1',
    source: 'actions/ai-inference, union of v1.0.0 to v1.2.8',
    refs: { names: [], versions: ['1', '0'] },
    inputs: { ...PROMPTS, endpoint: ['endpoint'], mcp: ['enable-github-mcp'], turns: ['max-tokens'] },
  },
  {
    ...SHARED,
    names: ['coderabbitai/ai-pr-reviewer'],
    product: 'unknown',
    major: 'latest',
    source: 'coderabbitai/ai-pr-reviewer@003c0e92c629',
    refs: { names: ['latest', 'main'], versions: ['1'] },
    inputs: {
      'system-prompt': ['system_message', 'summarize', 'summarize_release_notes'],
      endpoint: ['openai_base_url'],
      model: ['openai_light_model', 'openai_heavy_model'],
      timeout: ['openai_timeout_ms'],
    },
    eventPrompt: 'always',
    agentOutputs: [],
    open: true,
  },
  {
    ...SHARED,
    names: ['qodo-ai/pr-agent', 'codium-ai/pr-agent', 'the-pr-agent/pr-agent'],
    product: 'unknown',
    major: 'main',
    source: 'action.yaml of pr-agent declares no inputs; it is configured by variables',
    refs: { names: ['main'], versions: ['0'] },
    inputs: {},
    eventPrompt: 'always',
    agentOutputs: [],
    open: true,
  },
];
