/** Something in a commit or a branch name that says an agent had a part. Anyone can write it; it only ever asks for more. */
export interface AgentSign {
  readonly agent: string;
  /** What is looked at: a trailer line or any line of a message, an author or committer line, a branch name. */
  readonly in: 'message' | 'person' | 'branch';
  /** Linear; matched without case. */
  readonly pattern: RegExp;
  readonly source: string;
}

/** Lines of a message that start so are trailers (git-interpret-trailers). */
const CO_AUTHOR = 'co-authored-by:[^\\n]{0,200}';

function coAuthor(name: string): RegExp {
  return new RegExp(`^${CO_AUTHOR}${name}`, 'im');
}

/** Rows by product, then what names none. A new product is a row. */
export const AGENT_SIGNS: readonly AgentSign[] = [
  {
    agent: 'Claude Code',
    in: 'message',
    pattern: coAuthor('(?:\\bclaude\\b|@anthropic\\.com)'),
    source: 'Claude Code documentation, `includeCoAuthoredBy`',
  },
  {
    agent: 'Claude Code',
    in: 'message',
    pattern: /generated with \[?claude code/i,
    source: 'Claude Code documentation, `includeCoAuthoredBy`',
  },
  {
    agent: 'Claude Code',
    in: 'message',
    pattern: /\bclaude\.(?:ai|com)\/(?:code|share)\b/i,
    source: 'session links of Claude Code on the web',
  },
  {
    agent: 'Claude Code',
    in: 'person',
    pattern: /\bclaude(?:-code)?(?:\[bot\])?\s*<|@anthropic\.com>/i,
    source: 'claude-code-action; anthropics/claude-code issues 24766, 65710',
  },
  { agent: 'Claude Code', in: 'branch', pattern: /^claude\//i, source: 'claude-code-action, `branch_prefix`' },
  {
    agent: 'GitHub Copilot',
    in: 'message',
    pattern: coAuthor('copilot'),
    source: 'GitHub documentation, Copilot coding agent',
  },
  {
    agent: 'GitHub Copilot',
    in: 'message',
    pattern: /^agent-logs-url:/im,
    source: 'GitHub changelog, Copilot coding agent session trailers',
  },
  {
    agent: 'GitHub Copilot',
    in: 'person',
    pattern: /copilot(?:-swe-agent)?(?:\[bot\])?\s*<|\+copilot@users\.noreply/i,
    source: 'GitHub documentation, Copilot coding agent',
  },
  {
    agent: 'GitHub Copilot',
    in: 'branch',
    pattern: /^copilot\//i,
    source: 'GitHub documentation, Copilot coding agent',
  },
  { agent: 'Codex', in: 'message', pattern: coAuthor('\\bcodex\\b'), source: 'openai/codex, `commit_attribution`' },
  {
    agent: 'Codex',
    in: 'message',
    pattern: /\bchatgpt\.com\/(?:codex|s)\//i,
    source: 'task links of Codex in the cloud',
  },
  { agent: 'Codex', in: 'person', pattern: /\bcodex(?:\[bot\])?\s*<|codex-connector/i, source: 'openai/codex-action' },
  { agent: 'Codex', in: 'branch', pattern: /^codex\//i, source: 'Codex in the cloud, branch names' },
  {
    agent: 'Cursor',
    in: 'message',
    pattern: coAuthor('cursor(?:agent)?\\b'),
    source: 'Cursor documentation, agent attribution',
  },
  {
    agent: 'Cursor',
    in: 'person',
    pattern: /\bcursor(?: ?agent)?(?:\[bot\])?\s*<|@cursor\.com>/i,
    source: 'Cursor documentation, background agents',
  },
  { agent: 'Cursor', in: 'branch', pattern: /^cursor\//i, source: 'Cursor documentation, background agents' },
  { agent: 'Gemini', in: 'message', pattern: coAuthor('gemini'), source: 'google-gemini/gemini-cli' },
  {
    agent: 'Gemini',
    in: 'person',
    pattern: /\bgemini[a-z-]{0,20}(?:\[bot\])?\s*<|google-labs-jules/i,
    source: 'run-gemini-cli; Jules documentation',
  },
  { agent: 'Gemini', in: 'branch', pattern: /^(?:gemini|jules)[/-]/i, source: 'Jules documentation, branch names' },
  {
    agent: 'Devin',
    in: 'message',
    pattern: /\bapp\.devin\.ai\/sessions\//i,
    source: 'Devin documentation, session links',
  },
  { agent: 'Devin', in: 'message', pattern: coAuthor('devin-ai'), source: 'Devin documentation' },
  { agent: 'Devin', in: 'person', pattern: /devin-ai-integration/i, source: 'Devin documentation, GitHub integration' },
  { agent: 'Devin', in: 'branch', pattern: /^devin\//i, source: 'Devin documentation, branch names' },
  { agent: 'aider', in: 'message', pattern: coAuthor('aider\\b'), source: 'aider documentation, git integration' },
  { agent: 'aider', in: 'message', pattern: /^aider: /im, source: 'aider documentation, git integration' },
  { agent: 'aider', in: 'person', pattern: /\(aider\)\s*</i, source: 'aider documentation, git integration' },
  { agent: 'opencode', in: 'message', pattern: coAuthor('opencode'), source: 'opencode documentation' },
  {
    agent: 'opencode',
    in: 'person',
    pattern: /\bopencode(?:-agent)?(?:\[bot\])?\s*</i,
    source: 'opencode documentation, GitHub',
  },
  { agent: 'opencode', in: 'branch', pattern: /^opencode\//i, source: 'opencode documentation, GitHub' },
  { agent: 'Amp', in: 'message', pattern: /^amp-thread-id:|\bampcode\.com\/threads\//im, source: 'Amp manual' },
  {
    agent: 'an agent',
    in: 'message',
    pattern: /^(?:assisted-by|generated-by|ai-assisted|ai-generated):/im,
    source: 'Linux kernel, coding-assistants.rst; libkrun PR 687',
  },
  {
    agent: 'an agent',
    in: 'message',
    pattern: /^(?:entire-checkpoint|entire-attribution|sallyport-run):/im,
    source: 'gate reference 2.2.1 (trailers are labels, never evidence)',
  },
  { agent: 'an agent', in: 'branch', pattern: /^(?:agent|agents|ai|bot|autofix)\//i, source: 'convention' },
  // Dependabot and the pipelines' own account too: an author field with such a name is anybody's to write.
  {
    agent: 'a program',
    in: 'person',
    pattern: /\[bot\](?:@users\.noreply\.[a-z.]{1,60})?\s*[<>]/i,
    source: 'incidents SC-26 (author spoofed as github-actions[bot])',
  },
];
