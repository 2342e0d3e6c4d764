import type { ProductId } from '../invocation/invocation.ts';
import type { RuleTopic } from './meaning.ts';

/** How the products call the same tool in their rules. */
interface ToolNames {
  readonly topic: RuleTopic;
  readonly names: readonly string[];
}

export const TOOL_NAMES: readonly ToolNames[] = [
  {
    topic: 'shell',
    names: [
      'Bash',
      'PowerShell',
      'run_shell_command',
      'ShellTool',
      'shell',
      'Shell',
      'bash',
      'Execute',
      'execute_bash',
      'execute_cmd',
      'launch-process',
      'Terminal',
    ],
  },
  {
    topic: 'read',
    names: [
      'Read',
      'read',
      'read_file',
      'ReadFileTool',
      'read_many_files',
      'fs_read',
      'Glob',
      'Grep',
      'LS',
      'glob',
      'grep',
      'list',
      'NotebookRead',
      'list_directory',
      'search_file_content',
      'view',
    ],
  },
  {
    topic: 'write',
    names: [
      'Edit',
      'Write',
      'MultiEdit',
      'NotebookEdit',
      'edit',
      'write',
      'write_file',
      'WriteFileTool',
      'replace',
      'fs_write',
      'Create',
      'save-file',
      'str-replace-editor',
    ],
  },
  { topic: 'web', names: ['WebFetch', 'webfetch', 'web_fetch', 'url', 'FetchUrl', 'web-fetch'] },
  { topic: 'search', names: ['WebSearch', 'google_web_search', 'websearch', 'web-search', 'web_search'] },
  { topic: 'agent', names: ['Task', 'Agent', 'task'] },
  { topic: 'skill', names: ['Skill', 'SlashCommand'] },
];

/** Products whose rules were measured word by word: what matches nothing is known only for these. */
export const MEASURED: ReadonlySet<ProductId> = new Set<ProductId>(['claude-code']);

/** Names of Claude Code's tools as its rules spell them: case counts. */
export const CLAUDE_TOOLS: ReadonlySet<string> = new Set([
  'Agent',
  'AskUserQuestion',
  'Bash',
  'BashOutput',
  'Edit',
  'ExitPlanMode',
  'Glob',
  'Grep',
  'KillShell',
  'LS',
  'MultiEdit',
  'NotebookEdit',
  'NotebookRead',
  'Read',
  'Skill',
  'SlashCommand',
  'Task',
  'TodoWrite',
  'WebFetch',
  'WebSearch',
  'Write',
]);

export function topicOf(tool: string): RuleTopic {
  if (tool === '*') return 'everything';
  if (tool.startsWith('mcp__') || tool === 'Mcp') return 'mcp';
  return TOOL_NAMES.find(({ names }) => names.includes(tool))?.topic ?? 'other';
}
