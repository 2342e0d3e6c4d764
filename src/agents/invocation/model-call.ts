import type { CommandWord } from './invocation.ts';

/** Programs that talk to a model without being an agent. */
const MODEL_PROGRAMS: ReadonlySet<string> = new Set(['llm', 'litellm', 'ollama', 'aichat', 'mods', 'sgpt', 'chatgpt']);
const CLIENTS: ReadonlySet<string> = new Set(['curl', 'wget', 'http', 'https', 'xh']);

/** Hosts of model APIs; a leading dot stands for any name below. */
export const MODEL_HOSTS: readonly string[] = [
  'api.anthropic.com',
  'api.openai.com',
  'generativelanguage.googleapis.com',
  'models.github.ai',
  'models.inference.ai.azure.com',
  'openrouter.ai',
  'api.mistral.ai',
  'api.groq.com',
  'api.deepseek.com',
  'api.x.ai',
  'api.cohere.com',
  'api.together.xyz',
  '.openai.azure.com',
];

/** A call of a model that is no known agent: a hint for the rule about keys without a visible agent. */
export interface ModelCall {
  readonly what: string;
  readonly word: CommandWord;
}

export function recogniseModelCall(words: readonly CommandWord[]): ModelCall | undefined {
  const [program] = words;
  if (program === undefined) return undefined;
  const name = program.text.slice(program.text.lastIndexOf('/') + 1);
  if (MODEL_PROGRAMS.has(name) && words.length > 1 && !/^--?(?:version|help)$/.test(words[1]?.text ?? ''))
    return { what: name, word: program };
  if (!CLIENTS.has(name)) return undefined;
  for (const word of words.slice(1)) {
    const host = hostOf(word.text);
    if (host !== undefined && isModelHost(host)) return { what: host, word };
  }
  return undefined;
}

/** Whether requests to this host are requests to a model. */
export function isModelHost(host: string): boolean {
  const wanted = host.toLowerCase();
  return MODEL_HOSTS.some((row) => (row.startsWith('.') ? wanted.endsWith(row) : wanted === row));
}

function hostOf(text: string): string | undefined {
  return /^https?:\/\/([A-Za-z0-9.-]{1,253})/.exec(text)?.[1];
}
