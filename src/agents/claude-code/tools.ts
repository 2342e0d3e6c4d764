import type { ToolRow } from '../tool-vocabulary.ts';

/**
 * The built-in tools of Claude Code 2.1.197 to 2.1.330. The ones not offered act without any permission, outlive the
 * task, or change the tree behind the policy's back (worktrees); an unknown tool is not offered either.
 */
export const TOOLS: readonly ToolRow[] = [
  { names: ['Bash'], offered: true, command: 'command' },
  { names: ['BashOutput', 'TaskOutput'], offered: true },
  { names: ['KillShell', 'KillBash', 'TaskStop'], offered: true },
  { names: ['Read'], offered: true, reads: ['file_path'] },
  { names: ['Write'], offered: true, writes: ['file_path'] },
  { names: ['Edit'], offered: true, writes: ['file_path'] },
  { names: ['MultiEdit'], offered: true, writes: ['file_path'] },
  { names: ['NotebookEdit'], offered: true, writes: ['notebook_path'] },
  { names: ['NotebookRead'], offered: true, reads: ['notebook_path'] },
  { names: ['Glob'], offered: true, reads: ['path'] },
  { names: ['Grep'], offered: true, reads: ['path'] },
  { names: ['LS'], offered: true, reads: ['path'] },
  { names: ['WebFetch'], offered: true, urls: ['url'] },
  { names: ['WebSearch'], offered: true },
  { names: ['Agent', 'Task'], offered: true },
  { names: ['TodoWrite'], offered: true },
  { names: ['TaskCreate'], offered: true },
  { names: ['TaskGet'], offered: true },
  { names: ['TaskList'], offered: true },
  { names: ['TaskUpdate'], offered: true },
  { names: ['ExitPlanMode'], offered: true },
  { names: ['StructuredOutput'], offered: true },
  { names: ['ReportFindings'], offered: true },
  { names: ['AskUserQuestion'], offered: false },
  { names: ['CronCreate'], offered: false },
  { names: ['CronDelete'], offered: false },
  { names: ['CronList'], offered: false },
  { names: ['EnterWorktree'], offered: false, writes: ['path'] },
  { names: ['ExitWorktree'], offered: false },
  { names: ['ListAgents'], offered: false },
  { names: ['Monitor'], offered: false, command: 'command' },
  { names: ['ScheduleWakeup'], offered: false },
  { names: ['SendMessage'], offered: false },
  { names: ['Skill', 'SlashCommand'], offered: false },
  { names: ['ToolSearch'], offered: false },
  { names: ['Workflow'], offered: false },
];
