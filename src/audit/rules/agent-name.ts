import type { Reference } from '../../pipelines/index.ts';

const AGENT_WORDS =
  /(?:^|[^a-z])(?:claude|codex|gemini|copilot|opencode|aider|cursor|agentic|agents?|llm|ai)(?:[^a-z]|$)/i;

/**
 * Whether a workflow that is not in this tree runs an agent, as far as its name tells: that of its repository and file.
 * The owner's name says nothing.
 */
export function isNamedAfterAgent({ name, path }: Reference): boolean {
  return AGENT_WORDS.test(`${name.slice(name.indexOf('/') + 1)}/${path ?? ''}`);
}
