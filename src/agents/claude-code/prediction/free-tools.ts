/** Tools that need no permission in any mode (reference: agents §2.4.9). */
interface FreeTool {
  readonly name: string;
  /** Missing in the older of the measured versions. */
  readonly later?: boolean;
}

const ROWS: readonly FreeTool[] = [
  { name: 'CronCreate' },
  { name: 'CronList' },
  { name: 'ScheduleWakeup' },
  { name: 'Agent' },
  { name: 'Task' },
  { name: 'EnterWorktree' },
  { name: 'SendMessage' },
  { name: 'ToolSearch', later: true },
  { name: 'ListAgents', later: true },
];

/** Its command is judged like one of Bash without rules that approve. */
export const MONITOR = 'Monitor';

export function freeTool(name: string): FreeTool | undefined {
  return name === MONITOR ? { name, later: true } : ROWS.find((row) => row.name === name);
}
